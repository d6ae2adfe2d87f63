"""
Every datastore keeps its data outside of the container.

## What it does

Reports datastores without a named volume or a bind mount where they keep their data. Caches (memcached) and services
that only a profile starts are left out.

## Why it matters

The next `docker compose up` with a new image throws the container away, and the data with it.

## How to fix

A named volume at the path that the image's documentation names.

Source: https://docs.docker.com/reference/compose-file/volumes/
"""

from __future__ import annotations

from collections.abc import Iterator

from seatrial.domain import Finding, Severity
from seatrial.domain.stores import PATHS
from seatrial.inspectors.compose.mounts import mounts
from seatrial.inspectors.compose.project import ComposeProject
from seatrial.inspectors.rules import Rule

from .base import found, snippet


def _applies(project: ComposeProject) -> bool:
    """Whether there is a datastore."""
    return any(s.datastore for s in project.services)


def _find(project: ComposeProject) -> Iterator[Finding]:
    """Datastores whose data is in the container."""
    if not project.whole:
        return
    for service in project.services:
        paths = PATHS.get(service.datastore, ())
        if not paths or service.profiles or service.one_shot:
            continue
        kept = [m for m in mounts(service) if not m.tmpfs and m.source]
        if any(covers(m.target, path) for m in kept for path in paths):
            continue
        if any("$" in m.target for m in kept):
            continue
        wrong = next((m for m in kept if not m.bind and "init" not in m.target and "/etc" not in m.target), None)
        cache = service.datastore in ("redis", "valkey", "keydb", "dragonfly")
        severity = Severity.MEDIUM if cache else RULE.severity
        remedy = snippet(service, f'volumes: ["{service.name}-data:{paths[0]}"]')
        at = wrong.at if wrong is not None else service.at
        where = f": {wrong.target} is mounted, and it writes to {paths[0]}" if wrong is not None else ""
        message = f"its data is lost with the container{where}"
        yield found(RULE.id, severity, service, at, message, remedy, "volumes")


def covers(target: str, path: str) -> bool:
    """Whether what is mounted at a target holds a path."""
    target = target.rstrip("/") or "/"
    return path == target or path.startswith(f"{target}/") or target.startswith(f"{path}/")


RULE = Rule.of(
    __doc__,
    id="compose/store-volume",
    check="compose/data",
    severity=Severity.HIGH,
    applies=_applies,
    find=_find,
)
