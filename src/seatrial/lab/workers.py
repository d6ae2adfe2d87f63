"""
Whether workers work: services that cannot be asked are judged by what their stores show (ledgers.py).

In the steady state each store is looked at for some seconds. A worker that waits for jobs there, or polls, has to do
so again once a fault is over; one that was doing jobs has to do some. One with nothing to do shows
neither: whether it works is then not measured.
"""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from .engine import FAILURES, LabError
from .ledgers import JOBS, Client, Ledger, LedgerReading
from .observation import Stall
from .stack import RunningProject

_EVERY = 1.0  # seconds between two looks in the steady state
_LEAST_LOOKS = 2
_GROWN = 3
"""Jobs by which a queue has to have grown, to show that none is taken."""
_RATES = 10.0
"""Seconds after a recovery in which a worker that did jobs before has to do one, where no queue grows."""


@dataclass(frozen=True, slots=True)
class Usual:
    """What one worker does at one store in the steady state."""

    waits: frozenset[str]
    """For what it waits all the time (ledgers.py)."""
    rate: float
    """Jobs a second that are done there, by any client; 0: none were seen."""


@dataclass(frozen=True)
class LedgerReadings:
    """All stores at one moment, and by which names they know each worker."""

    at: float
    stores: Mapping[str, LedgerReading]
    names: Mapping[str, frozenset[str]]

    def client(self, worker: str, store: str) -> Client | None:
        """The worker as the store sees it; of replicas, the one that asked last."""
        page = self.stores.get(store)
        known = self.names.get(worker, frozenset())
        found = [c for name, c in page.clients.items() if name in known] if page else []
        return min(found, key=lambda c: (-len(c.waits), c.idle), default=None)


class Workers:
    """The workers of a running stack."""

    def __init__(self, project: RunningProject, ledgers: Mapping[str, Ledger], workers: Iterable[str]) -> None:
        """
        Look at nothing yet.

        Args:
            project: that runs.
            ledgers: by store.
            workers: services without a question of their own.
        """
        self._project, self._ledgers, self._workers = project, ledgers, tuple(workers)
        self.usual: Mapping[tuple[str, str], Usual] = {}
        """By worker and store."""
        self.patience = 0.0
        """Seconds within which a regular client has asked again."""
        self.unasked = frozenset(self._workers)
        """Services without a question: jobs that are left are theirs."""

    def keep(self, names: Iterable[str]) -> None:
        """
        Judge no others than these from now on; of the others only what they wait for, which no question of ours makes.

        Args:
            names: services without a question.
        """
        self.unasked = frozenset(names)
        self.usual = {
            pair: usual for pair, usual in self.usual.items() if pair[0] in self.unasked or JOBS in usual.waits
        }

    @property
    def takers(self) -> frozenset[str]:
        """Services without a question that take jobs from a store: those that they have begun may end with them."""
        return frozenset(
            worker for (worker, _), usual in self.usual.items()
            if worker in self.unasked and (JOBS in usual.waits or usual.rate)
        )  # fmt: skip

    def listen(self, seconds: float) -> None:
        """Take what is seen in the next seconds for the steady state."""
        self.patience = seconds
        until, looks = time.monotonic() + seconds, [self.look()]
        while looks[0].stores and (len(looks) < _LEAST_LOOKS or time.monotonic() < until):
            time.sleep(_EVERY)
            looks.append(self.look())
        pairs = [(worker, store) for worker in self._workers for store in self._ledgers]
        self.usual = {pair: usual for pair in pairs if (usual := _usual(looks, *pair, seconds)) is not None}

    def look(self) -> LedgerReadings:
        """All stores now; those that tell nothing are left out."""
        wanted = {store for _, store in self.usual} if self.usual else self._ledgers.keys()
        with ThreadPoolExecutor(max_workers=4) as pool:
            told = {store: pool.submit(self._ledgers[store].read) for store in sorted(wanted)}
            found = {store: page for store, waited in told.items() if (page := waited.result()) is not None}
        return LedgerReadings(time.monotonic(), found, self._names() if found else {})

    def _names(self) -> Mapping[str, frozenset[str]]:
        """Addresses and names of each worker's containers in its networks: a database may have looked them up."""
        found: dict[str, frozenset[str]] = {}
        for worker in self._workers:
            known: set[str] = set()
            try:
                for container in self._project.containers(worker):
                    for network, place in (container.attrs["NetworkSettings"]["Networks"] or {}).items():
                        known |= {place.get("IPAddress", ""), place.get("GlobalIPv6Address", "")}
                        known |= {str(container.name), f"{container.name}.{network}"}
            except (*FAILURES, LabError):
                continue
            found[worker] = frozenset(known - {""})
        return found


