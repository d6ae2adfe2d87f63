"""
No service waits for itself.

## What it does

Reports circles of `depends_on`, `links`, `network_mode: service:` and `volumes_from`.

## Why it matters

Compose refuses to start the project.

## How to fix

Take one of the dependencies out; a program has to wait by itself where both need each other.

Source: https://docs.docker.com/reference/compose-file/services/#depends_on
"""

from __future__ import annotations

from collections.abc import Iterator

from seatrial.domain import Finding, Severity
from seatrial.inspectors.compose.project import ComposeProject
from seatrial.inspectors.compose.service import ServiceConfig
from seatrial.inspectors.compose.values import Map
from seatrial.inspectors.rules import Rule

from .base import found, snippet


def _applies(project: ComposeProject) -> bool:
    """Whether anything depends on anything."""
    return any(s.get("depends_on") or s.get("links") for s in project.services)


def _find(project: ComposeProject) -> Iterator[Finding]:
    """Each circle once."""
    needs = {s.name: _needs(s) for s in project.services}
    told: set[frozenset[str]] = set()
    for service in project.services:
        circle = _circle(service.name, needs)
        if circle and frozenset(circle) not in told:
            told.add(frozenset(circle))
            message = f"waits for itself: {' -> '.join([*circle, service.name])}"
            remedy = snippet(service, "# without one of these dependencies")
            yield found(RULE.id, RULE.severity, service, service.place("depends_on"), message, remedy, "depends_on")


def _needs(service: ServiceConfig) -> list[str]:
    depends = service.get("depends_on")
    names = [name for name, _ in depends] if isinstance(depends, Map) else []
    return [*names, *(item.text.partition(":")[0] for item in service.texts("links"))]


def _circle(start: str, needs: dict[str, list[str]]) -> list[str]:
    pending = [[start]]
    seen: set[str] = set()
    while pending:
        way = pending.pop()
        for name in needs.get(way[-1], ()):
            if name == start:
                return way
            if name not in seen:
                seen.add(name)
                pending.append([*way, name])
    return []


RULE = Rule.of(
    __doc__,
    id="compose/depends-on-cycle",
    check="compose/lifecycle",
    severity=Severity.HIGH,
    applies=_applies,
    find=_find,
)
