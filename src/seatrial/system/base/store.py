"""
A repository's objects, and those that its clone lacks.

Nothing is written to the user's repository. What has to be fetched goes into a temporary bare repository that borrows
the objects of the user's (`objects/info/alternates`).
"""

from __future__ import annotations

import base64
import os
import shutil
import tempfile
import weakref
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from seatrial.system import git, repository
from seatrial.system.git import GitError

_FETCH_TIMEOUT = 300.0  # seconds
_PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "no_proxy", "GIT_SSL_CAINFO")


@dataclass(frozen=True, slots=True)
class FullHistory:
    """How a clone gets the commits that it lacks, in the words of the place that made it."""

    setting: str
    """What brings them, as code: `` `fetch-depth: 0` ``."""
    advice: str
    """What to do, without a capital letter."""


UNSHALLOW = FullHistory("`git fetch --unshallow`", "run `git fetch --unshallow`")


@dataclass(frozen=True, slots=True)
class Remote:
    """Where the repository lives. Never taken from the clone's own configuration."""

    url: str
    """`https://host/owner/name`."""
    token: str = field(default="", repr=False)
    user: str = "git"
    """Who the server takes the token for."""
    ca_file: str = ""
    """Certificates to check the server's own one with; empty: those of the system."""

    @property
    def settings(self) -> Mapping[str, str]:
        """
        What lets git speak to it: by its own protocol only, with no helper that could know other credentials.

        The token is a header. Settings travel by environment: every process of the machine can read an argument list.
        """
        spoken = {
            f"protocol.{urlsplit(self.url).scheme}.allow": "always",
            "credential.helper": "",
            "http.followRedirects": "initial",
        }
        if self.ca_file:
            spoken["http.sslCAInfo"] = self.ca_file
        if not self.token:
            return spoken
        basic = base64.b64encode(f"{self.user}:{self.token}".encode()).decode()
        return spoken | {f"http.{self.url}.extraHeader": f"Authorization: Basic {basic}"}

    @property
    def env(self) -> Mapping[str, str]:
        """How to get there."""
        return {name: os.environ[name] for name in _PROXIES if name in os.environ}


class ObjectStore:
    """
    The objects of one repository, and what is fetched to them.

    Args:
        root: the surveyed directory, in a work tree.
        remote: where to fetch from; None: nowhere.
        history: how the whole history is had, for messages.
    """

    def __init__(self, root: Path, remote: Remote | None = None, history: FullHistory = UNSHALLOW) -> None:
        self._root, self._remote = root, remote
        self.history = history
        self._scratch: Path | None = None

    @property
    def can_fetch(self) -> bool:
        """Whether there is a source of more."""
        return self._remote is not None

    @property
    def complete(self) -> bool:
        """Whether the user's own clone holds the whole history."""
        return self._scratch is None and not self.shallow()

    def git(self, *arguments: str, stdin: bytes = b"") -> bytes:
        """
        The output of a git command that reads objects.

        Raises:
            ProcessError: git failed or is missing.
        """
        if self._scratch is not None:
            return git.run_bare(self._scratch, *arguments, stdin=stdin)
        return git.run(self._root, *arguments, stdin=stdin)

    def commit(self, revision: str) -> str:
        """The full name of the commit that a revision means; empty if it means none here."""
        try:
            name = f"{revision}^{{commit}}"
            return self.git("rev-parse", "--verify", "--quiet", "--end-of-options", name).decode().strip()
        except GitError:
            return ""

    def parents(self, commit: str) -> tuple[str, ...]:
        """The parents as the commit names them, whether or not they are here: a shallow clone hides them otherwise."""
        lines = self.git("cat-file", "commit", commit).split(b"\n\n", 1)[0].splitlines()
        return tuple(line.split()[1].decode("ascii", "replace") for line in lines if line.startswith(b"parent "))

    def merge_base(self, one: str, other: str) -> str:
        """The best common ancestor; empty if there is none, as far as this clone knows."""
        try:
            return self.git("merge-base", one, other).decode().split("\n")[0].strip()
        except GitError:
            return ""

    def shallow(self) -> bool:
        """Whether the clone's history is cut."""
        return self.git("rev-parse", "--is-shallow-repository").strip() == b"true"

    def read(self, commit: str, path: str) -> bytes | None:
        """A file of a commit, by its path from the surveyed directory; None if there is not a regular file."""
        entry = (
            self.git("ls-tree", "--full-tree", "-z", f"{commit}:{self.prefix}", "--", path)
            if self.has_prefix(commit)
            else b""
        )
        if not entry.startswith(b"100"):
            return None
        return self.git("cat-file", "blob", entry.split(b"\t")[0].split()[2].decode())

    def has_prefix(self, commit: str) -> bool:
        """Whether the surveyed directory is there in a commit."""
        if not self.prefix:
            return True
        try:
            return self.git("cat-file", "-t", f"{commit}:{self.prefix}").strip() == b"tree"
        except GitError:
            return False

    @property
    def prefix(self) -> str:
        """The surveyed directory's path in the repository, without a slash at the end; empty for its root."""
        return git.prefix(self._root) or ""

    def fetch(self, commits: Sequence[str], depth: int) -> None:
        """
        Bring commits here, each with `depth` commits of history.

        Raises:
            ProcessError: the server refuses, or cannot be reached.
        """
        if self._remote is None:
            raise GitError("no remote to fetch from")
        git.run_bare(
            self._make_scratch(),
            "fetch", "--quiet", "--no-tags", "--no-write-fetch-head", "--no-recurse-submodules", f"--depth={depth}",
            "--end-of-options", self._remote.url, *commits,
            timeout=_FETCH_TIMEOUT,
            settings=self._remote.settings,
            env=self._remote.env,
        )  # fmt: skip

    def _make_scratch(self) -> Path:
        if self._scratch is not None:
            return self._scratch
        self._scratch = scratch = Path(tempfile.mkdtemp(prefix="seatrial-objects-"))
        weakref.finalize(self, shutil.rmtree, scratch, ignore_errors=True)
        view = git.discover(self._root)
        if view is None:
            raise GitError("there is no repository to fetch for")
        repository.make(scratch, "ref: refs/heads/none", view.settings)
        (scratch / "objects" / "info" / "alternates").write_bytes(os.fsencode(view.objects) + b"\n")
        shallow = view.git_dir / "shallow"
        if shallow.is_file():
            (scratch / "shallow").write_bytes(shallow.read_bytes())
        return scratch
