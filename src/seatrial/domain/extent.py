"""
How much of a check's question was answered: what the tree has, and what of it was judged.

An inspector lists every part that the question is about (a manifest, a package, a file, a service). It says how much
of each was judged. Coverage, the notes and the status follow from the list, so no part can be forgotten:
`Answer.of_extent` is "not applicable" only for an empty list, and never 100 % measured while a part was not read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from seatrial.text.wording import counted, listed

NAMED = 8
"""Parts that one note names; the rest is counted."""


@dataclass(frozen=True, slots=True)
class ExtentPart:
    """
    One thing that the question is about.

    Raises:
        ValueError: `judged` is outside 0..1, or it is below 1 without a reason.
    """

    name: str
    """What a reader calls it: a path from the surveyed directory, a package with its version, a service."""
    judged: Fraction = Fraction(1)
    """How much of it was judged, 0..1."""
    reason: str = ""
    """Why not all of it was judged: `Git LFS pointer`, `no version`. Empty if all was."""

    def __post_init__(self) -> None:
        """Refuse a part that was left out without a word."""
        if not 0 <= self.judged <= 1:
            raise ValueError(f"{self.name}: judged {self.judged} is outside 0..1")
        if self.judged < 1 and not self.reason.strip():
            raise ValueError(f"{self.name}: not fully judged, without a reason")


@dataclass(frozen=True, slots=True)
class Extent:
    """Everything that the question is about. Immutable; `+` joins two."""

    parts: tuple[ExtentPart, ...] = ()
    unit: str = "file"
    """What one part is called in evidence."""
    units: str = ""
    """The plural, where it is irregular."""

    @classmethod
    def of(
        cls, judged: Iterable[str], unjudged: Mapping[str, str] | None = None, *, unit: str = "file", units: str = ""
    ) -> Extent:
        """
        An extent of parts that were judged whole or not at all.

        Args:
            judged: names of those that were.
            unjudged: reason by name of those that were not.
            unit: what one is called.
            units: the plural, where it is irregular.
        """
        left_out = (ExtentPart(name, Fraction(0), reason) for name, reason in (unjudged or {}).items())
        return cls((*map(ExtentPart, judged), *left_out), unit, units)

    def __add__(self, other: Extent) -> Extent:
        """Both, under the unit of the first."""
        return Extent((*self.parts, *other.parts), self.unit, self.units)

    def __bool__(self) -> bool:
        """Whether there is anything to ask about."""
        return bool(self.parts)

    @property
    def share(self) -> Fraction:
        """How much was judged, 0..1; 1 of nothing."""
        if not self.parts:
            return Fraction(1)
        return sum((part.judged for part in self.parts), Fraction(0)) / len(self.parts)

    @property
    def evidence(self) -> str:
        """`3 files`, or `2 of 3 files` where a part was not judged at all."""
        judged = sum(part.judged > 0 for part in self.parts)
        total = counted(len(self.parts), self.unit, self.units)
        return total if judged == len(self.parts) else f"{judged} of {total}"

    @property
    def notes(self) -> tuple[str, ...]:
        """A line for each reason, with the parts that it holds for."""
        return tuple(self._notes())

    def _notes(self) -> Iterator[str]:
        by_reason: dict[str, list[str]] = {}
        for part in self.parts:
            if part.reason:
                by_reason.setdefault(part.reason, []).append(part.name)
        for reason, names in sorted(by_reason.items()):
            yield f"not measured: {listed(sorted(names), NAMED)}: {reason}"
