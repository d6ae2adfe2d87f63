"""
Datastores are reached through the project's network.

## What it does

Reports datastores that publish a port on the loopback address. One on every interface has a rule of its own.

## Why it matters

Every process and every user of the host reaches it; other services of the project do not need it.

## How to fix

Remove the port; `docker compose exec` when you investigate.

Source: https://docs.docker.com/compose/how-tos/networking/
"""

from __future__ import annotations

from collections.abc import Iterator

from seatrial.domain import Finding, Severity
from seatrial.inspectors.compose.project import ComposeProject
from seatrial.inspectors.rules import Rule

from .base import found, snippet


def _applies(project: ComposeProject) -> bool:
    """Whether there is a datastore."""
    return any(s.datastore for s in project.services)


def _find(project: ComposeProject) -> Iterator[Finding]:
    """Datastores on the loopback address."""
    for service in project.services:
        for port in service.ports:
            if service.datastore and not port.everywhere:
                remedy = snippet(service, "# without ports")
                message = f"the datastore's port {port.target} is published to the host"
                yield found(RULE.id, RULE.severity, service, port.at, message, remedy, "ports", str(port.target))


RULE = Rule.of(
    __doc__,
    id="compose/datastore-port",
    check="compose/network",
    severity=Severity.LOW,
    applies=_applies,
    find=_find,
)
