"""
Slow starters have time to start.

## What it does

Reports healthchecks of databases, search engines and Java programs without `start_period`.

## Why it matters

They need longer than `retries` times `interval` after a crash, when they repair their files: they are called
unhealthy while they do, and what depends on them does not start.

## How to fix

`start_period: 30s`.

Source: https://docs.docker.com/reference/compose-file/services/#healthcheck
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from seatrial.domain import Finding, Severity
from seatrial.inspectors.compose.project import ComposeProject
from seatrial.inspectors.compose.service import ServiceConfig
from seatrial.inspectors.rules import Rule
from seatrial.text.durations import seconds
from seatrial.text.numerals import whole

from .base import grouped


def _applies(project: ComposeProject) -> bool:
    """Whether such a service has a healthcheck."""
    return any(_SLOW.search(s.program) and s.get("healthcheck", "test") for s in project.services)


_SLOW = re.compile(
    r"mysql|mariadb|elasticsearch|opensearch|cassandra|kafka|solr|neo4j|oracle|mssql|keycloak|sonarqube"
    r"|jenkins|nexus|artifactory|gitlab|rabbitmq|logstash|tomcat"
)


def _find(project: ComposeProject) -> Iterator[Finding]:
    """Slow starters without it."""
    lacking = [
        s
        for s in project.services
        if _SLOW.search(s.program)
        and s.get("healthcheck", "test")
        and not s.get("healthcheck", "start_period")
        and seconds(s.text("healthcheck", "interval"), 30.0) * _retries(s) < _ENOUGH
    ]
    yield from grouped(
        RULE.id,
        RULE.severity,
        lacking,
        lambda names: f"no time to start: {names}",
        "healthcheck:",
        "  start_period: 30s",
    )


_ENOUGH = 60.0  # seconds until such a service is called unhealthy


def _retries(service: ServiceConfig) -> int:
    number = whole(service.text("healthcheck", "retries"))
    return 3 if number is None else number


RULE = Rule.of(
    __doc__,
    id="compose/start-period",
    check="compose/lifecycle",
    severity=Severity.LOW,
    applies=_applies,
    find=_find,
)
