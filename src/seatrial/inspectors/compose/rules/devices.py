"""
No service has a device of the host.

## What it does

Reports `devices` and `device_cgroup_rules`. Graded high: disks, memory, and rules for all devices. Left out:
`/dev/fuse`, `/dev/dri`, `/dev/net/tun`, `/dev/snd`, sound, video and serial adapters, which are what people plug in.

## Why it matters

Write access to a disk or to memory is write access to the host.

## How to fix

Give the one device that is needed, read-only where that does (`:r`).

Source: https://docs.docker.com/reference/compose-file/services/#devices
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from seatrial.domain import Finding, Severity
from seatrial.inspectors.compose.project import ComposeProject
from seatrial.inspectors.compose.values import ComposeText, Map
from seatrial.inspectors.rules import Rule

from .base import any_service, found, snippet

_HARMLESS = re.compile(
    r"^/dev/(?:fuse|dri|net/tun|snd|video|media|tty(?:USB|ACM|AMA|S)|serial|nvidia|kfd|null|zero|u?random|shm"
    r"|i2c|gpio|spi|rtc|hwrng|bus/usb|apex|vchiq|vhci|input)"
)
_DISK = re.compile(r"^/dev/(?:mem|kmem|port|kmsg|sd|hd|vd|xvd|nvme|dm-|mapper|loop|disk|md|root)|^/dev/?$")


def _find(project: ComposeProject) -> Iterator[Finding]:
    """Devices and rules for them."""
    for service in project.services:
        for item in service.items("devices"):
            source = (
                item.text("source") or ""
                if isinstance(item, Map)
                else item.text.split(":")[0]
                if isinstance(item, ComposeText)
                else ""
            )
            if source and source.startswith("/dev") and not _HARMLESS.match(source):
                severity = Severity.HIGH if _DISK.match(source) else RULE.severity
                remedy = snippet(service, f"# devices without {source}")
                yield found(
                    RULE.id, severity, service, item.at, f"has the host's device {source}", remedy, "devices", source
                )
        for rule in service.texts("device_cgroup_rules"):
            every = re.match(r"a(?: \*:\*)?", rule.text)
            message = f"may use devices by rule: {rule.text}"
            severity = Severity.HIGH if every else RULE.severity
            remedy = snippet(service, "# without device_cgroup_rules")
            yield found(RULE.id, severity, service, rule.at, message, remedy, "device_cgroup_rules", rule.text)


RULE = Rule.of(
    __doc__,
    id="compose/devices",
    check="compose/isolation",
    severity=Severity.MEDIUM,
    applies=any_service,
    find=_find,
)
