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
from seatrial.inspectors.compose.project import Project

from .base import any_service, found, snippet

ID = "compose/seccomp"
CHECK = "compose/isolation"
SEVERITY = Severity.HIGH
NOTHING = "no service"
applies = any_service


def check(project: Project) -> Iterator[Finding]:
    """Services that turn it off."""
    for service in project.services:
        for item in service.texts("security_opt"):
            if re.fullmatch(r"\s*seccomp\s*[:=]\s*unconfined\s*", item.text, re.IGNORECASE):
                remedy = snippet(service, "# security_opt without seccomp:unconfined")
                yield found(ID, SEVERITY, service, item.at, "has no filter of system calls", remedy, "security_opt")
