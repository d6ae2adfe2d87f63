"""
No service has the host's own directories.

## What it does

Reports bind mounts of directories that belong to the host: `/`, `/etc`, `/root`, `/home`, `/proc`, `/sys`, `/dev`,
`/boot`, `/usr`, `/lib`, `/var`, `/run` and Docker's own. Directories with keys are among them (`~/.ssh`, `~/.aws`,
`~/.kube`, `~/.docker`). A writable root is critical where other machines can speak to the service. Time zone files are
fine.

## Why it matters

What can be written there is root on the host (`/etc/cron.d`, `~/.ssh/authorized_keys`); what can be read there are
its secrets.

## How to fix

Mount the one file that is needed, read-only, from a directory of the project.

Source: https://docs.docker.com/reference/compose-file/services/#volumes
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from seatrial.domain import Finding, Severity
from seatrial.inspectors.compose.mounts import MountConfig, mounts
from seatrial.inspectors.compose.project import ComposeProject
from seatrial.inspectors.compose.service import ServiceConfig
from seatrial.inspectors.rules import Rule

from .base import by_reach, found, snippet


def _applies(project: ComposeProject) -> bool:
    """Whether any service mounts something of the host."""
    return any(m.bind for s in project.services for m in mounts(s, project.section("volumes")))


_ROOT = re.compile(r"^/$")
_HOST = re.compile(
    r"^/(?:etc|root|home|proc|sys|dev|boot|usr|bin|sbin|lib(?:64)?|var|run|mnt|srv|opt)/?$"
    r"|^/(?:etc/(?!localtime|timezone|ssl|ca-certificates|pki|hosts$|resolv|os-release|machine-id|passwd$"
    r"|group$|letsencrypt|nginx|docker/)[\w.-]+"
    r"|root/\S*|boot/\S*|proc/\S*|sys/\S*|var/lib/docker\S*|var/lib/containerd\S*|var/run/?|usr/(?:s?bin"
    r"|lib)\S*|s?bin/\S*)$"
    r"|^(?:~|\$\{?HOME\}?)/?$|^(?:~|\$\{?HOME\}?|/home/[^/]+|/root)/\.(?:ssh|aws|kube|docker|gnupg|config"
    r"|netrc|azure|gcloud)\b"
)
_SECRET = re.compile(r"\.(?:ssh|aws|kube|docker|gnupg|netrc|azure|gcloud)\b|^/root\b|^/etc/shadow|^/etc/sudoers")
_SOCKET = re.compile(r"\.sock$")


def _find(project: ComposeProject) -> Iterator[Finding]:
    """Such mounts, in every syntax."""
    for service in project.services:
        for mount in mounts(service, project.section("volumes")):
            if not mount.bind or _SOCKET.search(mount.source):
                continue
            source = _plain(mount.source)
            if _ROOT.match(source) or _HOST.match(source):
                yield _finding(service, mount, source)


def _plain(path: str) -> str:
    """Without `//`, `/./` and `/..`: they name the same directory."""
    return posixpath.normpath(re.sub(r"/{2,}", "/", path)) if path.startswith("/") else path.rstrip("/")


def _finding(service: ServiceConfig, mount: MountConfig, source: str) -> Finding:
    if _ROOT.match(source):
        severity = Severity.HIGH if mount.read_only else by_reach(service)
    elif mount.read_only:
        severity = Severity.MEDIUM if _SECRET.search(source) else Severity.LOW
    else:
        severity = RULE.severity
    how = "read-only" if mount.read_only else "writable"
    remedy = snippet(service, "volumes:", "  - ./config/file.conf:/etc/app/file.conf:ro")
    return found(RULE.id, severity, service, mount.at, f"mounts the host's {source}, {how}", remedy, "volumes", source)


RULE = Rule.of(
    __doc__,
    id="compose/host-directory",
    check="compose/mounts",
    severity=Severity.HIGH,
    applies=_applies,
    find=_find,
)
