"""
Every server comes back after a crash.

## What it does

Reports, once for each file, the services with neither `restart` nor `deploy.restart_policy`. Tasks that others wait
for to complete, and services that say `restart: "no"`, are left out.

## Why it matters

Without a policy a container that exits stays down, also after a restart of the host.

## How to fix

`unless-stopped` is right for nearly every server.

Source: https://docs.docker.com/reference/compose-file/services/#restart
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
    """Servers without a policy."""
    lacking = (s for s in servers(project) if not s.text("restart") and not s.get("deploy", "restart_policy"))
    yield from grouped(
        RULE.id, RULE.severity, lacking, lambda names: f"no restart policy: {names}", "restart: unless-stopped"
    )


RULE = Rule.of(
    __doc__,
    id="compose/restart-policy",
    severity=Severity.LOW,
    applies=_applies,
    absent="no server",
    find=_find,
)
