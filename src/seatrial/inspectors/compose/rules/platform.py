"""
No service is emulated by accident.

## What it does

Reports `platform` for services whose fellows have another one.

## Why it matters

On another architecture the service is emulated: several times slower, with failures of its own.

## How to fix

Build and pull images for both, or say it for all.

Source: https://docs.docker.com/reference/compose-file/services/#platform
"""

from __future__ import annotations

from collections.abc import Iterator

from seatrial.domain import Finding, Severity
from seatrial.inspectors.compose.project import ComposeProject
from seatrial.inspectors.rules import Rule

from .base import found, snippet


def _applies(project: ComposeProject) -> bool:
    """Whether a platform is named."""
    return any(s.text("platform") for s in project.services)


def _find(project: ComposeProject) -> Iterator[Finding]:
    """Platforms that differ in one project."""
    named = {s.text("platform") for s in project.services if s.text("platform")}
    for service in project.services:
        text = service.text("platform")
        if text and "$" not in text and len(named) > 1:
            message = f"runs as {text}, and others do not"
            yield found(
                RULE.id,
                RULE.severity,
                service,
                service.place("platform"),
                message,
                snippet(service, "# without platform"),
                "platform",
            )


RULE = Rule.of(
    __doc__,
    id="compose/platform",
    check="compose/images",
    severity=Severity.LOW,
    applies=_applies,
    find=_find,
)
