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

ID = "dockerfile/ssh-server"
CHECK = "dockerfile/hardening"
SEVERITY = Severity.MEDIUM
_INSTALL = re.compile(
    r"\b(?:apt-get|apt|apk|yum|dnf|microdnf|zypper|pacman)\b[^|;&]*?\s(?P<what>openssh-server|openssh|dropbear"
    r"|telnetd)(?=[\s=]|$)"
    r"|\bPermitRootLogin\s+yes"
)


def check(file: Dockerfile) -> Iterator[Finding]:
    """Servers for remote shells."""
    for stage in file.shipped():
        for one in stage.all("RUN"):
            match = _INSTALL.search(one.script)
            if match:
                what = match["what"] or "an SSH server for root"
                at = one.line_of(re.compile(re.escape(match["what"] or "PermitRootLogin")))
                yield found(ID, SEVERITY, at, f"installs {what}", anchor=what)
