"""The HTTP API: POST /orders, GET /orders/ID, the two health endpoints, and the metrics."""

from __future__ import annotations

import json
import signal
import threading
import uuid
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from storefront.settings import port_setting, setting
from storefront.store import Store, StoreUnavailable

QUEUE = "orders:new"
BODY_LIMIT = 64 * 1024


class Handler(BaseHTTPRequestHandler):
    """Answers one request; `server.store` is the store."""

    protocol_version = "HTTP/1.1"
    timeout = 5
    """Seconds that an idle connection is kept; a stop waits for it, so it is shorter than Compose's grace period."""

    def do_GET(self) -> None:
        """Health and orders."""
        if self.path == "/healthz":
            self._reply(200, {"status": "alive"})
        elif self.path == "/readyz":
            self._with_store(self._ready)
        elif self.path == "/metrics":
            self._metrics()
        elif self.path.startswith("/orders/"):
            self._with_store(self._show)
        else:
            self._reply(404, {"error": "not found"})

    def do_POST(self) -> None:
        """A new order."""
        length = self.headers.get("Content-Length", "")
        if self.path != "/orders":
            self._refuse(404, "not found")
        elif not (length.isascii() and length.isdigit()):
            self._refuse(411, "a Content-Length is needed")
        elif len(length) > len(str(BODY_LIMIT)) or int(length) > BODY_LIMIT:
            self._refuse(413, "too large")
        else:
            self._body = self.rfile.read(int(length))
            self._with_store(self._create)

    def _refuse(self, status: int, why: str) -> None:
        """Answer without reading the body, which must not be taken for the next request."""
        self.close_connection = True
        self._reply(status, {"error": why})

    def _with_store(self, answer) -> None:
        """Run a handler; without the store the answer is a quick 503 and never a hang."""
        try:
            answer()
        except StoreUnavailable:
            self.server.failed.add()
            self._reply(503, {"error": "the store is unavailable"})

    def _ready(self) -> None:
        self.server.store.call("PING")
        self._reply(200, {"status": "ready"})

    def _create(self) -> None:
        try:
            item = str(json.loads(self._body)["item"])
        except (ValueError, KeyError, TypeError):
            self._reply(400, {"error": 'expected {"item": "..."}'})
            return
        order = uuid.uuid4().hex
        self.server.store.call("HSET", f"order:{order}", "item", item, "status", "new")
        self.server.store.call("LPUSH", QUEUE, order)
        self.server.taken.add()
        self._reply(201, {"id": order, "status": "new"})

    def _show(self) -> None:
        order = self.path.removeprefix("/orders/")
        fields = self.server.store.call("HGETALL", f"order:{order}")
        if not fields:
            self._reply(404, {"error": "no such order"})
            return
        self._reply(200, {"id": order} | dict(zip(fields[::2], fields[1::2], strict=True)))

    def _metrics(self) -> None:
        counters = (("orders_taken", self.server.taken), ("store_failures", self.server.failed))
        lines = (f"# TYPE storefront_{name}_total counter\nstorefront_{name}_total {c.value}\n" for name, c in counters)
        self._send(200, "".join(lines).encode(), "text/plain; version=0.0.4")

    def _reply(self, status: int, content: dict) -> None:
        self._send(status, json.dumps(content).encode(), "application/json")

    def _send(self, status: int, data: bytes, kind: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(data)


class Counter:
    """A number that only grows."""

    def __init__(self) -> None:
        self.value = 0
        self._lock = threading.Lock()

    def add(self) -> None:
        """One more."""
        with self._lock:
            self.value += 1


def make_server(host: str, port: int, store: Store) -> ThreadingHTTPServer:
    """The server, listening but not yet serving."""
    server = ThreadingHTTPServer((host, port), Handler)
    server.daemon_threads = False  # server_close() waits for the answers under way
    server.store = store
    server.taken, server.failed = Counter(), Counter()
    return server


def main() -> None:
    """Serve until SIGTERM, then finish what is under way and leave with 0."""
    server = make_server(setting("HOST"), port_setting("PORT", "8080"), Store.from_environment())
    signal.signal(signal.SIGTERM, lambda *_: threading.Thread(target=server.shutdown).start())
    server.serve_forever()
    server.server_close()


if __name__ == "__main__":
    main()
