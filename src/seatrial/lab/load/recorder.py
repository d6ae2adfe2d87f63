"""Inside the generator: what was completed since the last report, and how well the generator itself keeps time."""

from __future__ import annotations

import time
from collections.abc import Callable

from .tally import LoadSlice, LoadTally

SLICE = 1.0
"""Seconds of a report at most."""


class Recorder:
    """Collects one slice after the other."""

    def __init__(self, say: Callable[[str], None], clock: Callable[[], float] = time.perf_counter) -> None:
        self._say, self._clock = say, clock
        self._began = self._completed = clock()
        self._used = time.process_time()
        self._slice = LoadSlice(0.0, 0)

    @property
    def now(self) -> float:
        """Seconds since the beginning."""
        return self._clock() - self._began

    def begin(self) -> None:
        """The profile begins now; what was recorded before is forgotten."""
        self._began = self._completed = self._clock()
        self._used = time.process_time()
        self._slice = LoadSlice(0.0, 0)

    def completed(self, service: str, seconds: float, failure: str) -> None:
        """A request has come to an end."""
        now = self._clock()
        self._slice.gap = max(self._slice.gap, now - self._completed)
        self._completed = now
        self._slice.services.setdefault(service, LoadTally()).add(seconds, failure)

    def late(self, seconds: float) -> None:
        """A timer of our own was late."""
        self._slice.lag.add(max(0.0, seconds))

    def tick(self, stage: int, users: int) -> None:
        """Report the slice if its second is over or its stage has ended."""
        if self.now - self._slice.at >= SLICE or stage != self._slice.stage:
            self.flush()
            self._slice = LoadSlice(self.now, stage)
        self._slice.users = max(self._slice.users, users)

    def flush(self) -> None:
        """Report what there is."""
        now, used = self.now, time.process_time()
        self._slice.seconds = now - self._slice.at
        self._slice.gap = max(self._slice.gap, self._clock() - self._completed)
        self._slice.cpu = (used - self._used) / self._slice.seconds if self._slice.seconds > 0 else 0.0
        self._used = used
        if self._slice.seconds > 0:
            self._say(self._slice.line())
