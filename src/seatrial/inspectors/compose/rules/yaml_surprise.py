"""
Every value is what its author meant.

## What it does

Reports values that YAML 1.1, which Compose and its tools partly follow, reads as another type: unquoted `22:22` in
`ports` (base 60), numbers with a leading zero, and `yes`, `no`, `on`, `off`.

## Why it matters

`56:56` is 3416; a variable that was to be `on` is `true`; `0755` is 493.

## How to fix

Quotes.

Source: https://yaml.org/type/int.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from seatrial.domain import Finding, Severity
from seatrial.inspectors.compose.project import ComposeProject
from seatrial.inspectors.compose.values import ComposeText, Map
from seatrial.inspectors.rules import Rule

from .base import any_service, found, snippet

_BASE60 = re.compile(r"^[1-9]\d*:[0-5]?\d$")
_BOOLEAN = re.compile(r"^(?:yes|no|on|off|y|n)$", re.IGNORECASE)
_OCTAL = re.compile(r"^0\d+$")


def _find(project: ComposeProject) -> Iterator[Finding]:
    """Ports and variables without quotes."""
    for service in project.services:
        for item in service.texts("ports"):
            if item.plain and _BASE60.match(item.raw):
                remedy = snippet(service, f'ports: ["{item.raw}"]')
                message = f"the port {item.raw} without quotes is a number in base 60 for YAML 1.1"
                yield found(RULE.id, RULE.severity, service, item.at, message, remedy, "ports", item.raw)
        variables = service.get("environment")
        for name, entry in variables if isinstance(variables, Map) and not variables.short else ():
            value = entry.value
            if (
                isinstance(value, ComposeText)
                and value.plain
                and (_BOOLEAN.match(value.raw) or _OCTAL.match(value.raw))
            ):
                remedy = snippet(service, "environment:", f'  {name}: "{value.raw}"')
                message = f"{name}: {value.raw} without quotes is not a text for YAML 1.1"
                yield found(RULE.id, Severity.LOW, service, entry.key_at, message, remedy, "environment", name)


RULE = Rule.of(
    __doc__,
    id="compose/yaml-surprise",
    check="compose/configuration",
    severity=Severity.MEDIUM,
    applies=any_service,
    find=_find,
)
