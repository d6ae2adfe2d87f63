"""
No service leaves the engine's user namespace.

## What it does

Reports `userns_mode: host`.

## Why it matters

Where the engine maps container users to harmless ones, this service's root is the host's root again.

## How to fix

Remove it.

Source: https://docs.docker.com/reference/compose-file/services/#userns_mode
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
        text = service.text("userns_mode") or ""
        if text == "host":
            at = service.place("userns_mode")
            yield found(
                RULE.id,
                RULE.severity,
                service,
                at,
                "leaves the user namespace: its root is the host's",
                snippet(service, "# without userns_mode"),
                "userns_mode",
            )


RULE = Rule.of(
    __doc__,
    id="compose/host-userns",
    check="compose/isolation",
    severity=Severity.MEDIUM,
    applies=any_service,
    find=_find,
)
