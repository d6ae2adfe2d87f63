"""
Every secret and every config says where it comes from.

## What it does

Reports entries of the sections `secrets` and `configs` that have none of `file`, `environment`, `content` and
`external`.

## Why it matters

Compose refuses the whole file: "one of file|environment must be set".

## How to fix

`file: ./secrets/NAME`, `environment: NAME`, or `external: true`.

Source: https://docs.docker.com/reference/compose-file/secrets/
"""

from __future__ import annotations

from collections.abc import Iterator

from seatrial.domain import Confidence, Finding, Severity
from seatrial.inspectors.compose.project import ComposeProject
from seatrial.inspectors.compose.values import Map
from seatrial.inspectors.rules import Rule

_SOURCES = {"secrets": ("file", "environment"), "configs": ("file", "environment", "content")}


def _applies(project: ComposeProject) -> bool:
    """Whether there is one."""
    return any(project.section(kind) for kind in _SOURCES)


def _find(project: ComposeProject) -> Iterator[Finding]:
    """Entries without a source; those of another driver have theirs elsewhere."""
    for kind, sources in _SOURCES.items():
        for name, entry in project.section(kind) or () if project.whole else ():
            body = entry.value
            if isinstance(body, Map) and not any(key in body.entries for key in (*sources, "external", "driver")):
                yield Finding(
                    rule=RULE.id, severity=RULE.severity, confidence=Confidence.HIGH, location=entry.key_at,
                    subject=name,
                    message=f"the {kind[:-1]} {name} does not say where it comes from",
                    remedy=f"{kind}:\n  {name}: {{file: ./{kind}/{name}}}", anchor=f"{kind}.{name}",
                )  # fmt: skip


RULE = Rule.of(
    __doc__,
    id="compose/secret-source",
    check="compose/configuration",
    severity=Severity.HIGH,
    applies=_applies,
    find=_find,
)
