"""
A small GitHub: pull requests, comments and commit statuses that stay, over real HTTP.

Every request and every answer is held against GitHub's published description; what does not fit is kept in
`violations`, and the fixture fails the test for it. Faults can be set for the next requests of a kind.
"""

from __future__ import annotations

import json
import re
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

import description

BODY_LIMIT = 65_536  # characters of a comment


@dataclass(frozen=True)
class Account:
    """Who a token belongs to, and what it may."""

    login: str
    kind: str = "User"
    writes: bool = True


JOB = "job-token"
"""The token of a job: a bot's, which cannot ask who it is."""
READ_ONLY, PERSON, OTHER_APP = "read-only-token", "person-token", "app-token"
ACCOUNTS = {
    JOB: Account("github-actions[bot]", "Bot"),
    READ_ONLY: Account("github-actions[bot]", "Bot", writes=False),
    PERSON: Account("octocat"),
    OTHER_APP: Account("some-app[bot]", "Bot"),
}


@dataclass(frozen=True)
class Fault:
    """What goes wrong with one request."""

    status: int = 502
    message: str = "Server Error"
    headers: dict[str, str] = field(default_factory=dict)
    after: bool = False
    """Whether the request takes effect all the same."""
    cut: bool = False
    """The answer ends in the middle."""
    reset: bool = False
    """The connection breaks without an answer."""
    delay: float = 0.0


@dataclass
class Hub:
    """The state of one repository, `o/r`."""

    url: str = ""
    accounts: dict[str, Account] = field(default_factory=lambda: dict(ACCOUNTS))
    """By token."""
    pulls: dict[int, dict[str, Any]] = field(default_factory=dict)
    comments: dict[int, list[dict[str, Any]]] = field(default_factory=dict)
    statuses: list[dict[str, Any]] = field(default_factory=list)
    check_runs: list[dict[str, Any]] = field(default_factory=list)
    """With all annotations, as GitHub keeps them."""
    faults: dict[tuple[str, str], list[Fault]] = field(default_factory=dict)
    """By method and the end of the path's template."""
    log: list[tuple[str, str]] = field(default_factory=list)
    violations: list[str] = field(default_factory=list)
    graphql_off: bool = False
    """Whether GraphQL refuses everybody, as a proxy in front of GitHub Enterprise may."""
    lock: threading.RLock = field(default_factory=threading.RLock)
    next_id: int = 1000

    def open_pull(self, number: int, head_sha: str, *, repository: str | None = "o/r", branch: str = "change") -> None:
        owner = (repository or "ghost/x").partition("/")[0]
        repo = None if repository is None else _repository(repository)
        made = description.instance("pull-request-simple", number=number, state="open", user=_user(Account("octocat")))
        made["head"] = {
            "sha": head_sha,
            "ref": branch,
            "label": f"{owner}:{branch}",
            "repo": repo,
            "user": made["user"],
        }
        made["base"]["ref"] = "main"
        self.pulls[number] = made
        self.comments.setdefault(number, [])

    def comment(self, number: int, account: Account, body: str) -> dict[str, Any]:
        with self.lock:
            self.next_id += 1
            made = description.instance(
                "issue-comment", id=self.next_id, body=body, author_association="NONE",
                url=f"{self.url}/repos/o/r/issues/comments/{self.next_id}",
                html_url=f"https://example.test/o/r/pull/{number}#issuecomment-{self.next_id}",
                issue_url=f"{self.url}/repos/o/r/issues/{number}",
            )  # fmt: skip
            made["user"] = _user(account)
            self.comments.setdefault(number, []).append(made)
            return made

    def bodies(self, number: int) -> list[str]:
        return [c["body"] for c in self.comments[number]]

    def writes(self) -> list[tuple[str, str]]:
        return [(method, path) for method, path in self.log if method != "GET"]

    def fail(self, method: str, path: str, *faults: Fault) -> None:
        self.faults.setdefault((method, path), []).extend(faults)

    def fault(self, method: str, template: str) -> Fault | None:
        for (wanted, end), waiting in self.faults.items():
            if wanted == method and template.endswith(end) and waiting:
                return waiting.pop(0)
        return None


def _user(account: Account) -> dict[str, Any]:
    return description.instance("simple-user", login=account.login, type=account.kind)


def _repository(name: str) -> dict[str, Any]:
    owner, _, short = name.partition("/")
    return description.instance("repository", name=short, full_name=name, owner=_user(Account(owner)))


Answer = tuple[int, object, dict[str, str]]


def answer(hub: Hub, method: str, path: str, query: str, body: bytes, token: str) -> Answer:
    """What GitHub answers, apart from faults."""
    account = hub.accounts.get(token)
    if account is None:
        return 401, {"message": "Bad credentials"}, {}
    found = description.operation(method, path)
    if found is None:
        return 404, {"message": "Not Found"}, {}
    if method != "GET" and not account.writes:
        return 403, {"message": "Resource not accessible by integration", "status": "403"}, {}
    data = json.loads(body) if body and body != b"null" else {}
    with hub.lock:
        return _HANDLERS[(method, found.template)](hub, found.arguments, parse_qs(query), data, account)


