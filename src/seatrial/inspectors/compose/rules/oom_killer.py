"""
The kernel can end what has no memory left.

## What it does

Reports `oom_kill_disable: true` and `oom_score_adj` of -900 and below.

## Why it matters

The kernel then ends something else: another service, or the engine.

## How to fix

Remove it; a memory limit is the right answer.

Source: https://docs.docker.com/reference/compose-file/services/#oom_kill_disable
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from seatrial.domain import Finding, Severity
from seatrial.inspectors.compose.project import ComposeProject
from seatrial.inspectors.rules import Rule

from .base import any_service, found, snippet


def _find(project: ComposeProject) -> Iterator[Finding]:
    """Services that the kernel must not end."""
    for service in project.services:
        score = service.text("oom_score_adj") or "0"
        if service.text("oom_kill_disable") == "true":
            at = service.place("oom_kill_disable")
            yield found(
                RULE.id,
                RULE.severity,
                service,
                at,
                "the OOM killer may not end it",
                snippet(service, "mem_limit: 512m"),
                "oom",
            )
        elif re.fullmatch(r"-(?:9\d\d|1000)", score):
            at = service.place("oom_score_adj")
            message = "the OOM killer ends every other process first"
            yield found(RULE.id, RULE.severity, service, at, message, snippet(service, "mem_limit: 512m"), "oom")


RULE = Rule.of(
    __doc__,
    id="compose/oom-killer",
    check="compose/resources",
    severity=Severity.MEDIUM,
    applies=any_service,
    find=_find,
)
