"""
Percentiles from a histogram whose buckets grow by 2 %: a value of any size is off by 1 % at most.

A bucket's value is its geometric middle, so the error is at most √1.02 - 1 = 0.995 %. A percentile is the least value
with at least that share of the values at or below it (nearest rank).
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

GROWTH = 1.02
"""Of a bucket's bounds."""
LEAST = 1e-6
"""Seconds; what takes less counts as this."""


@dataclass
class Histogram:
    """Durations in seconds; sum, least and most are exact."""

    buckets: Counter[int] = field(default_factory=Counter)
    total: float = 0.0
    least: float = math.inf
    most: float = 0.0

    @property
    def count(self) -> int:
        """How many values there are."""
        return self.buckets.total()

    @property
    def mean(self) -> float | None:
        """The average; None without values."""
        return self.total / self.count if self.buckets else None

    def add(self, seconds: float) -> None:
        """
        One value.

        Raises:
            ValueError: it is not a duration.
        """
        if not (math.isfinite(seconds) and seconds >= 0):
            raise ValueError(f"{seconds} is not a duration")
        self.buckets[math.floor(math.log(max(seconds, LEAST), GROWTH))] += 1
        self.total += seconds
        self.least, self.most = min(self.least, seconds), max(self.most, seconds)

    def merge(self, other: Histogram) -> None:
        """All values of another one."""
        self.buckets.update(other.buckets)
        self.total += other.total
        self.least, self.most = min(self.least, other.least), max(self.most, other.most)

    def percentile(self, share: float) -> float | None:
        """
        The value with so great a share of all at or below it; None without values.

        Args:
            share: above 0, up to 1.
        """
        rank, seen = math.ceil(Fraction(str(share)) * self.count), 0
        for bucket, count in sorted(self.buckets.items()):
            seen += count
            if seen >= rank:
                return min(max(float(GROWTH ** (bucket + 0.5)), self.least), self.most)
        return None

    def told(self) -> Mapping[str, object]:
        """For a line of JSON."""
        if not self.buckets:
            return {}
        buckets = {str(bucket): count for bucket, count in sorted(self.buckets.items())}
        return {"buckets": buckets, "total": self.total, "least": self.least, "most": self.most}

    @classmethod
    def of(cls, told: Mapping[str, object]) -> Histogram:
        """
        The histogram of such a line.

        Raises:
            ValueError: it is not one.
        """
        buckets = told.get("buckets", {})
        if not isinstance(buckets, Mapping):
            raise ValueError("buckets are not a mapping")  # noqa: TRY004 - one error for every malformed line
        counts = Counter({int(bucket): int(count) for bucket, count in buckets.items()})
        numbers = (float(str(told.get(name, default))) for name, default in _EMPTY.items())
        return cls(counts, *numbers)


_EMPTY = {"total": 0.0, "least": math.inf, "most": 0.0}
