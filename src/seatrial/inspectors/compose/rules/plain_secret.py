"""
No secret is written in `environment`.

## What it does

Reports a variable with a secret's name and a literal value in `environment` or `build.args`. The default of an
interpolation counts too (`${DB_PASSWORD:-hunter2}`). References without default and placeholders are fine.

## Why it matters

The value is visible in the repository, its history, `docker inspect`, the container's process listing and crash
reports.

## How to fix

Take it from a secret file (`secrets:`), or from a variable that must be set (`${DB_PASSWORD:?}`); then change the
value that was committed.

Source: https://docs.docker.com/compose/how-tos/use-secrets/
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from seatrial.domain import Confidence, Finding, Severity
from seatrial.inspectors.compose.project import ComposeProject
from seatrial.inspectors.compose.service import ServiceConfig
from seatrial.inspectors.compose.values import ComposeText, Map
from seatrial.inspectors.rules import Rule
from seatrial.inspectors.secrets.names import is_secret_name
from seatrial.inspectors.secrets.values import ValueKind, judge
from seatrial.text.vault import learn

from . import secret_in_url
from .base import found, snippet


def _applies(project: ComposeProject) -> bool:
    """Whether any service sets variables."""
    return any(s.get("environment") or s.get("build", "args") for s in project.services)


def _find(project: ComposeProject) -> Iterator[Finding]:
    """Literal secrets."""
    for service in project.services:
        for path in (("environment",), ("build", "args")):
            variables = service.get(*path)
            for name, entry in variables if isinstance(variables, Map) else ():
                if not isinstance(entry.value, ComposeText):
                    continue
                if path == ("environment",) and secret_in_url.password(entry.value):
                    continue  # one finding for one value: compose/secret-in-url reports it
                if confidence := _confidence(name, entry.value, own=initialises(service, name)):
                    learn(entry.value.text)
                    severity = RULE.severity if confidence is Confidence.HIGH else Severity.MEDIUM
                    remedy = snippet(
                        service, "environment:", f"  {name}: ${{{name}:?set it outside of the repository}}"
                    )
                    message = f"the secret {name} is written in the file"
                    yield found(
                        RULE.id, severity, service, entry.key_at, message, remedy, *path, name, confidence=confidence
                    )


_INITIALISES = re.compile(
    r"(?:POSTGRES|POSTGRESQL|MYSQL|MARIADB|MONGO|MONGODB|REDIS|VALKEY|RABBITMQ|COUCHDB|CLICKHOUSE|ELASTIC|OPENSEARCH"
    r"|INFLUXDB|DOCKER_INFLUXDB|MINIO|MSSQL|SA|ORACLE|KEYDB|ARANGO|CASSANDRA|ETCD|NEO4J)_(?:\w+_)?(?:PASSWORD|PASS|AUTH)$"
)
"""Variables by which an image sets the password of a new store, by the images' own documentation."""


def initialises(service: ServiceConfig, name: str) -> bool:
    """Whether a literal value of a variable is the password of the store that the service is."""
    return bool(service.datastore) and _INITIALISES.match(name) is not None


def _confidence(name: str, value: ComposeText, *, own: bool) -> Confidence | None:
    """How sure it is that this is a secret; None: it is none. A store's own literal is its password, however named."""
    if own and value.known and value.text.strip() and not re.fullmatch(r"\s*(?:<.*>|\[.*\]|\{\{.*\}\})\s*", value.text):
        sure = judge(value.text, key=name) is ValueKind.SECRET
        return Confidence.HIGH if sure else Confidence.LOW
    if not is_secret_name(name):
        return None
    match judge(value.text, key=name):
        case ValueKind.SECRET:
            return Confidence.HIGH
        case ValueKind.WEAK:
            return Confidence.LOW
        case _:
            return None


RULE = Rule.of(
    __doc__,
    id="compose/plain-secret",
    severity=Severity.HIGH,
    applies=_applies,
    absent="no environment",
    find=_find,
)
