"""
Every healthcheck can fail.

## What it does

Reports checks that are always green: `true`, `exit 0`, `echo`, and those that end with `|| true` or `|| exit 0`.

## Why it matters

A service that is down is called healthy, and what depends on it starts.

## How to fix

Send the program a request as its users do, and keep the command's exit code.

Source: https://docs.docker.com/reference/compose-file/services/#healthcheck
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from seatrial.domain import Finding, Severity
from seatrial.inspectors.compose.project import ComposeProject
from seatrial.inspectors.compose.values import ComposeText, List
from seatrial.inspectors.rules import Rule

from .base import found, snippet


def _applies(project: ComposeProject) -> bool:
    """Whether there is a healthcheck."""
    return any(s.get("healthcheck") for s in project.services)


_GREEN = re.compile(r"^(?:/bin/)?(?:true|exit 0|:|echo\b[^|&;]*|sleep \d+)$|\|\|\s*(?:true|exit 0|:|echo\b[^|&;]*)$")


def _find(project: ComposeProject) -> Iterator[Finding]:
    """Commands that cannot fail."""
    for service in project.services:
        test = service.get("healthcheck", "test")
        words = [item.text for item in test.items if isinstance(item, ComposeText)] if isinstance(test, List) else []
        line = " ".join(words[1:]) if words else test.text if isinstance(test, ComposeText) else ""
        if line and _GREEN.search(line.strip()):
            remedy = snippet(
                service, "healthcheck:", '  test: ["CMD", "curl", "-fsS", "http://localhost:8080/healthz"]'
            )
            at = service.place("healthcheck", "test")
            yield found(RULE.id, RULE.severity, service, at, "the healthcheck cannot fail", remedy, "healthcheck")


RULE = Rule.of(
    __doc__,
    id="compose/healthcheck-blind",
    check="compose/lifecycle",
    severity=Severity.MEDIUM,
    applies=_applies,
    find=_find,
)
