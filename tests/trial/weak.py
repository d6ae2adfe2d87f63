"""A small service with one weakness, chosen by WEAKNESS; without one it does everything right. Runs in a container."""

from __future__ import annotations

import os
import signal
import socket
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

WEAKNESS = os.environ.get("WEAKNESS", "")
STORE = ("store", 6379)
TIMEOUT = None if WEAKNESS == "no time-out" else 0.5
LEAK: list[bytes] = []
kept: socket.socket | None = None


def ask_store() -> None:
    """PING, over a new connection; with the weakness over the first one for ever."""
    global kept
    if WEAKNESS == "no reconnect":
        if kept is None:
            kept = socket.create_connection(STORE, TIMEOUT)
        connection = kept
    else:
        connection = socket.create_connection(STORE, TIMEOUT)
    try:
        connection.settimeout(TIMEOUT)
        connection.sendall(b"PING\r\n")
        if not connection.recv(64).startswith(b"+PONG"):
            raise OSError("no pong")
    finally:
        if connection is not kept:
            connection.close()


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        if WEAKNESS == "leak":
            LEAK.append(b"x" * 3_000_000)
        status = 200
        if self.path == "/readyz" or WEAKNESS == "liveness needs the store":
            try:
                ask_store()
            except OSError:
                status = 503
        self.send_response(status)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"ok")

    def log_message(self, *_: object) -> None:
        if WEAKNESS == "secret in the log":
            print(os.environ["API_TOKEN"], flush=True)  # noqa: T201 - that is the weakness


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128


if WEAKNESS == "crash loop":
    time.sleep(0.5)
    sys.exit(3)
server = Server(("0.0.0.0", 8080), Handler)
if WEAKNESS == "deaf to SIGTERM":
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
else:
    signal.signal(signal.SIGTERM, lambda *_: threading.Thread(target=server.shutdown).start())
if WEAKNESS == "slow start":
    time.sleep(6)
server.serve_forever()
