"""Real git repositories, and a server that speaks git's protocol over HTTP."""

from __future__ import annotations

import base64
import os
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

TOKEN = "not-a-real-token"
TENDED = {
    "LICENSE": "MIT License\n\nCopyright (c) 2026 The authors\n",
    "SECURITY.md": "# Security\n\nReport vulnerabilities to security@shop.example.org.\n",
    "tests/test_tended.py": "import unittest\n\n\nclass Tended(unittest.TestCase):\n"
    "    def test_adds(self):\n        self.assertEqual(1 + 1, 2)\n",
    ".gitlab-ci.yml": "workflow:\n  rules:\n    - if: $CI_PIPELINE_SOURCE == 'merge_request_event'\n"
    "test:\n  script:\n    - python -m unittest\nscan:\n  script:\n    - bandit -r .\n",
    "renovate.json": '{"extends": ["config:recommended"]}\n',
}
"""What a small program must have besides its code, so that nothing but the code of a test has findings."""
_ENVIRONMENT = {
    "PATH": os.environ["PATH"],
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    **{
        f"GIT_{who}_{what}": value
        for who in ("AUTHOR", "COMMITTER")
        for what, value in (("NAME", "n"), ("EMAIL", "n@x.y"))
    },
}


def git(where: Path, *arguments: str) -> str:
    done = subprocess.run(
        ["git", "-C", str(where), *arguments], env=_ENVIRONMENT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, (arguments, done.stderr)
    return done.stdout.strip()


def write(where: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        path = where / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def commit(where: Path, files: dict[str, str] | None = None, message: str = "change") -> str:
    """Write the files, commit everything, and return the commit's name."""
    write(where, files or {})
    git(where, "add", "--all")
    git(where, "commit", "--quiet", "--allow-empty", "--message", message)
    return git(where, "rev-parse", "HEAD")


def repository(where: Path, files: dict[str, str]) -> Path:
    where.mkdir(parents=True)
    git(where, "init", "--quiet", "--initial-branch", "main")
    commit(where, files, "first")
    return where


@contextmanager
def served(root: Path, *, token: str = "") -> Iterator[str]:
    """The repositories below a directory by git's own `http-backend`; the URL. With a token, for its bearer only."""

    class Handler(BaseHTTPRequestHandler):
        def _answer(self) -> None:
            wanted = "Basic " + base64.b64encode(f"x-access-token:{token}".encode()).decode()
            if token and self.headers.get("Authorization") != wanted:
                self.send_response(401)
                self.send_header("WWW-Authenticate", 'Basic realm="x"')
                self.end_headers()
                return
            path, _, query = self.path.partition("?")
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            variables = {
                "GIT_PROJECT_ROOT": str(root), "GIT_HTTP_EXPORT_ALL": "1", "PATH_INFO": path, "QUERY_STRING": query,
                "REQUEST_METHOD": self.command, "CONTENT_TYPE": self.headers.get("Content-Type", ""),
                "CONTENT_LENGTH": str(len(body)), "HTTP_CONTENT_ENCODING": self.headers.get("Content-Encoding", ""),
                "GIT_PROTOCOL": self.headers.get("Git-Protocol", ""), "REMOTE_ADDR": "127.0.0.1",
            }  # fmt: skip
            settings = ["-c", "uploadpack.allowAnySHA1InWant=true", "-c", "safe.directory=*"]
            done = subprocess.run(
                ["git", *settings, "http-backend"],
                input=body,
                env=_ENVIRONMENT | variables,
                capture_output=True,
                check=False,
            )
            head, _, rest = done.stdout.partition(b"\r\n\r\n")
            fields = [line.split(": ", 1) for line in head.decode().split("\r\n") if line]
            status = next((value for name, value in fields if name == "Status"), "200 OK")
            self.send_response(int(status.split()[0]))
            for name, value in fields:
                if name != "Status":
                    self.send_header(name, value)
            self.send_header("Content-Length", str(len(rest)))
            self.end_headers()
            self.wfile.write(rest)

        do_GET = do_POST = _answer  # noqa: N815 - the library's names

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
