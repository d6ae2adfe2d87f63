"""
Every service has a limit of processor time.

## What it does

Reports, once for each file, services with neither `cpus` nor `deploy.resources.limits.cpus`.

## Why it matters

One service that spins takes the processor from all others, the healthchecks among them.

## How to fix

`cpus: 1.0`.

Source: https://docs.docker.com/reference/compose-file/services/#cpus
"""

from __future__ import annotations

from collections.abc import Iterator

from seatrial.domain import Finding, Severity
from seatrial.inspectors.compose.project import ComposeProject
from seatrial.inspectors.rules import Rule

from .base import grouped, servers


def _applies(project: ComposeProject) -> bool:
    """Whether anything is meant to stay up."""
    return bool(servers(project))


def _find(project: ComposeProject) -> Iterator[Finding]:
    """Servers without it."""
    lacking = [
        s
        for s in servers(project)
        if not any(
            s.get(*p) for p in (("cpus",), ("cpu_quota",), ("cpuset",), ("deploy", "resources", "limits", "cpus"))
        )
    ]
    yield from grouped(
        RULE.id, RULE.severity, lacking, lambda names: f"no limit of processor time: {names}", "cpus: 1.0"
    )


RULE = Rule.of(
    __doc__,
    id="compose/cpu-limit",
    check="compose/resources",
    severity=Severity.LOW,
    applies=_applies,
    find=_find,
)
