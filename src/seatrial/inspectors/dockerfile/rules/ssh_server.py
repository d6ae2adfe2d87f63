"""
No remote shell is served.

## What it does

Reports the installation of an SSH or telnet server, and `PermitRootLogin yes`.

## Why it matters

It is a second way in, with keys, patches and logs of its own; `docker exec` needs none of it.

## How to fix

Remove it.

Source: https://docs.docker.com/build/building/best-practices/#decouple-applications
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from seatrial.domain import Finding, Severity
from seatrial.inspectors.dockerfile.syntax import Dockerfile
from seatrial.inspectors.rulebook import found
from seatrial.inspectors.rules import Rule

from .packages import calls, package_name

_SERVERS = frozenset({"openssh-server", "openssh", "dropbear", "telnetd"})
_ROOT = re.compile(r"\bPermitRootLogin[ \t]+yes")


def _find(file: Dockerfile) -> Iterator[Finding]:
    """Servers for remote shells."""
    for stage in file.shipped():
        for one in stage.all("RUN"):
            names = (package_name(p) for call in calls(one.commands) if call.installs for p in call.packages)
            name = next((n for n in names if n in _SERVERS), "")
            if name or _ROOT.search(one.everything):
                at = one.line_of(re.compile(re.escape(name or "PermitRootLogin")))
                what = name or "an SSH server for root"
                yield found(RULE.id, RULE.severity, at, f"installs {what}", anchor=what)


RULE = Rule.of(
    __doc__,
    id="dockerfile/ssh-server",
    check="dockerfile/hardening",
    severity=Severity.MEDIUM,
    find=_find,
)
