"""
A pull request's life, told by real runs in real clones to the small GitHub.

    python tests/github/life.py DIRECTORY [NAME]

plays it and leaves every comment and summary there, as Markdown and as a page; NAME is that of the faulty script. The
README's picture is `opened-comment.html` for `src/show.py`, photographed by a headless Chromium.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import cmarkgfm
from cmarkgfm.cmark import Options
from server import JOB, READ_ONLY, Hub, running

STOREFRONT = Path(__file__).parents[2] / "examples" / "storefront"
NUMBER = 7
SOCKET = "    volumes: [/var/run/docker.sock:/var/run/docker.sock]\n    labels: {traefik.enable: true}\n"
SHELL = "import subprocess\n\n\ndef show(name: str) -> None:\n    subprocess.call(name, shell=True)\n"
HOSTILE = "src/@octocat <b>#1</b> | [x](http://a.b).py"
"""A file whose name would do four things in a comment that does not escape it."""


@dataclass(frozen=True)
class Done:
    """One run of ours, as its job saw it."""

    exit_code: int
    log: str
    outputs: Mapping[str, str]
    summary: str


@dataclass
class Clone:
    """A checked-out repository, and the job's files beside it."""

    work: Path
    hub: Hub
    runs: int = 0
    event: dict[str, Any] = field(default_factory=dict)

    @property
    def tree(self) -> Path:
        """GITHUB_WORKSPACE."""
        return self.work / "workspace"

    def git(self, *arguments: str) -> str:
        names = {f"GIT_{who}_{what}": "n@x.y" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
        nobody = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
        words = ["git", "-C", str(self.tree), *arguments]
        done = subprocess.run(words, env=os.environ | names | nobody, capture_output=True, text=True, check=False)
        assert done.returncode == 0, (arguments, done.stderr)
        return done.stdout.strip()

    def commit(self, files: Mapping[str, str], message: str) -> str:
        for name, text in files.items():
            path = self.tree / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message", message)
        return self.git("rev-parse", "HEAD")

    def start(self) -> str:
        """The repository before the pull request; its commit."""
        shutil.copytree(STOREFRONT, self.tree, ignore=shutil.ignore_patterns("__pycache__", "seatrial-report"))
        self.git("init", "--quiet", "--initial-branch", "main")
        return self.commit({}, "before")

    def run(
        self,
        name: str,
        *,
        event: Mapping[str, Any],
        token: str = JOB,
        words: tuple[str, ...] = ("run",),
        more: Mapping[str, str] | None = None,
    ) -> Done:
        """One job: the variables that the runner sets, nothing else."""
        self.runs += 1
        (self.work / "event.json").write_text(json.dumps(event), "utf-8")
        files = {key: self.work / key.lower() for key in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY")}
        for path in files.values():
            path.write_text("", "utf-8")
        variables = {
            "PATH": os.environ["PATH"], "HOME": str(self.work), "GITHUB_ACTIONS": "true", "CI": "true",
            "GITHUB_EVENT_NAME": name, "GITHUB_EVENT_PATH": str(self.work / "event.json"), "GITHUB_REPOSITORY": "o/r",
            "GITHUB_SHA": self.git("rev-parse", "HEAD"), "GITHUB_REF": "refs/pull/7/merge", "GITHUB_ACTOR": "mona",
            "GITHUB_API_URL": self.hub.url, "GITHUB_SERVER_URL": "https://github.example", "GITHUB_RUN_ATTEMPT": "1",
            "GITHUB_RUN_ID": str(100 + self.runs), "GITHUB_WORKFLOW": "CI", "GITHUB_JOB": "readiness",
            "GITHUB_WORKSPACE": str(self.tree), "INPUT_GITHUB_TOKEN": token,
            "INPUT_TRIAL": "off",  # it has tests of its own
            "XDG_CACHE_HOME": os.environ.get("XDG_CACHE_HOME", str(Path.home() / ".cache")),
        } | {key: str(path) for key, path in files.items()} | dict(more or {})  # fmt: skip
        done = subprocess.run(
            [sys.executable, "-m", "seatrial", *words], cwd=self.tree, env=variables, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace", check=False, timeout=240,
        )  # fmt: skip
        outputs = _entries(files["GITHUB_OUTPUT"].read_text("utf-8"))
        return Done(done.returncode, done.stdout, outputs, files["GITHUB_STEP_SUMMARY"].read_text("utf-8"))


def _entries(text: str) -> dict[str, str]:
    found, lines = {}, iter(text.splitlines())
    for line in lines:
        name, _, delimiter = line.partition("<<")
        found[name] = "\n".join(iter(lambda: next(lines), delimiter))
    return found


def pull_event(base: str, head: str, *, repository: str = "o/r") -> dict[str, Any]:
    pull = {
        "number": NUMBER,
        "user": {"login": "mona"},
        "head": {"sha": head, "ref": "change", "repo": {"full_name": repository}},
        "base": {"sha": base, "ref": "main", "repo": {"full_name": "o/r"}},
    }
    return {"action": "synchronize", "number": NUMBER, "pull_request": pull, "repository": {"full_name": "o/r"}}


def run_event(head: str, conclusion: str, *, repository: str) -> dict[str, Any]:
    told = {
        "id": 99, "event": "pull_request", "conclusion": conclusion, "head_sha": head, "head_branch": "change",
        "head_repository": {"full_name": repository}, "actor": {"login": "mallory"},
    }  # fmt: skip
    return {"action": "completed", "workflow_run": told, "repository": {"full_name": "o/r"}}


@dataclass(frozen=True)
class Chapter:
    """What happened, what the job saw, and what then stood on the pull request."""

    title: str
    done: Done
    comments: tuple[str, ...]


def play(work: Path, hub: Hub, script: str = HOSTILE) -> Iterator[Chapter]:
    """Opened with two faults, one in a script; pushed to, fixed, reopened from a fork, commented on afterwards."""
    clone = Clone(work, hub)
    base = clone.start()
    compose = (clone.tree / "compose.yaml").read_text("utf-8")
    risky = compose.replace("  api:\n", f"  api:\n{SOCKET}", 1)
    assert risky != compose
    clone.git("switch", "--quiet", "--create", "change")

    def told(title: str, done: Done) -> Chapter:
        return Chapter(title, done, tuple(hub.bodies(NUMBER)))

    def here(head: str) -> dict[str, Any]:
        hub.open_pull(NUMBER, head)
        return pull_event(base, head)

    head = clone.commit({"compose.yaml": risky, script: SHELL}, "two faults")
    yield told("opened", clone.run("pull_request", event=here(head)))
    head = clone.commit({"compose.yaml": compose}, "one of them mended")
    yield told("pushed", clone.run("pull_request", event=here(head)))
    (clone.tree / script).unlink()
    head = clone.commit({}, "the other one too")
    yield told("fixed", clone.run("pull_request", event=here(head)))
    hub.comments[NUMBER].clear()
    head = clone.commit({"compose.yaml": risky}, "from a fork")
    hub.open_pull(NUMBER, head, repository="mallory/r")
    yield told("fork", clone.run("pull_request", event=pull_event(base, head, repository="mallory/r"), token=READ_ONLY))
    event = run_event(head, "failure", repository="mallory/r")
    words = ("comment", "seatrial-report/report.json")
    yield told("second stage", clone.run("workflow_run", event=event, words=words))


def page(markdown: str) -> str:
    """As GitHub renders a comment, but for its filters and its style sheet, which is imitated."""
    style = (
        "body{font:14px/1.5 -apple-system,'Segoe UI','Noto Sans',Helvetica,Arial,sans-serif;width:860px;margin:24px;"
        "color:#1f2328}table{border-collapse:collapse;margin-bottom:16px}td,th{border:1px solid #d1d9e0;"
        "padding:6px 13px}"
        "code{background:#818b981f;padding:.2em .4em;border-radius:6px;font:85% ui-monospace,monospace}"
        "h3{font-size:1.25em;border:0}sub{color:#59636e}details{margin-bottom:10px}"
    )
    body = cmarkgfm.github_flavored_markdown_to_html(markdown, options=Options.CMARK_OPT_UNSAFE)
    return f"<!doctype html><meta charset=utf-8><style>{style}</style>{body}"


def main(target: Path, script: str = HOSTILE) -> None:
    with running() as hub:
        for chapter in play(target, hub, script):
            name = chapter.title.replace(" ", "-")
            print(f"{chapter.title}: exit {chapter.done.exit_code}, {len(chapter.comments)} comment(s)")  # noqa: T201
            texts = {"comment": "\n\n".join(chapter.comments), "summary": chapter.done.summary}
            for kind, text in texts.items():
                (target / f"{name}-{kind}.md").write_text(text, "utf-8")
                (target / f"{name}-{kind}.html").write_text(page(text), "utf-8")
            (target / f"{name}.log").write_text(chapter.done.log, "utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:])
