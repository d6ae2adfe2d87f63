"""
No way to root is installed.

## What it does

Reports the installation of `sudo`, and of rules that let it ask for no password.

## Why it matters

`USER` protects nothing if that user may become root.

## How to fix

Do what needs root before `USER`; use `gosu` in an entry point that has to give it up.

Source: https://docs.docker.com/build/building/best-practices/#user
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from seatrial.domain import Finding, Severity
from seatrial.inspectors.dockerfile.syntax import Dockerfile
from seatrial.inspectors.rulebook import found
from seatrial.inspectors.rules import Rule

from .packages import calls, package_name

_RULE = re.compile(r"NOPASSWD")


def _find(file: Dockerfile) -> Iterator[Finding]:
    """sudo, and rules without a password."""
    for stage in file.shipped():
        for one in stage.all("RUN"):
            if _RULE.search(one.everything):
                message = "a user may become root without a password"
                yield found(RULE.id, Severity.MEDIUM, one.line_of(_RULE), message, anchor="NOPASSWD")
            elif any(call.installs and "sudo" in map(package_name, call.packages) for call in calls(one.commands)):
                yield found(
                    RULE.id, RULE.severity, one.line_of(re.compile(r"\bsudo\b")), "installs sudo", anchor="sudo"
                )


RULE = Rule.of(
    __doc__,
    id="dockerfile/sudo",
    check="dockerfile/hardening",
    severity=Severity.LOW,
    find=_find,
)
