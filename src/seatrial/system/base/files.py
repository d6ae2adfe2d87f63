"""
The files of a commit, written into a directory of ours.

They are read as objects and written as plain files: no attribute, filter, hook or link of the repository takes part.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from seatrial.domain import Location
from seatrial.domain.errors import InspectorError
from seatrial.system.listing import FileListing
from seatrial.system.source import Limits, Tree
from seatrial.text.lines import split

from .revision import Revision

_BATCH = 64 * 1024 * 1024  # bytes of contents that git is asked for at a time
_LINK = b"120000"
"""The mode of a symbolic link (gitformat-index(5))."""
_PROGRAM, _SUBMODULE = b"100755", b"160000"
"""The modes of a file that can be executed, and of another repository's commit."""
_LINES = 40  # of one finding's text: more only makes the comparison slower


@dataclass(frozen=True, slots=True)
class _Entry:
    path: str
    blob: str
    size: int


def check_out(revision: Revision, target: Path, limits: Limits) -> FileListing:
    """
    Write the files of a commit below an empty directory.

    Args:
        revision: the commit; only what lies below the surveyed directory is written.
        target: the directory.
        limits: as for the survey: larger files and more files are left out.

    Returns:
        The paths that were written, sorted, and those that belong and were left out.

    Raises:
        ProcessError: git failed, or an object is missing.
        InspectorError: the directory cannot be written.
    """
    every = list(_entries(revision))
    fit = [e for e in every if e.size <= limits.file_size]
    entries = fit[: limits.files]
    unread = {
        e.path: f"larger than max_file_size ({limits.file_size:,} bytes)" for e in every if e.size > limits.file_size
    }
    unread |= {e.path: f"beyond the limit of max_files ({limits.files:,} files)" for e in fit[limits.files :]}
    try:
        for batch in _batches(entries):
            _write(revision, batch, target)
    except OSError as error:
        raise InspectorError(f"the base's files cannot be written: {error.strerror}") from error
    return FileListing(tuple(entry.path for entry in entries), unread=unread)


def blobs(revision: Revision) -> dict[str, str]:
    """
    The id of each file's content in a commit, by its path from the surveyed directory.

    Raises:
        ProcessError: git failed.
    """
    return {entry.path: entry.blob for entry in _entries(revision)}


def sizes(revision: Revision) -> dict[str, int]:
    """
    The size of each file in a commit, in bytes, by its path from the surveyed directory.

    Raises:
        ProcessError: git failed.
    """
    return {entry.path: entry.size for entry in _entries(revision)}


def links(revision: Revision) -> dict[str, str]:
    """
    The id of each symbolic link's text in a commit, by its path from the surveyed directory.

    Raises:
        ProcessError: git failed.
    """
    return {entry.path: entry.blob for entry in _entries(revision, mode=_LINK)}


def versioned(revision: Revision, most: int) -> Iterator[tuple[str, bytes, int]]:
    """
    Every file and every link of a commit: path, content and mode (0: a link, whose content is where it leads).

    Args:
        revision: the commit.
        most: bytes altogether.

    Raises:
        ProcessError: git failed.
        InspectorError: an object is missing, or it has submodules or is larger than that.
    """
    if _has_submodules(revision):
        raise InspectorError("the base has submodules, whose files are in no commit of it")
    kinds = ((_PROGRAM, 0o755), (_LINK, 0), (b"", 0o644))
    known: set[str] = set()
    for mode, written in kinds:
        entries = [entry for entry in _entries(revision, mode=mode) if entry.path not in known]
        known |= {entry.path for entry in entries}
        most -= sum(entry.size for entry in entries)
        if most < 0:
            raise InspectorError("the base is too large to be brought up")
        for batch in _batches(entries):
            yield from ((entry.path, data, written) for entry, data in _read(revision, batch))


def _has_submodules(revision: Revision) -> bool:
    store = revision.store
    if not store.has_prefix(revision.commit):
        return False
    listing = store.git("ls-tree", "--full-tree", "-r", "-z", f"{revision.commit}:{store.prefix}")
    return any(line.startswith(_SUBMODULE) for line in listing.split(b"\0"))


