"""
No engine listens without a certificate.

## What it does

Reports Docker's API over TCP without TLS: `tcp://0.0.0.0:2375` in commands and variables, and published ports 2375.

## Why it matters

Access to it means root on the host.

## How to fix

The socket through a filtering proxy, SSH, or TLS with client certificates on 2376.

Source: https://docs.docker.com/engine/security/protect-access/
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from seatrial.domain import Finding, Severity
from seatrial.inspectors.compose.project import ComposeProject
from seatrial.inspectors.rules import Rule

from .base import any_service, found, snippet

_LISTENS = re.compile(r"tcp://(?:0\.0\.0\.0|\[?::\]?|\*)?:2375\b")


def _find(project: ComposeProject) -> Iterator[Finding]:
    """Listening addresses and ports."""
    for service in project.services:
        for item in (*service.texts("command"), *service.texts("entrypoint")):
            if _LISTENS.search(item.text):
                remedy = snippet(service, "# without a TCP address")
                yield found(
                    RULE.id, RULE.severity, service, item.at, "listens for Docker's API without TLS", remedy, "command"
                )
        for port in service.ports:
            if port.target == 2375 and port.everywhere:
                remedy = snippet(service, "# without this port")
                yield found(
                    RULE.id,
                    Severity.CRITICAL,
                    service,
                    port.at,
                    "publishes Docker's API without TLS",
                    remedy,
                    "ports",
                    "2375",
                )


RULE = Rule.of(
    __doc__,
    id="compose/docker-api",
    check="compose/network",
    severity=Severity.HIGH,
    applies=any_service,
    find=_find,
)
