"""
No address in the environment holds a password.

## What it does

Reports variables with an address that has a literal user and password, such as `DATABASE_URL`.

## Why it matters

The value is visible in the repository, its history, `docker inspect` and every log that prints the address.

## How to fix

`postgres://shop:${DB_PASSWORD:?}@db/shop`, or a file.

Source: https://docs.docker.com/compose/how-tos/use-secrets/
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from seatrial.domain import Confidence, Finding, Severity
from seatrial.inspectors.compose.project import ComposeProject
from seatrial.inspectors.compose.values import ComposeText, Map
from seatrial.inspectors.rules import Rule
from seatrial.inspectors.secrets.values import ValueKind, judge
from seatrial.text.vault import learn

from .base import found, snippet


def _applies(project: ComposeProject) -> bool:
    """Whether any service sets variables."""
    return any(s.get("environment") for s in project.services)


_URL = re.compile(r"\b[a-z][a-z0-9+.-]{0,30}://[^\s:/@]{0,200}:(?P<secret>[^\s/@]{3,})@", re.IGNORECASE)


def password(value: ComposeText) -> ValueKind | None:
    """What the password in an address is; None: there is none, or it is a reference or a placeholder."""
    match = _URL.search(value.text)
    if match is None or "$" in match["secret"]:
        return None
    verdict = judge(match["secret"], key="password")
    if verdict not in (ValueKind.SECRET, ValueKind.WEAK):
        return None
    learn(match["secret"])
    return verdict


def _find(project: ComposeProject) -> Iterator[Finding]:
    """Addresses with a password."""
    for service in project.services:
        variables = service.get("environment")
        for name, entry in variables if isinstance(variables, Map) else ():
            verdict = password(entry.value) if isinstance(entry.value, ComposeText) else None
            if verdict:
                sure = Confidence.HIGH if verdict is ValueKind.SECRET else Confidence.LOW
                severity = RULE.severity if verdict is ValueKind.SECRET else Severity.MEDIUM
                remedy = snippet(service, "environment:", f"  {name}: scheme://user:${{PASSWORD:?}}@host/")
                message = f"the address in {name} holds a password"
                yield found(
                    RULE.id, severity, service, entry.key_at, message, remedy, "environment", name, confidence=sure
                )


RULE = Rule.of(
    __doc__,
    id="compose/secret-in-url",
    check="compose/secrets",
    severity=Severity.HIGH,
    applies=_applies,
    find=_find,
)
