"""
A port is a number from 1 to 65535.

## What it does

Reports `EXPOSE` with a number outside 1..65535, a reversed range, or a protocol other than `tcp`, `udp` or `sctp`.

## Why it matters

Docker refuses to build or to start the image, or serves nothing at that port.

## How to fix

`EXPOSE 8080/tcp`, or a range: `EXPOSE 8000-8010`.

Source: https://docs.docker.com/reference/dockerfile/#expose
"""

from __future__ import annotations

from collections.abc import Iterator

from seatrial.domain import Finding, Severity
from seatrial.inspectors.dockerfile.syntax import Dockerfile
from seatrial.inspectors.rulebook import found
from seatrial.inspectors.rules import Rule

from .ports import Ports, exposed
from .weight import in_stage

_HIGHEST = 65535
_PROTOCOLS = ("tcp", "udp", "sctp")


def _find(file: Dockerfile) -> Iterator[Finding]:
    """Ports that cannot be."""
    for stage in file.stages:
        for one, ports in exposed(file, stage):
            if problem := _problem(ports):
                severity, where = in_stage(file, stage, RULE.severity)
                yield found(RULE.id, severity, one.at, f"{problem}{where}", anchor=f"EXPOSE {ports.text[:40]}")


def _problem(ports: Ports) -> str:
    if ports.protocol not in _PROTOCOLS:
        return f"EXPOSE {ports.text[:40]}: the protocol is not tcp, udp or sctp"
    if not 1 <= ports.first <= _HIGHEST or not 1 <= ports.last <= _HIGHEST:
        return f"EXPOSE {ports.text[:40]}: a port is a number from 1 to {_HIGHEST}"
    return f"EXPOSE {ports.text[:40]}: the range ends below its beginning" if ports.last < ports.first else ""


RULE = Rule.of(
    __doc__,
    id="dockerfile/port-range",
    check="dockerfile/hardening",
    severity=Severity.MEDIUM,
    find=_find,
)
