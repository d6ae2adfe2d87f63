"""
No secret's file is in the repository.

## What it does

Reports `secrets:` whose `file` is committed, but for examples by their name.

## Why it matters

A secret in a repository is none: everybody who ever had a copy has it.

## How to fix

Keep the file out (`.gitignore`), and change the value.

Source: https://docs.docker.com/reference/compose-file/secrets/
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from seatrial.domain import Confidence, Finding, Severity
from seatrial.inspectors.compose.project import ComposeProject
from seatrial.inspectors.compose.values import ComposeText, Map
from seatrial.inspectors.rules import Rule


def _applies(project: ComposeProject) -> bool:
    """Whether there is a secret."""
    return project.section("secrets") is not None


_SAMPLE = re.compile(r"example|sample|dist|template|test|dummy|dev", re.IGNORECASE)


def _find(project: ComposeProject) -> Iterator[Finding]:
    """Files that are in the tree."""
    section = project.section("secrets")
    for name, entry in section or ():
        file = entry.value.get("file") if isinstance(entry.value, Map) else None
        if not isinstance(file, ComposeText) or "$" in file.text or _SAMPLE.search(file.text):
            continue
        full = posixpath.normpath(posixpath.join(posixpath.dirname(file.at.path), file.text))
        if full in project.paths:
            yield Finding(
                rule=RULE.id, severity=RULE.severity, confidence=Confidence.HIGH, location=file.at, subject=name,
                message=f"the file of the secret {name} is committed: {full}",
                remedy=f"git rm --cached {full}, add it to .gitignore, and change the value", anchor=f"secrets.{name}",
            )  # fmt: skip


RULE = Rule.of(
    __doc__,
    id="compose/committed-secret-file",
    check="compose/secrets",
    severity=Severity.HIGH,
    applies=_applies,
    find=_find,
)
