"""
No two services publish the same port.

## What it does

Reports services of a project that bind the same host port on the same address, ranges included. Services that no common
choice of profiles brings up together are left out.

## Why it matters

The second container cannot start: "port is already allocated".

## How to fix

Publish one of them on another port, or not at all.

Source: https://docs.docker.com/reference/compose-file/services/#ports
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import replace

from seatrial.domain import Finding, Severity
from seatrial.inspectors.compose.ports import Port
from seatrial.inspectors.compose.project import ComposeProject
from seatrial.inspectors.compose.service import ServiceConfig
from seatrial.inspectors.rules import Rule

from .base import found, snippet


def _applies(project: ComposeProject) -> bool:
    """Whether anything is published."""
    return any(s.ports for s in project.services)


def _find(project: ComposeProject) -> Iterator[Finding]:
    """Pairs that cannot be bound together; the later of the two is reported."""
    published = [(service, port) for service in project.services for port in service.ports]
    for (first, port), (second, other) in itertools.combinations(published, 2):
        if port.collides(other) and _together(first, second):
            yield _finding(first, port, second, other)


def _together(first: ServiceConfig, second: ServiceConfig) -> bool:
    """Whether both can be up at once: always, unless each needs profiles and they share none."""
    return first is second or not first.profiles or not second.profiles or bool(first.profiles & second.profiles)


def _finding(first: ServiceConfig, port: Port, second: ServiceConfig, other: Port) -> Finding:
    number = max(port.first, other.first)
    whose = "itself" if first is second else first.name
    remedy = snippet(second, f'ports: ["127.0.0.1:{number + 1}:{other.target}"]')
    message = f"publishes port {number}/{other.protocol} of the host, and so does {whose}"
    made = found(RULE.id, RULE.severity, second, other.at, message, remedy, "ports", str(number))
    return replace(made, related=(port.at,))


RULE = Rule.of(
    __doc__,
    id="compose/port-collision",
    severity=Severity.HIGH,
    applies=_applies,
    absent="no published port",
    find=_find,
)
