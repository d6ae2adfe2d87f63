"""
Every container has a memory limit.

## What it does

Reports, once for each file, the services with neither `mem_limit` nor `deploy.resources.limits.memory`.

## Why it matters

A leak in one container otherwise takes the memory of all: the kernel ends whichever process it likes, often the
database.

## How to fix

Measure what the service needs under load, and allow it some more.

Source: https://docs.docker.com/reference/compose-file/deploy/#resources
"""

from __future__ import annotations

from collections.abc import Iterator

from seatrial.domain import Finding, Severity
from seatrial.inspectors.compose.project import ComposeProject
from seatrial.inspectors.rules import Rule

from .base import grouped


def _applies(project: ComposeProject) -> bool:
    """Whether there is a service that can be started."""
    return any(s.complete for s in project.services)


def _find(project: ComposeProject) -> Iterator[Finding]:
    """Services that may take all memory."""
    lacking = (
        s
        for s in project.services
        if s.complete and not s.text("mem_limit") and not s.text("deploy", "resources", "limits", "memory")
    )
    yield from grouped(RULE.id, RULE.severity, lacking, lambda names: f"no memory limit: {names}", "mem_limit: 256m")


RULE = Rule.of(
    __doc__,
    id="compose/memory-limit",
    severity=Severity.LOW,
    applies=_applies,
    absent="no service",
    find=_find,
)
