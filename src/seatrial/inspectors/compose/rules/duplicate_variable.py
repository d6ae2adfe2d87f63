"""
Every variable has one value.

## What it does

Reports variables that occur twice in one list of `environment` with different values.

## Why it matters

The last one wins; a change of the first one has no effect.

## How to fix

Remove one.

Source: https://docs.docker.com/reference/compose-file/services/#environment
"""

from __future__ import annotations

from collections.abc import Iterator

from seatrial.domain import Finding, Severity
from seatrial.inspectors.compose.project import ComposeProject
from seatrial.inspectors.compose.values import Map
from seatrial.inspectors.rules import Rule

from .base import found, snippet


def _applies(project: ComposeProject) -> bool:
    """Whether any service sets variables."""
    return any(s.get("environment") for s in project.services)


def _find(project: ComposeProject) -> Iterator[Finding]:
    """Lists that name a variable twice."""
    for service in project.services:
        variables = service.get("environment")
        for name, at in variables.repeated if isinstance(variables, Map) else ():
            message = f"{name} is set twice; the last value is used"
            yield found(
                RULE.id,
                RULE.severity,
                service,
                at,
                message,
                snippet(service, "# one of the two lines"),
                "environment",
                name,
            )


RULE = Rule.of(
    __doc__,
    id="compose/duplicate-variable",
    check="compose/configuration",
    severity=Severity.LOW,
    applies=_applies,
    find=_find,
)
