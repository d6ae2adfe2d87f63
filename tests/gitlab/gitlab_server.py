"""
A small GitLab: one project's merge request and its notes, over real HTTP.

Every request and every answer is held against what GitLab's documentation describes (the pages are named below). What
does not fit is kept in `violations`, and the fixture fails the test for it. Faults can be set for the next requests.
"""

from __future__ import annotations

import json
import re
import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl

from jsonschema import Draft202012Validator

PROJECT, IID = 42, 7
BODY_LIMIT = 1_000_000  # characters; https://docs.gitlab.com/api/notes/
ROOT = "/api/v4"
NOTES = rf"{ROOT}/projects/(?P<project>\d+)/merge_requests/(?P<iid>\d+)/notes"


@dataclass(frozen=True)
class Account:
    """Who a token belongs to, and what it may."""

    id: int
    username: str
    scope: str = "api"
    member: bool = True


PROJECT_TOKEN, PERSONAL, READ_ONLY, OUTSIDER, JOB = "project-token", "person", "read-only", "outsider", "job-token"
ACCOUNTS = {
    PROJECT_TOKEN: Account(900, "project_42_bot_1"),
    PERSONAL: Account(1, "pipin"),
    READ_ONLY: Account(901, "project_42_bot_2", scope="read_api"),
    OUTSIDER: Account(902, "mallory", member=False),
}
"""Not the job token: it gives no access to notes (https://docs.gitlab.com/ci/jobs/ci_job_token/)."""

_USER = {
    "type": "object",
    "required": ["id", "username", "name", "state"],
    "properties": {"id": {"type": "integer"}, "username": {"type": "string"}},
}
_NOTE = {
    "type": "object",
    "required": [
        "id", "body", "attachment", "author", "created_at", "updated_at", "system", "noteable_id", "noteable_type",
        "project_id", "noteable_iid", "resolvable", "confidential", "internal",
    ],
    "properties": {"id": {"type": "integer"}, "body": {"type": "string"}, "author": _USER},
}  # fmt: skip
_TEXT = {"type": "string"}
_BODY = {"type": "object", "required": ["body"], "additionalProperties": False, "properties": {"body": _TEXT}}
_PAGE = {"page": r"[1-9]\d*", "per_page": r"[1-9]\d?|100"}  # https://docs.gitlab.com/api/rest/#pagination


@dataclass(frozen=True)
class Operation:
    """One method of one path, as its page describes it."""

    method: str
    path: str
    answers: Mapping[int, object]
    """The schema of each good answer; None: no body."""
    query: Mapping[str, str] = field(default_factory=dict)
    body: Mapping[str, object] | None = None


OPERATIONS = (
    # https://docs.gitlab.com/api/users/#retrieve-the-current-user
    Operation("GET", rf"{ROOT}/user", {200: _USER}),
    # https://docs.gitlab.com/api/notes/#merge-requests
    Operation(
        "GET", NOTES, {200: {"type": "array", "items": _NOTE}},
        query={"sort": "asc|desc", "order_by": "created_at|updated_at", **_PAGE},
    ),
    Operation("POST", NOTES, {201: _NOTE}, body=_BODY),
    Operation("PUT", rf"{NOTES}/(?P<note>\d+)", {200: _NOTE}, body=_BODY),
    Operation("DELETE", rf"{NOTES}/(?P<note>\d+)", {204: None}),
)  # fmt: skip
ERRORS = {400, 401, 403, 404, 405, 409, 412, 413, 422, 429, 500, 502, 503}
"""https://docs.gitlab.com/api/rest/troubleshooting/#status-codes; 413 and 502 are the web server's in front."""

_QUICK_ACTION = re.compile(r"^/[a-z_]+(?:[ ][^\n]*)?(?:\s*\n|$)", re.MULTILINE | re.IGNORECASE)
"""A line that GitLab may execute, wherever it is (lib/gitlab/quick_actions/extractor.rb)."""


@dataclass(frozen=True)
class Fault:
    """What goes wrong with one request."""

    status: int = 502
    body: object = "<html>502 Bad Gateway</html>"
    headers: Mapping[str, str] = field(default_factory=dict)
    after: bool = False
    """Whether the request takes effect all the same."""
    cut: bool = False
    """The answer ends in the middle."""
    reset: bool = False
    """The connection breaks without an answer."""


