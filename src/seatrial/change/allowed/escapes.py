"""
Files that a change takes out of the survey: their content is judged as if they were still in it.

A file leaves the survey if it grows over `max_file_size`, moves to an excluded path, or becomes ignored. It also
leaves the survey if a link or a submodule takes its place. A file that moves among tests or examples stays, and its
findings weigh less. What is deleted is gone, and hides nothing.
"""

from __future__ import annotations

import hashlib
import os
import stat
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from seatrial.domain.allowance import AllowanceKind
from seatrial.inspectors import path_roles
from seatrial.settings import Settings
from seatrial.system import listing
from seatrial.system.base import files as base_files
from seatrial.system.base.revision import Revision
from seatrial.system.source import TOO_MANY, Limits, Tree
from seatrial.text.encoding import unreadable
from seatrial.text.globs import Globs

_LARGER = 4
"""Times `max_file_size`: a file up to this size is judged after all."""
_LARGEST = 64 * 1024 * 1024  # bytes of such a file, however large `max_file_size` is
_TOGETHER = 256 * 1024 * 1024  # bytes of all such files
_MOST = 10_000  # files that are judged after all
_PAIRS = 20_000  # of a file that is gone and a new one, compared line by line
_COMPARED = 1024 * 1024  # bytes of a file that is compared line by line
_SIMILAR = 0.5
"""Least share of common lines of a moved file, as in `git diff --find-renames`."""
_PYTHON = frozenset({"python"})


@dataclass(frozen=True, slots=True)
class Escape:
    """One file with the content that is judged."""

    kind: AllowanceKind
    at: str
    """Where the content is in the change."""
    data: bytes = field(repr=False)
    inspectors: frozenset[str] | None = None
    """Names of those that no longer see it; None: all."""

    def reason(self, path: str) -> str:
        """
        What took it out of the survey, for a reviewer.

        Args:
            path: where it is judged.
        """
        match self.kind:
            case AllowanceKind.SIZE:
                return f"{len(self.data):,} bytes are more than max_file_size"
            case AllowanceKind.NUMBER:
                return "there are more files than max_files"
            case AllowanceKind.LINK:
                return f"{path} is a link to it" if path != self.at else "a link replaced its folder"
            case AllowanceKind.SUBMODULE:
                return "another repository replaced its folder"
            case AllowanceKind.IGNORED:
                return "git no longer tracks it"
            case _:
                return f"it was {path}"


@dataclass(frozen=True, slots=True)
class Escapes:
    """What left the survey."""

    judged: Mapping[str, Escape] = field(default_factory=dict)
    """By the path that it had: this is how it is judged."""
    lost: Mapping[str, str] = field(default_factory=dict)
    """Paths whose content cannot be had, each with the reason."""
    unread: frozenset[str] = frozenset()
    """Paths that the survey has and could not read, and whose content is not the base's. Not what is missing here."""


def of_change(tree: Tree, revision: Revision, settings: Settings) -> Escapes:
    """
    The files that the base's survey would have and this one lacks.

    Args:
        tree: the surveyed one.
        revision: the base.
        settings: whose `paths`, `exclude` and limits are the base's.

    Raises:
        ProcessError: git failed.
        UsageError: git cannot list the files.
        InspectorError: an object of the base is missing.
    """
    return _EscapeSearch(tree, revision, settings).run()


