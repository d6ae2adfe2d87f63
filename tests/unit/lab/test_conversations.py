"""Who speaks to whom, by the kernel's own tables."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from seatrial.lab import sockets
from seatrial.lab.conversations import ConnectionEnd, between
from seatrial.lab.sockets import Socket

HEAD = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n"
LISTENS = "   0: 00000000:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 1 1\n"
OPEN = "   1: 0200140A:8235 0300140A:18EB 01 00000000:00000000 00:00000000 00000000     0        0 2 1\n"
CLOSED = "   2: 0200140A:8236 0300140A:18EB 06 00000000:00000000 03:00000000 00000000     0        0 0 3\n"
CALLING = "   3: 0200140A:8237 0300140A:18EB 02 00000000:00000000 00:00000000 00000000     0        0 2 1\n"
MAPPED = "   4: 0000000000000000FFFF00000200140A:1F90 0000000000000000FFFF00000300140A:9C40 01 0:0 00:0 0 0 0 0 1\n"


def test_the_tables_are_read() -> None:
    found = list(sockets.read(HEAD + LISTENS + OPEN + CLOSED + CALLING + MAPPED + "nonsense\n"))
    assert found == [
        Socket("0.0.0.0", 8080, "0.0.0.0", 0, listens=True, connected=False),
        Socket("10.20.0.2", 0x8235, "10.20.0.3", 6379, listens=False, connected=True),
        Socket("10.20.0.2", 0x8236, "10.20.0.3", 6379, listens=False, connected=True),
        Socket("10.20.0.2", 0x8237, "10.20.0.3", 6379, listens=False, connected=False),
        Socket("10.20.0.2", 8080, "10.20.0.3", 40000, listens=False, connected=True),
    ]


@pytest.mark.skipif(not Path("/proc/net/tcp").exists(), reason="no /proc/net/tcp here")
def test_a_real_connection_is_in_the_real_table() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        with socket.create_connection(("127.0.0.1", port)) as client:
            own = client.getsockname()[1]
            found = list(sockets.read(Path("/proc/net/tcp").read_text("ascii")))
    assert Socket("127.0.0.1", port, "0.0.0.0", 0, listens=True, connected=False) in found
    assert Socket("127.0.0.1", own, "127.0.0.1", port, listens=False, connected=True) in found


def end(service: str, address: str, *found: Socket) -> ConnectionEnd:
    return ConnectionEnd(service, frozenset({address}), found)


def listens(port: int) -> Socket:
    return Socket("0.0.0.0", port, "0.0.0.0", 0, listens=True, connected=False)


def speaks(port: int, peer: str, peer_port: int, *, connected: bool = True) -> Socket:
    return Socket("10.0.0.9", port, peer, peer_port, listens=False, connected=connected)


API, STORE = "10.0.0.2", "10.0.0.3"


@pytest.mark.parametrize(
    ("api", "store", "needs"),
    [
        ([listens(80), speaks(40000, STORE, 6379)], [listens(6379)], {"api": {"store"}}),
        ([listens(80)], [listens(6379), speaks(6379, API, 40000)], {"api": {"store"}}),  # the store has closed it
        ([listens(80), speaks(80, STORE, 40000)], [listens(6379)], {"store": {"api"}}),
        ([listens(80), speaks(40000, STORE, 6379, connected=False)], [listens(6379)], {}),
        ([listens(80), speaks(80, "10.0.0.1", 40000)], [listens(6379)], {}),  # the lab's own question
        ([listens(80), speaks(40000, "10.0.0.77", 5432)], [listens(6379)], {}),  # somebody outside the stack
        ([listens(80), speaks(40000, API, 80)], [listens(6379)], {}),  # itself
        ([listens(80), speaks(40000, STORE, 41000)], [listens(6379)], {}),  # nobody knows who called whom
    ],
)
def test_whoever_calls_needs_whom_it_calls(api: list[Socket], store: list[Socket], needs: dict[str, set[str]]) -> None:
    assert between([end("api", API, *api), end("store", STORE, *store)]) == needs
