"""
No container is privileged.

## What it does

Reports `privileged: true` on a service or on its build: critical where other machines can speak to the service (a
published port, a proxy's labels, the host's network), high elsewhere.

## Why it matters

A privileged container has every capability, every device of the host and no seccomp or AppArmor profile. An attacker
who takes over its process has taken over the host.

## How to fix

Remove the line, and give the container only what it needs: single capabilities with `cap_add`, single devices with
`devices`.

Source: https://docs.docker.com/reference/compose-file/services/#privileged
"""

from __future__ import annotations

from collections.abc import Iterator

from seatrial.domain import Finding, Severity
from seatrial.inspectors.compose.project import ComposeProject
from seatrial.inspectors.compose.values import Map
from seatrial.inspectors.rules import Rule

from .base import any_service, by_reach, found, snippet


def _find(project: ComposeProject) -> Iterator[Finding]:
    """Services and builds that run privileged."""
    for service in project.services:
        for path in (("privileged",), ("build", "privileged")):
            if service.text(*path) == "true":
                remedy = snippet(
                    service,
                    "# instead of `privileged: true`, what it needs, for instance:",
                    "cap_add: [NET_BIND_SERVICE]",
                )
                yield found(
                    RULE.id,
                    by_reach(service),
                    service,
                    service.place(*path),
                    "runs privileged, with all rights on the host",
                    remedy,
                    *path,
                )
        for hook in ("post_start", "pre_stop"):
            for item in service.items(hook):
                if isinstance(item, Map) and item.text("privileged") == "true":
                    at = item.entries["privileged"].key_at
                    message = f"its {hook} hook runs privileged, with all rights on the host"
                    remedy = "remove `privileged: true` of the hook, and run the step as a service of its own"
                    yield found(RULE.id, by_reach(service), service, at, message, remedy, hook, "privileged")


RULE = Rule.of(
    __doc__,
    id="compose/privileged",
    severity=Severity.CRITICAL,
    applies=any_service,
    absent="no service",
    find=_find,
)
