"""The bars of the page: hundred points, and what became of them."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from seatrial.verdict.score import CategoryScore, Score, decimal


@dataclass(frozen=True, slots=True)
class BarPart:
    """A part of a bar."""

    kind: str
    x: str
    width: str
    text: str = ""

    @property
    def colour(self) -> str:
        """The CSS variable of its legend."""
        return {"earned": "--held", "taken": "--taken", "lost": "--lost", "none": "--none"}[self.kind]


def shares(of: Score | CategoryScore, width: int) -> tuple[BarPart, ...]:
    """What the score keeps, what open root causes take, what is lost and what was not measured, of all points."""
    total = sum((c.points for c in of.checks), Fraction(0))
    kept = of.earned * (of.leaves if isinstance(of, Score) else 1)
    parts = (
        ("earned", kept, "kept" if kept != of.earned else "earned"),
        ("taken", of.earned - kept, "taken by open causes"),
        ("lost", of.measured - of.earned, "lost"),
        ("none", total - of.measured, "not measured"),
    )
    made, at = [], Fraction(0)
    for kind, points, word in parts:
        if points:
            share = points * width / total
            made.append(BarPart(kind, unit(at), unit(share), f"{decimal(points)} {word}"))
            at += share
    return tuple(made)


def unit(number: Fraction) -> str:
    """A length in a drawing."""
    return f"{float(number):.2f}"