def _usual(looks: list[LedgerReadings], worker: str, store: str, seconds: float) -> Usual | None:
    """What is common to all looks; None: the worker is not a regular client."""
    first = next((n for n, look in enumerate(looks) if look.client(worker, store) is not None), len(looks))
    looks = looks[first:]  # a worker may start later than what it needs
    seen = [look.client(worker, store) for look in looks]
    clients = [one for one in seen if one is not None]
    if len(clients) < len(looks) or len(looks) < _LEAST_LOOKS or (first and looks[-1].at - looks[0].at < seconds / 2):
        return None
    waits = frozenset.intersection(*(c.waits for c in clients))
    middle = (looks[0].at + looks[-1].at) / 2
    asks = all(c.idle <= seconds for c in clients) and looks[-1].at - clients[-1].idle > middle
    if not waits and not asks:
        return None  # what a start makes it ask is not regular
    moved = sum(_moved(a, b, worker, store) for a, b in itertools.pairwise(looks))
    lasted = max(_EVERY, looks[-1].at - looks[0].at)
    # One that only feeds the queue, or reads something else, is not why jobs are left.
    takes = JOBS in waits or any(client.takes for client in clients)
    return Usual(waits, moved / lasted if takes else 0.0)


def _moved(before: LedgerReadings, after: LedgerReadings, worker: str, store: str) -> int:
    """How many jobs were done between two looks, by the worker if the store can tell, else by all."""
    if store not in before.stores or store not in after.stores:
        return 0
    page, (old, new) = after.stores[store], (look.client(worker, store) for look in (before, after))
    both = [(before.stores[store].done, page.done)]
    both += [(old.done, new.done)] if old is not None and new is not None else []
    return sum(max(0, b[key] - a[key]) // page.step for a, b in both for key in a.keys() & b.keys())


@dataclass
class WorkerCourse:
    """What is seen of the workers after a fault."""

    workers: Workers
    before: LedgerReadings
    """Right before the fault."""
    healed: float
    """When the fault was over."""
    dead: frozenset[str] = frozenset()
    """Workers that ended for good: nothing more is to be seen of them."""
    looks: list[LedgerReadings] = field(default_factory=list)
    asked: set[tuple[str, str]] = field(default_factory=set)
    """Who asked which store since."""
    waited: dict[tuple[str, str], frozenset[str]] = field(default_factory=dict)
    """For what they waited since."""
    jobs: dict[tuple[str, str], int] = field(default_factory=dict)
    """How many were seen done."""

    def look(self) -> None:
        """Look once more."""
        watched = tuple(self._watched())
        if not watched:
            return
        now = self.workers.look()
        for pair in watched:
            client = now.client(*pair)
            if client is not None:
                self._note(pair, client, now.at - self.healed)
            if self.looks:
                self.jobs[pair] = self.jobs.get(pair, 0) + _moved(self.looks[-1], now, *pair)
        self.looks.append(now)

    def _note(self, pair: tuple[str, str], client: Client, since: float) -> None:
        """A client that is busy with jobs waits for none, but asks."""
        self.waited[pair] = self.waited.get(pair, frozenset()) | client.waits
        missing = self.workers.usual[pair].waits - self.waited[pair]
        if (not missing and (self.waited[pair] or client.idle < since)) or (missing == {JOBS} and client.idle < since):
            self.asked.add(pair)

    def _watched(self) -> Iterator[tuple[str, str]]:
        """Pairs of which the same holds right before the fault."""
        for pair, usual in self.workers.usual.items():
            client = self.before.client(*pair)
            if client is None or pair[0] in self.dead:
                continue
            if (usual.waits and usual.waits <= client.waits) or client.idle <= self.workers.patience:
                yield pair

    @property
    def worked(self) -> frozenset[str]:
        """Workers that did jobs since."""
        return frozenset(pair[0] for pair, jobs in self.jobs.items() if jobs and pair in self.asked)

    @property
    def undecided(self) -> bool:
        """Whether more looks may tell more."""
        late = bool(self.looks) and self.looks[-1].at > self.healed + _RATES
        idle = [p for p in self._watched() if self.workers.usual[p].rate and not self.jobs.get(p)]
        return any(self._grown(store) or not late for _, store in idle)

    def stalls(self) -> Iterator[Stall]:
        """What is wrong up to now; it means something only when the recovery has to be over."""
        for pair in self._watched():
            (worker, store), usual = pair, self.workers.usual[pair]
            if not any(store in look.stores for look in self.looks):
                continue  # nobody knows
            if pair not in self.asked:
                missing = " and no ".join(sorted(usual.waits - self.waited.get(pair, frozenset())))
                yield Stall(
                    worker, f"waits for no {missing} at {store} any more" if missing else f"asks {store} no more"
                )
            elif (
                worker in self.workers.unasked
                and usual.rate
                and not self.jobs.get(pair)
                and (grown := self._grown(store))
            ):
                text = f"takes no job from {store} any more ({usual.rate:.1f} a second before), and {grown} more wait"
                yield Stall(worker, text)

    def _grown(self, store: str) -> int:
        """By how many jobs the store's queues have grown since the first look, if that is more than chance."""
        told = [p.waiting for look in self.looks if (p := look.stores.get(store)) is not None and p.waiting is not None]
        grown = told[-1] - told[0] if told else 0
        return grown if grown >= _GROWN else 0