def too_many(after: str | None = "17") -> Fault:
    """A rate limit (https://docs.gitlab.com/administration/settings/user_and_ip_rate_limits/)."""
    headers = {"RateLimit-Limit": "60", "RateLimit-Remaining": "0"}
    return Fault(429, "Retry later\n", headers | ({} if after is None else {"Retry-After": after}))


@dataclass
class Server:
    """The state of one project."""

    url: str = ""
    accounts: dict[str, Account] = field(default_factory=lambda: dict(ACCOUNTS))
    notes: list[dict[str, Any]] = field(default_factory=list)
    faults: dict[str, list[Fault]] = field(default_factory=dict)
    """By method."""
    log: list[tuple[str, str]] = field(default_factory=list)
    violations: list[str] = field(default_factory=list)
    orders: list[str] = field(default_factory=list)
    """Quick actions that were executed."""
    elsewhere: str = ""
    """If set, every answer to GET names this address as the next page."""
    lock: threading.RLock = field(default_factory=threading.RLock)
    next_id: int = 300

    def note(self, account: Account, body: str, *, system: bool = False) -> dict[str, Any]:
        with self.lock:
            self.next_id += 1
            made = {
                "id": self.next_id, "body": body, "attachment": None, "author": _user(account), "system": system,
                "created_at": "2026-01-01T00:00:00Z", "updated_at": "2026-01-01T00:00:00Z", "noteable_id": 2,
                "noteable_type": "MergeRequest", "project_id": PROJECT, "noteable_iid": IID, "resolvable": False,
                "confidential": False, "internal": False,
            }  # fmt: skip
            self.notes.append(made)
            return made

    def bodies(self) -> list[str]:
        return [note["body"] for note in self.notes]

    def writes(self) -> list[str]:
        return [method for method, _ in self.log if method != "GET"]

    def fail(self, method: str, *faults: Fault) -> None:
        self.faults.setdefault(method, []).extend(faults)


def _user(account: Account) -> dict[str, Any]:
    return {"id": account.id, "username": account.username, "name": account.username, "state": "active"}


@dataclass(frozen=True)
class Answer:
    status: int
    body: object = None
    headers: Mapping[str, str] = field(default_factory=dict)


def answer(
    server: Server, operation: Operation, found: re.Match[str], query: Mapping[str, str], data: Any, token: str
) -> Answer:
    """What GitLab answers, apart from faults."""
    account = server.accounts.get(token)
    if account is None:
        return Answer(401, {"message": "401 Unauthorized"})
    if operation.path.endswith("/user"):
        return Answer(200, _user(account))
    if not account.member or (int(found["project"]), int(found["iid"])) != (PROJECT, IID):
        return Answer(404, {"message": "404 Not found"})
    if operation.method != "GET" and account.scope != "api":
        said = {
            "error": "insufficient_scope",
            "error_description": "The request requires higher privileges",
            "scope": "api",
        }
        return Answer(403, said)
    with server.lock:
        return _on_notes(server, operation, found, query, data, account)


def _on_notes(
    server: Server, operation: Operation, found: re.Match[str], query: Mapping[str, str], data: Any, account: Account
) -> Answer:
    if operation.method == "GET":
        return _page(server, query)
    if data is not None and len(data["body"]) > BODY_LIMIT:
        return Answer(400, {"message": {"note": [f"is too long (maximum is {BODY_LIMIT} characters)"]}})
    if data is not None:
        server.orders += _QUICK_ACTION.findall(data["body"])
    if operation.method == "POST":
        return Answer(201, server.note(account, data["body"]))
    note = next((n for n in server.notes if n["id"] == int(found["note"])), None)
    if note is None:
        return Answer(404, {"message": "404 Note Not Found"})
    if note["author"]["id"] != account.id:
        return Answer(403, {"message": "403 Forbidden"})
    if operation.method == "DELETE":
        server.notes.remove(note)
        return Answer(204)
    note["body"] = data["body"]
    return Answer(200, note)


