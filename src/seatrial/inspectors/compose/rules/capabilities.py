"""
No container is given a dangerous capability.

## What it does

Reports capabilities in `cap_add` that lead out of the container or to other containers' data. Docker's default set is
not reported. `ALL` is critical where other machines can speak to the service, and high elsewhere.

## Why it matters

`ALL` and `SYS_ADMIN` are nearly as good as `privileged`; `SYS_MODULE`, `SYS_RAWIO`, `SYS_PTRACE`, `DAC_READ_SEARCH`
and `BPF` each have a known way to the host. `NET_ADMIN` allows to reroute traffic of the container's networks.

## How to fix

Drop all, then add only what the program fails without.

Source: https://man7.org/linux/man-pages/man7/capabilities.7.html
"""

from __future__ import annotations

from collections.abc import Iterator

from seatrial.domain import Finding, Severity
from seatrial.inspectors.compose.project import ComposeProject
from seatrial.inspectors.rules import Rule

from .base import any_service, by_reach, found, snippet

DANGEROUS = {
    "ALL": Severity.CRITICAL,
    "SYS_ADMIN": Severity.HIGH,
    "SYS_MODULE": Severity.HIGH,
    "SYS_RAWIO": Severity.HIGH,
    "SYS_PTRACE": Severity.HIGH,
    "SYS_BOOT": Severity.HIGH,
    "DAC_READ_SEARCH": Severity.HIGH,
    "BPF": Severity.HIGH,
    "PERFMON": Severity.MEDIUM,
    "MAC_ADMIN": Severity.HIGH,
    "MAC_OVERRIDE": Severity.HIGH,
    "NET_ADMIN": Severity.MEDIUM,
    "SYS_TIME": Severity.MEDIUM,
}
"""
What Docker gives to no container by itself. `DAC_OVERRIDE`, `NET_RAW` and `SYS_CHROOT` are in its default set: a
service that drops all and adds one of them back has less than one that says nothing. `compose/cap-drop` is about those.
"""


def _find(project: ComposeProject) -> Iterator[Finding]:
    """Dangerous entries of `cap_add`."""
    for service in project.services:
        for item in service.texts("cap_add"):
            name = item.text.upper().removeprefix("CAP_")
            if name in DANGEROUS:
                remedy = snippet(
                    service, "cap_drop: [ALL]", f"# cap_add without {name}, unless it cannot work otherwise"
                )
                severity = min(DANGEROUS[name], by_reach(service))
                yield found(
                    RULE.id, severity, service, item.at, f"is given the capability {name}", remedy, "cap_add", name
                )


RULE = Rule.of(
    __doc__,
    id="compose/capabilities",
    severity=Severity.HIGH,
    applies=any_service,
    absent="no service",
    find=_find,
)
