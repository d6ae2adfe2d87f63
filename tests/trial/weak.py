"""A small service with one weakness, chosen by WEAKNESS; without one it does everything right. Runs in a container."""

from __future__ import annotations

import os
import signal
import socket
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

WEAKNESS = os.environ.get("WEAKNESS", "")
# With the weakness the name is looked up once, as nginx does with a literal `proxy_pass`.
STORE = (socket.gethostbyname("store") if WEAKNESS == "keeps the address" else "store", 6379)
TIMEOUT = {"no time-out": None, "1 worker": 6.0, "2 workers": 6.0}.get(WEAKNESS, 0.5)
WORKERS = threading.Semaphore({"1 worker": 1, "2 workers": 2}.get(WEAKNESS, 1000))
STATIC = WEAKNESS == "no reconnect behind a static health"  # both health endpoints lie, and the work is elsewhere
CROWDED = threading.Semaphore(1)
"""What only one request at a time may use: enough for 22 requests a second."""
POOL = threading.Semaphore(8 if WEAKNESS == "a pool of connections" else 1000)
"""How many connections to the store there are at a time; the store takes 40 of all its clients."""
KEPT_OPEN = 0.6 if WEAKNESS == "leaves connections open" else 0.0
"""Seconds for which a connection stays open after its answer, as where the garbage collector closes it."""
ONE_BY_ONE = threading.Semaphore(1)
"""What orders of one team wait for, with the weakness."""
LEAK: list[bytes] = []
KEPT: list[str] = []
connected: socket.socket | None = None


def ask_store() -> None:
    """PING, over a new connection; with the weakness over the first one for ever."""
    with POOL:
        ping()


def ping() -> None:
    global connected
    if WEAKNESS.startswith("no reconnect"):
        if connected is None:
            connected = socket.create_connection(STORE, TIMEOUT)
        connection = connected
    else:
        connection = socket.create_connection(STORE, TIMEOUT)
    try:
        connection.settimeout(TIMEOUT)
        connection.sendall(b"PING\r\n")
        if not connection.recv(64).startswith(b"+PONG"):
            raise OSError("no pong")
    finally:
        if KEPT_OPEN:
            threading.Timer(KEPT_OPEN, connection.close).start()
        elif connection is not connected:
            connection.close()


def keep(marker: str) -> None:
    """In the store; with the weakness in memory."""
    if WEAKNESS == "forgetful":
        KEPT.append(marker)
        return
    with socket.create_connection(STORE, TIMEOUT) as connection:
        connection.sendall(f"SADD kept {marker}\r\n".encode())
        if not connection.recv(64).startswith(b":"):
            raise OSError("not kept")


def kept() -> bytes:
    if WEAKNESS == "forgetful":
        return " ".join(KEPT).encode()
    with socket.create_connection(STORE, TIMEOUT) as connection:
        connection.sendall(b"SMEMBERS kept\r\n")
        answers = connection.makefile("rb")
        return b"".join(answers.readline() for _ in range(2 * int(answers.readline()[1:])))


class Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        if WEAKNESS == "one team starves" and self.path.startswith("/sales"):
            with ONE_BY_ONE:
                time.sleep(3)
        try:
            keep(self.path.partition("=")[2])
            self.answer(201)
        except OSError:
            self.answer(503)

    def do_GET(self) -> None:
        with WORKERS:
            self.work()

    def work(self) -> None:
        if WEAKNESS == "leak":
            LEAK.append(b"x" * 3_000_000)
        if WEAKNESS == "slow in a crowd":
            with CROWDED:
                time.sleep(0.045)
        if WEAKNESS == "leaks by readiness" and self.path == "/readyz":
            LEAK.append(b"x" * 60_000)
        if WEAKNESS == "only errors":
            self.answer(500)
            return
        known = {"/healthz"} | ({"/readyz"} if WEAKNESS != "no readiness" else set())
        known |= {"/"} if WEAKNESS != "no page at the root" else set()
        status = 200 if self.path in known else 404
        if WEAKNESS == "slow endpoint" and self.path == "/startupz":
            time.sleep(1.3)
            status = 200
        if STATIC and self.path == "/":
            self.answer(200, b"<a href='/stock'>what is there</a>")
            return
        asks = self.path == ("/stock" if STATIC else "/readyz")
        status = 200 if asks and STATIC else status
        if (asks and status == 200) or WEAKNESS == "liveness needs the store":
            try:
                ask_store()
            except OSError:
                status = 503
        if self.path == "/items":
            self.answer(200, kept())
        else:
            self.answer(status)

    def answer(self, status: int, body: bytes = b"ok") -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        if WEAKNESS == "secret in the log":
            print(Path("/run/secrets/token").read_text(), flush=True)  # noqa: T201 - that is the weakness


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128


if WEAKNESS == "errors in the log":
    print("ERROR: no such table", flush=True)  # noqa: T201 - that is the weakness
debugger = socket.create_server(("0.0.0.0", 5678)) if WEAKNESS == "debugger" else None
if WEAKNESS == "crash loop":
    time.sleep(0.5)
    sys.exit(3)
if WEAKNESS == "slow start":
    time.sleep(6)
server = Server(("0.0.0.0", 8080), Handler)
if WEAKNESS == "deaf to SIGTERM":
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
else:
    signal.signal(signal.SIGTERM, lambda *_: threading.Thread(target=server.shutdown).start())
server.serve_forever()
