"""
Every service is asked to stop before it is killed.

## What it does

Reports `stop_signal: SIGKILL`.

## Why it matters

The process cannot finish what it is doing, and has no chance to say goodbye.

## How to fix

Remove it, or name the signal that the program knows.

Source: https://docs.docker.com/reference/compose-file/services/#stop_signal
"""

from __future__ import annotations

from collections.abc import Iterator

from seatrial.domain import Finding, Severity
from seatrial.inspectors.compose.project import ComposeProject
from seatrial.inspectors.rules import Rule

from .base import any_service, found, snippet


def _find(project: ComposeProject) -> Iterator[Finding]:
    """Every service that says so."""
    for service in project.services:
        text = service.text("stop_signal") or ""
        if text.upper() in ("SIGKILL", "KILL", "9"):
            at = service.place("stop_signal")
            yield found(
                RULE.id,
                RULE.severity,
                service,
                at,
                "is killed instead of asked to stop",
                snippet(service, "stop_signal: SIGTERM"),
                "stop_signal",
            )


RULE = Rule.of(
    __doc__,
    id="compose/stop-signal",
    check="compose/lifecycle",
    severity=Severity.MEDIUM,
    applies=any_service,
    find=_find,
)
