"""A merge request's life: real runs in a real clone, with the variables that GitLab sets, against the small GitLab."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from gitlab_server import IID, PROJECT, PROJECT_TOKEN, Server

FORK = 77
HOSTILE = "src/~bug !1 #1 @octocat %v1 &2 $3 <b> [x](www.a.b).py"
"""A file whose name would do ten things in a note that does not escape it."""


@dataclass(frozen=True)
class Done:
    """One run of ours, as its job saw it."""

    exit_code: int
    log: str
    reports: Path

    def report(self, name: str) -> str:
        return (self.reports / name).read_text("utf-8")


@dataclass
class Clone:
    """A checked-out project."""

    work: Path
    server: Server
    runs: int = 0

    @property
    def tree(self) -> Path:
        """CI_PROJECT_DIR."""
        return self.work / "g" / "p"

    def git(self, *arguments: str) -> str:
        names = {f"GIT_{who}_{what}": "n@x.y" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
        quiet = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
        words = ["git", "-C", str(self.tree), *arguments]
        done = subprocess.run(words, env=os.environ | names | quiet, capture_output=True, text=True, check=False)
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

    def start(self, files: Mapping[str, str]) -> str:
        """The project before the merge request; its commit."""
        self.tree.mkdir(parents=True)
        self.git("init", "--quiet", "--initial-branch", "main")
        base = self.commit(files, "before")
        self.git("switch", "--quiet", "--create", "change")
        return base

    def run(self, variables: Mapping[str, str], *words: str, token: str = PROJECT_TOKEN, command: str = "run") -> Done:
        """One job: the variables that GitLab sets, nothing else."""
        self.runs += 1
        environ = {
            "PATH": os.environ["PATH"], "HOME": str(self.work), "CI": "true", "GITLAB_CI": "true",
            "CI_API_V4_URL": f"{self.server.url}/api/v4", "CI_SERVER_URL": self.server.url,
            "CI_PROJECT_DIR": str(self.tree), "CI_PROJECT_ID": str(PROJECT), "CI_DEFAULT_BRANCH": "main",
            "CI_PROJECT_URL": "https://gitlab.example/g/p", "CI_COMMIT_SHA": self.git("rev-parse", "HEAD"),
            "CI_JOB_NAME": "readiness", "CI_JOB_ID": str(1000 + self.runs), "CI_PIPELINE_ID": str(100 + self.runs),
            "CI_JOB_URL": "https://gitlab.example/g/p/-/jobs/1", "CI_JOB_TOKEN": "a-job-token",
            "SEATRIAL_GITLAB_TOKEN": token,
            "XDG_CACHE_HOME": os.environ.get("XDG_CACHE_HOME", str(Path.home() / ".cache")),
        } | dict(variables)  # fmt: skip
        options = ("--only", "python", "--osv-url", "off", "--no-trial") if command == "run" else ()
        done = subprocess.run(
            [sys.executable, "-m", "seatrial", command, *options, *words], cwd=self.tree, env=environ,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False, timeout=240,
        )  # fmt: skip
        return Done(done.returncode, done.stdout.decode(errors="replace"), self.tree / "seatrial-report")


def merge_request(base: str, *, source: int = PROJECT, target: int = PROJECT) -> dict[str, str]:
    """The variables of a merge request pipeline."""
    return {
        "CI_PIPELINE_SOURCE": "merge_request_event", "CI_MERGE_REQUEST_IID": str(IID),
        "CI_MERGE_REQUEST_PROJECT_ID": str(target), "CI_MERGE_REQUEST_SOURCE_PROJECT_ID": str(source),
        "CI_MERGE_REQUEST_PROJECT_URL": "https://gitlab.example/g/p", "CI_MERGE_REQUEST_DIFF_BASE_SHA": base,
        "CI_MERGE_REQUEST_TARGET_BRANCH_NAME": "main", "CI_MERGE_REQUEST_EVENT_TYPE": "detached",
        "CI_COMMIT_REF_NAME": "change",
    }  # fmt: skip
