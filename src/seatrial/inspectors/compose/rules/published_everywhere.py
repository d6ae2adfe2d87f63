"""
Ports are published where they are needed.

## What it does

Reports, once for each file, services that publish a port on every interface of the host. Datastores and
administration tools have rules of their own.

## Why it matters

Docker opens the host's firewall for it: what was meant for a proxy on the same machine is on the Internet.

## How to fix

`127.0.0.1:8080:8080` behind a proxy; no published port for what only other services use.

Source: https://docs.docker.com/engine/network/port-publishing/
"""

from __future__ import annotations

from collections.abc import Iterator

from seatrial.domain import Finding, Severity
from seatrial.inspectors.compose.ports import Port
from seatrial.inspectors.compose.project import ComposeProject
from seatrial.inspectors.compose.service import ServiceConfig
from seatrial.inspectors.rules import Rule

from .base import grouped


def _applies(project: ComposeProject) -> bool:
    """Whether anything is published."""
    return any(s.ports for s in project.services)


def _find(project: ComposeProject) -> Iterator[Finding]:
    """Ports on every interface, but for the two of the web."""
    open_ = [s for s in project.services if any(_open(s, p) for p in s.ports)]
    port = next((p for s in open_ for p in s.ports if _open(s, p)), None)
    lines = [f'ports: ["127.0.0.1:{port.first or port.target}:{port.target}"]'] if port else []
    yield from grouped(RULE.id, RULE.severity, open_, lambda names: f"published on every interface: {names}", *lines)


def _open(service: ServiceConfig, port: Port) -> bool:
    return port.wildcard and not service.serves_data(port) and port.first not in (80, 443)


RULE = Rule.of(
    __doc__,
    id="compose/published-everywhere",
    check="compose/network",
    severity=Severity.LOW,
    applies=_applies,
    find=_find,
)
