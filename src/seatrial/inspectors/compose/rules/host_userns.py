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
from seatrial.inspectors.compose.project import Project

from .base import any_service, found, snippet

ID = "compose/host-userns"
CHECK = "compose/isolation"
SEVERITY = Severity.MEDIUM
NOTHING = "no service"
applies = any_service


def check(project: Project) -> Iterator[Finding]:
    """Every service that says so."""
    for service in project.services:
        text = service.text("userns_mode") or ""
        if text == "host":
            at = service.place("userns_mode")
            yield found(
                ID,
                SEVERITY,
                service,
                at,
                "leaves the user namespace: its root is the host's",
                snippet(service, "# without userns_mode"),
                "userns_mode",
            )
