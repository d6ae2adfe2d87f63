"""
Every top-level key has an effect.

## What it does

Reports the top-level `version`.

## Why it matters

Compose ignores it and warns at every command; readers think that it chooses a format.

## How to fix

Remove the line.

Source: https://docs.docker.com/reference/compose-file/version-and-name/
"""

from __future__ import annotations

from collections.abc import Iterator

from seatrial.domain import Confidence, Finding, Severity
from seatrial.inspectors.compose.project import ComposeProject
from seatrial.inspectors.rules import Rule

from .base import any_service


def _find(project: ComposeProject) -> Iterator[Finding]:
    """The key, in each file of the project that is merged last."""
    entry = project.body.entries.get("version")
    if entry is not None:
        yield Finding(
            rule=RULE.id, severity=RULE.severity, confidence=Confidence.HIGH, message="the key `version` is obsolete",
            location=entry.key_at, remedy="# remove the line", anchor="version",
        )  # fmt: skip


RULE = Rule.of(
    __doc__,
    id="compose/version-key",
    check="compose/configuration",
    severity=Severity.LOW,
    applies=any_service,
    find=_find,
)
