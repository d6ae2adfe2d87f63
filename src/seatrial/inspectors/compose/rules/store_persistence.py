"""
Datastores write what they acknowledge.

## What it does

Reports datastores that do not write to disk: Redis and Valkey with `--save ""` and no append-only file, PostgreSQL with
`fsync=off` or `full_page_writes=off`. MySQL with `innodb_flush_log_at_trx_commit=0` or 2, MongoDB with `--nojournal`,
and data on `tmpfs` count too.

## Why it matters

What was acknowledged is gone after a crash, a restart of the host, or an update.

## How to fix

Remove it; a cache that may lose everything is worth a comment.

Source: https://redis.io/docs/latest/operate/oss_and_stack/management/persistence/
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from seatrial.domain import Finding, Severity
from seatrial.domain.stores import PATHS
from seatrial.inspectors.compose.mounts import mounts
from seatrial.inspectors.compose.project import ComposeProject
from seatrial.inspectors.rules import Rule

from .base import found, snippet
from .store_volume import covers


def _applies(project: ComposeProject) -> bool:
    """Whether there is a datastore."""
    return any(s.datastore for s in project.services)


_OFF = re.compile(
    r"\bfsync=off\b|\bfull_page_writes=off\b|\binnodb[-_]flush[-_]log[-_]at[-_]trx[-_]commit=[02]\b"
    r"|--nojournal\b|\bsync_binlog=0\b"
)


def _find(project: ComposeProject) -> Iterator[Finding]:
    """Options and places that forget."""
    for service in project.services:
        if not service.datastore:
            continue
        items = (*service.texts("command"), *service.texts("entrypoint"))
        line = " ".join(item.text or '""' for item in items)
        redis = service.datastore in ("redis", "valkey", "keydb")
        off = redis and re.search(r"--save\s+(?:\"\"|''|\s|$|--)", line) and not re.search(r"--appendonly\s+yes", line)
        if off or _OFF.search(line):
            at = service.place("command")
            remedy = snippet(service, "# without the option, or: --appendonly yes")
            yield found(RULE.id, RULE.severity, service, at, "does not keep what it acknowledges", remedy, "command")
        for mount in mounts(service):
            if mount.tmpfs and any(covers(mount.target, p) for p in PATHS.get(service.datastore, ())):
                remedy = snippet(service, f'volumes: ["{service.name}-data:{mount.target}"]')
                yield found(RULE.id, RULE.severity, service, mount.at, "keeps its data in memory", remedy, "tmpfs")


RULE = Rule.of(
    __doc__,
    id="compose/store-persistence",
    check="compose/data",
    severity=Severity.MEDIUM,
    applies=_applies,
    find=_find,
)
