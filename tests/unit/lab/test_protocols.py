"""A port number is no protocol: what answers is asked."""

from __future__ import annotations

import http.server
import socket
import socketserver
import threading
from collections.abc import Iterator
from typing import ClassVar

import pytest

from seatrial.lab import protocols


class _Web(http.server.BaseHTTPRequestHandler):
    pages: ClassVar[dict[str, bytes]] = {}

    def do_GET(self) -> None:
        found = self.pages.get(self.path)
        self.send_response(404 if found is None else 200)
        self.end_headers()
        self.wfile.write(found or b"")

    def log_message(self, *_: object) -> None:
        """Nothing."""


class _Node(_Web):
    pages: ClassVar[dict[str, bytes]] = {"/json/version": b'{"Browser": "node.js/v22.1.0", "Protocol-Version": "1.1"}'}


class _Docker(_Web):
    pages: ClassVar[dict[str, bytes]] = {"/version": b'{"Version": "28.2.2", "ApiVersion": "1.50"}'}


class _Java(socketserver.BaseRequestHandler):
    """The target side of JDWP: it answers its handshake with the same bytes, and anything else by hanging up."""

    def handle(self) -> None:
        heard = self.request.recv(14)
        if heard == b"JDWP-Handshake":
            self.request.sendall(heard)


class _Closed(socketserver.BaseRequestHandler):
    def handle(self) -> None:
        self.request.recv(14)


@pytest.fixture
def port(request: pytest.FixtureRequest) -> Iterator[int]:
    server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), request.param)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_address[1]
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize(
    ("port", "protocol"),
    [
        (_Web, "HTTP"),
        (_Node, "the Node.js inspector"),
        (_Docker, "the Docker API"),
        (_Java, "JDWP"),
        (_Closed, ""),
    ],
    indirect=["port"],
)
def test_what_answers_says_what_it_is(port: int, protocol: str) -> None:
    assert protocols._speaks("127.0.0.1", port) == protocol


def test_where_nobody_listens_nothing_is_known() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        assert protocols._speaks("127.0.0.1", unused.getsockname()[1]) == ""
