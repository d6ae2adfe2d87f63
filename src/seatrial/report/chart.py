"""A chart over time: lines in one frame, with marks on both axes; numbers only, the template draws."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 1000, 160  # units of the drawing
_POINTS = 2000
_TICKS = 4
_LOOKS = (("one", ""), ("two", "7 4"), ("three", "2 4"), ("four", "12 4 2 4"), ("five", "1 6"), ("six", "16 6"))
"""Colour and dashes of a line: the dashes alone tell lines apart, too."""
LINES = len(_LOOKS)
"""At most in one chart."""


@dataclass(frozen=True, slots=True)
class Series:
    """One series; a point without a value interrupts it."""

    name: str
    points: Sequence[tuple[float, float | None]]


def of(title: str, lines: Sequence[Series], shown: Callable[[float], str]) -> dict[str, object]:
    """
    A chart in the words of the page's template; empty without a value.

    Args:
        title: what is drawn.
        lines: the series, by importance: only so many are drawn.
        shown: a value of the vertical axis with its unit.
    """
    drawn = [Series(line.name, line.points[:_POINTS]) for line in lines[:LINES]]
    every = [(x, y) for line in drawn for x, y in line.points if y is not None and y >= 0 and x >= 0]
    if not every:
        return {}
    last, most = max(x for x, _ in every) or 1.0, _round_up(max(y for _, y in every))
    return {
        "title": title,
        "lines": [
            {"name": line.name, "look": look, "dashes": dashes, "paths": list(_paths(line, last, most))}
            for line, (look, dashes) in zip(drawn, _LOOKS, strict=False)
        ],
        "heights": [
            (f"{HEIGHT * (1 - part / _TICKS):.1f}", f"{100 * (1 - part / _TICKS):.1f}", shown(most * part / _TICKS))
            for part in range(_TICKS + 1)
        ],
        "times": [(f"{100 * part / _TICKS:.1f}", f"{last * part / _TICKS:.0f} s") for part in range(_TICKS + 1)],
    }


def _paths(line: Series, last: float, most: float) -> Iterator[str]:
    """The points of each unbroken stretch: `0.0,12.5 10.0,13.0`."""
    stretch: list[str] = []
    for x, y in line.points:
        if y is None or y < 0 or x < 0:
            if stretch:
                yield " ".join(stretch)
            stretch = []
        else:
            stretch.append(f"{WIDTH * x / last:.1f},{HEIGHT * (1 - y / most):.1f}")
    if stretch:
        yield " ".join(stretch)


def _round_up(value: float) -> float:
    """The next of 1, 2, 4, 8 and 10 times a power of ten. Its quarters are short numbers."""
    if value <= 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(value))
    return next((step * power for step in (1, 2, 4, 8) if value <= step * power), 10 * power)
