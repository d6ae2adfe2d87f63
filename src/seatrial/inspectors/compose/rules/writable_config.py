"""
Configuration is mounted read-only.

## What it does

Reports bind mounts of single files of the repository (configuration, scripts, certificates) that the container may
write.

## Why it matters

A container that is taken over changes the file in the repository's directory, and the next start runs it.

## How to fix

Append `:ro`.

Source: https://docs.docker.com/reference/compose-file/services/#volumes
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
    """Whether any service mounts something of the host."""
    return any(m.bind for s in project.services for m in mounts(s))


_FILE = re.compile(
    r"\.(?:ya?ml|json|toml|conf|cfg|ini|sh|py|js|sql|pem|crt|cnf|xml|properties|template|tmpl|env|hcl|lua|rules)$"
)


def _find(project: ComposeProject) -> Iterator[Finding]:
    """Files that may be written."""
    open_ = {
        service.name: service
        for service in project.services
        if any(m.bind and not m.read_only and _FILE.search(m.source) for m in mounts(service))
    }
    for service in open_.values():
        for mount in mounts(service):
            if mount.bind and not mount.read_only and _FILE.search(mount.source):
                remedy = snippet(service, "volumes:", f"  - {mount.source}:{mount.target}:ro")
                message = f"may write its own configuration: {mount.source}"
                yield found(RULE.id, RULE.severity, service, mount.at, message, remedy, "volumes", mount.target)


RULE = Rule.of(
    __doc__,
    id="compose/writable-config",
    check="compose/mounts",
    severity=Severity.LOW,
    applies=_applies,
    find=_find,
)
