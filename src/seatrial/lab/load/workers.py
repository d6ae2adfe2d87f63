"""What workers came to: who completed, which group starves, and whether the stores answered meanwhile. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from seatrial.domain.load import LoadGroup, LoadRule
from seatrial.domain.work import WorkGroup
from seatrial.lab.probes import Probe

from .judge import LoadComplaint

ALL, EACH = 0.9, 0.8
"""The share of all workers that have to complete, and that of each group."""
STORE = 0.95
"""Share of good answers of every store meanwhile."""
UNFINISHED = "unfinished"
"""The failure of an operation that had no end within the limit."""


@dataclass(frozen=True, slots=True)
class WorkerEnd:
    """How one worker ended."""

    group: str
    seconds: float
    failure: str = ""
    """Of its last operation: `http503`, `timeout`, `exit 1`, …; empty if all went well."""
    service: str = ""
    """That the failed operation was addressed to."""


@dataclass(frozen=True, slots=True)
class WorkSeen:
    """Workers that were let go."""

    groups: tuple[WorkGroup, ...]
    limit: float
    """Seconds."""
    ends: tuple[WorkerEnd, ...]
    seconds: float
    stores: Mapping[Probe, float] = field(default_factory=dict)
    """Share of good answers of every store meanwhile; what fails without workers as well is subtracted."""
    died: frozenset[str] = frozenset()
    """Stores that died meanwhile."""
    late: float = 0.0
    """Seconds, 95th percentile, by which our own questions began late."""


def groups(seen: WorkSeen) -> Iterator[LoadGroup]:
    """The figures of each group."""
    for group in seen.groups:
        ends = [end for end in seen.ends if end.group == group.name]
        done = sorted(end.seconds for end in ends if not end.failure)
        failures = Counter(end.failure for end in ends if end.failure)
        yield LoadGroup(
            name=group.name, workers=group.workers, completed=len(done),
            median=done[(len(done) - 1) // 2] if done else None, longest=done[-1] if done else None,
            failures=tuple(sorted(failures.items(), key=lambda pair: (-pair[1], pair[0]))),
        )  # fmt: skip


def complaints(seen: WorkSeen) -> Iterator[LoadComplaint]:
    """Groups that starve, too few workers altogether, and stores that did not answer."""
    figures = list(groups(seen))
    for group in figures:
        if group.completed < EACH * group.workers:
            bad = [end for end in seen.ends if end.group == group.name and end.failure]
            share = f"{group.completed} of {group.workers} workers completed within {seen.limit:.0f} s"
            text = f"group {group.name}: {share}, {100 * EACH:.0f} % are asked for ({_kinds(group.failures)})"
            yield LoadComplaint(LoadRule.WORKERS, _blamed(bad), text)
    workers, completed = sum(g.workers for g in figures), sum(g.completed for g in figures)
    if completed < ALL * workers:
        bad = [end for end in seen.ends if end.failure]
        text = f"{completed} of all {workers} workers completed within {seen.limit:.0f} s"
        yield LoadComplaint(LoadRule.WORKERS, _blamed(bad), f"{text}, {100 * ALL:.0f} % are asked for")
    for probe, good in seen.stores.items():
        if good < STORE:
            text = f"{100 * good:.0f} % of the answers to {probe} were good while workers worked"
            yield LoadComplaint(LoadRule.WORKERS, probe.service, f"{text}, {100 * STORE:.0f} % are asked for")
    for service in sorted(seen.died):
        yield LoadComplaint(LoadRule.WORKERS, service, "died while workers worked")


def _blamed(ends: Sequence[WorkerEnd]) -> str:
    """The service at which most of them failed."""
    counted = Counter(end.service for end in ends)
    return min(counted, key=lambda name: (-counted[name], name), default="")


def _kinds(failures: Sequence[tuple[str, int]]) -> str:
    return ", ".join(f"{kind} {count}" for kind, count in failures[:3])
