"""
Every image still gets fixes.

## What it does

Reports official images of a release that was no longer maintained in November 2026, when this model was published.
Abandoned images are reported too.

## Why it matters

Flaws that are found in them are never fixed.

## How to fix

Move to a maintained release; for a database along its own way of upgrading.

Source: https://endoflife.date/
"""

from __future__ import annotations

from collections.abc import Iterator

from seatrial.domain import Finding, Severity
from seatrial.inspectors.compose.project import ComposeProject
from seatrial.inspectors.dockerfile.rules.end_of_life import dead
from seatrial.inspectors.rules import Rule

from .base import found, snippet


def _applies(project: ComposeProject) -> bool:
    """Whether any service runs an image of others."""
    return any(s.text("image") and not s.get("build") for s in project.services)


def _find(project: ComposeProject) -> Iterator[Finding]:
    """Images that are no longer maintained."""
    for service in project.services:
        image = service.text("image") or ""
        if image and not service.get("build") and dead(image):
            remedy = snippet(service, "# a maintained release of the image")
            message = f"{image.partition('@')[0]} is no longer maintained"
            yield found(RULE.id, RULE.severity, service, service.place("image"), message, remedy, "image")


RULE = Rule.of(
    __doc__,
    id="compose/end-of-life-image",
    check="compose/images",
    severity=Severity.MEDIUM,
    applies=_applies,
    find=_find,
)
