"""
Every service has a limit of processes.

## What it does

Reports, once for each file, services with neither `pids_limit` nor `deploy.resources.limits.pids`, or with -1.

## Why it matters

A fork bomb fills the host's process table, and no login is possible to stop it.

## How to fix

`pids_limit: 200`.

Source: https://docs.docker.com/reference/compose-file/services/#pids_limit
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
        if (s.text("pids_limit") or s.text("deploy", "resources", "limits", "pids") or "-1") == "-1"
    ]
    yield from grouped(
        RULE.id, RULE.severity, lacking, lambda names: f"no limit of processes: {names}", "pids_limit: 200"
    )


RULE = Rule.of(
    __doc__,
    id="compose/pids-limit",
    check="compose/resources",
    severity=Severity.LOW,
    applies=_applies,
    find=_find,
)
