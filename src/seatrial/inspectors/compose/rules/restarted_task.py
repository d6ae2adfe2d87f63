"""
A task runs once.

## What it does

Reports services that others wait for to complete (`service_completed_successfully`) and that are restarted always.

## Why it matters

The task starts again as soon as it is done: the migration runs in a loop, and services that wait for its end wait for
ever.

## How to fix

`restart: "no"` or `on-failure`.

Source: https://docs.docker.com/reference/compose-file/services/#depends_on
"""

from __future__ import annotations

from collections.abc import Iterator

from seatrial.domain import Finding, Severity
from seatrial.inspectors.compose.project import ComposeProject
from seatrial.inspectors.rules import Rule

from .base import found, snippet


def _applies(project: ComposeProject) -> bool:
    """Whether there is a task."""
    return any(s.one_shot for s in project.services)


def _find(project: ComposeProject) -> Iterator[Finding]:
    """Tasks that start again."""
    for service in project.services:
        if service.one_shot and service.text("restart") in ("always", "unless-stopped"):
            at = service.place("restart")
            message = "is a task, and restarts whenever it ends"
            yield found(
                RULE.id, RULE.severity, service, at, message, snippet(service, "restart: on-failure"), "restart"
            )


RULE = Rule.of(
    __doc__,
    id="compose/restarted-task",
    check="compose/lifecycle",
    severity=Severity.MEDIUM,
    applies=_applies,
    find=_find,
)