class _EscapeSearch:
    def __init__(self, tree: Tree, revision: Revision, settings: Settings) -> None:
        self._tree, self._revision = tree, revision
        self._limits = Limits(settings.max_file_size, settings.max_files)
        self._wanted = Globs(settings.paths) if settings.paths else None
        self._unwanted = Globs(settings.exclude) if settings.exclude else None
        self._reports = _below(settings.report_dir, tree.root)
        self._blobs = base_files.blobs(revision)
        self._links = base_files.links(revision)
        self._known = listing.of(tree.root, versioned=tree.versioned)
        self._judged: dict[str, Escape] = {}
        self._lost: dict[str, str] = {}
        self._left = _TOGETHER
        self._full = False  # whether the base has more files than are surveyed

    def run(self) -> Escapes:
        sizes = base_files.sizes(self._revision)
        every = sorted(path for path, size in sizes.items() if size <= self._limits.file_size and self._belongs(path))
        self._full = len(every) > self._limits.files
        before = every[: self._limits.files]
        gone = [path for path in before if path not in self._tree.paths and not self._still_there(path)]
        for path in sorted(self._tree.unread.keys() - self._blobs.keys()):
            if not path.endswith("/") and self._belongs(path):
                self._large(path)
        for path in self._known.paths:
            if path not in self._tree.paths and self._belongs(path):
                self._new_link(path)
        self._moves(gone)
        return Escapes(self._judged, self._lost, frozenset(filter(self._is_changed, self._tree.unread)))

    def _is_changed(self, path: str) -> bool:
        """Whether something is at an unread path, and it is not what the base has there."""
        there = os.path.lexists(self._tree.root / path)
        return there and self._blobs.get(path) != self._tree.content_id(path)

    def _belongs(self, path: str) -> bool:
        """Whether the policy of the base lets a path be surveyed."""
        if self._reports and f"{path}/".startswith(f"{self._reports}/"):
            return False
        wanted = self._wanted is None or self._wanted.match(path)
        return wanted and not (self._unwanted is not None and self._unwanted.match(path))

    def _still_there(self, path: str) -> bool:
        """Whether a file of the base has content in the change, though it is not surveyed; then it is noted."""
        place = self._tree.root / path
        kind = self._kind(path)
        try:
            status = place.stat()
        except OSError:
            if kind is AllowanceKind.SUBMODULE:
                self._lost[path] = "replaced by a submodule"
            elif place.is_symlink():
                self._lost[path] = "a symbolic link that cannot be followed"
            return path in self._lost or path in self._known.sparse
        if stat.S_ISDIR(status.st_mode) and not place.is_symlink():
            return False  # the file is deleted, and a folder has its name
        target = self._inside(place)
        if target is None:
            self._lost[path] = "a symbolic link out of the tree"
        elif not stat.S_ISREG(status.st_mode):
            self._lost[path] = "not a regular file"
        elif not self._known_place(target) and kind is AllowanceKind.LINK:
            self._lost[path] = "a symbolic link to what is in no commit"
        else:
            self._take(path, kind, target)
        return True

    def _kind(self, path: str) -> AllowanceKind:
        """Why a file of the base that is still there is not surveyed."""
        folders = tuple(_folders(path))
        if any(folder in self._known.others for folder in (*folders, path)):
            return AllowanceKind.SUBMODULE
        if any((self._tree.root / place).is_symlink() for place in (*folders, path)):
            return AllowanceKind.LINK
        if path in self._tree.unread:
            return AllowanceKind.NUMBER if self._beyond(path) else AllowanceKind.SIZE
        return AllowanceKind.IGNORED

    def _beyond(self, path: str) -> bool:
        """Whether a path is unread only because there are so many files."""
        return self._tree.unread.get(path) == TOO_MANY.format(self._limits.files)

    def _inside(self, place: Path) -> str | None:
        """The path that a place really has in the tree; None outside the tree, and in git's own directory."""
        try:
            real = place.resolve(strict=True)
        except (OSError, RuntimeError):
            return None
        if not real.is_relative_to(self._tree.root) or real == self._tree.root:
            return None
        inside = real.relative_to(self._tree.root)
        return None if ".git" in (part.lower() for part in inside.parts) else os.fspath(inside)

    def _known_place(self, target: str) -> bool:
        return self._known.covers(target)

    def _take(self, path: str, kind: AllowanceKind, target: str, inspectors: frozenset[str] | None = None) -> None:
        """Judge the content of a target as that of a path, as far as there is room."""
        most = min(_LARGER * self._limits.file_size, max(_LARGEST, self._limits.file_size), self._left)
        try:
            size = (self._tree.root / target).lstat().st_size
            if size > most:
                self._lost[path] = f"larger than {most:,} bytes"
                return
            data = self._tree.read(target)
        except OSError as error:
            self._lost[path] = f"unreadable ({error.strerror or 'changed meanwhile'})"
            return
        if len(self._judged) >= _MOST:
            self._lost[path] = f"more than {_MOST:,} files left the survey"
            return
        self._left -= len(data)
        if target in self._tree.paths and kind is AllowanceKind.LINK and _name(path) == _name(target):
            return  # judged there, by the same name
        if self._free(path):
            self._judged[path] = Escape(kind, target, data, inspectors)
        elif self._free(target):
            self._judged[target] = Escape(kind, target, data, inspectors)

    def _free(self, path: str) -> bool:
        """Whether a copy of the tree has room for a file at a path: no file is there, and none has a folder's place."""
        taken = self._tree.paths | self._judged.keys()
        if any(folder in taken for folder in (*_folders(path), path)):
            return False
        return not any(other.startswith(f"{path}/") for other in taken)

    def _large(self, path: str) -> None:
        """A new file beyond one of the limits."""
        try:
            status = (self._tree.root / path).lstat()
        except OSError:
            return
        most = min(_LARGER * self._limits.file_size, max(_LARGEST, self._limits.file_size), self._left)
        fits = (self._beyond(path) and not self._full) or self._limits.file_size < status.st_size
        if stat.S_ISREG(status.st_mode) and fits and status.st_size <= most and len(self._judged) < _MOST:
            try:
                if unreadable(self._tree.read(path)):
                    return
            except OSError:
                return
            self._take(path, self._kind(path), path)

    def _new_link(self, path: str) -> None:
        """A link that the base does not have, to a file that has another name."""
        place = self._tree.root / path
        if path in self._judged or path in self._lost or path in self._blobs or not place.is_symlink():
            return
        if self._links.get(path) == _blob(os.fsencode(os.readlink(place))):  # noqa: PTH115 - bytes as git has them
            return
        target = self._inside(place)
        if target is not None and (self._tree.root / target).is_file() and self._known_place(target):
            self._take(path, AllowanceKind.LINK, target)

    def _moves(self, gone: Sequence[str]) -> None:
        """Files that moved to where fewer inspectors look, or where findings weigh less."""
        new = [path for path in self._known.paths if path not in self._blobs and self._regular(path)]
        if not gone or not new:
            return
        for path, target in _pairs(self._tree, self._revision, gone, new, self._blobs, self._limits):
            if target not in self._tree.paths:
                if target not in self._tree.unread:
                    self._take(path, AllowanceKind.EXCLUDED, target)
            elif path.casefold() == target.casefold():
                self._take(path, AllowanceKind.RENAMED, target)
            elif path_roles.weighs_less(path, target):
                self._take(path, AllowanceKind.WEAKENED, target)
            elif path.endswith(".py"):  # bandit leaves out folders by their names
                self._take(path, AllowanceKind.EXCLUDED, target, _PYTHON)

    def _regular(self, path: str) -> bool:
        try:
            return stat.S_ISREG((self._tree.root / path).lstat().st_mode)
        except OSError:
            return False


