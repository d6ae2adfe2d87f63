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

from seatrial.domain.errors import UsageError
from seatrial.text.encoding import decode
from seatrial.text.globs import Globs

from . import git, listing
from .listing import FileListing
from .process import ProcessError

TOO_LARGE = "larger than max_file_size ({:,} bytes)"
TOO_MANY = "beyond the limit of max_files ({:,} files)"
_MISSING = "missing from the work tree"
_SPARSE = "left out by a sparse checkout"


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds on what is read, so that no tree can exhaust us. Files beyond them are noted, never silent."""

    file_size: int = 10 * 1024 * 1024
    """Bytes of one file."""
    files: int = 100_000
    """Files altogether."""


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A regular file of the tree."""

    path: str
    """Relative to the root, with `/`; undecodable bytes are kept as surrogates."""
    size: int
    """Bytes."""


@dataclass(frozen=True)
class Tree:
    """A snapshot of what belongs to the survey. Make it with `open_tree`."""

    root: Path
    files: tuple[SourceFile, ...]
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
    others: tuple[str, ...] = ()
    """
    Folders of other repositories, submodules and nested ones, sorted. Nothing in them is surveyed. What `exclude`
    leaves out is not here.
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

    def matching(self, patterns: Iterable[str]) -> tuple[SourceFile, ...]:
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
    known: FileListing | None = None,
) -> Tree:
    """
    Take stock of a directory.

    Args:
        root: the directory to survey.
        paths: if given, only files that match one of these globs belong.
        exclude: files that match one of these globs do not belong.
        limits: bounds; the defaults suit almost every repository.
        known: the paths that may belong, if the caller knows them; then neither git nor the file system is asked.

    Raises:
        UsageError: it is not a readable directory, or none of `paths` matches anything.
    """
    limits = limits or Limits()
    root = _directory(root)
    repository = git.discover(root) if known is None else None
    notes = _Notes()
    if known is None:
        known = listing.of(root, versioned=repository is not None)
    wanted, unwanted = Globs(paths) if paths else None, Globs(exclude) if exclude else None
    chosen = list(_Selection(root, known, wanted, unwanted, limits, notes))
    if paths and not chosen:
        raise UsageError(f"no file matches {', '.join(paths)}", where="paths", remedy="check the globs")
    chosen.sort(key=lambda f: f.path)
    if len(chosen) > limits.files:
        for file in chosen[limits.files :]:
            notes.unread(TOO_MANY.format(limits.files), file.path)
        chosen = chosen[: limits.files]
    return Tree(
        root=root,
        files=tuple(chosen),
        notes=notes.lines(),
        unread=MappingProxyType(dict(sorted(notes.paths.items()))),
        others=tuple(sorted(p for p in known.others if not (unwanted and unwanted.match(f"{p}/any")))),
        head=_head(root) if repository else "",
        versioned=repository is not None,
    )


def _head(root: Path) -> str:
    try:
        return git.head(root)
    except ProcessError as error:
        raise UsageError(
            str(error), where=str(root), remedy="run `git status` there and fix what it reports"
        ) from error


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


class _Selection:
    """The files that are surveyed, of those that may belong. What is left out goes to the notes."""

    def __init__(
        self,
        root: Path,
        known: FileListing,
        wanted: Globs | None,
        unwanted: Globs | None,
        limits: Limits,
        notes: _Notes,
    ) -> None:
        self._root, self._top, self._me = root, os.fspath(root), os.geteuid()
        self._known, self._limits, self._notes = known, limits, notes
        self._wanted, self._unwanted = wanted, unwanted
        self._real: dict[str, bool] = {"": True}

    def __iter__(self) -> Iterator[SourceFile]:
        self._remark()
        for path in self._known.paths:
            if (self._wanted and not self._wanted.match(path)) or (self._unwanted and self._unwanted.match(path)):
                self._notes.add("left out by `paths` or `exclude`", path)
            elif not self._is_real(path.rpartition("/")[0]):
                self._notes.unread("below a symbolic link", path)
            elif file := self._regular(path):
                yield file

    def _remark(self) -> None:
        """Note what is known to be left out."""
        notes, known = self._notes, self._known
        for sentence in known.remarks:
            notes.say(sentence)
        for path in known.skipped:
            notes.add("directories of dependencies and caches", f"{path}/")
        for path in known.others:
            notes.add("git submodules and nested repositories", path)
        for path in known.excluded:
            notes.add("ignored by .git/info/exclude", path)
        for path, reason in known.unread.items():
            if not (self._unwanted and self._unwanted.match(f"{path}/any" if path.endswith("/") else path)):
                notes.unread(reason, path)

    def _is_real(self, folder: str) -> bool:
        """Whether no part of a folder's path is a link: a file below one lies elsewhere, perhaps outside the tree."""
        unknown, place = [], folder
        while place not in self._real:
            unknown.append(place)
            place = place.rpartition("/")[0]
        for place in reversed(unknown):
            above = place.rpartition("/")[0]
            self._real[place] = self._real[above] and not Path(self._top, place).is_symlink()
        return self._real[folder]

    def _regular(self, path: str) -> SourceFile | None:
        full, unread = f"{self._top}/{path}", self._notes.unread
        try:
            status = os.lstat(full)
        except (FileNotFoundError, NotADirectoryError):
            unread(_SPARSE if path in self._known.sparse else _MISSING, path)
            return None
        except OSError as error:
            unread(f"unreadable ({error.strerror})", path)
            return None
        mode = status.st_mode
        if stat.S_ISLNK(mode):
            self._link(path)
        elif stat.S_ISDIR(mode):
            unread("replaced by a directory", path)
        elif not stat.S_ISREG(mode):
            unread("neither a file nor a directory", path)
        elif status.st_size > self._limits.file_size:
            unread(TOO_LARGE.format(self._limits.file_size), path)
        elif not (status.st_uid == self._me and mode & stat.S_IRUSR) and not os.access(full, os.R_OK):  # costs a call
            unread("unreadable (Permission denied)", path)
        else:
            return SourceFile(path, status.st_size)
        return None

    def _link(self, path: str) -> None:
        try:
            target = (self._root / path).resolve(strict=True)
        except (OSError, RuntimeError):
            self._notes.unread("symbolic links that cannot be followed", path)
            return
        if not target.is_relative_to(self._root):
            self._notes.unread("symbolic links that leave the tree", path)
        elif target == self._root or self._known.covers(os.fspath(target.relative_to(self._root))):
            self._notes.add("symbolic links inside the tree", path)
        else:
            self._notes.unread("symbolic links to what is not surveyed", path)
