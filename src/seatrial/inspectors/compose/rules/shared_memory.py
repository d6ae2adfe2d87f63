"""
Programs that need shared memory have it.

## What it does

Reports browsers and PostgreSQL without `shm_size` (or a mount of `/dev/shm`).

## Why it matters

Docker gives 64 MB: a browser crashes on a large page, PostgreSQL refuses a parallel query.

## How to fix

`shm_size: 256m` for PostgreSQL, `2g` for browsers.

Source: https://docs.docker.com/reference/compose-file/services/#shm_size
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from seatrial.domain import Finding, Severity
from seatrial.inspectors.compose.mounts import mounts
from seatrial.inspectors.compose.project import ComposeProject
from seatrial.inspectors.rules import Rule

from .base import found, snippet


def _applies(project: ComposeProject) -> bool:
    """Whether there is such a program."""
    return any(_NEEDS.search(s.program) for s in project.services)


_NEEDS = re.compile(
    r"^(?:standalone-(?:chrome|firefox|edge|chromium)|node-(?:chrome|firefox|edge)|chrome|browserless"
    r"|playwright|postgres|postgis|timescaledb|pgvector)\b"
)

_SHARED = "/dev/shm"  # noqa: S108 # nosec B108 - compared, not used


def _find(project: ComposeProject) -> Iterator[Finding]:
    """Programs with Docker's 64 MB."""
    for service in project.services:
        if _NEEDS.search(service.program) and not service.get("shm_size"):
            if any(m.target == _SHARED for m in mounts(service)) or service.text("ipc") == "host":
                continue
            remedy = snippet(service, "shm_size: 256m")
            yield found(RULE.id, RULE.severity, service, service.at, "has 64 MB of shared memory", remedy, "shm_size")


RULE = Rule.of(
    __doc__,
    id="compose/shared-memory",
    check="compose/resources",
    severity=Severity.LOW,
    applies=_applies,
    find=_find,
)