def _get_user(hub: Hub, arguments: Any, query: Any, data: Any, account: Account) -> Answer:
    if account.kind == "Bot":
        return 403, {"message": "Resource not accessible by integration", "status": "403"}, {}
    return 200, description.instance("public-user", login=account.login, type="User"), {}


def _get_repository(hub: Hub, arguments: Any, query: Any, data: Any, account: Account) -> Answer:
    return 200, description.instance("full-repository", name="r", full_name="o/r"), {}


def _get_issue(hub: Hub, arguments: Any, query: Any, data: Any, account: Account) -> Answer:
    number = int(arguments["issue_number"])
    if number not in hub.pulls:
        return 404, {"message": "Not Found", "documentation_url": "x", "status": "404"}, {}
    made = description.instance(
        "issue", number=number, state="open", title="t", url=f"{hub.url}/repos/o/r/issues/{number}",
        comments_url=f"{hub.url}/repos/o/r/issues/{number}/comments",
    )  # fmt: skip
    return 200, made, {}


def _paged(hub: Hub, path: str, every: list[Any], query: Any) -> Answer:
    size, page = int(query.get("per_page", ["30"])[0]), int(query.get("page", ["1"])[0])
    size = min(size, 100)
    part = every[(page - 1) * size : page * size]
    links = []
    if page * size < len(every):
        others = "&".join(f"{k}={v[0]}" for k, v in query.items() if k != "page")
        links.append(f'<{hub.url}{path}?{others}&page={page + 1}>; rel="next"')
    return 200, part, {"Link": ", ".join(links)} if links else {}


def _get_comments(hub: Hub, arguments: Any, query: Any, data: Any, account: Account) -> Answer:
    number = int(arguments["issue_number"])
    return _paged(hub, f"/repos/o/r/issues/{number}/comments", hub.comments.get(number, []), query)


def _post_comment(hub: Hub, arguments: Any, query: Any, data: Any, account: Account) -> Answer:
    if len(data["body"]) > BODY_LIMIT:
        return _too_long()
    return 201, hub.comment(int(arguments["issue_number"]), account, data["body"]), {}


def _too_long() -> Answer:
    message = f"Body is too long (maximum is {BODY_LIMIT} characters)"
    return (
        422,
        {"message": "Validation Failed", "documentation_url": "x", "errors": [{"code": "custom", "message": message}]},
        {},
    )


def _find(hub: Hub, arguments: Any) -> tuple[list[dict[str, Any]], dict[str, Any]] | None:
    wanted = int(arguments["comment_id"])
    return next(((every, c) for every in hub.comments.values() for c in every if c["id"] == wanted), None)


def _get_comment(hub: Hub, arguments: Any, query: Any, data: Any, account: Account) -> Answer:
    found = _find(hub, arguments)
    return (200, found[1], {}) if found else (404, {"message": "Not Found"}, {})


def _patch_comment(hub: Hub, arguments: Any, query: Any, data: Any, account: Account) -> Answer:
    found = _find(hub, arguments)
    if found is None:
        return 404, {"message": "Not Found"}, {}
    if len(data["body"]) > BODY_LIMIT:
        return _too_long()
    found[1]["body"] = data["body"]
    return 200, found[1], {}


def _delete_comment(hub: Hub, arguments: Any, query: Any, data: Any, account: Account) -> Answer:
    found = _find(hub, arguments)
    if found is None:
        return 404, {"message": "Not Found"}, {}
    found[0].remove(found[1])
    return 204, None, {}


def _get_pulls(hub: Hub, arguments: Any, query: Any, data: Any, account: Account) -> Answer:
    head = query.get("head", [""])[0]
    every = [p for p in hub.pulls.values() if not head or p["head"]["label"] == head]
    return _paged(hub, "/repos/o/r/pulls", every, query)


def _get_commit(hub: Hub, arguments: Any, query: Any, data: Any, account: Account) -> Answer:
    sha = arguments["ref"]
    return 200, description.instance("commit", sha=sha, url=f"{hub.url}/repos/o/r/commits/{sha}"), {}


def _get_commit_pulls(hub: Hub, arguments: Any, query: Any, data: Any, account: Account) -> Answer:
    every = [p for p in hub.pulls.values() if p["head"]["sha"] == arguments["commit_sha"]]
    return _paged(hub, f"/repos/o/r/commits/{arguments['commit_sha']}/pulls", every, query)


def _post_status(hub: Hub, arguments: Any, query: Any, data: Any, account: Account) -> Answer:
    hub.statuses.append({"sha": arguments["sha"], **data})
    made = description.instance("status", state=data["state"], context=data["context"])
    return 201, made, {}


