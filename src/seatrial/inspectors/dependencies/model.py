"""What manifests and locks say."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from seatrial.domain import Location

_PYPI = re.compile(r"[-_.]+")

PackageKey = tuple[str, str, str]
"""Ecosystem, name as its registry compares it, version: what a database is asked by."""


@dataclass(frozen=True, slots=True)
class Package:
    """One package at one version, named in one file."""

    ecosystem: str
    """As OSV names it: `PyPI`, `npm`, `Go`, `crates.io`, `Maven`, `RubyGems`, `Packagist`, `NuGet`."""
    name: str
    version: str
    at: Location
    licence: str = ""
    """SPDX expression, where the lock has it."""
    abandoned: str = ""
    """What its makers say who gave it up, where the lock has it."""

    @property
    def key(self) -> PackageKey:
        """What a database is asked by."""
        return self.ecosystem, normal(self.ecosystem, self.name), self.version


@dataclass(frozen=True, slots=True)
class Open:
    """A dependency whose version cannot be known from the file."""

    ecosystem: str
    name: str
    wanted: str
    """The range, as written; empty: any."""
    at: Location


@dataclass(frozen=True, slots=True)
class Unmeasured:
    """A dependency that no database can be asked about: it comes from elsewhere than its ecosystem's registry."""

    ecosystem: str
    name: str
    reason: str
    """Why: `from version control`, `from an address`."""
    at: Location
    provided: bool = False
    """Whether the user of the project provides it: then its lock need not name it."""


@dataclass(frozen=True, slots=True)
class Listed:
    """What one file says."""

    path: str
    packages: tuple[Package, ...] = ()
    open: tuple[Open, ...] = ()
    unhashed: tuple[Package, ...] = ()
    """Of a file of which some lines have a hash: those that have none."""
    lock: bool = False
    """Whether it names everything that is installed, dependencies of dependencies included."""
    problem: str = ""
    """Why it, or a part of it, could not be read."""
    unmeasured: tuple[Unmeasured, ...] = ()
    own: frozenset[str] = frozenset()
    """Names in a lock that are the repository's own: its projects and the members of its workspace."""
    tells_upkeep: bool = False
    """Whether the format says which packages their makers gave up (deprecated, abandoned)."""

    def __bool__(self) -> bool:
        """Whether it names anything."""
        return bool(self.packages or self.open or self.unmeasured or self.own)

    def names(self) -> Iterator[tuple[str, str]]:
        """Ecosystem and normal name of all that it names."""
        every: tuple[Package | Open | Unmeasured, ...] = (*self.packages, *self.open, *self.unmeasured)
        for one in every:
            yield one.ecosystem, normal(one.ecosystem, one.name)

    def without(self, covered: Callable[[str, str], bool]) -> Listed:
        """The same without the dependencies that another file covers, by ecosystem and normal name."""

        def left(one: Package | Open | Unmeasured) -> bool:
            return not covered(one.ecosystem, normal(one.ecosystem, one.name))

        return Listed(
            self.path, tuple(filter(left, self.packages)), tuple(filter(left, self.open)),
            tuple(filter(left, self.unhashed)), self.lock, self.problem, tuple(filter(left, self.unmeasured)),
            self.own, self.tells_upkeep,
        )  # fmt: skip


@dataclass
class Gathered:
    """What a parser has found so far in one file."""

    path: str
    packages: dict[tuple[PackageKey, int], Package] = field(default_factory=dict)
    open: dict[tuple[str, str, str, int], Open] = field(default_factory=dict)
    unmeasured: dict[tuple[str, str, int], Unmeasured] = field(default_factory=dict)
    problems: dict[str, None] = field(default_factory=dict)
    own: set[str] = field(default_factory=set)

    def package(
        self, ecosystem: str, name: str, version: str, at: Location, *, licence: str = "", abandoned: str = ""
    ) -> Package:
        """A package at one version. One without a name or a version can be looked up nowhere, and is a problem."""
        if not name.strip() or not version.strip():
            self.problem("an entry has no name or no version")
        one = Package(ecosystem, name, version, at, licence, abandoned)
        return self.packages.setdefault((one.key, at.line), one)

    def range(self, ecosystem: str, name: str, wanted: str, at: Location) -> None:
        """A dependency without one version."""
        self.open.setdefault((ecosystem, name, wanted, at.line), Open(ecosystem, name, wanted[:80], at))

    def elsewhere(self, ecosystem: str, name: str, reason: str, at: Location) -> None:
        """A dependency that no database can be asked about."""
        self.unmeasured.setdefault((ecosystem, name, at.line), Unmeasured(ecosystem, name[:120], reason, at))

    def provided(self, ecosystem: str, name: str, at: Location) -> None:
        """A dependency that the user of the project provides, at a version of their choice."""
        reason = "a peer dependency, whose version its user chooses"
        self.unmeasured.setdefault((ecosystem, name, at.line), Unmeasured(ecosystem, name, reason, at, provided=True))

    def problem(self, reason: str) -> None:
        """A part of the file that could not be read."""
        self.problems[reason] = None

    def listed(
        self, *, lock: bool = False, unhashed: Iterable[Package] = (), once: bool = False, tells_upkeep: bool = False
    ) -> Listed:
        """
        All of it.

        Args:
            lock: whether the file is a lock.
            unhashed: packages without a hash, where others have one.
            once: name each package at its first place only.
            tells_upkeep: whether the format says which packages were given up.
        """
        packages = tuple(one for one in self.packages.values() if one.name.strip() and one.version.strip())
        if once:
            packages = tuple({one.key: one for one in reversed(packages)}.values())[::-1]
        return Listed(
            self.path, packages, tuple(self.open.values()), tuple(unhashed), lock, "; ".join(self.problems),
            tuple(self.unmeasured.values()), frozenset(self.own), tells_upkeep,
        )  # fmt: skip


@dataclass(frozen=True)
class Manifest:
    """A file that a parser reads, and its neighbours in the tree."""

    path: str
    text: str
    neighbour: Callable[[str], str | None] = field(default=lambda _: None, repr=False)
    """The text of another file of the tree by its path; None if it is not there or cannot be read."""
    paths: frozenset[str] = frozenset()
    """Every path of the tree."""

    @property
    def folder(self) -> str:
        """The folder that it is in; empty for the root."""
        return posixpath.dirname(self.path)

    @property
    def name(self) -> str:
        """The file's name."""
        return posixpath.basename(self.path)

    def above(self, *names: str) -> Iterator[tuple[str, str]]:
        """Path and text of files of these names in its folder and the folders above, the nearest first."""
        folder = self.folder
        while True:
            for name in names:
                path = posixpath.join(folder, name)
                if path in self.paths and path != self.path and (text := self.neighbour(path)) is not None:
                    yield path, text
            if not folder:
                return
            folder = posixpath.dirname(folder)


def inside(folder: str, reference: str) -> str | None:
    """The path that a reference from a folder of the tree means; None if it leaves the tree."""
    if reference.startswith(("/", "~")) or "\\" in reference or "\0" in reference:
        return None
    path = posixpath.normpath(posixpath.join(folder, reference))
    return None if path == ".." or path.startswith("../") else path


def normal(ecosystem: str, name: str) -> str:
    """A name as its registry compares it."""
    if ecosystem == "PyPI":
        return _PYPI.sub("-", name).lower()
    return name.lower() if ecosystem in ("NuGet", "Packagist") else name
