"""
Every service has time to stop.

## What it does

Reports `stop_grace_period` below two seconds, and of datastores below ten.

## Why it matters

The process is killed in the middle of its work; a datastore has to repair its files at the next start.

## How to fix

`stop_grace_period: 30s` for datastores; ten seconds are Docker's default.

Source: https://docs.docker.com/reference/compose-file/services/#stop_grace_period
"""

from __future__ import annotations

from collections.abc import Iterator

from seatrial.domain import Finding, Severity
from seatrial.inspectors.compose.project import ComposeProject
from seatrial.inspectors.rules import Rule
from seatrial.text.durations import seconds

from .base import any_service, found, snippet


def _find(project: ComposeProject) -> Iterator[Finding]:
    """Periods that are too short."""
    for service in project.services:
        text = service.text("stop_grace_period")
        if text is None or "$" in text:
            continue
        period, least = seconds(text, 10.0), 10.0 if service.datastore else 2.0
        if period < least:
            severity = Severity.MEDIUM if service.datastore else RULE.severity
            at = service.place("stop_grace_period")
            message = f"has {period:g} s to stop"
            yield found(
                RULE.id, severity, service, at, message, snippet(service, "stop_grace_period: 30s"), "stop_grace_period"
            )


RULE = Rule.of(
    __doc__,
    id="compose/grace-period",
    check="compose/lifecycle",
    severity=Severity.LOW,
    applies=any_service,
    find=_find,
)
