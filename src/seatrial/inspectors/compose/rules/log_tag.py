"""
A line of a log says whose it is.

## What it does

Reports services whose log driver sends lines to a collector under the container's short id alone: `syslog`, `splunk`
and `awslogs` without `tag` (for `awslogs`: nor `awslogs-stream`, for `syslog` and `splunk`: nor `labels`).

## Why it matters

The id changes with every update, so a service's log lines cannot be found or assigned.

## How to fix

`tag: "{{.Name}}"`, or the image's name and the id: `tag: "{{.ImageName}}/{{.ID}}"`.

Source: https://docs.docker.com/engine/logging/log_tags/
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from seatrial.domain import Finding, Severity
from seatrial.inspectors.compose.project import ComposeProject
from seatrial.inspectors.compose.values import Map
from seatrial.inspectors.rules import Rule

from .base import found, snippet

_NAMING: Mapping[str, frozenset[str]] = {
    "syslog": frozenset({"tag", "labels", "labels-regex"}),
    "splunk": frozenset({"tag", "labels", "labels-regex"}),
    "awslogs": frozenset({"tag", "awslogs-stream"}),
}
"""By driver: options that say whose a line is."""


def _applies(project: ComposeProject) -> bool:
    """Whether a driver is chosen."""
    return any(s.text("logging", "driver") for s in project.services)


def _find(project: ComposeProject) -> Iterator[Finding]:
    """Drivers without a name of the service."""
    for service in project.services:
        driver = service.text("logging", "driver") or ""
        options = service.get("logging", "options")
        given = options.entries.keys() if isinstance(options, Map) else frozenset[str]()
        if driver in _NAMING and not _NAMING[driver] & given:
            remedy = snippet(service, "logging:", "  options:", '    tag: "{{.Name}}"')
            at, message = service.place("logging", "driver"), f"{driver} identifies log lines by container id only"
            yield found(RULE.id, RULE.severity, service, at, message, remedy, "logging", "tag")


RULE = Rule.of(
    __doc__,
    id="compose/log-tag",
    check="compose/observability",
    severity=Severity.LOW,
    applies=_applies,
    find=_find,
)
