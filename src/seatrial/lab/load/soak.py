"""
Memory over a soak: the slope of each service, with its interval of 95 %. Pure.

The first fifth warms up and does not count. The rest is cut into twenty blocks of equal time. A block's value is the
mean of its readings: readings of neighbouring seconds resemble each other, and would make the interval too narrow.

    slope = Σ(x - x̄)(y - ȳ) / Σ(x - x̄)²
    interval = slope ± t · √(Σ(y - ȳ - slope · (x - x̄))² / (n - 2) / Σ(x - x̄)²)

A leak grows for certain in the whole and in its second half, where a cache would be full.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from seatrial.domain.load import ServiceUsage
from seatrial.domain.load_profile import Executor, LoadProfile, LoadRequest, LoadStage
from seatrial.domain.thresholds import DEFAULTS

NAME, USERS = "soak", 10
WARM_UP, BLOCKS = 0.2, 20
_LEAST_BLOCKS = 6
_STUDENT = {4: 2.776, 5: 2.571, 6: 2.447, 7: 2.365, 8: 2.306, 10: 2.228, 12: 2.179, 14: 2.145, 16: 2.120, 18: 2.101}
"""Student's t by degrees of freedom, two-sided 95 %."""
LEAST = 2 * 2**20
"""Bytes by which a leak grows during the soak at least."""
SOON = 7 * 86_400.0
"""Seconds within which the limit is reached; what grows more slowly is left to deployments."""
UNLIMITED = 64 * 2**20 / 86_400
"""Bytes a second by which a service without a limit may grow: 64 MiB a day."""


@dataclass(frozen=True, slots=True)
class Slope:
    """Bytes a second, and the ends of the interval."""

    value: float
    low: float
    high: float


def profile(requests: Sequence[LoadRequest], seconds: float) -> LoadProfile:
    """A few users for a long time."""
    return LoadProfile(
        name=NAME, executor=Executor.CONSTANT_VUS, stages=(LoadStage(seconds, USERS),), requests=tuple(requests),
        thresholds=DEFAULTS, start=USERS, in_turn=True, soaks=True,
    )  # fmt: skip


def blocks(usage: ServiceUsage, seconds: float) -> list[tuple[float, float]]:
    """The middle of each block that has readings, and their mean."""
    began, length = WARM_UP * seconds, (1 - WARM_UP) * seconds / BLOCKS
    found: dict[int, list[int]] = {}
    for moment in usage.moments:
        number = math.floor((moment.at - began) / length)
        if 0 <= number < BLOCKS:
            found.setdefault(number, []).append(moment.memory)
    return [(began + (n + 0.5) * length, sum(read) / len(read)) for n, read in sorted(found.items())]


def slope(points: Sequence[tuple[float, float]]) -> Slope | None:
    """The line through the blocks; None if they are too few."""
    n = len(points)
    if n < _LEAST_BLOCKS:
        return None
    mid_x, mid_y = sum(x for x, _ in points) / n, sum(y for _, y in points) / n
    spread = sum((x - mid_x) ** 2 for x, _ in points)
    value = sum((x - mid_x) * (y - mid_y) for x, y in points) / spread
    rest = sum((y - mid_y - value * (x - mid_x)) ** 2 for x, y in points)
    student = _STUDENT[max(known for known in _STUDENT if known <= n - 2)]
    margin = student * math.sqrt(rest / (n - 2) / spread)
    return Slope(value, value - margin, value + margin)


def leaks(usage: Sequence[ServiceUsage], seconds: float) -> Iterator[tuple[str, str]]:
    """Services whose memory grows all the time, and what is said of each."""
    for one in usage:
        points = blocks(one, seconds)
        whole, half = slope(points), slope([p for p in points if p[0] >= (1 + WARM_UP) / 2 * seconds])
        if whole is None or half is None or min(whole.low, half.low) <= 0:
            continue
        left = one.limit - points[-1][1]
        soon = left / whole.value <= SOON if one.limit else whole.low >= UNLIMITED
        if soon and points[-1][1] - points[0][1] >= LEAST:
            ends = f"its limit is reached in about {_long(left / whole.value)}" if one.limit else "it has no limit"
            yield one.service, f"its memory grows by {shown(whole)} at {USERS} users; {ends}"


def shown(found: Slope) -> str:
    """A slope for people."""
    value, low, high = (one * 3600 / 2**20 for one in (found.value, found.low, found.high))
    return f"{value:.1f} MiB an hour (95 % interval: {low:.1f} to {high:.1f})"


def _long(seconds: float) -> str:
    """A long time in its largest unit."""
    for unit, size in (("days", 86_400), ("hours", 3600), ("minutes", 60)):
        if seconds >= 2 * size:
            return f"{seconds / size:.0f} {unit}"
    return f"{max(0.0, seconds):.0f} s"
