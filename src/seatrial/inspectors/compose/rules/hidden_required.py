"""
What is needed is asked for everywhere.

## What it does

Reports variables that one place requires (`${X:?}`) and another gives a default (`${X:-y}`). Reports secrets of
datastores whose default is empty (`POSTGRES_PASSWORD: ${DB_PASSWORD:-}`).

## Why it matters

Half of the stack starts with another value than the rest, or with an empty password, without an error.

## How to fix

`${X:?why it is needed}` in every place.

Source: https://docs.docker.com/reference/compose-file/interpolation/
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from seatrial.domain import Confidence, Finding, Location, Severity
from seatrial.inspectors.compose.interpolate import Use, uses
from seatrial.inspectors.compose.project import ComposeProject
from seatrial.inspectors.compose.values import every_text
from seatrial.inspectors.rules import Rule
from seatrial.inspectors.secrets.files.names import is_secret

from .base import any_service


def _find(project: ComposeProject) -> Iterator[Finding]:
    """Each variable once, at the first place that does without it."""
    every = list(_uses(project))
    required = {use.name for use, _ in every if "?" in use.operator}
    told, stores = set(), {t.at for s in project.services if s.datastore for t in every_text(s.body)}
    for use, at in every:
        lenient = use.operator in (":-", "-") and use.name not in told
        if lenient and use.name in required and "?" not in use.argument:
            told.add(use.name)
            yield _found(use, at, Severity.LOW, f"{use.name} has a default here and is required elsewhere")
        elif lenient and not use.argument and at in stores and is_secret(use.name):
            told.add(use.name)
            yield _found(use, at, Severity.MEDIUM, f"{use.name} may be empty without an error")


def _found(use: Use, at: Location, severity: Severity, message: str) -> Finding:
    return Finding(
        rule=RULE.id, severity=severity, confidence=Confidence.HIGH, location=at, message=message, subject=use.name,
        remedy=f"${{{use.name}:?why it is needed}}", anchor=use.name,
    )  # fmt: skip


def _uses(project: ComposeProject) -> Iterator[tuple[Use, Location]]:
    for _, text in project.texts():
        if "$" in text.raw:
            with contextlib.suppress(ValueError):
                yield from ((use, text.at) for use in uses(text.raw))


RULE = Rule.of(
    __doc__,
    id="compose/hidden-required",
    check="compose/configuration",
    severity=Severity.LOW,
    applies=any_service,
    find=_find,
)
