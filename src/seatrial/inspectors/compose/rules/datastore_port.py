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
from seatrial.inspectors.compose.project import Project

from .base import found, snippet

ID = "compose/datastore-port"
CHECK = "compose/network"
SEVERITY = Severity.LOW
NOTHING = "no datastore"


def applies(project: Project) -> bool:
    """Whether there is a datastore."""
    return any(s.datastore for s in project.services)


def check(project: Project) -> Iterator[Finding]:
    """Datastores on the loopback address."""
    for service in project.services:
        for port in service.ports:
            if service.datastore and not port.everywhere:
                remedy = snippet(service, "# without ports")
                message = f"the datastore's port {port.target} is published to the host"
                yield found(ID, SEVERITY, service, port.at, message, remedy, "ports", str(port.target))
