"""
No program gets other rights than its caller's.

## What it does

Reports `chmod u+s`, `g+s` on programs, and modes that begin with 4, 6 or 2 and are for programs.

## Why it matters

An attacker who gets into the container as another user becomes root by a setuid program.

## How to fix

Give the one capability that it needs (`setcap`), or start it as the right user; `no-new-privileges` at run time makes
the bit harmless.

Source: https://man7.org/linux/man-pages/man1/chmod.1.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from seatrial.domain import Finding, Severity
from seatrial.inspectors.dockerfile.syntax import Dockerfile
from seatrial.inspectors.rulebook import found
from seatrial.inspectors.rules import Rule

_BIT = re.compile(r"\bchmod\s+(?:-[a-zA-Z-]+\s+)*(?:0?[46][0-7]{3}\b|[ugoa]*u[go]*\+[rwx]*s|\+[rwx]*s)")


def _find(file: Dockerfile) -> Iterator[Finding]:
    """Modes with the bit."""
    for stage in file.shipped():
        for one in stage.all("RUN"):
            for match in _BIT.finditer(one.script):
                at = one.line_of(re.compile(re.escape(match[0][:60])))
                yield found(RULE.id, RULE.severity, at, "a program gets the setuid bit", anchor=match[0][:80])


RULE = Rule.of(
    __doc__,
    id="dockerfile/setuid",
    check="dockerfile/hardening",
    severity=Severity.MEDIUM,
    find=_find,
)
