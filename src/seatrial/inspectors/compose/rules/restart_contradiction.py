"""
A service says once when it is restarted.

## What it does

Reports `restart` beside a `deploy.restart_policy` that says something else, and values of `restart` that do not
exist.

## Why it matters

`docker compose` takes one of them and Swarm the other; one that does not exist is refused.

## How to fix

Keep one of the two.

Source: https://docs.docker.com/reference/compose-file/services/#restart
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from seatrial.domain import Finding, Severity
from seatrial.inspectors.compose.project import ComposeProject
from seatrial.inspectors.rules import Rule

from .base import found, snippet


def _applies(project: ComposeProject) -> bool:
    """Whether there is a policy."""
    return any(s.get("restart") or s.get("deploy", "restart_policy") for s in project.services)


_KNOWN = re.compile(r"(?:no|always|unless-stopped|on-failure(?::\d+)?|false)$")
_SAME = {"any": ("always", "unless-stopped"), "on-failure": ("on-failure",), "none": ("no", "false")}


def _find(project: ComposeProject) -> Iterator[Finding]:
    """Two different policies, or one that Docker does not know."""
    for service in project.services:
        restart, condition = service.text("restart") or "", service.text("deploy", "restart_policy", "condition") or ""
        remedy = snippet(service, "restart: unless-stopped")
        if restart and "$" not in restart and not _KNOWN.match(restart):
            message = f"there is no restart policy {restart!r}"
            yield found(RULE.id, Severity.HIGH, service, service.place("restart"), message, remedy, "restart")
        elif restart and condition and restart.partition(":")[0] not in _SAME.get(condition, (restart,)):
            message = f"restart is {restart}, and deploy.restart_policy says {condition}"
            yield found(RULE.id, RULE.severity, service, service.place("restart"), message, remedy, "restart")


RULE = Rule.of(
    __doc__,
    id="compose/restart-contradiction",
    check="compose/lifecycle",
    severity=Severity.LOW,
    applies=_applies,
    find=_find,
)
