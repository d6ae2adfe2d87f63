"""
A service that others wait for has a healthcheck.

## What it does

Reports `condition: service_healthy` on a service without a healthcheck in the file. An image may bring one; for
images of others the finding is a guess.

## Why it matters

Compose gives up: a container without a healthcheck is never healthy.

## How to fix

Give the dependency a healthcheck.

Source: https://docs.docker.com/reference/compose-file/services/#depends_on
"""

from __future__ import annotations

from collections.abc import Iterator

from seatrial.domain import Confidence, Finding, Severity
from seatrial.inspectors.compose.project import ComposeProject
from seatrial.inspectors.compose.values import Map
from seatrial.inspectors.rules import Rule

from .base import found, snippet
from .healthcheck import has_check


def _applies(project: ComposeProject) -> bool:
    """Whether anything depends on anything."""
    return any(s.get("depends_on") for s in project.services)


def _find(project: ComposeProject) -> Iterator[Finding]:
    """Waits that never end."""
    by_name = {s.name: s for s in project.services}
    for service in project.services:
        depends = service.get("depends_on")
        for name, entry in depends if isinstance(depends, Map) else ():
            condition = entry.value.text("condition") if isinstance(entry.value, Map) else ""
            other = by_name.get(name)
            if condition == "service_healthy" and other is not None and other.complete and not has_check(other):
                off = other.text("healthcheck", "disable") == "true"
                sure = Confidence.HIGH if off else Confidence.LOW
                remedy = snippet(other, "healthcheck:", '  test: ["CMD", "…"]')
                message = f"waits until {name} is healthy, which has no healthcheck in the file"
                yield found(
                    RULE.id, RULE.severity, service, entry.key_at, message, remedy, "depends_on", name, confidence=sure
                )


RULE = Rule.of(
    __doc__,
    id="compose/depends-on-health",
    check="compose/lifecycle",
    severity=Severity.MEDIUM,
    applies=_applies,
    find=_find,
)
