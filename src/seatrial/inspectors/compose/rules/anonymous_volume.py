"""
Every volume of a datastore has a name.

## What it does

Reports datastores whose data is in a volume without a name (`- /var/lib/mysql`).

## Why it matters

Compose makes a new one after `down`; the old volume remains under a 64-digit name until `docker volume prune`.

## How to fix

`name:/path`, and the name under `volumes:`.

Source: https://docs.docker.com/reference/compose-file/volumes/
"""

from __future__ import annotations

from collections.abc import Iterator

from seatrial.domain import Finding, Severity
from seatrial.inspectors.compose.mounts import mounts
from seatrial.inspectors.compose.project import ComposeProject
from seatrial.inspectors.rules import Rule

from .base import found, snippet


def _applies(project: ComposeProject) -> bool:
    """Whether there is a datastore."""
    return any(s.datastore for s in project.services)


def _find(project: ComposeProject) -> Iterator[Finding]:
    """Volumes without a name."""
    for service in project.services:
        for mount in mounts(service):
            if service.datastore and not mount.source and not mount.tmpfs and mount.target.startswith("/"):
                remedy = snippet(service, f'volumes: ["{service.name}-data:{mount.target}"]')
                message = f"the volume at {mount.target} has no name"
                yield found(RULE.id, RULE.severity, service, mount.at, message, remedy, "volumes", mount.target)


RULE = Rule.of(
    __doc__,
    id="compose/anonymous-volume",
    check="compose/data",
    severity=Severity.MEDIUM,
    applies=_applies,
    find=_find,
)
