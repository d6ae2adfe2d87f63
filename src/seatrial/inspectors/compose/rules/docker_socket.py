"""
No container holds the Docker socket.

## What it does

Reports a mount of `docker.sock`, `podman.sock` or `containerd.sock` in either syntax of `volumes`. A read-only mount
does not help: it protects the file, not the API behind it. It is critical where other machines can reach the service: a
published port, a proxy's labels, the host's network. It is high elsewhere, and where the image is a proxy that
restricts that API.

## Why it matters

The API can start a privileged container that mounts the host's root: the socket is root on the host.

## How to fix

Put a socket proxy that allows single, read-only calls between the service and the socket, or drop the mount.

Source: https://docs.docker.com/engine/security/#docker-daemon-attack-surface
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from seatrial.domain import Finding, Location, Severity
from seatrial.inspectors.compose.mounts import mounts
from seatrial.inspectors.compose.project import ComposeProject
from seatrial.inspectors.compose.service import ServiceConfig
from seatrial.inspectors.rules import Rule

from .base import any_service, by_reach, found, snippet

_SOCKET = re.compile(r"(?:^|/)(?:docker|podman|containerd|crio)\.sock$")


def _find(project: ComposeProject) -> Iterator[Finding]:
    """Mounts of a container engine's socket."""
    for service in project.services:
        for source, at in _sources(service, project):
            if _SOCKET.search(source):
                proxy = "socket-proxy" in service.program or "socketproxy" in service.program
                severity = Severity.HIGH if proxy else by_reach(service)
                message = "mounts the container engine's socket, which is root on the host"
                remedy = snippet(
                    service, "# remove the mount of the socket and reach a filtering proxy instead:", "environment:",
                    "  DOCKER_HOST: tcp://socket-proxy:2375",
                )  # fmt: skip
                yield found(RULE.id, severity, service, at, message, remedy, "volumes", "socket")
        if service.text("use_api_socket") == "true":
            at = service.place("use_api_socket")
            message = "is given the container engine's socket and the user's logins (use_api_socket)"
            remedy = snippet(service, "# remove `use_api_socket`")
            yield found(RULE.id, by_reach(service), service, at, message, remedy, "use_api_socket")


def _sources(service: ServiceConfig, project: ComposeProject) -> Iterator[tuple[str, Location]]:
    for mount in mounts(service, project.section("volumes")):
        yield mount.source, mount.source_at or mount.at


RULE = Rule.of(
    __doc__,
    id="compose/docker-socket",
    severity=Severity.CRITICAL,
    applies=any_service,
    absent="no service",
    find=_find,
)
