"""
Containers are named by the project.

## What it does

Reports, once for each file, services with `container_name`.

## Why it matters

The project cannot run twice on one machine, for example a test beside production. Its services cannot be scaled.

## How to fix

Remove it; `docker compose exec SERVICE` needs no name.

Source: https://docs.docker.com/reference/compose-file/services/#container_name
"""

from __future__ import annotations

from collections.abc import Iterator

from seatrial.domain import Finding, Severity
from seatrial.inspectors.compose.project import ComposeProject
from seatrial.inspectors.rules import Rule

from .base import grouped, servers


def _applies(project: ComposeProject) -> bool:
    """Whether anything is meant to stay up."""
    return bool(servers(project))


def _find(project: ComposeProject) -> Iterator[Finding]:
    """Servers without it."""
    lacking = [s for s in servers(project) if s.text("container_name") and "$" not in (s.text("container_name") or "")]
    yield from grouped(
        RULE.id, RULE.severity, lacking, lambda names: f"a fixed container name: {names}", "# without container_name"
    )


RULE = Rule.of(
    __doc__,
    id="compose/container-name",
    check="compose/configuration",
    severity=Severity.LOW,
    applies=_applies,
    find=_find,
)