def _check_run(hub: Hub, made: dict[str, Any]) -> dict[str, Any]:
    answer = description.instance("check-run", id=made["id"], name=made["name"], head_sha=made["head_sha"])
    answer["check_suite"] = {"id": 1}
    answer["status"], answer["conclusion"] = "completed", made["conclusion"]
    answer["url"] = f"{hub.url}/repos/o/r/check-runs/{made['id']}"
    answer["output"]["annotations_count"] = len(made["annotations"])
    return answer


def _post_check_run(hub: Hub, arguments: Any, query: Any, data: Any, account: Account) -> Answer:
    hub.next_id += 1
    made = {"id": hub.next_id, **data, "annotations": list(data["output"].get("annotations", []))}
    hub.check_runs.append(made)
    return 201, _check_run(hub, made), {}


def _patch_check_run(hub: Hub, arguments: Any, query: Any, data: Any, account: Account) -> Answer:
    made = next(run for run in hub.check_runs if run["id"] == int(arguments["check_run_id"]))
    made["annotations"] += data["output"].get("annotations", [])
    return 200, _check_run(hub, made), {}


_R = "/repos/{owner}/{repo}"
_HANDLERS = {
    ("GET", "/user"): _get_user,
    ("GET", _R): _get_repository,
    ("GET", _R + "/issues/{issue_number}"): _get_issue,
    ("GET", _R + "/issues/{issue_number}/comments"): _get_comments,
    ("POST", _R + "/issues/{issue_number}/comments"): _post_comment,
    ("GET", _R + "/issues/comments/{comment_id}"): _get_comment,
    ("PATCH", _R + "/issues/comments/{comment_id}"): _patch_comment,
    ("DELETE", _R + "/issues/comments/{comment_id}"): _delete_comment,
    ("GET", _R + "/pulls"): _get_pulls,
    ("GET", _R + "/commits/{ref}"): _get_commit,
    ("GET", _R + "/commits/{commit_sha}/pulls"): _get_commit_pulls,
    ("POST", _R + "/statuses/{sha}"): _post_status,
    ("POST", _R + "/check-runs"): _post_check_run,
    ("PATCH", _R + "/check-runs/{check_run_id}"): _patch_check_run,
}


def _graphql(hub: Hub, body: bytes, token: str) -> tuple[int, object, dict[str, str]]:
    """
    The one query that is asked: `viewer`, which answers for every token.

    GraphQL is not part of the OpenAPI description; the shape is that of
    https://docs.github.com/en/graphql/guides/forming-calls-with-graphql.
    """
    account = hub.accounts.get(token)
    if account is None or hub.graphql_off:
        return 401, {"message": "Bad credentials"}, {}
    if json.loads(body)["query"] != "query { viewer { login } }":
        return 200, {"errors": [{"message": "not answered here"}]}, {}
    return 200, {"data": {"viewer": {"login": account.login}}}, {}


def handler(hub: Hub) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _serve(self) -> None:
            path, _, query = self.path.partition("?")
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            token = re.sub(r"^(?:token|Bearer) ", "", self.headers.get("Authorization", ""))
            found = description.operation(self.command, path)
            template = found.template if found else path
            hub.log.append((self.command, path))
            if (self.command, path) == ("POST", "/graphql"):
                self._send(*_graphql(hub, body, token), cut=False)
                return
            if found is None:
                hub.violations.append(f"{self.command} {path} is not described")
            else:
                problems = found.request_complaints(query, body)
                hub.violations += [f"request {self.command} {path}: {p}" for p in problems]
            fault = hub.fault(self.command, template)
            if fault is None:
                status, data, headers = answer(hub, self.command, path, query, body, token)
            else:
                time.sleep(fault.delay)
                status, data, headers = fault.status, {"message": fault.message}, fault.headers
                if fault.after or fault.cut or (fault.delay and fault.status < 300):
                    real = answer(hub, self.command, path, query, body, token)
                    status, data, headers = real if fault.status < 300 or fault.cut else (status, data, headers)
                if fault.reset:
                    self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")
                    self.connection.close()
                    self.close_connection = True
                    return
            if found is not None:
                problems = found.answer_complaints(status, data)
                hub.violations += [f"answer {status} to {self.command} {path}: {p}" for p in problems]
            self._send(status, data, headers, cut=fault is not None and fault.cut)

        def _send(self, status: int, data: object, headers: dict[str, str], *, cut: bool) -> None:
            text = b"" if data is None else json.dumps(data).encode()
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Type", "application/json; charset=utf-8")
            self.send_header("Content-Length", str(len(text)))
            if cut:
                self.send_header("Connection", "close")
            self.end_headers()
            self.wfile.write(text[: len(text) // 2] if cut else text)
            self.close_connection = self.close_connection or cut

        do_GET = do_POST = do_PATCH = do_DELETE = _serve  # noqa: N815 - the library's names

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            pass

    return Handler


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A connection that a fault has broken is no news."""


@contextmanager
def running(host: str = "127.0.0.1") -> Iterator[Hub]:
    hub = Hub()
    server = _Server((host, 0), handler(hub))
    hub.url = f"http://{host}:{server.server_port}"
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    try:
        yield hub
    finally:
        server.shutdown()
        server.server_close()
