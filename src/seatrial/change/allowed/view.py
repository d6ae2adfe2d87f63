"""A copy of the tree, in a directory of ours, in which some files have another content."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from seatrial.domain.errors import InspectorError
from seatrial.system.source import SourceFile, Tree
from seatrial.text.encoding import decode, is_utf8
from seatrial.text.lines import split

from .words import Word, without_effect


def lines_of(data: bytes) -> list[str] | None:
    """
    The lines of a file with their ends, None for a binary one.

    Text that is not UTF-16 is read byte by byte, so that it can be written as it was.
    """
    text = data.decode("latin-1") if is_utf8(data) else decode(data)
    return None if text is None else split(text, keep_ends=True)


def disarmed(data: bytes, words: tuple[Word, ...]) -> bytes:
    """A file's content in which the words have no effect."""
    text = "".join(without_effect(lines_of(data) or [], words))
    return text.encode("latin-1" if is_utf8(data) else "utf-8", "replace")


def lay_out(tree: Tree, target: Path, replaced: Mapping[str, bytes | None]) -> Tree:
    """
    Write a tree below an empty directory.

    Args:
        tree: the surveyed one.
        target: the directory.
        replaced: other contents by path; None: the file is left out. What is in their way is left out too.

    Raises:
        InspectorError: the directory cannot be written.
    """
    added = {path: data for path, data in replaced.items() if data is not None}
    folders = {folder for path in added for folder in _folders(path)}
    files = [
        SourceFile(f.path, f.size)
        for f in tree.files
        if f.path not in replaced and f.path not in folders and not added.keys() & set(_folders(f.path))
    ]
    try:
        for file in files:
            _copy(tree, file.path, target / file.path)
        for path, data in added.items():
            _write(target / path, data)
    except OSError as error:
        raise InspectorError(f"a copy of the tree cannot be written: {error.strerror}") from error
    files += [SourceFile(path, len(data)) for path, data in added.items()]
    unread = {path: reason for path, reason in tree.unread.items() if path not in replaced}
    every = tuple(sorted(files, key=lambda f: f.path))
    return replace(tree, root=target, files=every, unread=unread, head="", versioned=False)


def _folders(path: str) -> Iterator[str]:
    while path := path.rpartition("/")[0]:
        yield path


def _copy(tree: Tree, path: str, target: Path) -> None:
    """A hard link where the file system allows it: nothing is written to it afterwards."""
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(tree.root / path, target, follow_symlinks=False)
    except OSError:
        try:
            data = tree.read(path)
        except OSError:
            return  # unreadable there, missing here: both are said of the tree itself
        _write(target, data)


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
