"""
Every limit of a process can be set.

## What it does

Reports `ulimits` whose soft limit is above the hard one.

## Why it matters

Compose takes the file, and the engine refuses to start the container.

## How to fix

A soft limit that is at most the hard one.

Source: https://docs.docker.com/reference/compose-file/services/#ulimits
"""

from __future__ import annotations

from collections.abc import Iterator

from seatrial.domain import Finding, Severity
from seatrial.inspectors.compose.project import ComposeProject
from seatrial.inspectors.compose.values import Map
from seatrial.inspectors.rules import Rule
from seatrial.text.numerals import whole

from .base import any_service, found, snippet


def _find(project: ComposeProject) -> Iterator[Finding]:
    """Pairs in the wrong order; -1 means unlimited."""
    for service in project.services:
        limits = service.get("ulimits")
        for name, entry in limits if isinstance(limits, Map) else ():
            soft, hard = (_number(service.text("ulimits", name, key)) for key in ("soft", "hard"))
            if soft is not None and hard is not None and soft > hard:
                remedy = snippet(service, "ulimits:", f"  {name}: {{soft: {hard:.0f}, hard: {hard:.0f}}}")
                message = f"the soft limit of {name} is above the hard one"
                yield found(RULE.id, RULE.severity, service, entry.key_at, message, remedy, "ulimits", name)


def _number(text: str | None) -> float | None:
    if text == "-1":
        return float("inf")
    number = whole(text)
    return None if number is None else float(number)


RULE = Rule.of(
    __doc__,
    id="compose/ulimits",
    check="compose/resources",
    severity=Severity.HIGH,
    applies=any_service,
    find=_find,
)
