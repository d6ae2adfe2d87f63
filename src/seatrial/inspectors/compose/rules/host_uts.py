"""
No service shares the host's name.

## What it does

Reports `uts: host`.

## Why it matters

The service can change the host's name, and sees it.

## How to fix

Remove it; `hostname:` gives the container a name of its own.

Source: https://docs.docker.com/reference/compose-file/services/#uts
"""

from __future__ import annotations

from collections.abc import Iterator

from seatrial.domain import Finding, Severity
from seatrial.inspectors.compose.project import ComposeProject
from seatrial.inspectors.rules import Rule

from .base import any_service, found, snippet


def _find(project: ComposeProject) -> Iterator[Finding]:
    """Every service that says so."""
    for service in project.services:
        text = service.text("uts") or ""
        if text == "host":
            at = service.place("uts")
            yield found(
                RULE.id,
                RULE.severity,
                service,
                at,
                "shares the host's UTS namespace",
                snippet(service, "# without uts"),
                "uts",
            )


RULE = Rule.of(
    __doc__,
    id="compose/host-uts",
    check="compose/isolation",
    severity=Severity.MEDIUM,
    applies=any_service,
    find=_find,
)
