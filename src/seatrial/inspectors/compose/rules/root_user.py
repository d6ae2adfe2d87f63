"""
No container runs as root on purpose.

## What it does

Reports `user: root`, `user: 0` and `user: "0:0"`. A service that says nothing runs as the image's user, which a
Compose file does not show: such a service is not asked, `dockerfile/hardening` is about images that are built here.
Graded higher where the service also mounts a directory of the host.

## Why it matters

Root in a container is root on the host as soon as anything leads out: a mount, a kernel bug, a capability.

## How to fix

Run as a user of the image, or as any number above zero that owns the files it writes.

Source: https://docs.docker.com/reference/compose-file/services/#user
"""

from __future__ import annotations

from collections.abc import Iterator

from seatrial.domain import Finding, Severity
from seatrial.inspectors.compose.project import ComposeProject
from seatrial.inspectors.compose.service import ServiceConfig
from seatrial.inspectors.compose.values import ComposeText, Map, Value
from seatrial.inspectors.rules import Rule

from .base import found, snippet


def _applies(project: ComposeProject) -> bool:
    """Whether a service says which user it is."""
    return any(service.text("user") is not None for service in project.services)


def _find(project: ComposeProject) -> Iterator[Finding]:
    """Services that run as root by configuration."""
    for service in project.services:
        if (service.text("user") or "").partition(":")[0] in ("root", "0"):
            severity = Severity.HIGH if _mounts_host(service) else RULE.severity
            yield found(
                RULE.id,
                severity,
                service,
                service.place("user"),
                "runs as root",
                snippet(service, 'user: "10001:10001"'),
                "user",
            )


def _mounts_host(service: ServiceConfig) -> bool:
    return any(_is_bind(item) for item in service.items("volumes"))


def _is_bind(item: Value) -> bool:
    if isinstance(item, Map):
        return item.text("type") == "bind"
    return isinstance(item, ComposeText) and item.text[:1] in ("/", ".", "~") and ":" in item.text


RULE = Rule.of(
    __doc__,
    id="compose/root-user",
    severity=Severity.MEDIUM,
    applies=_applies,
    absent="no `user`",
    find=_find,
)
