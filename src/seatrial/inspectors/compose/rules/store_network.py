"""
Datastores cannot reach the Internet.

## What it does

Reports datastores in networks of the file that are not `internal`.

## Why it matters

Nothing that is stolen can leave by itself through an internal network, and nothing can be fetched into it.

## How to fix

`internal: true` for the network of the stores; services that also need the Internet are in a second one.

Source: https://docs.docker.com/reference/compose-file/networks/#internal
"""

from __future__ import annotations

from collections.abc import Iterator

from seatrial.domain import Finding, Severity
from seatrial.inspectors.compose.project import ComposeProject
from seatrial.inspectors.compose.service import ServiceConfig
from seatrial.inspectors.compose.values import Map
from seatrial.inspectors.rules import Rule

from .base import grouped


def _applies(project: ComposeProject) -> bool:
    """Whether a datastore is in a network of the file."""
    return any(s.datastore and s.get("networks") for s in project.services)


def _find(project: ComposeProject) -> Iterator[Finding]:
    """Stores whose networks all lead out."""
    section = project.section("networks")
    if section is None or not project.whole:
        return
    open_ = [
        s for s in project.services if s.datastore and _names(s) and not any(_closed(section, n) for n in _names(s))
    ]
    yield from grouped(
        RULE.id,
        RULE.severity,
        open_,
        lambda names: f"reaches the Internet: {names}",
        "networks: [back]",
        "# and at the top: networks: {back: {internal: true}}",
    )


def _names(service: ServiceConfig) -> set[str]:
    value = service.get("networks")
    return set(value.entries) if isinstance(value, Map) else set()


def _closed(section: Map, name: str) -> bool:
    return section.text(name, "internal") == "true" or section.text(name, "external") == "true"


RULE = Rule.of(
    __doc__,
    id="compose/store-network",
    check="compose/network",
    severity=Severity.LOW,
    applies=_applies,
    find=_find,
)
