"""
No secret is written on a command line.

## What it does

Reports passwords in `command`, `entrypoint`, healthchecks and `labels`: options such as `--requirepass`,
`--password=`, `-p…` of database clients, and addresses with a password.

## Why it matters

The value is in the repository, in `docker inspect`, and in every list of processes.

## How to fix

A file (`--requirepass-file`, `*_FILE`), or a variable that must be set: `${REDIS_PASSWORD:?}`.

Source: https://docs.docker.com/compose/how-tos/use-secrets/
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from seatrial.domain import Finding, Severity
from seatrial.inspectors.compose.project import ComposeProject
from seatrial.inspectors.compose.service import ServiceConfig
from seatrial.inspectors.compose.values import ComposeText, Map
from seatrial.inspectors.rules import Rule
from seatrial.inspectors.secrets.values import ValueKind, judge
from seatrial.text.vault import learn

from .base import any_service, found, snippet

_OPTION = re.compile(
    r"""
    (?:--requirepass|--masterauth|--password|--pass|--passwd|--root-password|--db-password|--token|--api-?key|--secret(?:-key)?|--auth)[\s=]+["']?(?P<a>[^\s"']{4,})
  | \b(?:mysql|mysqladmin|mariadb|mariadb-admin|mysqldump)\b[^|;&]*?\s-p["']?(?P<b>[^\s"'$-][^\s"']{3,})
  | \b(?:redis-cli|valkey-cli)\b[^|;&]*?\s-a\s+["']?(?P<c>[^\s"']{4,})
  | \b[a-z][a-z0-9+.-]{0,30}://[^\s:/@"']{0,200}:(?P<d>[^\s:/@"']{4,})@
  | \b(?:PGPASSWORD|MYSQL_PWD|REDISCLI_AUTH)=["']?(?P<e>[^\s"']{4,})
    """,
    re.VERBOSE,
)


def _find(project: ComposeProject) -> Iterator[Finding]:
    """Command lines of every kind."""
    for service in project.services:
        for path in (("command",), ("entrypoint",), ("healthcheck", "test"), ("labels",)):
            yield from _of(service, path)


def _of(service: ServiceConfig, path: tuple[str, ...]) -> Iterator[Finding]:
    value = service.get(*path)
    if isinstance(value, Map):
        items = [entry.value for _, entry in value if isinstance(entry.value, ComposeText)]
    else:
        items = list(service.texts(*path))
        if len(items) > 1:
            joined = ComposeText(" ".join(i.text for i in items), items[0].at)
            items = [joined]
    for item in items:
        for match in _OPTION.finditer(item.text):
            secret = next(v for v in match.groups() if v is not None)
            if "$" not in secret and judge(secret, key="password") in (ValueKind.SECRET, ValueKind.WEAK):
                learn(secret)
                remedy = snippet(service, f"{path[0]}: …  # with ${{PASSWORD:?}} or a secret's file")
                message = f"a password is written in {'.'.join(path)}"
                severity = RULE.severity if judge(secret, key="password") is ValueKind.SECRET else Severity.MEDIUM
                yield found(RULE.id, severity, service, item.at, message, remedy, *path)
                break


RULE = Rule.of(
    __doc__,
    id="compose/secret-in-command",
    check="compose/secrets",
    severity=Severity.HIGH,
    applies=any_service,
    find=_find,
)
