"""What the tests of the search speak of: repositories to search, and how to ask the engine."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

from seatrial.inspectors.base import Context
from seatrial.settings import Settings
from seatrial.system.source import open_tree

Find = Callable[[str, str | bytes], list[tuple[str, str]]]
"""Rule, without its family, and value of everything that is found in a file of this path and content."""


class Repository:
    """A directory with files, under git or not."""

    def __init__(self, root: Path, cache: Path) -> None:
        root.mkdir()
        self.root, self.cache = root, cache

    def write(self, path: str, content: str | bytes) -> None:
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content.encode() if isinstance(content, str) else content)

    def git(self, *arguments: str) -> str:
        identity = {f"GIT_{who}_{what}": "t@t" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
        done = subprocess.run(
            ["git", "-C", self.root, *arguments],
            check=True,
            env=os.environ | identity | {"GIT_CONFIG_GLOBAL": os.devnull},
            capture_output=True,
        )
        return done.stdout.decode().strip()

    def commit(self, message: str = "change") -> str:
        """Everything that is there; returns the commit."""
        self.git("add", "-A")
        self.git("commit", "-q", "--allow-empty", "-m", message)
        return self.git("rev-parse", "HEAD")

    def context(self, *, jobs: int = 1, **settings: object) -> Context:
        return Context(open_tree(self.root), Settings(**settings), self.cache, jobs)  # type: ignore[arg-type]
