"""
TCP sockets as the kernel lists them in `/proc/net/tcp` and `/proc/net/tcp6` of a network namespace.

Source: proc_pid_net(5); addresses are 32-bit words in the machine's order, which is little-endian here.
"""

from __future__ import annotations

import ipaddress
import struct
from collections.abc import Iterator
from dataclasses import dataclass

from seatrial.text.lines import split

READ = ("sh", "-c", "cat /proc/net/tcp /proc/net/tcp6")
"""Prints both tables of the namespace in which it runs."""
_LISTEN = "0A"  # TCP_LISTEN of the kernel's include/net/tcp_states.h
_CALLS = frozenset({"02", "03"})  # TCP_SYN_SENT, TCP_SYN_RECV: nobody has answered yet


@dataclass(frozen=True, slots=True)
class Socket:
    """One socket."""

    address: str
    port: int
    peer: str
    """The address at the other end; of a socket that listens, the unspecified one."""
    peer_port: int
    listens: bool
    connected: bool
    """Whether both ends have spoken: open, or closed less than a minute ago (TIME_WAIT)."""


def read(tables: str) -> Iterator[Socket]:
    """The sockets of the tables' text; lines that are none are left out."""
    for line in split(tables):
        words = line.split()
        if len(words) > 3 and ":" in words[1] and ":" in words[2]:
            state = words[3]
            listens = state == _LISTEN
            yield Socket(*_end(words[1]), *_end(words[2]), listens, not listens and state not in _CALLS)


def _end(text: str) -> tuple[str, int]:
    address, _, port = text.partition(":")
    raw = b"".join(struct.pack("<I", int(address[at : at + 8], 16)) for at in range(0, len(address), 8))
    found = ipaddress.ip_address(raw)
    mapped = found.ipv4_mapped if isinstance(found, ipaddress.IPv6Address) else None
    return str(mapped or found), int(port, 16)
