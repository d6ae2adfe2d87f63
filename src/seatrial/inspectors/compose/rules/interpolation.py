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
from seatrial.inspectors.compose.project import Project

from .base import any_service

ID = "compose/interpolation"
CHECK = "compose/configuration"
SEVERITY = Severity.HIGH
NOTHING = "no service"
applies = any_service


def check(project: Project) -> Iterator[Finding]:
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
                rule=ID, severity=SEVERITY, confidence=Confidence.HIGH, location=text.at,
                message="holds a `${` that is neither a variable nor escaped",
                remedy="write `$$` for a literal `$`", anchor=f"{key} {len(seen)}",
            )  # fmt: skip
