"""
What the commits of a history changed: contents by name (git's blobs), never text of a diff.

A merge counts with what it has in common with none of its parents (`diff-tree -c`): what came from a parent was
seen there, what was typed while merging is seen here. A rename knows where its content came from.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from seatrial.domain.errors import InspectorError
from seatrial.system import git
from seatrial.text.lines import split

GROUP = 32 * 1024 * 1024
"""Bytes of blobs that are asked for at a time."""
LARGEST = 128 * 1024 * 1024
"""Bytes of the largest blob that is read at all."""
_REGULAR = ("100644", "100755", "100664")
_NOTHING = set("0")


@dataclass(frozen=True, slots=True)
class ContentChange:
    """A commit gave a path new content."""

    commit: str
    path: str
    blob: str
    before: tuple[tuple[str, str], ...]
    """Path and blob that it had in each parent; empty if the commit made the file."""


@dataclass(frozen=True, slots=True)
class Blob:
    """Content by name."""

    id: str
    data: bytes


def commits(root: Path, revisions: str) -> list[str]:
    """
    The commits of a range, the oldest first.

    Args:
        root: a directory of the repository.
        revisions: `--all`, or what `git rev-list` takes: `main..HEAD`, `HEAD ^v1.0`.

    Raises:
        InspectorError: git does not know them.
    """
    words = revisions.split()
    if words != ["--all"]:
        if not words or any(word.startswith("-") for word in words):
            raise InspectorError(f"{revisions!r} is not a range of revisions")
        words = ["--end-of-options", *words]
    try:
        return git.run(root, "rev-list", "--reverse", "--topo-order", *words, "--").decode().split()
    except git.GitError as error:
        raise InspectorError(f"the history cannot be searched: {error}") from error


def is_shallow(root: Path) -> bool:
    """Whether older commits are missing here."""
    return git.run(root, "rev-parse", "--is-shallow-repository").strip() == b"true"


def is_partial(root: Path) -> bool:
    """Whether the clone leaves out objects until they are asked for. We never ask a server for them."""
    view = git.discover(root)
    return view is not None and view.partial


def changes(root: Path, some: Sequence[str]) -> Iterator[ContentChange]:
    """
    The regular files that these commits made or changed, below `root` and relative to it.

    In a partial clone a rename is seen only if the content is the same: git would have to read what is not here.

    Raises:
        InspectorError: git fails, or the clone has no folders of these commits (`git clone --filter=tree:0`).
    """
    partial = is_partial(root)
    renames = "-M100%" if partial else "-M"
    try:
        output = git.run(
            root, "diff-tree", "--stdin", "-r", "-c", "--root", "--raw", "-z", "--no-abbrev", renames, "--relative",
            "--no-ext-diff", "--no-textconv",
            stdin="".join(f"{commit}\n" for commit in some).encode(),
        )  # fmt: skip
    except git.GitError as error:
        if not partial:
            raise
        raise InspectorError(f"the clone is partial ({error}); clone without `--filter` to search it") from error
    words = iter(output.split(b"\0"))
    commit = ""
    for word in words:
        if word.startswith(b":"):
            change = _change(commit, word.decode(), words)
            if change:
                yield change
        elif word:
            commit = word.decode().strip()


def _change(commit: str, raw: str, words: Iterator[bytes]) -> ContentChange | None:
    """One entry: `:mode mode old new M` and a path, `R100` and two, or with a colon, mode and blob more per parent."""
    parents = len(raw) - len(raw.lstrip(":"))
    fields = raw[parents:].split(" ")
    modes, ids, status = fields[: parents + 1], fields[parents + 1 : -1], fields[-1]
    path = os.fsdecode(next(words))
    source = path
    if parents == 1 and status[0] in "RC":
        path = os.fsdecode(next(words))
    if modes[-1] not in _REGULAR or set(ids[-1]) == _NOTHING:
        return None
    before = [(source, old) for mode, old in zip(modes, ids[:-1], strict=False) if mode in _REGULAR]
    return ContentChange(commit, path, ids[-1], tuple(before))


def sizes(root: Path, ids: Iterable[str]) -> dict[str, int]:
    """Bytes of each blob that is here; those of a partial clone may be missing."""
    output = git.run(root, "cat-file", "--batch-check", stdin="".join(f"{i}\n" for i in ids).encode())
    lines = (line.split() for line in split(output.decode()))
    return {fields[0]: int(fields[2]) for fields in lines if len(fields) == 3 and fields[1] == "blob"}


def blobs(root: Path, wanted: Sequence[tuple[str, int]]) -> Iterator[Blob]:
    """The contents of blobs, given with their sizes, in this order; a group at a time is held."""
    group: list[str] = []
    load = 0
    for blob, size in wanted:
        if group and load + size > GROUP:
            yield from _group(root, group)
            group, load = [], 0
        group.append(blob)
        load += size
    if group:
        yield from _group(root, group)


def _group(root: Path, ids: Sequence[str]) -> Iterator[Blob]:
    output = git.run(root, "cat-file", "--batch", stdin="".join(f"{i}\n" for i in ids).encode())
    position = 0
    while position < len(output):
        end = output.index(b"\n", position)
        blob, _, size = output[position:end].decode().split(" ")
        start = end + 1
        yield Blob(blob, output[start : start + int(size)])
        position = start + int(size) + 1
