"""What a catalogue is, once it has been read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from types import MappingProxyType

from seatrial.domain import Check, Severity
from seatrial.domain.errors import Error
from seatrial.domain.grading import Density, Grade, SubjectRole, Unit


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
class OpenRule:
    """What open root causes of one severity take from the score: the first most, each further one a little less."""

    first: Fraction
    """What the first one takes, above 0 to 1."""
    most: Fraction
    """What all of them together take less than, `first` to 1."""

    def leaves(self, causes: int) -> Fraction:
        """
        The share of the score that so many open root causes leave: `1 - most * n / (n + most / first - 1)`.

        It falls strictly with each cause, and never to `1 - most`.
        """
        return 1 - self.most * causes / (causes + self.most / self.first - 1) if causes else Fraction(1)


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
    open: Mapping[Severity, OpenRule]
    """What open critical and high causes take, in this order; milder ones cost their check's value alone."""
    worst: Mapping[Grade, int]
    """Percent of a detector's points that its worst finding leaves."""
    points: Mapping[Grade, int]
    """What each further finding adds to a density."""
    half: Mapping[Unit, int]
    """The density that halves a value, for each unit."""
    roles: Mapping[SubjectRole, int]
    """What a subject weighs; an ordinary one has 100."""

    def __post_init__(self) -> None:
        """Make the mappings read-only: a catalogue is shared by everyone in the process."""
        for name in ("open", "worst", "points", "half", "roles"):
            object.__setattr__(self, name, MappingProxyType(dict(getattr(self, name))))

    @cached_property
    def by_id(self) -> Mapping[str, Check]:
        """The checks by their ids."""
        return MappingProxyType({check.id: check for check in self.checks})

    def of_category(self, category: str) -> tuple[Check, ...]:
        """The checks of one category, in order; empty if this model does not ask there yet."""
        return tuple(check for check in self.checks if check.category == category)

    def density(self, check: str, size: int) -> Density:
        """
        What a detector's value is made from.

        Args:
            check: its id; the model says what its density is counted for.
            size: how many of these things were searched.

        Raises:
            KeyError: the model has no such check.
            ValueError: the check is about subjects.
        """
        per = self.by_id[check].per
        if per is None:
            raise ValueError(f"{check} is about subjects, and has no density")
        return Density(per, size, self.half[per])
