"""
Versions of a repository as a clone has them, one after the other in one directory of ours: to be run, not only read.

Contents are read as git's objects or from the work tree, and written as plain files. No hook, attribute or filter of
the repository takes part, and no link leads out of the directory.
"""

from __future__ import annotations

import contextlib
import os
import posixpath
import shutil
import stat
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from seatrial.domain.errors import InspectorError
from seatrial.system import git

from . import files
from .revision import Revision

MOST = 1024 * 1024 * 1024
"""Bytes of one version."""
FILE, PROGRAM, LINK = 0o644, 0o755, 0
"""Modes of a plain file; git knows no others."""


@dataclass(frozen=True, slots=True)
class PlainFile:
    """One file of a version."""

    path: str
    data: bytes
    """What is in it; of a link where it leads."""
    mode: int = FILE


def of_commit(revision: Revision) -> Iterator[PlainFile]:
    """
    The files of a commit.

    Raises:
        ProcessError: git failed.
        InspectorError: an object is missing, or it has submodules or is too large.
    """
    yield from (PlainFile(path, data, mode) for path, data, mode in files.versioned(revision, MOST))


def of_work_tree(root: Path, without: Path) -> Iterator[PlainFile]:
    """
    The files of a work tree that git tracks or does not ignore, as they are now.

    Args:
        root: the directory.
        without: a directory that does not belong: our own reports.

    Raises:
        ProcessError: git failed.
        InspectorError: it has submodules, or is too large.
    """
    listing = git.listing(root)
    if listing.submodules or any(path.endswith("/") for path in listing.untracked):
        raise InspectorError("the repository has submodules or nested repositories, whose files no commit has")
    left = MOST
    for path in (*listing.tracked, *listing.untracked):
        place = root / path
        if place.is_relative_to(without) or not files.harmless(path):
            continue
        with contextlib.suppress(FileNotFoundError, NotADirectoryError):  # deleted, and not committed yet
            one = _read(place, path)
            left -= len(one.data) if one is not None else 0
            if left < 0:
                raise InspectorError(f"the work tree is larger than {MOST:,} bytes")
            if one is not None:
                yield one


def some(root: Path, paths: Iterable[str]) -> Iterator[PlainFile]:
    """Files that no version has, such as `.env`; what is not a plain file within the directory is left out."""
    top = root.resolve()
    for path in paths:
        with contextlib.suppress(OSError):
            place = (root / path).resolve(strict=True)
            if files.harmless(path) and place.is_relative_to(top) and place.is_file():
                yield PlainFile(path, place.read_bytes(), _mode(place.stat().st_mode))


def _read(place: Path, path: str) -> PlainFile | None:
    facts = place.lstat()
    if stat.S_ISLNK(facts.st_mode):
        return PlainFile(path, os.fsencode(place.readlink()), LINK)
    if not stat.S_ISREG(facts.st_mode):
        return None
    return PlainFile(path, place.read_bytes(), _mode(facts.st_mode))


def _mode(mode: int) -> int:
    return PROGRAM if mode & 0o100 else FILE


class Clone:
    """A directory that becomes one version after the other, as by `git checkout`: what is the same is not touched."""

    def __init__(self, root: Path) -> None:
        """
        Begin with an empty directory.

        Args:
            root: the directory, which does not exist yet.
        """
        self.root = root
        self._paths: set[str] = set()

    def become(self, version: Iterable[PlainFile], kept: Collection[PlainFile] = ()) -> None:
        """
        Write a version, and remove what only the one before had.

        Args:
            version: its files.
            kept: files that no version has, and that are there all the time.

        Raises:
            InspectorError: it cannot be written.
            ProcessError: it cannot be read.
        """
        written: set[str] = set()
        try:
            self.root.mkdir(parents=True, exist_ok=True)
            self.root.chmod(0o755)
            for one in kept:
                self._write(one)
                written.add(one.path)
            for one in version:
                if one.path not in written and self._write(one):
                    written.add(one.path)
            for path in self._paths - written:
                with contextlib.suppress(FileNotFoundError, NotADirectoryError, IsADirectoryError):
                    if self._is_inside(path):
                        (self.root / path).unlink()
        except OSError as error:
            raise InspectorError(f"a clean copy cannot be written: {error.strerror}") from error
        self._paths = written

    def _is_inside(self, path: str) -> bool:
        """Whether every folder above a path is a real one."""
        above = posixpath.dirname(path)
        return not above or (self._is_inside(above) and stat.S_ISDIR((self.root / above).lstat().st_mode))

    def _write(self, one: PlainFile) -> bool:
        place = self.root / one.path
        self._make_folder(posixpath.dirname(one.path))
        if one.mode == LINK and not _stays_inside(one):
            return False
        if place.is_dir() and not place.is_symlink():
            shutil.rmtree(place)
        elif _is_the_same(place, one):
            return True
        place.unlink(missing_ok=True)
        if one.mode == LINK:
            place.symlink_to(os.fsdecode(one.data))
            return True
        descriptor = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, one.mode)
        with os.fdopen(descriptor, "wb") as file:
            file.write(one.data)
            os.fchmod(descriptor, one.mode)
        return True

    def _make_folder(self, path: str) -> None:
        """A real folder: what was a file or a link in the version before is replaced."""
        if not path:
            return
        self._make_folder(posixpath.dirname(path))
        place = self.root / path
        if place.is_symlink() or place.is_file():
            place.unlink()
        if not place.exists():
            place.mkdir()
            place.chmod(0o755)


def _is_the_same(place: Path, one: PlainFile) -> bool:
    try:
        here = _read(place, one.path)
    except FileNotFoundError:
        return False
    return here == one


def _stays_inside(link: PlainFile) -> bool:
    """Whether a link leads to something below the directory."""
    target = os.fsdecode(link.data)
    path = posixpath.normpath(posixpath.join(posixpath.dirname(link.path), target))
    return bool(target) and not target.startswith("/") and path != ".." and not path.startswith("../")
