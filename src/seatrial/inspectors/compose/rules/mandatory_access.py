"""
No service is without AppArmor or SELinux.

## What it does

Reports `apparmor:unconfined`, `label:disable` and `systempaths=unconfined` in `security_opt`.

## Why it matters

They keep a process that broke out of its mount away from the host's files; unmasked paths show the kernel's settings.

## How to fix

Remove it; where a path is missing, a profile of one's own.

Source: https://docs.docker.com/engine/security/apparmor/
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from seatrial.domain import Finding, Severity
from seatrial.inspectors.compose.project import ComposeProject
from seatrial.inspectors.rules import Rule

from .base import any_service, found, snippet

_OFF = re.compile(
    r"\s*(?:apparmor\s*[:=]\s*unconfined|label\s*[:=]\s*disable|systempaths\s*[:=]\s*unconfined)\s*", re.IGNORECASE
)


def _find(project: ComposeProject) -> Iterator[Finding]:
    """Services that turn it off."""
    for service in project.services:
        for item in service.texts("security_opt"):
            if _OFF.fullmatch(item.text):
                remedy = snippet(service, f"# security_opt without {item.text}")
                yield found(
                    RULE.id,
                    RULE.severity,
                    service,
                    item.at,
                    f"turns protection off: {item.text}",
                    remedy,
                    "security_opt",
                )


RULE = Rule.of(
    __doc__,
    id="compose/mandatory-access",
    check="compose/isolation",
    severity=Severity.MEDIUM,
    applies=any_service,
    find=_find,
)
