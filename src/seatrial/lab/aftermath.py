"""What shows after a fault whether services do their work that no question reaches: their logs, and their stores."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from .observation import Aftermath
from .voices import LOUD, Rates, Voices
from .workers import LedgerReadings, WorkerCourse, Workers

_EVERY = 0.5  # seconds between two looks


@dataclass(frozen=True)
class Ears:
    """The logs and the stores of a running stack."""

    voices: Voices
    workers: Workers

    def learn(self, seconds: float) -> None:
        """Take what the services show in the next seconds as the steady state."""
        with ThreadPoolExecutor(max_workers=1) as pool:
            seen = pool.submit(self.workers.listen, seconds)
            self.voices.listen(seconds)
            seen.result()

    def keep(self, names: Iterable[str]) -> frozenset[str]:
        """Judge no others than these by what they stop to do; those of them that print regularly."""
        kept = frozenset(names)
        self.workers.keep(kept)
        self.voices.regular = frozenset(n for n in kept if n in self.voices.usual and self.voices.usual[n].regular)
        return self.voices.regular

    def before(self) -> tuple[Rates, LedgerReadings]:
        """What they tell right before a fault: only what is usual then can be missed afterwards."""
        return self.voices.rates(), self.workers.look()

    def after(
        self, before: tuple[Rates, LedgerReadings], over: float, deadline: float, dead: Collection[str] = ()
    ) -> Aftermath:
        """
        Listen until all is well, but no longer than a recovery may take.

        Args:
            before: what the services showed right before the fault.
            over: when the fault was over, or an instant one had happened.
            deadline: when all has to be well.
            dead: services that will not recover, however long the wait.
        """
        rates, pages = before
        course = WorkerCourse(self.workers, pages, over, dead=frozenset(dead))
        course.look()
        time.sleep(max(0.0, over + LOUD - time.monotonic()))
        while True:
            since = time.monotonic() - over
            heard, settled = self.voices.troubles(since, rates)
            troubles = tuple(one for one in heard if one.service not in dead)
            course.look()
            stalls = tuple(course.stalls())
            open_question = troubles or stalls or course.undecided or not settled
            if not open_question or time.monotonic() > max(deadline, over + self.voices.patience):
                return Aftermath(troubles, stalls, course.worked)
            time.sleep(_EVERY)
