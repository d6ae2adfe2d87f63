"""
Every Compose file is what the specification says.

## What it does

Reads each file as YAML, reports duplicate keys, and validates it against the Compose Specification's JSON schema. Where
the `docker compose` plugin is present its own verdict is compared.

## Why it matters

Compose refuses the file, or ignores what it does not know: a misspelt `healthchek` does not check anything.

## How to fix

Correct the key or the value at the place that is named.

Source: https://github.com/compose-spec/compose-spec/blob/main/spec.md
"""

from __future__ import annotations

from collections.abc import Iterator

from seatrial.domain import Confidence, Finding, Severity
from seatrial.inspectors.compose.documents import FileProblem
from seatrial.inspectors.compose.project import ComposeProject
from seatrial.inspectors.rules import Rule


def findings(problems: Iterator[FileProblem]) -> Iterator[Finding]:
    """Problems of files as findings."""
    for problem in problems:
        remedy = f"Expected: {problem.expected}" if problem.expected else ""
        yield Finding(
            rule=RULE.id, severity=RULE.severity, confidence=Confidence.HIGH, message=problem.message,
            location=problem.at, remedy=remedy, subject=problem.subject, anchor=problem.message,
        )  # fmt: skip


RULE = Rule[ComposeProject].of(
    __doc__,
    id="compose/schema",
    severity=Severity.HIGH,
)
