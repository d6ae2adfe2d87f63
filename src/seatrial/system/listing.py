"""
Which paths may belong to the surveyed tree, before any of them is looked at.

Where there is a repository, git says it: the tracked files and the untracked ones that are not ignored. Elsewhere it is
every file below the root.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from seatrial.domain.errors import UsageError

from . import git
from .process import ProcessError

UNVERSIONED_SKIPS = frozenset(
    {".git", ".hg", ".svn", "node_modules", ".venv", "venv", "__pycache__", ".tox", ".nox", ".mypy_cache", ".eggs"}
)
"""Directories without source of the project; only consulted where there is no git to say so."""


@dataclass(frozen=True)
class FileListing:
    """Paths relative to the root, with `/`."""

    paths: tuple[str, ...]
    """Files and links that may belong."""
    others: frozenset[str] = frozenset()
    """Folders of other repositories: submodules and nested ones."""
    skipped: frozenset[str] = frozenset()
    """Folders of dependencies and caches, which no version control lists."""
    sparse: frozenset[str] = frozenset()
    """Tracked, but left out of the checkout on purpose."""
    excluded: tuple[str, ...] = ()
    """Untracked files that only `.git/info/exclude` leaves out."""
    unread: Mapping[str, str] = field(default_factory=dict)
    """Paths that belong and cannot be read, each with the reason; a folder ends with `/`."""
    remarks: tuple[str, ...] = ()
    """What a reader should know about the list as a whole."""

    def covers(self, path: str) -> bool:
        """Whether a path is known, leads to a known one, or lies in a folder that is left out."""
        if path in self._places:
            return True
        left_out = self.others | self.skipped
        while path := path.rpartition("/")[0]:
            if path in left_out:
                return True
        return False

    @cached_property
    def _places(self) -> frozenset[str]:
        """Every path, and every folder that leads to one."""
        found: set[str] = set()
        for path in (*self.paths, *self.others, *self.skipped):
            place = path
            while place and place not in found:
                found.add(place)
                place = place.rpartition("/")[0]
        return frozenset(found)


def of(root: Path, *, versioned: bool) -> FileListing:
    """
    The paths below a directory.

    Args:
        root: the directory.
        versioned: whether it lies in a repository.

    Raises:
        UsageError: git cannot list them.
    """
    if not versioned:
        return _walked(root)
    try:
        found = git.listing(root)
    except ProcessError as error:
        raise UsageError(
            f"git cannot list the files: {error}",
            where=str(root),
            remedy="run `git status` there and fix what it reports",
        ) from error
    nested = {path.rstrip("/") for path in found.untracked if path.endswith("/")}
    return FileListing(
        paths=(*found.tracked, *(path for path in found.untracked if not path.endswith("/"))),
        others=found.submodules | nested,
        sparse=found.sparse,
        excluded=found.excluded,
        unread=dict.fromkeys(found.unreadable, "unreadable (Permission denied)"),
    )


def _walked(root: Path) -> FileListing:
    skipped: set[str] = set()
    unread: dict[str, str] = {}
    paths = tuple(_walk(root, skipped, unread))
    remark = "git is not installed, so files that it ignores are surveyed too"
    return FileListing(paths, skipped=frozenset(skipped), unread=unread, remarks=() if git.there() else (remark,))


def _walk(root: Path, skipped: set[str], unread: dict[str, str]) -> Iterator[str]:
    """Every file below a directory that is not under version control, without recursion on its depth."""
    pending = [""]
    while pending:
        folder = pending.pop()
        try:
            entries = sorted(os.scandir(root / folder), key=lambda e: e.name)
        except OSError as error:
            unread[folder] = f"unreadable ({error.strerror})"
            continue
        for entry in entries:
            if not entry.is_dir(follow_symlinks=False):
                yield folder + entry.name
            elif entry.name not in UNVERSIONED_SKIPS:
                pending.append(f"{folder}{entry.name}/")
            else:
                skipped.add(folder + entry.name)
