"""
No service changes the kernel's settings for others.

## What it does

Reports `sysctls` outside of `net.`, and those that open the network stack (`ip_forward`, `route_localnet`,
`accept_redirects`). Unprivileged ports are fine.

## Why it matters

Some settings hold for the host, and others take protections of the network stack away.

## How to fix

Remove it, or set it on the host where its administrator sees it.

Source: https://docs.docker.com/reference/compose-file/services/#sysctls
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from seatrial.domain import Finding, Severity
from seatrial.inspectors.compose.project import ComposeProject
from seatrial.inspectors.compose.values import Map
from seatrial.inspectors.rules import Rule

from .base import any_service, found, snippet

_OPENS = re.compile(
    r"(?:ip_forward|forwarding|route_localnet|accept_redirects|send_redirects|accept_source_route|rp_filter)$"
)


def _find(project: ComposeProject) -> Iterator[Finding]:
    """Settings that reach beyond the container, or open it."""
    for service in project.services:
        settings = service.get("sysctls")
        for name, entry in settings if isinstance(settings, Map) else ():
            beyond = not name.startswith(("net.", "fs.mqueue.", "kernel.msg", "kernel.sem", "kernel.shm"))
            if beyond or _OPENS.search(name):
                severity = RULE.severity if beyond else Severity.LOW
                remedy = snippet(service, f"# sysctls without {name}")
                yield found(
                    RULE.id, severity, service, entry.key_at, f"sets the kernel's {name}", remedy, "sysctls", name
                )


RULE = Rule.of(
    __doc__,
    id="compose/sysctls",
    check="compose/isolation",
    severity=Severity.MEDIUM,
    applies=any_service,
    find=_find,
)
