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
from seatrial.inspectors.compose.project import Project

from .base import grouped, servers

ID = "compose/container-name"
CHECK = "compose/configuration"
SEVERITY = Severity.LOW
NOTHING = "no server"


def applies(project: Project) -> bool:
    """Whether anything is meant to stay up."""
    return bool(servers(project))


def check(project: Project) -> Iterator[Finding]:
    """Servers without it."""
    lacking = [s for s in servers(project) if s.text("container_name") and "$" not in (s.text("container_name") or "")]
    yield from grouped(
        ID, SEVERITY, lacking, lambda names: f"a fixed container name: {names}", "# without container_name"
    )
