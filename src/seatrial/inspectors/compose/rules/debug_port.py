"""
No debugger is published.

## What it does

Reports published ports of debuggers: JDWP 5005, debugpy 5678, Node.js 9229, Delve 2345 and 40000, Xdebug 9003.

## Why it matters

A debugger runs code for every client that reaches it, without a password.

## How to fix

Publish it in an override file that production does not read.

Source: https://docs.docker.com/compose/how-tos/multiple-compose-files/merge/
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


_PORTS = {5005: "JDWP", 5678: "debugpy", 9229: "the Node.js inspector", 2345: "Delve", 40000: "Delve", 9003: "Xdebug"}


def _find(project: ComposeProject) -> Iterator[Finding]:
    """Such ports; n8n, which uses one of them for its users, is left out."""
    for service in project.services:
        for port in service.ports:
            if port.target in _PORTS and "n8n" not in service.program:
                severity = RULE.severity if port.everywhere else Severity.LOW
                remedy = snippet(service, "# publish it in compose.override.yaml")
                message = f"publishes port {port.target} ({_PORTS[port.target]})"
                yield found(RULE.id, severity, service, port.at, message, remedy, "ports", str(port.target))


RULE = Rule.of(
    __doc__,
    id="compose/debug-port",
    check="compose/network",
    severity=Severity.MEDIUM,
    applies=_applies,
    find=_find,
)
