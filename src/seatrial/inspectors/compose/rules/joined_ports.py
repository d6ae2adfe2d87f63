"""
A second file's ports replace those of the first.

## What it does

Reports a container port that is published twice: by a service's own list, and by its base (`extends`, an override
file): Compose joins such lists instead of replacing them.

## Why it matters

The port that the second file should close is still open.

## How to fix

`ports: !override [...]` in the file that is to decide.

Source: https://docs.docker.com/reference/compose-file/merge/
"""

from __future__ import annotations

from collections.abc import Iterator

from seatrial.domain import Finding, Location, Severity
from seatrial.inspectors.compose.project import ComposeProject
from seatrial.inspectors.compose.values import List
from seatrial.inspectors.rules import Rule

from .base import found, snippet


def _applies(project: ComposeProject) -> bool:
    """Whether anything is published."""
    return any(s.ports for s in project.services)


def _find(project: ComposeProject) -> Iterator[Finding]:
    """Ports of the later list whose container's port an earlier one publishes as another."""
    for service in project.services:
        later = service.get("ports")
        if not isinstance(later, List):
            continue
        own = [port for port in service.ports if _inside(port.at, later.at)]
        earlier = {(p.target, p.protocol): p for p in service.ports if p.first and not _inside(p.at, later.at)}
        for port in own:
            before = earlier.get((port.target, port.protocol))
            if before is not None and port.first and port.first != before.first:
                message = f"publishes {port.target} as {port.first}, and as {before.first} still: lists are joined"
                remedy = snippet(service, "ports: !override", f'  - "{port.first}:{port.target}"')
                yield found(RULE.id, RULE.severity, service, port.at, message, remedy, "ports", str(port.first))


def _inside(at: Location, whole: Location) -> bool:
    return at.path == whole.path and whole.line <= at.line <= max(whole.line, whole.end_line)


RULE = Rule.of(
    __doc__,
    id="compose/joined-ports",
    check="compose/configuration",
    severity=Severity.LOW,
    applies=_applies,
    find=_find,
)
