"""
No container's log can fill the disk.

## What it does

Reports, once for each file, the services whose logs are kept by the driver `json-file` (the engine's default) without
`max-size`. Other drivers rotate by themselves (`local`, `journald`) or keep nothing here.

## Why it matters

`json-file` never deletes anything: a talkative service fills the disk, and then everything on the host fails.

## How to fix

Set a size and a number of files, or the driver `local`, which rotates by default.

Source: https://docs.docker.com/engine/logging/drivers/json-file/
"""

from __future__ import annotations

from collections.abc import Iterator

from seatrial.domain import Finding, Severity
from seatrial.inspectors.compose.project import ComposeProject
from seatrial.inspectors.compose.service import ServiceConfig
from seatrial.inspectors.rules import Rule

from .base import grouped


def _applies(project: ComposeProject) -> bool:
    """Whether there is a service that can be started."""
    return any(s.complete for s in project.services)


def _find(project: ComposeProject) -> Iterator[Finding]:
    """Services whose logs grow without end."""
    yield from grouped(
        RULE.id, RULE.severity, (s for s in project.services if s.complete and not s.one_shot and not _rotates(s)),
        lambda names: f"logs grow without end: {names}",
        "logging:", "  driver: json-file", '  options: {max-size: 10m, max-file: "3"}',
    )  # fmt: skip


def _rotates(service: ServiceConfig) -> bool:
    driver = service.text("logging", "driver") or service.text("log_driver") or "json-file"
    return driver != "json-file" or bool(
        service.text("logging", "options", "max-size") or service.text("log_opt", "max-size")
    )


RULE = Rule.of(
    __doc__,
    id="compose/log-rotation",
    severity=Severity.LOW,
    applies=_applies,
    absent="no service",
    find=_find,
)
