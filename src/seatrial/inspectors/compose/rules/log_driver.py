"""
Every container's output is kept.

## What it does

Reports `logging.driver: none`.

## Why it matters

After a crash the reason is lost.

## How to fix

`json-file` or `local` with rotation, or the driver of your log store.

Source: https://docs.docker.com/engine/logging/configure/
"""

from __future__ import annotations

from collections.abc import Iterator

from seatrial.domain import Finding, Severity
from seatrial.inspectors.compose.project import ComposeProject
from seatrial.inspectors.rules import Rule

from .base import any_service, found, snippet


def _find(project: ComposeProject) -> Iterator[Finding]:
    """Services whose output is thrown away."""
    for service in project.services:
        if service.text("logging", "driver") == "none":
            at = service.place("logging", "driver")
            remedy = snippet(service, "logging: {driver: local}")
            yield found(RULE.id, RULE.severity, service, at, "discards its log", remedy, "logging")


RULE = Rule.of(
    __doc__,
    id="compose/log-driver",
    check="compose/observability",
    severity=Severity.MEDIUM,
    applies=any_service,
    find=_find,
)
