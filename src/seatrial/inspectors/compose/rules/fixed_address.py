"""
No service has a fixed address.

## What it does

Reports `ipv4_address`, `ipv6_address` and `mac_address`.

## Why it matters

Two copies of the project cannot run on one machine, and a new container may find its address taken.

## How to fix

Use the service's name.

Source: https://docs.docker.com/reference/compose-file/services/#ipv4_address-ipv6_address
"""

from __future__ import annotations

from collections.abc import Iterator

from seatrial.domain import Finding, Severity
from seatrial.inspectors.compose.project import ComposeProject
from seatrial.inspectors.compose.values import Map
from seatrial.inspectors.rules import Rule

from .base import any_service, found, snippet


def _find(project: ComposeProject) -> Iterator[Finding]:
    """Addresses."""
    for service in project.services:
        value = service.get("networks")
        for name, entry in value if isinstance(value, Map) else ():
            for key in ("ipv4_address", "ipv6_address", "mac_address"):
                if isinstance(entry.value, Map) and entry.value.text(key):
                    remedy = snippet(service, f"networks: [{name}]")
                    message = f"has the fixed address {entry.value.text(key)}"
                    yield found(
                        RULE.id, RULE.severity, service, entry.value.key(key), message, remedy, "networks", name, key
                    )


RULE = Rule.of(
    __doc__,
    id="compose/fixed-address",
    check="compose/network",
    severity=Severity.LOW,
    applies=any_service,
    find=_find,
)
