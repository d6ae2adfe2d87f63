"""
No process gets more rights than it was started with.

## What it does

Reports, once for each file, services without `no-new-privileges:true`, and each service that turns it off.

## Why it matters

An attacker who gets in as another user becomes root by a setuid program in the image.

## How to fix

`security_opt: ["no-new-privileges:true"]`; few programs need sudo inside a container.

Source: https://docs.docker.com/reference/cli/docker/container/run/#security-opt
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from seatrial.domain import Finding, Severity
from seatrial.inspectors.compose.project import ComposeProject
from seatrial.inspectors.rules import Rule

from .base import any_service, found, grouped, snippet

_SAYS = re.compile(r"no-new-privileges(?:[:=](?P<value>\w+))?$")


def _find(project: ComposeProject) -> Iterator[Finding]:
    """Services without it, and services that turn it off."""
    lacking = []
    for service in project.services:
        said = [(item, m) for item in service.texts("security_opt") if (m := _SAYS.match(item.text))]
        for item, match in said:
            if match["value"] == "false":
                message = "lets its processes gain privileges"
                remedy = snippet(service, 'security_opt: ["no-new-privileges:true"]')
                yield found(RULE.id, Severity.MEDIUM, service, item.at, message, remedy, "security_opt")
        if not said and service.complete and service.text("privileged") != "true":
            lacking.append(service)
    yield from grouped(
        RULE.id,
        RULE.severity,
        lacking,
        lambda names: f"processes may gain privileges: {names}",
        'security_opt: ["no-new-privileges:true"]',
    )


RULE = Rule.of(
    __doc__,
    id="compose/no-new-privileges",
    check="compose/isolation",
    severity=Severity.LOW,
    applies=any_service,
    find=_find,
)
