"""
What is needed is started.

## What it does

Reports services that always run and depend on one that only a profile starts.

## Why it matters

`docker compose up` fails: the dependency is not enabled.

## How to fix

Give both the same profile, or neither.

Source: https://docs.docker.com/compose/how-tos/profiles/#auto-starting-profiles-and-dependency-resolution
"""

from __future__ import annotations

from collections.abc import Iterator

from seatrial.domain import Finding, Severity
from seatrial.inspectors.compose.project import ComposeProject
from seatrial.inspectors.compose.values import Map
from seatrial.inspectors.rules import Rule

from .base import found, snippet


def _applies(project: ComposeProject) -> bool:
    """Whether there is a profile."""
    return any(s.profiles for s in project.services)


def _find(project: ComposeProject) -> Iterator[Finding]:
    """Dependencies that stay off."""
    by_name = {s.name: s for s in project.services}
    for service in project.services:
        depends = service.get("depends_on")
        for name, entry in depends if isinstance(depends, Map) else ():
            other = by_name.get(name)
            optional = isinstance(entry.value, Map) and entry.value.text("required") == "false"
            if other is None or optional or not other.profiles or service.profiles & other.profiles:
                continue
            if not service.profiles or not service.profiles <= other.profiles:
                message = f"depends on {name}, which only the profile {min(other.profiles)} starts"
                remedy = snippet(service, f"profiles: [{min(other.profiles)}]")
                yield found(RULE.id, RULE.severity, service, entry.key_at, message, remedy, "depends_on", name)


RULE = Rule.of(
    __doc__,
    id="compose/inactive-dependency",
    check="compose/lifecycle",
    severity=Severity.MEDIUM,
    applies=_applies,
    find=_find,
)
