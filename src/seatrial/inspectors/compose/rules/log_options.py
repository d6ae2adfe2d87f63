"""
Options of logging are those of the driver.

## What it does

Reports `max-size` without `max-file` for `json-file`: one file, truncated when it is full. Reports options that the
driver does not know.

## Why it matters

With one file nothing is left of the time before the last cut; Docker refuses the container for an unknown option.

## How to fix

`options: {max-size: 10m, max-file: "3"}`.

Source: https://docs.docker.com/engine/logging/drivers/json-file/
"""

from __future__ import annotations

from collections.abc import Iterator

from seatrial.domain import Finding, Severity
from seatrial.inspectors.compose.project import ComposeProject
from seatrial.inspectors.compose.values import Map
from seatrial.inspectors.rules import Rule

from .base import found, snippet


def _applies(project: ComposeProject) -> bool:
    """Whether there are options."""
    return any(s.get("logging", "options") for s in project.services)


_KNOWN = {
    "json-file": {
        "max-size",
        "max-file",
        "labels",
        "labels-regex",
        "env",
        "env-regex",
        "compress",
        "tag",
        "mode",
        "max-buffer-size",
        "cache-disabled",
    },
    "local": {"max-size", "max-file", "compress", "mode", "max-buffer-size", "labels", "env", "tag"},
}


def _find(project: ComposeProject) -> Iterator[Finding]:
    """Options that lose or break."""
    for service in project.services:
        options, driver = service.get("logging", "options"), service.text("logging", "driver") or "json-file"
        if not isinstance(options, Map):
            continue
        if driver == "json-file" and "max-size" in options.entries and "max-file" not in options.entries:
            remedy = snippet(service, "logging:", '  options: {max-size: 10m, max-file: "3"}')
            at = options.key("max-size")
            yield found(RULE.id, RULE.severity, service, at, "keeps one log file only", remedy, "logging", "max-file")
        for name, entry in options:
            if driver in _KNOWN and name not in _KNOWN[driver]:
                remedy = snippet(service, f"# options without {name}")
                message = f"the driver {driver} has no option {name}"
                yield found(RULE.id, Severity.MEDIUM, service, entry.key_at, message, remedy, "logging", name)


RULE = Rule.of(
    __doc__,
    id="compose/log-options",
    check="compose/observability",
    severity=Severity.LOW,
    applies=_applies,
    find=_find,
)
