"""What a repository is: a service, a library, a tool, ... Pure; `inspectors/identity` finds it out."""

from __future__ import annotations

import enum
from collections.abc import Iterable
from dataclasses import dataclass

from seatrial.text.wording import listed

_NAMED = 3  # pieces of evidence in one sentence


class RepositoryKind(enum.StrEnum):
    """What a repository may be. Several can hold. What each must have is said by the checks about practices."""

    SERVICE = "service"
    LIBRARY = "library"
    CLI = "cli"
    ACTION = "action"
    INFRASTRUCTURE = "infrastructure"
    DOCUMENTATION = "documentation"
    MONOREPO = "monorepo"
    EMPTY = "empty"

    @property
    def label(self) -> str:
        """What a reader calls it."""
        return _TITLES[self]


_TITLES = {
    RepositoryKind.SERVICE: "a deployable service",
    RepositoryKind.LIBRARY: "a library",
    RepositoryKind.CLI: "a command-line tool",
    RepositoryKind.ACTION: "a GitHub Action",
    RepositoryKind.INFRASTRUCTURE: "infrastructure",
    RepositoryKind.DOCUMENTATION: "documentation",
    RepositoryKind.MONOREPO: "a monorepo",
    RepositoryKind.EMPTY: "an empty repository",
}


@dataclass(frozen=True, slots=True)
class Trait:
    """One kind that holds, and why."""

    kind: RepositoryKind
    evidence: tuple[str, ...] = ()
    """What shows it: `compose.yaml with 4 services`."""
    path: str = ""
    """The file that shows it first; empty if the caller said so."""

    def __str__(self) -> str:
        """`a library: pyproject.toml`."""
        return f"{self.kind.label}: {listed(self.evidence, _NAMED)}" if self.evidence else self.kind.label


@dataclass(frozen=True, slots=True)
class Identity:
    """What one repository is."""

    traits: tuple[Trait, ...] = ()

    @property
    def kinds(self) -> frozenset[RepositoryKind]:
        """Every kind that holds."""
        return frozenset(trait.kind for trait in self.traits)

    @property
    def sentence(self) -> str:
        """`a deployable service: compose.yaml with 4 services, Dockerfile; a library: setup.py`. Empty if unknown."""
        return "; ".join(map(str, self.traits))

    @property
    def empty(self) -> bool:
        """Whether there is nothing to judge yet."""
        return self.kinds == {RepositoryKind.EMPTY}

    @property
    def path(self) -> str:
        """A file to show a reader who asks where something is missing; empty if none is known."""
        return next((trait.path for trait in self.traits if trait.path), "")

    def any_of(self, kinds: Iterable[RepositoryKind]) -> bool:
        """Whether one of the kinds holds."""
        return not self.kinds.isdisjoint(kinds)
