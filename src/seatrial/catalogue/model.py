"""What a catalogue is, once it has been read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType

from seatrial.domain import Check, Severity
from seatrial.errors import Error


class CatalogueError(Error):
    """A catalogue file is not what it has to be. We ship the files, so for a user this is a bug of ours."""


@dataclass(frozen=True, slots=True)
class Category:
    """A part of readiness with its share of the points."""

    id: str
    title: str
    weight: int
    """Of 100, if every category applies."""


@dataclass(frozen=True, slots=True)
class CapRule:
    """How far open root causes of one severity hold the score down."""

    first: int
    """With one open cause."""
    step: int
    """What each further one takes."""
    least: int

    def limit(self, causes: int) -> int:
        """The highest score, 0 to 100, that so many open root causes allow."""
        return max(self.least, self.first - self.step * (causes - 1)) if causes else 100


@dataclass(frozen=True)
class Catalogue:
    """One model, complete and consistent. Equal catalogues have the same file."""

    model: str
    sha256: str
    """Of the file, in hex: two reports with the same one were scored by the same rules."""
    categories: tuple[Category, ...]
    """In the order of the report."""
    checks: tuple[Check, ...]
    """By category, in the order of the file."""
    caps: Mapping[Severity, CapRule]
    """Of critical and of high causes, in this order; milder ones never cap."""
    severity_points: Mapping[Severity, int]
    half_life: int

    def __post_init__(self) -> None:
        """Make the mappings read-only: a catalogue is shared by everyone in the process."""
        object.__setattr__(self, "caps", MappingProxyType(dict(self.caps)))
        object.__setattr__(self, "severity_points", MappingProxyType(dict(self.severity_points)))

    @cached_property
    def by_id(self) -> Mapping[str, Check]:
        """The checks by their ids."""
        return MappingProxyType({check.id: check for check in self.checks})

    def of_category(self, category: str) -> tuple[Check, ...]:
        """The checks of one category, in order; empty if this model does not ask there yet."""
        return tuple(check for check in self.checks if check.category == category)
