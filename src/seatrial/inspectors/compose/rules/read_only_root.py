"""
What a container does not have to write, it cannot write.

## What it does

Reports services that have volumes for what they write, but a writable root filesystem. One finding per file.

## Why it matters

An attacker can replace programs and leave others behind.

## How to fix

`read_only: true`, with `tmpfs: [/tmp, /run]` for what is thrown away.

Source: https://docs.docker.com/reference/compose-file/services/#read_only
"""

from __future__ import annotations

from collections.abc import Iterator

from seatrial.domain import Finding, Severity
from seatrial.inspectors.compose.project import ComposeProject
from seatrial.inspectors.rules import Rule

from .base import grouped, servers


def _applies(project: ComposeProject) -> bool:
    """Whether anything is meant to stay up."""
    return bool(servers(project))


def _find(project: ComposeProject) -> Iterator[Finding]:
    """Servers with a writable root."""
    lacking = [s for s in servers(project) if s.text("read_only") != "true" and s.text("privileged") != "true"]
    yield from grouped(
        RULE.id,
        RULE.severity,
        lacking,
        lambda names: f"writable root file system: {names}",
        "read_only: true",
        "tmpfs: [/tmp]",
    )


RULE = Rule.of(
    __doc__,
    id="compose/read-only-root",
    check="compose/mounts",
    severity=Severity.LOW,
    applies=_applies,
    find=_find,
)
