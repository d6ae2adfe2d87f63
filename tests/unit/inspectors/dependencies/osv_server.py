"""A small OSV: the two calls that we make, from advisories in OSV's own format, with the failures of real services."""

from __future__ import annotations

import contextlib
import json
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from http.server import BaseHTTPRequestHandler, SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from seatrial.domain import Location
from seatrial.inspectors.dependencies import advisories
from seatrial.inspectors.dependencies.model import Package


def advisory(
    identity: str, name: str, introduced: str, fixed: str = "", *, ecosystem: str = "PyPI", **more: Any
) -> dict[str, Any]:
    events = [{"introduced": introduced}, *([{"fixed": fixed}] if fixed else [])]
    affected = {
        "package": {"ecosystem": ecosystem, "name": name},
        "ranges": [{"type": "ECOSYSTEM", "events": events}],
    }
    return {
        "id": identity,
        "modified": "2026-01-02T03:04:05Z",
        "summary": f"flaw {identity}",
        "affected": [affected],
        **more,
    }


@dataclass
class Service:
    """What it knows, what it shall do wrong, and what it was asked."""

    url: str = ""
    documents: dict[str, dict[str, Any]] = field(default_factory=dict)
    page: int = 1000
    """Advisories of one page."""
    failures: list[tuple[int, str, bytes]] = field(default_factory=list)
    """Status, Retry-After and body of the next answers."""
    asked: list[str] = field(default_factory=list)
    bodies: list[Mapping[str, Any]] = field(default_factory=list)

    def about(self, query: Mapping[str, Any]) -> dict[str, Any]:
        package = Package(
            query["package"]["ecosystem"], query["package"]["name"], query["version"], Location("x", 1, 1)
        )
        found = [d for d in self.documents.values() if advisories.of({**d, "withdrawn": None}, package) is not None]
        first = int(query.get("page_token", "0"))
        result: dict[str, Any] = {}
        if found[first:]:
            result["vulns"] = [{"id": d["id"], "modified": d["modified"]} for d in found[first : first + self.page]]
        if found[first + self.page :]:
            result["next_page_token"] = str(first + self.page)
        return result


@contextlib.contextmanager
def serving() -> Iterator[Service]:
    service = Service()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def answer(self, status: int, body: bytes, **headers: str) -> None:
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            for name, value in headers.items():
                self.send_header(name.replace("_", "-"), value)
            self.end_headers()
            self.wfile.write(body)

        def fails(self) -> bool:
            service.asked.append(self.path)
            if not service.failures:
                return False
            status, after, body = service.failures.pop(0)
            self.answer(status, body, **({"Retry_After": after} if after else {}))
            return True

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            service.bodies.append(body)
            if not self.fails():
                self.answer(200, json.dumps({"results": [service.about(q) for q in body["queries"]]}).encode())

        def do_GET(self) -> None:
            if self.fails():
                return
            document = service.documents[self.path.rpartition("/")[2]]
            tag = f'"{document["modified"]}"'
            if self.headers.get("If-None-Match") == tag:
                self.answer(304, b"", ETag=tag)
            else:
                self.answer(200, json.dumps(document).encode(), ETag=tag)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    service.url = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield service
    finally:
        server.shutdown()
        server.server_close()


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


@contextlib.contextmanager
def serving_files(folder: Path) -> Iterator[str]:
    """A folder by HTTP, as OSV publishes its export; its address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
