"""
An empty list in a second file takes something away.

## What it does

Reports `ports: []`, `cap_add: []`, `environment: {}` and the like that override a file or service with entries: Compose
joins the two, and nothing joined with something is something.

## Why it matters

What was meant to be closed is open still: the port, the capability, the mount.

## How to fix

`ports: !reset []` removes the key; `ports: !override [...]` replaces it.

Source: https://docs.docker.com/reference/compose-file/merge/#reset-value
"""

from __future__ import annotations

from collections.abc import Iterator

from seatrial.domain import Finding, Location, Severity
from seatrial.inspectors.compose.project import ComposeProject
from seatrial.inspectors.compose.values import Map
from seatrial.inspectors.rules import Rule

from .base import any_service, found, snippet


def _find(project: ComposeProject) -> Iterator[Finding]:
    """Keys that were left empty, at any level."""
    for service in project.services:
        for path, at in _kept(service.body):
            remedy = snippet(service, *(f"{'  ' * n}{name}:" for n, name in enumerate(path)))
            message = f"an empty {'.'.join(path)} removes nothing: the earlier entries remain"
            yield found(RULE.id, RULE.severity, service, at, message, f"{remedy} !reset null", *path)


def _kept(value: Map) -> Iterator[tuple[tuple[str, ...], Location]]:
    yield from (((name,), at) for name, at in value.kept)
    for name, entry in value:
        if isinstance(entry.value, Map):
            yield from (((name, *path), at) for path, at in _kept(entry.value))


RULE = Rule.of(
    __doc__,
    id="compose/kept-by-merge",
    check="compose/configuration",
    severity=Severity.MEDIUM,
    applies=any_service,
    find=_find,
)
