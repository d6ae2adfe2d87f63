"""
Services find each other by their names.

## What it does

Reports `links`, `external_links` and `volumes_from`.

## Why it matters

They are from the time before networks; every service reaches every other of its networks by name.

## How to fix

Remove it; `networks.…aliases` gives further names.

Source: https://docs.docker.com/reference/compose-file/services/#links
"""

from __future__ import annotations

from collections.abc import Iterator

from seatrial.domain import Finding, Severity
from seatrial.inspectors.compose.project import ComposeProject
from seatrial.inspectors.rules import Rule

from .base import any_service, found, snippet


def _find(project: ComposeProject) -> Iterator[Finding]:
    """Old keys."""
    for service in project.services:
        for key in ("links", "external_links", "volumes_from"):
            if service.items(key):
                message = f"uses {key}, which is obsolete"
                yield found(
                    RULE.id,
                    RULE.severity,
                    service,
                    service.place(key),
                    message,
                    snippet(service, f"# without {key}"),
                    key,
                )


RULE = Rule.of(
    __doc__,
    id="compose/links",
    check="compose/configuration",
    severity=Severity.LOW,
    applies=any_service,
    find=_find,
)
