"""
No service is put into a group of administrators.

## What it does

Reports `group_add` with `root`, `0`, `docker`, `disk`, `wheel`, `sudo`, `adm` or `shadow`.

## Why it matters

The group opens files and sockets of the host that are mounted: with `docker` its socket, which is root.

## How to fix

A group of one's own that owns just the files that are needed.

Source: https://docs.docker.com/reference/compose-file/services/#group_add
"""

from __future__ import annotations

from collections.abc import Iterator

from seatrial.domain import Finding, Severity
from seatrial.inspectors.compose.project import ComposeProject
from seatrial.inspectors.rules import Rule

from .base import any_service, found, snippet

_GROUPS = frozenset({"root", "0", "docker", "disk", "wheel", "sudo", "adm", "shadow", "kmem"})


def _find(project: ComposeProject) -> Iterator[Finding]:
    """Such groups."""
    for service in project.services:
        for item in service.texts("group_add"):
            if item.text.lower() in _GROUPS:
                remedy = snippet(service, f"# group_add without {item.text}")
                yield found(
                    RULE.id,
                    RULE.severity,
                    service,
                    item.at,
                    f"is in the group {item.text}",
                    remedy,
                    "group_add",
                    item.text,
                )


RULE = Rule.of(
    __doc__,
    id="compose/group-add",
    check="compose/isolation",
    severity=Severity.MEDIUM,
    applies=any_service,
    find=_find,
)
