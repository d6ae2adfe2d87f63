"""
Which services talk in the steady state, by the connections of every container: an address that only the code has
shows here.

The side that closes a connection keeps it for a minute (TIME_WAIT). So short ones are seen at one end.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from . import sockets
from .engine import FAILURES, SERVICE, DockerEngine, LabError
from .sockets import Socket
from .stack import RunningProject


@dataclass(frozen=True, slots=True)
class ConnectionEnd:
    """One container's part in the conversations."""

    service: str
    addresses: frozenset[str]
    sockets: tuple[Socket, ...]


def look(project: RunningProject, image: str) -> Mapping[str, frozenset[str]]:
    """
    By service: the services to which it has connected lately. What cannot be read tells nothing.

    Args:
        project: a stack that is up.
        image: ours, for the sidecars that read the kernel's tables.
    """
    containers = [c for c in project.containers() if c.status == "running"]
    with ThreadPoolExecutor(max_workers=4) as pool:
        return between([end for end in pool.map(lambda c: _end(project.engine, image, c), containers) if end])


def _end(engine: DockerEngine, image: str, container: Any) -> ConnectionEnd | None:
    networks = container.attrs["NetworkSettings"]["Networks"] or {}
    own = {str(one[key]) for one in networks.values() for key in ("IPAddress", "GlobalIPv6Address") if one.get(key)}
    if own:
        with contextlib.suppress(LabError, *FAILURES):
            tables = engine.run_sidecar(image, sockets.READ, network=f"container:{container.id}")
            return ConnectionEnd(str(container.labels.get(SERVICE)), frozenset(own), tuple(sockets.read(tables)))
    return None


def between(ends: Sequence[ConnectionEnd]) -> Mapping[str, frozenset[str]]:
    """By service: the others whose listening ports it has connected to."""
    owner = {address: end.service for end in ends for address in end.addresses}
    listening: dict[str, set[int]] = {}
    for end in ends:
        listening.setdefault(end.service, set()).update(s.port for s in end.sockets if s.listens)
    found: dict[str, set[str]] = {}
    for end in ends:
        for client, server in _calls(end, owner, listening):
            found.setdefault(client, set()).add(server)
    return {client: frozenset(servers) for client, servers in found.items()}


def _calls(
    end: ConnectionEnd, owner: Mapping[str, str], listening: Mapping[str, set[int]]
) -> Iterable[tuple[str, str]]:
    """Client and server of each connection that ends here and whose other end is another service of the stack."""
    for socket in end.sockets:
        other = owner.get(socket.peer, "")
        if not socket.connected or not other or other == end.service:
            continue
        if socket.port in listening[end.service]:
            yield other, end.service
        elif socket.peer_port in listening[other]:
            yield end.service, other
