"""A service that checks its settings, or has one weakness: the first argument. Runs in a container."""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

WEAKNESS = sys.argv[1] if len(sys.argv) > 1 else ""


def refuse(name: str, why: str) -> None:
    """End with an error that names the variable; with a weakness less well."""
    if WEAKNESS == "prints the key":
        print("settings:", json.dumps(dict(os.environ)), flush=True)  # noqa: T201 - that is the weakness
    if WEAKNESS == "exits 0 on error":
        print(f"{name} {why}", flush=True)  # noqa: T201
        sys.exit(0)
    if WEAKNESS == "does not name it":
        sys.exit("bad configuration")
    if WEAKNESS == "waits for ever":
        threading.Event().wait()
    sys.exit(f"{name} {why}")


key = os.environ["SIGNING_KEY"] if WEAKNESS == "accepts an empty secret" else os.environ.get("SIGNING_KEY", "").strip()
if WEAKNESS == "falls back to a default key":
    key = key or "development-key-of-everybody"
if not key and WEAKNESS != "accepts an empty secret":
    refuse("SIGNING_KEY", "is missing or empty")
if 0 < len(key.strip()) < 16:
    refuse("SIGNING_KEY", "has fewer than 16 characters")
port = os.environ.get("PORT", "8080").strip()
if not (port.isdigit() and 0 < int(port) < 65_536):
    if WEAKNESS == "ignores a bad port":
        port = "8080"
    else:
        refuse("PORT", "has to be a port from 1 to 65535")
mail = os.environ.get("MAIL_API_KEY")
if WEAKNESS == "dies without the optional key" and not mail:
    sys.exit("MAIL_API_KEY is missing")


def complain() -> None:
    """The same error ten times a second."""
    while True:
        print("ERROR: mail: no key", flush=True)  # noqa: T201 - that is the weakness
        threading.Event().wait(0.1)


if WEAKNESS == "loops without the optional key" and not mail:
    threading.Thread(target=complain, daemon=True).start()


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        if self.path == "/":
            self.answer(200, b'<a href="/mail">mail</a>')
        elif self.path in ("/healthz", "/readyz"):
            dead = WEAKNESS == "is dead without the optional key" and not mail
            self.answer(500 if dead else 200, json.dumps({"status": "ok" if mail else "degraded"}).encode())
        elif self.path == "/mail":
            if WEAKNESS == "hangs without the optional key" and not mail:
                threading.Event().wait(20)
            self.answer(200 if mail else 503, b"sent" if mail else b"MAIL_API_KEY is missing")
        else:
            self.answer(404, b"")

    def answer(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


server = ThreadingHTTPServer(("0.0.0.0", int(port)), Handler)
signal.signal(signal.SIGTERM, lambda *_: threading.Thread(target=server.shutdown).start())
server.serve_forever()
