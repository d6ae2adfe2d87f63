"""The HTTP API: POST /orders, GET /orders/ID, and the two health endpoints."""

from __future__ import annotations

import json
import os
import signal
import threading
import uuid
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from storefront.store import Store, StoreUnavailable

QUEUE = "orders:new"
BODY_LIMIT = 64 * 1024


class Handler(BaseHTTPRequestHandler):
    """Answers one request; `server.store` is the store."""

    protocol_version = "HTTP/1.1"
    timeout = 10

    def do_GET(self) -> None:
        """Health and orders."""
        if self.path == "/healthz":
            self._reply(200, {"status": "alive"})
        elif self.path == "/readyz":
            self._with_store(self._ready)
        elif self.path.startswith("/orders/"):
            self._with_store(self._show)
        else:
            self._reply(404, {"error": "not found"})

    def do_POST(self) -> None:
        """A new order."""
        length = int(self.headers.get("Content-Length") or 0)
        if self.path != "/orders" or not 0 < length <= BODY_LIMIT:
            self._reply(404 if self.path != "/orders" else 413, {"error": "not found or too large"})
            return
        self._body = self.rfile.read(length)
        self._with_store(self._create)

    def _with_store(self, answer) -> None:
        """Run a handler; without the store the answer is a quick 503 and never a hang."""
        try:
            answer()
        except StoreUnavailable:
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
        self._reply(201, {"id": order, "status": "new"})

    def _show(self) -> None:
        order = self.path.removeprefix("/orders/")
        fields = self.server.store.call("HGETALL", f"order:{order}")
        if not fields:
            self._reply(404, {"error": "no such order"})
            return
        self._reply(200, {"id": order} | dict(zip(fields[::2], fields[1::2], strict=True)))

    def _reply(self, status: int, content: dict) -> None:
        data = json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)


def make_server(host: str, port: int, store: Store) -> ThreadingHTTPServer:
    """The server, listening but not yet serving."""
    server = ThreadingHTTPServer((host, port), Handler)
    server.daemon_threads = True
    server.store = store
    return server


def main() -> None:
    """Serve until SIGTERM, then finish what is under way and leave with 0."""
    server = make_server(os.environ["HOST"], int(os.environ.get("PORT", "8080")), Store.from_environment())
    signal.signal(signal.SIGTERM, lambda *_: threading.Thread(target=server.shutdown).start())
    server.serve_forever()
    server.server_close()


if __name__ == "__main__":
    main()
