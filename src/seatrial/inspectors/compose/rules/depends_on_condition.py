"""
Every dependency is waited for until it works.

## What it does

Reports, once for each file, services whose `depends_on` does not say `service_healthy` (or, for a task,
`service_completed_successfully`) although it could: the short form, or `service_started` on a service that has a
health check.

## Why it matters

The short form only orders the starts. A database needs seconds until it answers; a client that connects earlier fails,
or hides the failure behind an untested retry.

## How to fix

Give the dependency a health check and wait for it.

Source: https://docs.docker.com/compose/how-tos/startup-order/
"""

from __future__ import annotations

from collections.abc import Iterator

from seatrial.domain import Finding, Severity
from seatrial.inspectors.compose.project import ComposeProject
from seatrial.inspectors.compose.service import ServiceConfig
from seatrial.inspectors.compose.values import Map
from seatrial.inspectors.rules import Rule

from .base import grouped
from .healthcheck import has_check


def _applies(project: ComposeProject) -> bool:
    """Whether anything depends on anything."""
    return any(s.get("depends_on") for s in project.services)


def _find(project: ComposeProject) -> Iterator[Finding]:
    """Services that start without waiting."""
    healthy = frozenset(s.name for s in project.services if has_check(s))
    hasty = [s for s in project.services if any(True for _ in _unawaited(s, healthy))]
    first = next((name for s in hasty for name in _unawaited(s, healthy)), "")
    yield from grouped(
        RULE.id, RULE.severity, hasty, lambda names: f"start without waiting for what they depend on: {names}",
        "depends_on:", f"  {first}:", "    condition: service_healthy",
    )  # fmt: skip


def _unawaited(service: ServiceConfig, healthy: frozenset[str]) -> Iterator[str]:
    depends = service.get("depends_on")
    for name, entry in depends if isinstance(depends, Map) else ():
        condition = entry.value.text("condition") if isinstance(entry.value, Map) else None
        if condition is None or (condition == "service_started" and name in healthy):
            yield name


RULE = Rule.of(
    __doc__,
    id="compose/depends-on-condition",
    severity=Severity.LOW,
    applies=_applies,
    absent="no depends_on",
    find=_find,
)
