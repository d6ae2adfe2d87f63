"""
Datastores are not in one network with everything.

## What it does

Reports projects with a datastore and at least two other services that share one network.

## Why it matters

An attacker who takes over the web server reaches the database, the cache and the queue directly.

## How to fix

A network for each purpose; those of stores `internal: true`.

Source: https://docs.docker.com/compose/how-tos/networking/#specify-custom-networks
"""

from __future__ import annotations

from collections.abc import Iterator

from seatrial.domain import Finding, Severity
from seatrial.inspectors.compose.project import ComposeProject
from seatrial.inspectors.compose.service import ServiceConfig
from seatrial.inspectors.compose.values import Map
from seatrial.inspectors.rules import Rule

from .base import found, snippet


def _applies(project: ComposeProject) -> bool:
    """Whether there is a datastore."""
    return any(s.datastore for s in project.services)


def _find(project: ComposeProject) -> Iterator[Finding]:
    """A datastore in a network with everybody."""
    inside = [s for s in project.services if s.complete and not s.text("network_mode")]
    stores = [s for s in inside if s.datastore]
    if len(inside) - len(stores) < 2 or not project.whole:
        return
    for store in stores:
        near = _networks(store)
        if near and all(near & _networks(s) for s in inside):
            remedy = snippet(store, "networks: [back]", "# and at the top: networks: {back: {internal: true}}")
            message = f"shares a network with all of the {len(inside) - 1} other services"
            yield found(RULE.id, RULE.severity, store, store.at, message, remedy, "networks")
            return


def _networks(service: ServiceConfig) -> set[str]:
    value = service.get("networks")
    return set(value.entries) if isinstance(value, Map) and value.entries else {"default"}


RULE = Rule.of(
    __doc__,
    id="compose/default-network",
    check="compose/network",
    severity=Severity.LOW,
    applies=_applies,
    find=_find,
)