def contents(revision: Revision, paths: Collection[str], limits: Limits) -> dict[str, bytes]:
    """
    The content of some files of a commit; of those that are larger than the limit, nothing.

    Raises:
        ProcessError: git failed.
        InspectorError: an object is missing.
    """
    if not paths:
        return {}
    entries = [e for e in _entries(revision) if e.path in paths and e.size <= limits.file_size]
    return {entry.path: data for batch in _batches(entries) for entry, data in _read(revision, batch)}


def _entries(revision: Revision, *, mode: bytes = b"") -> Iterator[_Entry]:
    """The regular files of a commit, or what has another mode."""
    store = revision.store
    if not store.has_prefix(revision.commit):
        return
    listing = store.git("ls-tree", "--full-tree", "-r", "-z", "--long", f"{revision.commit}:{store.prefix}")
    for line in filter(None, listing.split(b"\0")):
        facts, _, name = line.partition(b"\t")
        given, kind, blob, size = facts.split()
        path = os.fsdecode(name)
        wanted = given == mode if mode else given != _LINK
        if kind == b"blob" and wanted and harmless(path):
            yield _Entry(path, blob.decode(), int(size))


def harmless(path: str) -> bool:
    """Whether a path stays below the directory. Git makes no other ones; a hostile repository can."""
    return not path.startswith("/") and not {"", ".", "..", ".git"} & set(path.lower().split("/"))


def _batches(entries: list[_Entry]) -> Iterator[list[_Entry]]:
    batch: list[_Entry] = []
    size = 0
    for entry in entries:
        if batch and size + entry.size > _BATCH:
            yield batch
            batch, size = [], 0
        batch.append(entry)
        size += entry.size
    if batch:
        yield batch


def _write(revision: Revision, batch: list[_Entry], target: Path) -> None:
    for entry, data in _read(revision, batch):
        _file(target / entry.path, data)


def _read(revision: Revision, batch: list[_Entry]) -> Iterator[tuple[_Entry, bytes]]:
    wanted = "".join(f"{entry.blob}\n" for entry in batch).encode()
    output = revision.store.git("cat-file", "--batch", stdin=wanted)
    position = 0
    for entry in batch:
        header, _, _ = output[position : position + 200].partition(b"\n")
        if not header.endswith(f" blob {entry.size}".encode()):
            raise InspectorError(f"an object of the base is missing: {header.decode(errors='replace')[:80]}")
        start = position + len(header) + 1
        yield entry, output[start : start + entry.size]
        position = start + entry.size + 1


def _file(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)


class Contents(Mapping[str, str]):
    """An id of each file's content, worked out when it is asked for."""

    def __init__(self, tree: Tree) -> None:
        self._tree = tree

    def __getitem__(self, path: str) -> str:
        """The id of a surveyed file's content."""
        if path not in self._tree.paths:
            raise KeyError(path)
        return self._tree.content_id(path)

    def __contains__(self, path: object) -> bool:
        """Whether it was surveyed; nothing is read to know it."""
        return path in self._tree.paths

    def __iter__(self) -> Iterator[str]:
        """The surveyed paths."""
        return iter(self._tree.paths)

    def __len__(self) -> int:
        """How many they are."""
        return len(self._tree.paths)


class Texts:
    """The text at a place of a tree, white space folded."""

    def __init__(self, tree: Tree) -> None:
        self._tree = tree
        self._lines = lru_cache(maxsize=16)(self._read)

    def __call__(self, place: Location) -> str | None:
        """The text of a place; None if it names no line, or the file cannot be read."""
        if not place.line or place.path not in self._tree.paths:
            return None
        lines = self._lines(place.path)
        last = min(max(place.end_line, place.line), place.line + _LINES)
        return " ".join(" ".join(lines[place.line - 1 : last]).split()) if lines is not None else None

    def _read(self, path: str) -> tuple[str, ...] | None:
        try:
            text = self._tree.text(path)
        except OSError:
            return None
        return None if text is None else tuple(split(text))
