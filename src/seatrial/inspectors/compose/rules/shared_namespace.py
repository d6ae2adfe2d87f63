"""
No service looks into another's processes or network.

## What it does

Reports `network_mode`, `pid` and `ipc` with `service:` or `container:`, and `ipc: shareable`.

## Why it matters

Each can read the other's traffic, signal its processes or write its memory: a flaw in one is a flaw in both.

## How to fix

Talk over a network; a sidecar that really needs it is worth a comment.

Source: https://docs.docker.com/reference/compose-file/services/#network_mode
"""

from __future__ import annotations

from collections.abc import Iterator

from seatrial.domain import Finding, Severity
from seatrial.inspectors.compose.project import ComposeProject
from seatrial.inspectors.rules import Rule

from .base import any_service, found, snippet


def _find(project: ComposeProject) -> Iterator[Finding]:
    """Namespaces of other services."""
    for service in project.services:
        for key in ("network_mode", "pid", "ipc"):
            text = service.text(key) or ""
            if text.startswith(("service:", "container:")) or (key == "ipc" and text == "shareable"):
                severity = Severity.MEDIUM if text.startswith("container:") or key == "pid" else RULE.severity
                message = f"shares a namespace: {key}: {text}"
                yield found(
                    RULE.id, severity, service, service.place(key), message, snippet(service, f"# without {key}"), key
                )


RULE = Rule.of(
    __doc__,
    id="compose/shared-namespace",
    check="compose/isolation",
    severity=Severity.LOW,
    applies=any_service,
    find=_find,
)
