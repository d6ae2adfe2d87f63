"""A check is a question of the catalogue, and how it can end."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from seatrial.domain.grading import Measure, Unit
from seatrial.domain.severity import Severity


class Status(enum.StrEnum):
    """How a check ended."""

    PASS = "pass"  # noqa: S105 - a status, no password
    FAIL = "fail"
    FLAKY = "flaky"
    """Repeats disagreed; measured, and for the gate a failure."""
    SKIP = "skip"
    """Not asked, by choice."""
    ERROR = "error"
    """We could not answer: our tool's failure, never the repository's."""
    BLOCKED = "blocked"
    """A prerequisite failed first."""
    NA = "na"
    """There is nothing to ask, with evidence. The only status outside the denominator of coverage."""

    @property
    def measured(self) -> bool:
        """Whether the answer counts as evidence."""
        return self in (Status.PASS, Status.FAIL, Status.FLAKY)

    @property
    def applicable(self) -> bool:
        """Whether the question belongs to this repository."""
        return self is not Status.NA


class Effort(enum.StrEnum):
    """What a fix costs, in three sizes; the path to pass minimises the sum."""

    SMALL = "S"
    MEDIUM = "M"
    LARGE = "L"

    @property
    def cost(self) -> int:
        """Relative cost: 1, 3, 8."""
        return {Effort.SMALL: 1, Effort.MEDIUM: 3, Effort.LARGE: 8}[self]


@dataclass(frozen=True, slots=True)
class Check:
    """One question of the catalogue. `id` is for machines and never changes; `title` may."""

    id: str
    title: str
    category: str
    severity: Severity
    """Of a plain failure; findings carry their own."""
    weight: int = 1
    """Share of the category's points, relative to its other checks."""
    required: bool = False
    """Whether the gate is inconclusive while this has no answer."""
    needs: tuple[str, ...] = ()
    """Checks that must have passed before this one can be asked."""
    effort: Effort = Effort.SMALL
    per: Unit | None = None
    """Of a detector: what the density of its findings is counted for; None where the check is about subjects."""
    fix: str = ""
    """What to do, in the imperative: `add a healthcheck`. Empty: the title has to do."""

    @property
    def measure(self) -> Measure:
        """How its findings become its value."""
        return Measure.SHARE if self.per is None else Measure.DENSITY
