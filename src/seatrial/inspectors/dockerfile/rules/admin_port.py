"""
No port of an administrator or a debugger is served.

## What it does

Reports `EXPOSE` of ports on which remote shells, desktops, the Docker API and debuggers listen.

## Why it matters

None of them is meant for users, and most of them run code for every client.

## How to fix

Remove the port, and what listens there, from the image that is shipped.

Source: https://docs.docker.com/reference/dockerfile/#expose
"""

from __future__ import annotations

from collections.abc import Iterator

from seatrial.domain import Finding, Severity
from seatrial.inspectors.dockerfile.syntax import Dockerfile
from seatrial.inspectors.rulebook import found
from seatrial.inspectors.rules import Rule

from .ports import exposed

PORTS = {
    22: "SSH",
    23: "telnet",
    2375: "the Docker API",
    2376: "the Docker API",
    3389: "remote desktop",
    5900: "VNC",
    5005: "JDWP",
    5678: "debugpy",
    9229: "the Node.js inspector",
    2345: "Delve",
    1099: "Java RMI",
    6000: "X11",
}


def _find(file: Dockerfile) -> Iterator[Finding]:
    """Such ports, also inside a range."""
    for stage in file.shipped():
        for one, ports in exposed(file, stage):
            if ports.protocol == "udp":
                continue
            for port, what in PORTS.items():
                if port in ports:
                    yield found(RULE.id, RULE.severity, one.at, f"serves port {port} ({what})", anchor=f"EXPOSE {port}")


RULE = Rule.of(
    __doc__,
    id="dockerfile/admin-port",
    check="dockerfile/hardening",
    severity=Severity.MEDIUM,
    find=_find,
)
