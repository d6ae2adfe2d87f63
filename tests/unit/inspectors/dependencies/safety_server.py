"""
Safety's database, as safety 3.8.1 reads it (schema 2.0.0): in a directory, and from a small server that asks for a key.

The server answers what Safety's own client fetches from `SAFETY_DATA_API_BASE_URL`, with all that can go wrong there.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

FLAW = {
    "specs": ["<3.1.6"], "advisory": "Jinja lets a template out of its sandbox.", "transitive": False,
    "ids": [{"type": "pyup", "id": "70612"}, {"type": "cve", "id": "CVE-2025-1"}],
    "fixed_versions": ["3.1.6"], "more_info_path": "/v/70612/97c",
}  # fmt: skip
UNNAMED = {
    "specs": ["<0.2.0"], "advisory": "It is a test.", "transitive": False,
    "ids": [{"type": "pyup", "id": "25853"}], "more_info_path": "/v/25853/97c",
}  # fmt: skip


def documents(timestamp: float) -> dict[str, Any]:
    """The two files."""
    meta = {
        "schema_version": "2.0.0", "timestamp": timestamp, "base_domain": "https://data.safetycli.com", "packages": {},
        "severities": {"CVE-2025-1": {"cvssv2": None, "cvssv3": {"base_score": 8.1}}},
    }  # fmt: skip
    return {
        "insecure.json": {"meta": meta, "vulnerable_packages": {"jinja2": ["<3.1.6"], "insecure-package": ["<0.2.0"]}},
        "insecure_full.json": {"meta": meta, "vulnerable_packages": {"jinja2": [FLAW], "insecure-package": [UNNAMED]}},
    }


def write(folder: Path, timestamp: float) -> Path:
    """A database in a directory."""
    folder.mkdir()
    for name, document in documents(timestamp).items():
        (folder / name).write_text(json.dumps(document), "utf-8")
    return folder


@dataclass
class Service:
    """What it answers, and what it was asked."""

    url: str
    key: str = "the-right-key"
    status: int = 200
    body: bytes | None = None
    asked: list[tuple[str, str]] = field(default_factory=list)
    """Path with its query, and the key that came with it."""


@contextmanager
def serving(timestamp: float) -> Iterator[Service]:
    """The server, while the context lasts."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            given = self.headers.get("X-Api-Key", "")
            service.asked.append((self.path, given))
            name = self.path.partition("?")[0].strip("/")
            body = service.body if service.body is not None else json.dumps(documents(timestamp).get(name)).encode()
            status = service.status if given == service.key else 403
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Silent."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    service = Service(f"http://127.0.0.1:{server.server_port}/")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield service
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
