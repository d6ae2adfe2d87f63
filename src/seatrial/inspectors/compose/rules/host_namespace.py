"""
No container shares a namespace of the host.

## What it does

Reports `network_mode: host`, `pid: host` and `ipc: host`; the lesser ones have rules of their own.

## Why it matters

Namespaces are what makes a container a container. In the host's network it listens on every interface and reaches
services that trust the loopback address; in its process namespace it can read the memory and environment of every
process.

## How to fix

Remove the line. Publish the ports that are needed, and connect services through a network.

Source: https://docs.docker.com/reference/compose-file/services/#network_mode
"""

from __future__ import annotations

from collections.abc import Iterator

from seatrial.domain import Finding, Severity
from seatrial.inspectors.compose.project import ComposeProject
from seatrial.inspectors.rules import Rule

from .base import any_service, found, snippet

_KEYS = {
    "network_mode": "network",
    "pid": "processes",
    "ipc": "shared memory",
}


def _find(project: ComposeProject) -> Iterator[Finding]:
    """Services in a namespace of the host."""
    for service in project.services:
        for key, what in _KEYS.items():
            if service.text(key) == "host":
                remedy = snippet(
                    service, f"# remove `{key}: host`; publish what is needed:", 'ports: ["127.0.0.1:8080:8080"]'
                )
                yield found(
                    RULE.id,
                    RULE.severity,
                    service,
                    service.place(key),
                    f"shares the host's {what} ({key}: host)",
                    remedy,
                    key,
                )


RULE = Rule.of(
    __doc__,
    id="compose/host-namespace",
    severity=Severity.HIGH,
    applies=any_service,
    absent="no service",
    find=_find,
)