def _below(directory: Path, root: Path) -> str:
    """The path of our own reports in the tree; empty if they lie elsewhere."""
    place = directory.resolve()
    return place.relative_to(root).as_posix() if place.is_relative_to(root) and place != root else ""


def _pairs(
    tree: Tree,
    revision: Revision,
    gone: Sequence[str],
    new: Sequence[str],
    blobs: Mapping[str, str],
    limits: Limits,
) -> Iterator[tuple[str, str]]:
    """Each file that is gone with the new one that has its content, or most of its lines."""
    by_content: dict[str, list[str]] = {}
    for path in new:
        by_content.setdefault(tree.content_id(path), []).append(path)
    rest, taken = [], set()
    for path in gone:
        same = next((other for other in by_content.get(blobs[path], ()) if other not in taken), None)
        if same is None:
            rest.append(path)
        else:
            taken.add(same)
            yield path, same
    free = [path for path in new if path not in taken]
    before = base_files.contents(revision, frozenset(rest), limits)
    lines_of_new = {path: _lines(_read(tree, path)) for path in free}
    lines_of_gone = {path: _lines(data) for path, data in before.items()}
    many = len(rest) * len(free) > _PAIRS
    ranked = sorted(
        (
            (share, path, other)
            for path in lines_of_gone
            for other in free
            if not many or _name(path).casefold() == _name(other).casefold()
            if (share := _common(lines_of_gone[path], lines_of_new[other])) >= _SIMILAR
        ),
        key=lambda one: (-one[0], one[1], one[2]),
    )
    matched: set[str] = set()
    for _, path, other in ranked:
        if path not in matched and other not in taken:
            matched.add(path)
            taken.add(other)
            yield path, other


def _read(tree: Tree, path: str) -> bytes:
    try:
        return tree.read(path)
    except OSError:
        return b""


def _lines(data: bytes) -> Counter[bytes]:
    if len(data) > _COMPARED:
        return Counter()
    ends = data.replace(b"\r", b"\n").split(b"\n")
    return Counter(stripped for line in ends if (stripped := line.strip()))


def _common(one: Counter[bytes], other: Counter[bytes]) -> float:
    largest = max(one.total(), other.total())
    return (one & other).total() / largest if largest else 0.0


def _folders(path: str) -> Iterator[str]:
    while path := path.rpartition("/")[0]:
        yield path


def _name(path: str) -> str:
    return path.rpartition("/")[2]


def _blob(data: bytes) -> str:
    """The id that git gives to bytes."""
    return hashlib.sha1(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()
