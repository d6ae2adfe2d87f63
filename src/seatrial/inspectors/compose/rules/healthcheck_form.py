"""
Every healthcheck runs what it says.

## What it does

Reports lists that do not begin with `CMD`, `CMD-SHELL` or `NONE`. Reports a `CMD` with shell operators, and a
`CMD-SHELL` whose command is split into several items.

## Why it matters

Docker refuses the first; the second passes `||` and `&&` to the program as arguments, so that the check fails, or
never does.

## How to fix

`["CMD", "program", "argument"]` or `["CMD-SHELL", "one line for the shell"]`.

Source: https://docs.docker.com/reference/compose-file/services/#healthcheck
"""

from __future__ import annotations

from collections.abc import Iterator

from seatrial.domain import Finding, Severity
from seatrial.inspectors.compose.project import ComposeProject
from seatrial.inspectors.compose.values import ComposeText, List
from seatrial.inspectors.rules import Rule

from .base import found, snippet


def _applies(project: ComposeProject) -> bool:
    """Whether there is a healthcheck."""
    return any(s.get("healthcheck") for s in project.services)


_SHELL = frozenset({"||", "&&", "|", ";", ">", "2>&1", ">/dev/null"})


def _find(project: ComposeProject) -> Iterator[Finding]:
    """Lists that are not what they seem."""
    for service in project.services:
        test = service.get("healthcheck", "test")
        if not isinstance(test, List) or not test.items:
            continue
        words = [item.text for item in test.items if isinstance(item, ComposeText)]
        message = _wrong(words)
        if message:
            remedy = snippet(service, "healthcheck:", '  test: ["CMD-SHELL", "…"]')
            yield found(
                RULE.id, RULE.severity, service, service.place("healthcheck", "test"), message, remedy, "healthcheck"
            )


def _wrong(words: list[str]) -> str:
    if not words or words[0] not in ("CMD", "CMD-SHELL", "NONE"):
        return "the list of the healthcheck begins with neither CMD nor CMD-SHELL"
    if words[0] == "CMD" and _SHELL & set(words[1:]):
        return "the healthcheck has operators of a shell, and no shell"
    if words[0] == "CMD-SHELL" and len(words) > 2:
        return "the healthcheck's shell gets the first word only"
    return ""


RULE = Rule.of(
    __doc__,
    id="compose/healthcheck-form",
    check="compose/lifecycle",
    severity=Severity.MEDIUM,
    applies=_applies,
    find=_find,
)
