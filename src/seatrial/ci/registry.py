"""The CI systems that have an implementation, in the order in which they are looked for."""

from __future__ import annotations

from collections.abc import Mapping

from seatrial.domain.ci_systems import System

from .github.host import GitHub
from .gitlab.host import GitLab
from .host import Host
from .plain import Plain

HOSTS: tuple[type[Host], ...] = (GitHub, GitLab, Plain)
"""The last one takes every environment."""


def find(environ: Mapping[str, str], wanted: System = System.AUTO) -> Host:
    """
    The place that this process runs in.

    Args:
        environ: the process's environment.
        wanted: the system, or `auto` for the first one that the environment shows.
    """
    for host in HOSTS:
        if host.system is wanted or (wanted is System.AUTO and host.is_here(environ)):
            return host(environ)
    return Plain(environ)


def second_stage_jobs() -> str:
    """The kinds of job that `seatrial comment` works in, for a message."""
    return " or ".join(host.second_stage_job for host in HOSTS if host.second_stage_job)


def starters() -> Mapping[str, str]:
    """What `seatrial init` writes for CI systems: the file, and the template that it comes from."""
    return {target: template for host in HOSTS for target, template in host.starter.items()}
