"""
Every service has only the capabilities that it needs.

## What it does

Reports, once for each file, services that do not drop all capabilities.

## Why it matters

Docker gives fourteen capabilities to every container, among them those to forge packets and to own any file; most
programs need none.

## How to fix

`cap_drop: [ALL]`, then `cap_add` what the program fails without.

Source: https://docs.docker.com/reference/compose-file/services/#cap_drop
"""

from __future__ import annotations

from collections.abc import Iterator

from seatrial.domain import Finding, Severity
from seatrial.inspectors.compose.project import ComposeProject
from seatrial.inspectors.rules import Rule

from .base import any_service, grouped


def _find(project: ComposeProject) -> Iterator[Finding]:
    """Services that keep Docker's set."""
    lacking = [
        s
        for s in project.services
        if s.complete and s.text("privileged") != "true" and "ALL" not in {i.text.upper() for i in s.texts("cap_drop")}
    ]
    yield from grouped(
        RULE.id,
        RULE.severity,
        lacking,
        lambda names: f"keep all of Docker's default capabilities: {names}",
        "cap_drop: [ALL]",
    )


RULE = Rule.of(
    __doc__,
    id="compose/cap-drop",
    check="compose/isolation",
    severity=Severity.LOW,
    applies=any_service,
    find=_find,
)
