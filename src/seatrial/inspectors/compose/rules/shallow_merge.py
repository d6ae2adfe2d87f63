"""
What a merge key brings is not replaced by accident.

## What it does

Reports a mapping of a service (`environment`, `labels`, `deploy`) that replaces another one from a merge key (`<<`):
YAML's merge is shallow, so those are gone.

## Why it matters

The service runs without the variables, limits or labels that its author meant to share, and no tool says so.

## How to fix

Merge one level deeper: name the inner mapping too (`environment: &common-environment`) and write
`<<: *common-environment` into the service's own.

Source: https://yaml.org/type/merge.html
"""

from __future__ import annotations

from collections.abc import Iterator

from seatrial.domain import Finding, Severity
from seatrial.inspectors.compose.project import ComposeProject
from seatrial.inspectors.rules import Rule

from .base import any_service, found, snippet

_SHOWN = 3


def _find(project: ComposeProject) -> Iterator[Finding]:
    """Own keys that replace what was merged in."""
    for service in project.services:
        for lost in service.body.lost:
            names = ", ".join(lost.names[:_SHOWN]) + (", …" if len(lost.names) > _SHOWN else "")
            remedy = snippet(service, f"{lost.name}:", f"  <<: *common-{lost.name}  # an anchor at the inner mapping")
            message = f"{lost.name} replaces what `<<` brings: {names} {'is' if len(lost.names) == 1 else 'are'} gone"
            yield found(RULE.id, RULE.severity, service, lost.at, message, remedy, lost.name, "<<")


RULE = Rule.of(
    __doc__,
    id="compose/shallow-merge",
    check="compose/configuration",
    severity=Severity.LOW,
    applies=any_service,
    find=_find,
)
