"""
No service takes a system port of the host.

## What it does

Reports published host ports below 1024 other than those of the web, mail and DNS that people expect there.

## Why it matters

The port belongs to a service of the host (SSH, RPC, SMB); the two collide, or users reach the wrong one.

## How to fix

A port above 1023.

Source: https://www.rfc-editor.org/rfc/rfc6335.html#section-6
"""

from __future__ import annotations

from collections.abc import Iterator

from seatrial.domain import Finding, Severity
from seatrial.inspectors.compose.project import ComposeProject
from seatrial.inspectors.rules import Rule

from .base import found, snippet


def _applies(project: ComposeProject) -> bool:
    """Whether anything is published."""
    return any(s.ports for s in project.services)


_EXPECTED = frozenset({21, 25, 53, 80, 110, 123, 143, 389, 443, 465, 514, 587, 636, 853, 993, 995, 162, 161, 67, 69})


def _find(project: ComposeProject) -> Iterator[Finding]:
    """Such ports."""
    for service in project.services:
        for port in service.ports:
            taken = next((n for n in range(port.first, min(port.last, 1023) + 1) if n and n not in _EXPECTED), 0)
            if taken:
                severity = (
                    Severity.MEDIUM if taken in (22, 23, 111, 135, 139, 445) and port.everywhere else RULE.severity
                )
                remedy = snippet(service, f'ports: ["127.0.0.1:{taken + 10000}:{port.target}"]')
                message = f"takes the system port {taken} of the host"
                yield found(RULE.id, severity, service, port.at, message, remedy, "ports", str(taken))


RULE = Rule.of(
    __doc__,
    id="compose/privileged-port",
    check="compose/network",
    severity=Severity.LOW,
    applies=_applies,
    find=_find,
)
