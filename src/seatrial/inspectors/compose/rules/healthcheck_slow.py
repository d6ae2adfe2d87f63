"""
A failure is noticed within three minutes.

## What it does

Reports checks whose `interval` times `retries` exceeds three minutes, and those whose `timeout` is not shorter than
the interval.

## Why it matters

Until then the service counts as healthy, and nothing restarts it or takes traffic away.

## How to fix

`interval: 10s`, `timeout: 3s`, `retries: 3`.

Source: https://docs.docker.com/reference/compose-file/services/#healthcheck
"""

from __future__ import annotations

from collections.abc import Iterator

from seatrial.domain import Finding, Severity
from seatrial.inspectors.compose.project import ComposeProject
from seatrial.inspectors.rules import Rule
from seatrial.text.durations import seconds
from seatrial.text.numerals import whole

from .base import found, snippet


def _applies(project: ComposeProject) -> bool:
    """Whether there is a healthcheck."""
    return any(s.get("healthcheck") for s in project.services)


_LIMIT = 180.0  # seconds


def _find(project: ComposeProject) -> Iterator[Finding]:
    """Checks that notice late."""
    for service in project.services:
        interval = seconds(service.text("healthcheck", "interval"), 30.0)
        retries = whole(service.text("healthcheck", "retries") or "3")
        timeout = seconds(service.text("healthcheck", "timeout"), 0.0)
        if not service.get("healthcheck", "test") or retries is None:
            continue
        remedy = snippet(service, "healthcheck:", "  interval: 10s", "  timeout: 3s", "  retries: 3")
        at = service.place("healthcheck", "interval")
        if interval * retries > _LIMIT:
            message = f"a failure is noticed after {interval * retries:.0f} s"
            yield found(RULE.id, RULE.severity, service, at, message, remedy, "healthcheck", "interval")
        elif timeout > interval:
            message = "a check may take longer than the time to the next one"
            yield found(RULE.id, RULE.severity, service, at, message, remedy, "healthcheck", "timeout")


RULE = Rule.of(
    __doc__,
    id="compose/healthcheck-slow",
    check="compose/lifecycle",
    severity=Severity.LOW,
    applies=_applies,
    find=_find,
)
