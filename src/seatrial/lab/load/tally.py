"""
What the generator counts, and how it reports it: a line of JSON for each slice of at most a second.

A slice lies within one stage, so that stages, services and seconds are all sums of slices.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from .histogram import Histogram


@dataclass
class LoadTally:
    """Requests that have come to an end."""

    durations: Histogram = field(default_factory=Histogram)
    failures: Counter[str] = field(default_factory=Counter)
    """By kind: `timeout`, `refused`, `reset`, `http503`, …"""

    @property
    def requests(self) -> int:
        """How many there were, failed ones included."""
        return self.durations.count

    @property
    def failed(self) -> int:
        """How many of them failed."""
        return self.failures.total()

    def add(self, seconds: float, failure: str = "") -> None:
        """One request; without a failure it went well."""
        self.durations.add(seconds)
        if failure:
            self.failures[failure] += 1

    def merge(self, other: LoadTally) -> None:
        """All of another one."""
        self.durations.merge(other.durations)
        self.failures.update(other.failures)


@dataclass
class LoadSlice:
    """A stretch of at most a second within one stage."""

    at: float
    """Seconds from the beginning of the profile to the slice's own."""
    stage: int
    seconds: float = 0.0
    users: int = 0
    gap: float = 0.0
    """The longest time without a completed request that ended in it."""
    cpu: float = 0.0
    """Share of one core that the generator used."""
    lag: Histogram = field(default_factory=Histogram)
    """By how much the generator's own timers were late."""
    services: dict[str, LoadTally] = field(default_factory=dict)

    def line(self) -> str:
        """For the parent."""
        services = {n: {"failures": dict(t.failures), **t.durations.told()} for n, t in self.services.items()}
        numbers = {"at": self.at, "stage": self.stage, "seconds": self.seconds, "users": self.users}
        return json.dumps({**numbers, "gap": self.gap, "cpu": self.cpu, "lag": self.lag.told(), "services": services})

    @classmethod
    def of(cls, told: Mapping[str, Any]) -> LoadSlice:
        """
        The slice of such a line.

        Raises:
            ValueError: it is not one.
        """
        try:
            services = {
                str(name): LoadTally(Histogram.of(one), Counter({str(k): int(n) for k, n in one["failures"].items()}))
                for name, one in told["services"].items()
            }
            return cls(
                float(told["at"]), int(told["stage"]), float(told["seconds"]), int(told["users"]), float(told["gap"]),
                float(told["cpu"]), Histogram.of(told["lag"]), services,
            )  # fmt: skip
        except (KeyError, TypeError, AttributeError) as error:
            raise ValueError(f"not a report of the generator: {error}") from None


def total(slices: Iterable[LoadSlice], service: str = "") -> LoadTally:
    """All requests of some slices, of every service or of one."""
    found = LoadTally()
    for one in slices:
        for name, tally in one.services.items():
            if service in ("", name):
                found.merge(tally)
    return found
