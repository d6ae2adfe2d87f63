"""
Every image can be had.

## What it does

Reports `pull_policy: never` on a service that is not built here.

## Why it matters

The stack starts only on machines that already have the image, in any version.

## How to fix

`pull_policy: missing`, or a `build` section.

Source: https://docs.docker.com/reference/compose-file/services/#pull_policy
"""

from __future__ import annotations

from collections.abc import Iterator

from seatrial.domain import Finding, Severity
from seatrial.inspectors.compose.project import ComposeProject
from seatrial.inspectors.rules import Rule

from .base import any_service, found, snippet


def _find(project: ComposeProject) -> Iterator[Finding]:
    """Services that are neither pulled nor built; an image that another service builds is there."""
    built = {s.text("image") for s in project.services if s.get("build")}
    for service in project.services:
        if service.text("pull_policy") == "never" and not service.get("build") and service.text("image") not in built:
            at, remedy = service.place("pull_policy"), snippet(service, "pull_policy: missing")
            yield found(RULE.id, RULE.severity, service, at, "is neither pulled nor built", remedy, "pull_policy")


RULE = Rule.of(
    __doc__,
    id="compose/pull-policy",
    check="compose/images",
    severity=Severity.MEDIUM,
    applies=any_service,
    find=_find,
)
