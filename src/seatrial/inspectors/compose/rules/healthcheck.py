"""
Every server has a health check.

## What it does

Reports, once for each file, the services without `healthcheck` or with one that is disabled. Tasks that others wait
for to complete are left out. `HEALTHCHECK` in the Dockerfile that a service is built from counts. Other images may
bring a check of their own; the file does not show it, and neither can the reader of the file know.

## Why it matters

Without one a container counts as up as soon as its process has started, and `depends_on` cannot wait for more. A
program that hangs stays "running".

## How to fix

Ask the program what its users ask, with a time-out.

Source: https://docs.docker.com/reference/compose-file/services/#healthcheck
"""

from __future__ import annotations

from collections.abc import Iterator

from seatrial.domain import Finding, Severity
from seatrial.inspectors.compose.project import ComposeProject
from seatrial.inspectors.compose.service import ServiceConfig
from seatrial.inspectors.compose.values import ComposeText, List
from seatrial.inspectors.rules import Rule

from .base import grouped, servers


def _applies(project: ComposeProject) -> bool:
    """Whether anything is meant to stay up."""
    return bool(servers(project))


def _find(project: ComposeProject) -> Iterator[Finding]:
    """Servers without a check."""
    yield from grouped(
        RULE.id, RULE.severity, (s for s in servers(project) if not has_check(s)),
        lambda names: f"no health check: {names}",
        "healthcheck:", '  test: ["CMD", "curl", "-fsS", "-m", "2", "http://localhost:8080/healthz"]',
        "  interval: 10s", "  timeout: 3s", "  retries: 3", "  start_period: 20s",
    )  # fmt: skip


def has_check(service: ServiceConfig) -> bool:
    """Whether the file, or the Dockerfile that it is built from, gives the service a check that runs."""
    if service.text("healthcheck", "disable") == "true":
        return False
    test = service.get("healthcheck", "test")
    if test is None:
        return service.built_check
    if isinstance(test, List):
        return not (test.items and isinstance(test.items[0], ComposeText) and test.items[0].text == "NONE")
    return isinstance(test, ComposeText) and bool(test.text)


RULE = Rule.of(
    __doc__,
    id="compose/healthcheck",
    severity=Severity.MEDIUM,
    applies=_applies,
    absent="no server",
    find=_find,
)
