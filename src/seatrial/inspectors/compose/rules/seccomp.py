"""
No service is without Docker's filter of system calls.

## What it does

Reports `seccomp:unconfined` in `security_opt`.

## Why it matters

The filter takes away the system calls by which most known ways out of a container go.

## How to fix

Remove it; where one call is missing, a profile of one's own that adds this one.

Source: https://docs.docker.com/engine/security/seccomp/
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from seatrial.domain import Finding, Severity
from seatrial.inspectors.compose.project import ComposeProject
from seatrial.inspectors.rules import Rule

from .base import any_service, found, snippet


def _find(project: ComposeProject) -> Iterator[Finding]:
    """Services that turn it off."""
    for service in project.services:
        for item in service.texts("security_opt"):
            if re.fullmatch(r"\s*seccomp\s*[:=]\s*unconfined\s*", item.text, re.IGNORECASE):
                remedy = snippet(service, "# security_opt without seccomp:unconfined")
                yield found(
                    RULE.id, RULE.severity, service, item.at, "has no filter of system calls", remedy, "security_opt"
                )


RULE = Rule.of(
    __doc__,
    id="compose/seccomp",
    check="compose/isolation",
    severity=Severity.HIGH,
    applies=any_service,
    find=_find,
)
