"""
No service shares the host's control groups.

## What it does

Reports `cgroup: host` and `cgroup_parent`.

## Why it matters

The service sees, and with write access changes, the limits of everything on the host; a parent of one's own may have
none.

## How to fix

Remove it; tools that read statistics get them from the engine's API through a proxy.

Source: https://docs.docker.com/reference/compose-file/services/#cgroup
"""

from __future__ import annotations

from collections.abc import Iterator

from seatrial.domain import Finding, Severity
from seatrial.inspectors.compose.project import ComposeProject
from seatrial.inspectors.rules import Rule

from .base import any_service, found, snippet


def _find(project: ComposeProject) -> Iterator[Finding]:
    """Services in the host's groups."""
    for service in project.services:
        if service.text("cgroup") == "host":
            at = service.place("cgroup")
            yield found(
                RULE.id,
                RULE.severity,
                service,
                at,
                "sees the host's control groups",
                snippet(service, "# without cgroup"),
                "cgroup",
            )
        if service.text("cgroup_parent"):
            at = service.place("cgroup_parent")
            message = "chooses its own parent among the control groups"
            yield found(
                RULE.id,
                Severity.LOW,
                service,
                at,
                message,
                snippet(service, "# without cgroup_parent"),
                "cgroup_parent",
            )


RULE = Rule.of(
    __doc__,
    id="compose/cgroup",
    check="compose/isolation",
    severity=Severity.MEDIUM,
    applies=any_service,
    find=_find,
)
