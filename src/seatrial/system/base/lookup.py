"""
One file of a commit, by its path from the repository's top level.

Links of the commit are followed inside the commit: the work tree's own links belong to the change.
"""

from __future__ import annotations

import os
import posixpath

from seatrial.domain.errors import UsageError

from .store import ObjectStore

_HOPS = 8
"""So many symbolic links may lead to one file."""


def read(store: ObjectStore, commit: str, path: str, limit: int) -> bytes | None:
    """
    The content of a file in a commit; None if the commit has nothing at that path.

    Args:
        store: the repository.
        commit: the full name.
        path: from the top level, with `/`.
        limit: bytes that the file may have.

    Raises:
        UsageError: there is something, and it is not a file of at most `limit` bytes in this repository.
        ProcessError: git failed.
    """
    hops, done, rest = 0, "", path
    while rest:
        part, _, rest = rest.partition("/")
        place = posixpath.join(done, part)
        entry = _entry(store, commit, place)
        if entry is None:
            return None
        mode, blob, size = entry
        if mode == "120000":
            hops += 1
            target = os.fsdecode(store.git("cat-file", "blob", blob)) if 0 < size <= limit else ""
            done, rest = "", _resolved(done, target, rest, hops, where=path)
        elif rest:
            done = place
        elif not mode.startswith("100"):
            raise UsageError("is not a file", where=path)
        elif size > limit:
            raise UsageError(f"larger than {limit:,} bytes", where=path)
        else:
            return store.git("cat-file", "blob", blob)
    return None


def _entry(store: ObjectStore, commit: str, path: str) -> tuple[str, str, int] | None:
    """Mode, object and size (0 for a folder) of exactly this path."""
    for line in store.git("ls-tree", "--full-tree", "-z", "--long", commit, "--", path).split(b"\0"):
        facts, _, name = line.partition(b"\t")
        if name == os.fsencode(path):
            mode, _, blob, size = facts.decode().split()
            return mode, blob, 0 if size == "-" else int(size)
    return None


def _resolved(folder: str, target: str, rest: str, hops: int, *, where: str) -> str:
    """Where a link in a folder leads, with what follows it."""
    path = posixpath.normpath(posixpath.join(folder, target, rest))
    if hops > _HOPS:
        raise UsageError(f"more than {_HOPS} symbolic links follow one another", where=where)
    if not target or path.startswith(("/", "../")) or path == "..":
        raise UsageError("is a symbolic link that leaves the repository", where=where)
    return path
