"""
Every datastore asks who is there.

## What it does

Reports datastores without authentication: `POSTGRES_HOST_AUTH_METHOD: trust`, `MYSQL_ALLOW_EMPTY_PASSWORD`,
`ALLOW_EMPTY_PASSWORD`, `xpack.security.enabled: false`, `DISABLE_SECURITY_PLUGIN`, `MINIO_ROOT_PASSWORD: minioadmin`.
Graded medium where nothing publishes it.

## Why it matters

Access to the port is access to the data: another container, another user of the host, or everybody.

## How to fix

A password from a secret's file.

Source: https://hub.docker.com/_/postgres
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from seatrial.domain import Finding, Severity
from seatrial.inspectors.compose.project import ComposeProject
from seatrial.inspectors.compose.values import ComposeText, Map
from seatrial.inspectors.rules import Rule

from .base import found, snippet


def _applies(project: ComposeProject) -> bool:
    """Whether there is a datastore."""
    return any(s.datastore for s in project.services)


_OPEN = (
    (re.compile(r"^POSTGRES_HOST_AUTH_METHOD$"), re.compile(r"^trust$")),
    (
        re.compile(
            r"^(?:MYSQL|MARIADB)_ALLOW_EMPTY(?:_ROOT)?_PASSWORD$|^ALLOW_EMPTY_PASSWORD$|^ALLOW_ANONYMOUS_LOGIN$"
        ),
        re.compile(r"^(?:1|yes|true|on)$", re.IGNORECASE),
    ),
    (re.compile(r"^xpack\.security\.enabled$"), re.compile(r"^false$")),
    (re.compile(r"^(?:DISABLE_SECURITY_PLUGIN|plugins\.security\.disabled)$"), re.compile(r"^true$")),
    (re.compile(r"^MINIO_ROOT_PASSWORD$|^MINIO_SECRET_KEY$"), re.compile(r"^minioadmin$")),
    (re.compile(r"^NEO4J_AUTH$"), re.compile(r"^none$")),
)


def _find(project: ComposeProject) -> Iterator[Finding]:
    """Variables that open the door."""
    for service in project.services:
        variables = service.get("environment")
        for name, entry in variables if isinstance(variables, Map) else ():
            text = entry.value.text if isinstance(entry.value, ComposeText) else ""
            if any(n.match(name) and v.match(text) for n, v in _OPEN):
                reached = any(p.everywhere for p in service.ports)
                severity = RULE.severity if reached else Severity.MEDIUM
                remedy = snippet(service, "# a password from a secret's file instead")
                yield found(
                    RULE.id,
                    severity,
                    service,
                    entry.key_at,
                    f"accepts connections without authentication: {name}",
                    remedy,
                    "environment",
                    name,
                )


RULE = Rule.of(
    __doc__,
    id="compose/store-without-password",
    check="compose/secrets",
    severity=Severity.HIGH,
    applies=_applies,
    find=_find,
)
