"""
No datastore is published beyond the host.

## What it does

Reports a published port of a database, cache, broker or search engine that is not bound to a loopback address. The
image identifies a datastore. For a service that is built here, its name or a datastore's port does.

## Why it matters

By default Docker publishes on every interface and opens the host's firewall for it. Internet scanners look for
datastores first, and many have no password by default. The project's other services reach them through its network
without a published port.

## How to fix

Remove the port, or bind it to the loopback address.

Source: https://docs.docker.com/engine/network/port-publishing/
"""

from __future__ import annotations

from collections.abc import Iterator

from seatrial.domain import Finding, Severity
from seatrial.inspectors.compose.project import ComposeProject
from seatrial.inspectors.rules import Rule

from .base import found, snippet


def _applies(project: ComposeProject) -> bool:
    """Whether there is a datastore."""
    return any(s.datastore or any(s.serves_data(p) for p in s.ports) for s in project.services)


def _find(project: ComposeProject) -> Iterator[Finding]:
    """Ports of datastores that other machines can reach."""
    for service in project.services:
        for port in service.ports:
            if port.everywhere and "$" not in port.host_ip and service.serves_data(port):
                where = "every interface" if port.wildcard else port.host_ip
                host = port.first or port.target
                remedy = snippet(service, f'ports: ["127.0.0.1:{host}:{port.target}"]  # or no published port at all')
                message = f"publishes the datastore's port {port.target} on {where}"
                yield found(RULE.id, RULE.severity, service, port.at, message, remedy, "ports", str(port.target))


RULE = Rule.of(
    __doc__,
    id="compose/published-datastore",
    severity=Severity.HIGH,
    applies=_applies,
    absent="no datastore",
    find=_find,
)
