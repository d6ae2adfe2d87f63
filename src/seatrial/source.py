"""
The surveyed tree: which files belong to it, and the only way to read them.

Where there is git, the files are the tracked ones and the untracked ones that are not ignored; elsewhere every
file below the root. Symbolic links are never followed: what they point to is either in the tree itself or none of
our business. What is left out is counted and said (`notes`).
"""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from types import MappingProxyType

from . import git
from .encoding import decode
from .errors import UsageError
from .globs import Globs
from .process import ProcessError

UNVERSIONED_SKIPS = frozenset(
    {".git", ".hg", ".svn", "node_modules", ".venv", "venv", "__pycache__", ".tox", ".nox", ".mypy_cache", ".eggs"}
)
"""Directories that hold no source of the project; only consulted where there is no git to say so."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds on what is read, so that no tree can exhaust us. Files beyond them are noted, never silent."""

    file_size: int = 10 * 1024 * 1024
    """Bytes of one file."""
    files: int = 100_000
    """Files altogether."""


@dataclass(frozen=True, slots=True)
class File:
    """A regular file of the tree."""

    path: str
    """Relative to the root, with `/`; undecodable bytes are kept as surrogates."""
    size: int
    """Bytes."""


@dataclass(frozen=True)
class Tree:
    """A snapshot of what belongs to the survey. Make it with `open_tree`."""

    root: Path
    files: tuple[File, ...]
    """Sorted by path."""
    notes: tuple[str, ...] = ()
    """What was left out, and why: one line each."""
    head: str = ""
    """Full object name of HEAD; empty outside git and before the first commit."""
    versioned: bool = False
    """Whether git listed the files."""
    unread: Mapping[str, str] = field(default_factory=dict)
    """
    Paths that belong to the tree and could not be read, each with the reason: missing from the checkout, no permission,
    too large, a link out of the tree. A directory ends with `/`. What `paths` or `exclude` leave out is not here.
    """

    @cached_property
    def paths(self) -> frozenset[str]:
        """Every path, for look-ups."""
        return frozenset(f.path for f in self.files)

    @property
    def size(self) -> int:
        """Bytes of all files."""
        return sum(f.size for f in self.files)

    @property
    def name(self) -> str:
        """The tree's name for people."""
        return self.root.name or str(self.root)

    def matching(self, patterns: Iterable[str]) -> tuple[File, ...]:
        """The files that match any of the globs (`**` crosses folders; a pattern without `/` matches names)."""
        globs = Globs(patterns)
        return tuple(f for f in self.files if globs.match(f.path))

    def unread_matching(self, patterns: Iterable[str]) -> Mapping[str, str]:
        """
        The unread paths that match any of the globs, with reasons: what `Extent.of` takes as `unjudged`.

        An unread directory may hold anything, so it matches every pattern.
        """
        globs = Globs(patterns)
        return {path: why for path, why in self.unread.items() if path.endswith("/") or globs.match(path)}

    def read(self, path: str) -> bytes:
        """
        The contents of a file.

        Raises:
            OSError: it is gone, unreadable, or no longer a regular file.
        """
        descriptor = os.open(f"{self._root}/{path}", os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        try:
            status = os.fstat(descriptor)
            if not stat.S_ISREG(status.st_mode):
                raise OSError(f"{path} is not a regular file")
            data = os.read(descriptor, status.st_size + 1)  # one call for nearly every file: this is a hot path
            while len(data) < status.st_size and (more := os.read(descriptor, status.st_size - len(data))):
                data += more
            return data[: status.st_size]
        finally:
            os.close(descriptor)

    @cached_property
    def _root(self) -> str:
        """As text: joining `Path`s costs more than opening a small file."""
        return os.fspath(self.root)

    def text(self, path: str) -> str | None:
        """The contents as text, or None if the file is binary. Invalid bytes become replacement characters."""
        return decode(self.read(path))

    @cached_property
    def digest(self) -> str:
        """
        SHA-256 over `<git blob id> <path>` of every file: the same with and without git, the same on every machine.

        Unreadable files count with an id of zeros.
        """
        total = hashlib.sha256()
        for file in self.files:
            total.update(f"{self.content_id(file.path)} {file.path}\n".encode(errors="surrogateescape"))
        return total.hexdigest()

    def content_id(self, path: str) -> str:
        """The id that git gives to a file's content (SHA-1 repositories), read once; zeros if it cannot be read."""
        if path not in self._ids:
            try:
                data = self.read(path)
            except OSError:
                self._ids[path] = "0" * 40
            else:
                self._ids[path] = hashlib.sha1(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()
        return self._ids[path]

    @cached_property
    def _ids(self) -> dict[str, str]:
        return {}


def open_tree(
    root: Path,
    *,
    paths: Sequence[str] = (),
    exclude: Sequence[str] = (),
    limits: Limits | None = None,
    listing: Sequence[str] | None = None,
) -> Tree:
    """
    Take stock of a directory.

    Args:
        root: the directory to survey.
        paths: if given, only files that match one of these globs belong.
        exclude: files that match one of these globs do not belong.
        limits: bounds; the defaults suit almost every repository.
        listing: the files that belong, where somebody else knows them: then nobody asks git, nor looks for others.

    Raises:
        UsageError: it is not a readable directory, or none of `paths` matches anything.
    """
    limits = limits or Limits()
    root = _directory(root)
    repository = git.discover(root) if listing is None else None
    notes = _Notes()
    if listing is None:
        listing = _listing(root, notes, versioned=repository is not None)
    chosen = list(
        _select(root, listing, Globs(paths) if paths else None, Globs(exclude) if exclude else None, limits, notes)
    )
    if paths and not chosen:
        raise UsageError(f"no file matches {', '.join(paths)}", where="paths", remedy="check the globs")
    chosen.sort(key=lambda f: f.path)
    if len(chosen) > limits.files:
        for file in chosen[limits.files :]:
            notes.unread(f"beyond the limit of max_files ({limits.files:,} files)", file.path)
        chosen = chosen[: limits.files]
    return Tree(
        root=root,
        files=tuple(chosen),
        notes=notes.lines(),
        unread=MappingProxyType(dict(sorted(notes.paths.items()))),
        head=_head(root) if repository else "",
        versioned=repository is not None,
    )


def _listing(root: Path, notes: _Notes, *, versioned: bool) -> list[str]:
    """The paths that may belong: git's word where there is a repository, else everything."""
    if not versioned:
        if not git.there():
            notes.say("git is not installed, so files that it ignores are surveyed too")
        return list(_walk(root))
    try:
        return list(git.files(root))
    except ProcessError as error:
        raise UsageError(
            f"git cannot list the files: {error}", where=str(root), remedy="run `git status` there and mend that"
        ) from error


def _head(root: Path) -> str:
    try:
        return git.head(root)
    except ProcessError as error:
        raise UsageError(str(error), where=str(root), remedy="run `git status` there and mend that") from error


def _directory(root: Path) -> Path:
    try:
        root = root.resolve(strict=True)
        if not root.is_dir():
            raise UsageError("is a file, not a directory", where=str(root), remedy="name the repository's directory")
        os.scandir(root).close()
    except (FileNotFoundError, RuntimeError) as error:
        raise UsageError("no such directory", where=str(root)) from error
    except PermissionError as error:
        raise UsageError("permission denied", where=str(root)) from error
    return root


def _walk(root: Path) -> Iterator[str]:
    """Every path below a directory that is not under version control, without recursion on its depth."""
    pending = [""]
    while pending:
        folder = pending.pop()
        try:
            entries = sorted(os.scandir(root / folder), key=lambda e: e.name)
        except OSError:
            yield folder.rstrip("/")
            continue
        for entry in entries:
            if not entry.is_dir(follow_symlinks=False):
                yield folder + entry.name
            elif entry.name not in UNVERSIONED_SKIPS:
                pending.append(f"{folder}{entry.name}/")
            else:
                yield f"{folder}{entry.name}/"


class _Notes:
    """What is left out: counted by reason with one example each, and by path where it belongs to the tree."""

    def __init__(self) -> None:
        self._seen: dict[str, tuple[int, str]] = {}
        self.paths: dict[str, str] = {}
        """The reason of each path that belongs to the tree and cannot be read."""
        self._said: list[str] = []

    def add(self, reason: str, path: str, count: int = 1) -> None:
        """Count what does not belong to the survey."""
        total, example = self._seen.get(reason, (0, path))
        self._seen[reason] = (total + count, min(example, path))

    def say(self, sentence: str) -> None:
        """Note what is about no path."""
        self._said.append(sentence)

    def unread(self, reason: str, path: str) -> None:
        """Count what belongs to the survey, and cannot be read."""
        self.add(reason, path)
        self.paths[path] = reason

    def lines(self) -> tuple[str, ...]:
        return (
            *self._said,
            *(
                f"{count} {'path' if count == 1 else 'paths'} not surveyed: {reason} (for instance {example})"
                for reason, (count, example) in sorted(self._seen.items())
            ),
        )


def _select(
    root: Path, listing: Iterable[str], wanted: Globs | None, unwanted: Globs | None, limits: Limits, notes: _Notes
) -> Iterator[File]:
    top, me = os.fspath(root), os.geteuid()
    for path in listing:
        if path.endswith("/"):
            notes.add("directories of dependencies and caches", path)
        elif (wanted and not wanted.match(path)) or (unwanted and unwanted.match(path)):
            notes.add("left out by `paths` or `exclude`", path)
        elif file := _regular(top, path, me, limits, notes):
            yield file


def _regular(root: str, path: str, me: int, limits: Limits, notes: _Notes) -> File | None:
    full = f"{root}/{path}"
    try:
        status = os.lstat(full)
    except (FileNotFoundError, NotADirectoryError):
        notes.unread("missing from the work tree", path)
        return None
    except OSError as error:
        notes.unread(f"unreadable ({error.strerror})", path)
        return None
    mode = status.st_mode
    if stat.S_ISLNK(mode):
        _link(Path(root), path, notes)
    elif stat.S_ISDIR(mode):
        notes.add("git submodules and nested repositories", path)
    elif not stat.S_ISREG(mode):
        notes.unread("neither a file nor a directory", path)
    elif status.st_size > limits.file_size:
        notes.unread(f"larger than max_file_size ({limits.file_size:,} bytes)", path)
    elif not (status.st_uid == me and mode & stat.S_IRUSR) and not os.access(full, os.R_OK):  # asking costs a call
        notes.unread("unreadable (Permission denied)", path)
    else:
        return File(path, status.st_size)
    return None


def _link(root: Path, path: str, notes: _Notes) -> None:
    try:
        inside = (root / path).resolve().is_relative_to(root)
    except (OSError, RuntimeError):
        inside = False
    if inside:
        notes.add("symbolic links inside the tree", path)
    else:
        notes.unread("symbolic links that leave the tree", path)
