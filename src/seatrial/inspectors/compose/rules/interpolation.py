"""
Every `$` is a variable, or is escaped.

## What it does

Reports values in which Compose does not know what a `$` means: `${` without its end, without a name, or with a wrong
name. Its own words: "invalid interpolation format".

## Why it matters

Compose refuses the whole file.

## How to fix

Close the brace, or write `$$` for a literal `$`.

Source: https://docs.docker.com/reference/compose-file/interpolation/
"""

from __future__ import annotations

from collections.abc import Iterator

from seatrial.domain import Confidence, Finding, Severity
from seatrial.inspectors.compose.interpolate import uses
from seatrial.inspectors.compose.project import ComposeProject
from seatrial.inspectors.rules import Rule

from .base import any_service


def _find(project: ComposeProject) -> Iterator[Finding]:
    """Values of the whole project."""
    seen = set()
    for key, text in project.texts():
        if "${" not in text.raw or text.at in seen:
            continue
        try:
            list(uses(text.raw))
        except ValueError:
            seen.add(text.at)
            yield Finding(
                rule=RULE.id, severity=RULE.severity, confidence=Confidence.HIGH, location=text.at,
                message="holds a `${` that is neither a variable nor escaped",
                remedy="write `$$` for a literal `$`", anchor=f"{key} {len(seen)}",
            )  # fmt: skip


RULE = Rule.of(
    __doc__,
    id="compose/interpolation",
    check="compose/configuration",
    severity=Severity.HIGH,
    applies=any_service,
    find=_find,
)
