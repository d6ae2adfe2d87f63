"""
Limits do not contradict each other.

## What it does

Reports a memory limit in both spellings with different values, reservations above the limit, and `memswap_limit`
below `mem_limit`.

## Why it matters

Docker refuses the container, or takes the value that the author forgot.

## How to fix

Keep one of the two.

Source: https://docs.docker.com/reference/compose-file/services/#mem_limit
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from seatrial.domain import Finding, Severity
from seatrial.inspectors.compose.project import ComposeProject
from seatrial.inspectors.compose.service import ServiceConfig
from seatrial.inspectors.rules import Rule

from .base import found, snippet


def _applies(project: ComposeProject) -> bool:
    """Whether there is a limit."""
    return any(s.get("mem_limit") or s.get("deploy", "resources") for s in project.services)


def _find(project: ComposeProject) -> Iterator[Finding]:
    """Pairs of values that do not fit."""
    for service in project.services:
        old, new = (_bytes(service.text(*p)) for p in (("mem_limit",), ("deploy", "resources", "limits", "memory")))
        limit = new or old
        if old and new and old != new:
            yield _finding(service, "mem_limit", "mem_limit and deploy.resources.limits.memory differ")
        for path in (("mem_reservation",), ("deploy", "resources", "reservations", "memory")):
            reserved = _bytes(service.text(*path))
            if limit and reserved > limit:
                yield _finding(service, *path, message="reserves more memory than its limit")
        swap = _bytes(service.text("memswap_limit"))
        if limit and 0 < swap < limit:
            yield _finding(service, "memswap_limit", message="memswap_limit is below the memory limit")


def _finding(service: ServiceConfig, *path: str, message: str = "") -> Finding:
    if not message:
        *path_, message = path
        path = tuple(path_)
    return found(
        RULE.id, RULE.severity, service, service.place(*path), message, snippet(service, "mem_limit: 512m"), *path
    )


def _bytes(text: str | None) -> int:
    match = re.fullmatch(r"([0-9]{1,18}(?:\.[0-9]{1,18})?)\s*([bkmgt]?)b?", (text or "").strip().lower())
    return int(float(match[1]) * 1024 ** " kmgt".index(match[2] if match[2] not in ("", "b") else " ")) if match else 0


RULE = Rule.of(
    __doc__,
    id="compose/limit-conflict",
    check="compose/resources",
    severity=Severity.MEDIUM,
    applies=_applies,
    find=_find,
)
