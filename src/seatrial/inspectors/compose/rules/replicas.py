"""
A service that runs several times can run several times.

## What it does

Reports `deploy.replicas` or `scale` above one beside a `container_name` or a fixed port of the host.

## Why it matters

The second container cannot be made: its name or its port is taken.

## How to fix

Remove the name; publish a range of ports, or none behind a proxy.

Source: https://docs.docker.com/reference/compose-file/services/#scale
"""

from __future__ import annotations

from collections.abc import Iterator

from seatrial.domain import Finding, Severity
from seatrial.inspectors.compose.project import ComposeProject
from seatrial.inspectors.compose.service import ServiceConfig
from seatrial.inspectors.rules import Rule
from seatrial.text.numerals import whole

from .base import found, snippet


def _applies(project: ComposeProject) -> bool:
    """Whether a service runs several times."""
    return any(_count(s) > 1 for s in project.services)


def _find(project: ComposeProject) -> Iterator[Finding]:
    """Names and ports that only one can have."""
    for service in project.services:
        count = _count(service)
        if count < 2:
            continue
        if service.text("container_name"):
            at = service.place("container_name")
            message = f"is to run {count} times, and has one name"
            yield found(
                RULE.id,
                RULE.severity,
                service,
                at,
                message,
                snippet(service, "# without container_name"),
                "container_name",
            )
        for port in service.ports:
            if port.first and port.last - port.first + 1 < count and port.mode != "ingress":
                message = f"is to run {count} times, and has one port {port.first}"
                remedy = snippet(service, f'ports: ["{port.target}"]')
                yield found(RULE.id, RULE.severity, service, port.at, message, remedy, "ports", str(port.first))


def _count(service: ServiceConfig) -> int:
    return whole(service.text("deploy", "replicas") or service.text("scale")) or 1


RULE = Rule.of(
    __doc__,
    id="compose/replicas",
    check="compose/lifecycle",
    severity=Severity.HIGH,
    applies=_applies,
    find=_find,
)
