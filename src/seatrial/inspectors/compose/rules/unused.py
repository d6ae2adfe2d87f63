"""
Everything that is defined is used.

## What it does

Reports networks, volumes, secrets and configs at the top level that no service refers to.

## Why it matters

It is a typing error as often as a leftover: the volume that keeps the data may be the other one.

## How to fix

Remove it, or use it.

Source: https://docs.docker.com/reference/compose-file/
"""

from __future__ import annotations

from collections.abc import Iterator

from seatrial.domain import Confidence, Finding, Severity
from seatrial.inspectors.compose.mounts import mounts
from seatrial.inspectors.compose.project import ComposeProject
from seatrial.inspectors.compose.service import ServiceConfig
from seatrial.inspectors.compose.values import ComposeText, Map
from seatrial.inspectors.rules import Rule


def _applies(project: ComposeProject) -> bool:
    """Whether anything is defined."""
    return any(project.section(kind) for kind in ("networks", "volumes", "secrets", "configs"))


def _find(project: ComposeProject) -> Iterator[Finding]:
    """Names without a reference."""
    if not project.whole:
        return
    for kind in ("networks", "volumes", "secrets", "configs"):
        used = {name for s in project.services for name in _used(s, kind)}
        for name, entry in project.section(kind) or ():
            if name not in used and name != "default" and entry.key_at.path in project.files:
                yield Finding(
                    rule=RULE.id, severity=RULE.severity, confidence=Confidence.HIGH, location=entry.key_at,
                    subject=name,
                    message=f"no service uses the {kind[:-1]} {name}", remedy=f"# remove {name}",
                    anchor=f"{kind}.{name}",
                )  # fmt: skip


def _used(service: ServiceConfig, kind: str) -> Iterator[str]:
    if kind == "volumes":
        yield from (m.source for m in mounts(service))
        return
    value = service.get(kind)
    if isinstance(value, Map):
        yield from value.entries
    for path in ((kind,), ("build", kind)):
        for item in service.items(*path):
            yield (
                item.text
                if isinstance(item, ComposeText)
                else (item.text("source") or "")
                if isinstance(item, Map)
                else ""
            )


RULE = Rule.of(
    __doc__,
    id="compose/unused",
    check="compose/configuration",
    severity=Severity.LOW,
    applies=_applies,
    find=_find,
)