def _page(server: Server, query: Mapping[str, str]) -> Answer:
    """Newest first by default, twenty a page; with the headers of the pagination page."""
    every = sorted(server.notes, key=lambda note: note["id"], reverse=query.get("sort") != "asc")
    size, page = int(query.get("per_page", "20")), int(query.get("page", "1"))
    more = page * size < len(every)
    headers = {"X-Page": str(page), "X-Per-Page": str(size), "X-Next-Page": str(page + 1) if more else ""}
    if server.elsewhere:
        headers["Link"] = f'<{server.elsewhere}>; rel="next"'
    return Answer(200, every[(page - 1) * size : page * size], headers)


def _complaints(operation: Operation, headers: Any, query: Mapping[str, str], body: bytes) -> Iterator[str]:
    """What the request has that is not described (https://docs.gitlab.com/api/rest/authentication/)."""
    if not headers.get("PRIVATE-TOKEN"):
        yield "no PRIVATE-TOKEN"
    yield from (f"a second credential in {name}" for name in ("Authorization", "JOB-TOKEN") if headers.get(name))
    if not headers.get("User-Agent", "").startswith("seatrial/"):
        yield "an unknown User-Agent"
    for name, value in query.items():
        if name not in operation.query or not re.fullmatch(operation.query[name], value):
            yield f"query {name}={value}"
    if operation.body is None:
        yield from ("a body where none is described",) if body else ()
        return
    if headers.get("Content-Type") != "application/json":
        yield "a body that is not declared as JSON"
    yield from (error.message[:200] for error in Draft202012Validator(operation.body).iter_errors(json.loads(body)))


def _answer_complaints(operation: Operation, given: Answer) -> Iterator[str]:
    if given.status in ERRORS:
        return
    if given.status not in operation.answers:
        yield f"{given.status} is not described"
        return
    schema = operation.answers[given.status]
    if schema is None:
        yield from ("a body where none is described",) if given.body is not None else ()
    elif isinstance(schema, dict):
        yield from (error.message[:200] for error in Draft202012Validator(schema).iter_errors(given.body))


def handler(server: Server) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _serve(self) -> None:
            path, _, text = self.path.partition("?")
            query = dict(parse_qsl(text, keep_blank_values=True))
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            server.log.append((self.command, self.path))
            operation, found = _described(self.command, path)
            if operation is None or found is None:
                server.violations.append(f"{self.command} {path} is not described")
                self._send(Answer(404, {"error": "404 Not Found"}))
                return
            problems = _complaints(operation, self.headers, query, body)
            server.violations += [f"request {self.command} {path}: {problem}" for problem in problems]
            token = self.headers.get("PRIVATE-TOKEN", "")
            waiting = server.faults.get(self.command, [])
            fault = waiting.pop(0) if waiting else None
            data = json.loads(body) if body else None
            if fault is None:
                given = answer(server, operation, found, query, data, token)
                problems = _answer_complaints(operation, given)
                server.violations += [f"answer to {self.command} {path}: {problem}" for problem in problems]
                self._send(given)
                return
            real = answer(server, operation, found, query, data, token) if fault.after or fault.cut else None
            if fault.reset:
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")
                self.connection.close()
                self.close_connection = True
                return
            self._send(real if fault.cut and real else Answer(fault.status, fault.body, fault.headers), cut=fault.cut)

        def _send(self, given: Answer, *, cut: bool = False) -> None:
            plain = isinstance(given.body, str)
            text = b"" if given.body is None else (str(given.body) if plain else json.dumps(given.body)).encode()
            self.send_response(given.status)
            for name, value in given.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Type", "text/html" if plain else "application/json")
            if given.status != 204:
                self.send_header("Content-Length", str(len(text)))
            if cut:
                self.send_header("Connection", "close")
            self.end_headers()
            self.wfile.write(text[: len(text) // 2] if cut else text)
            self.close_connection = self.close_connection or cut

        do_GET = do_POST = do_PUT = do_DELETE = do_PATCH = _serve  # noqa: N815 - the library's names

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            pass

    return Handler


def _described(method: str, path: str) -> tuple[Operation | None, re.Match[str] | None]:
    for operation in OPERATIONS:
        if operation.method == method and (found := re.fullmatch(operation.path, path)):
            return operation, found
    return None, None


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A connection that a fault has broken is no news."""


@contextmanager
def running(host: str = "127.0.0.1") -> Iterator[Server]:
    made = Server()
    server = _Server((host, 0), handler(made))
    made.url = f"http://{host}:{server.server_port}"
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    try:
        yield made
    finally:
        server.shutdown()
        server.server_close()
