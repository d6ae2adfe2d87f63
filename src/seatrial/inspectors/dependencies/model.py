"""What manifests and locks say."""

from __future__ import annotations

import re
from dataclasses import dataclass

from seatrial.domain import Location

_PYPI = re.compile(r"[-_.]+")


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
    def key(self) -> tuple[str, str, str]:
        """What a database is asked by."""
        return self.ecosystem, normal(self.ecosystem, self.name), self.version


@dataclass(frozen=True, slots=True)
class Open:
    """A dependency whose version nobody can know from the file."""

    ecosystem: str
    name: str
    wanted: str
    """The range, as written; empty: any."""
    at: Location


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
    """Why it could not be read."""


def normal(ecosystem: str, name: str) -> str:
    """A name as its registry compares it."""
    if ecosystem == "PyPI":
        return _PYPI.sub("-", name).lower()
    return name.lower() if ecosystem in ("NuGet", "Packagist") else name
