"""
No mount of a container appears on the host.

## What it does

Reports bind propagation `shared`, `rshared`, `slave` and `rslave`.

## Why it matters

What the container mounts appears on the host, or what the host mounts later appears in the container.

## How to fix

Remove it; `rprivate` is what Docker takes by itself.

Source: https://docs.docker.com/engine/storage/bind-mounts/#configure-bind-propagation
"""

from __future__ import annotations

from collections.abc import Iterator

from seatrial.domain import Finding, Severity
from seatrial.inspectors.compose.mounts import mounts
from seatrial.inspectors.compose.project import ComposeProject
from seatrial.inspectors.rules import Rule

from .base import found, snippet


def _applies(project: ComposeProject) -> bool:
    """Whether any service mounts something of the host."""
    return any(m.bind for s in project.services for m in mounts(s))


def _find(project: ComposeProject) -> Iterator[Finding]:
    """Mounts that are passed on."""
    for service in project.services:
        for mount in mounts(service):
            if mount.propagation in ("shared", "rshared", "slave", "rslave"):
                severity = RULE.severity if "shared" in mount.propagation else Severity.LOW
                remedy = snippet(service, "volumes:", f"  - {mount.source}:{mount.target}")
                message = f"passes mounts on: {mount.propagation}"
                yield found(RULE.id, severity, service, mount.at, message, remedy, "volumes", mount.target)


RULE = Rule.of(
    __doc__,
    id="compose/propagation",
    check="compose/mounts",
    severity=Severity.MEDIUM,
    applies=_applies,
    find=_find,
)
