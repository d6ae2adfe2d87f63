"""
What speaks on a port that debuggers use: a port number is not a protocol, so it is asked.

Sources: the handshake of the Java Debug Wire Protocol (JDWP specification, "JDWP Packet Handshake"); `/json/version`
of Node.js' inspector (Chrome DevTools Protocol, HTTP endpoints); `/version` of the Docker Engine API.
"""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Mapping, Sequence

from .events import Events
from .questions import ask

DEBUGGERS: Mapping[int, str] = {
    5678: "debugpy", 9229: "the Node.js inspector", 5005: "JDWP", 8000: "JDWP", 2345: "Delve", 2375: "the Docker API",
    6900: "pudb", 4444: "a remote debugger", 1099: "Java RMI", 9010: "JMX", 9999: "JMX",
}  # fmt: skip
"""Ports on which debuggers and administration interfaces listen, none of which asks for a password."""
HTTP, JDWP = "HTTP", "JDWP"
_SIGNS: Mapping[str, tuple[str, bytes]] = {
    DEBUGGERS[9229]: ("/json/version", b"Protocol-Version"),
    DEBUGGERS[2375]: ("/version", b"ApiVersion"),
}
"""By name of an interface that speaks HTTP: a path, and what its answer holds."""
_HANDSHAKE = b"JDWP-Handshake"
_TIMEOUT = 1.0


def spoken(events: Events, listening: Mapping[str, Sequence[int]]) -> Mapping[tuple[str, int], str]:
    """
    By service and port: HTTP, or the name of the debugger that answered as one; what is in neither place is unknown.

    Args:
        events: know the addresses.
        listening: by service, ports on which it waits for connections; those that no debugger uses are not asked.
    """
    asked = ((name, port) for name, ports in listening.items() for port in ports if port in DEBUGGERS)
    found = {(name, port): _speaks(events.address(name), port) for name, port in asked if events.address(name)}
    return {place: protocol for place, protocol in found.items() if protocol}


def _speaks(address: str, port: int) -> str:
    for name, (path, sign) in _SIGNS.items():
        reply = ask(address, port, path)
        if not reply.status:
            return JDWP if _shakes_hands(address, port) else ""
        if sign in reply.body:
            return name
    return HTTP


def _shakes_hands(address: str, port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection((address, port), _TIMEOUT) as connection:
        connection.settimeout(_TIMEOUT)
        connection.sendall(_HANDSHAKE)
        return connection.recv(len(_HANDSHAKE)) == _HANDSHAKE
    return False
