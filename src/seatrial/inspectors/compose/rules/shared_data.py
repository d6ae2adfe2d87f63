"""
No other service writes a datastore's files.

## What it does

Reports a datastore's volume that another service mounts and may write, but for tools that back it up.

## Why it matters

Two programs in one directory of a database break it.

## How to fix

Let the other service ask the datastore; mount it read-only for a backup.

Source: https://docs.docker.com/reference/compose-file/services/#volumes
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from seatrial.domain import Finding, Severity
from seatrial.inspectors.compose.mounts import MountConfig, mounts
from seatrial.inspectors.compose.project import ComposeProject
from seatrial.inspectors.rules import Rule

from .base import found, snippet


def _applies(project: ComposeProject) -> bool:
    """Whether there is a datastore."""
    return any(s.datastore for s in project.services)


_BACKUP = re.compile(r"backup|restic|borg|dump|barman|wal|replica|init|migrat|cli|seed", re.IGNORECASE)


def _find(project: ComposeProject) -> Iterator[Finding]:
    """Volumes with two writers."""
    owners = {m.source: s for s in project.services if s.datastore for m in mounts(s) if _named(m)}
    for service in project.services:
        for mount in mounts(service):
            owner = owners.get(mount.source) if _named(mount) else None
            if owner is None or owner.name == service.name or mount.read_only or _BACKUP.search(service.name):
                continue
            if service.datastore == owner.datastore:
                continue  # a copy, or a tool, of the same store
            message = f"may write the files of the datastore {owner.name}"
            remedy = snippet(service, f'volumes: ["{mount.source}:{mount.target}:ro"]')
            yield found(RULE.id, RULE.severity, service, mount.at, message, remedy, "volumes", mount.source)


def _named(mount: MountConfig) -> bool:
    return bool(mount.source) and not mount.bind and not mount.tmpfs


RULE = Rule.of(
    __doc__,
    id="compose/shared-data",
    check="compose/data",
    severity=Severity.MEDIUM,
    applies=_applies,
    find=_find,
)
