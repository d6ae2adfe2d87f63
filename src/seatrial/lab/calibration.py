"""
Which service depends on which, by trying it: one is frozen for a moment, and the questions that then wait depend on it.

A frozen service keeps its connections, so nothing is broken that would not go on by itself.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from .engine import LabError
from .faults import pause
from .faults.base import FaultContext
from .measure import Sample
from .probes import Probe, Prober

FROZEN = 1.5
"""Seconds."""
_WAITED = 0.6
"""Seconds that an answer must take longer than usual, to have waited for the frozen service."""
_CALM = 1.0  # seconds of good answers before
_PATIENCE = 8.0  # seconds until they are good again


@dataclass(frozen=True, slots=True)
class Reach:
    """Which questions depend on which service."""

    questions: Mapping[str, frozenset[Probe]]
    """By service that was frozen: the questions that waited or failed meanwhile, its own left out."""
    unknown: Mapping[str, str]
    """Services that could not be frozen, with the reason."""
    narrow: frozenset[str] = frozenset()
    """Services of which one question that waits keeps the liveness from being answered: they have few workers."""

    def asks(self, service: str, of: str) -> bool:
        """Whether a question to a service depends on another one."""
        return any(probe.service == service for probe in self.questions.get(of, ()))


NOTHING = Reach({}, {})


def calibrate(context: FaultContext, prober: Prober, targets: Iterable[str], say: Callable[[str], None]) -> Reach:
    """
    Freeze each service in turn, and see which questions notice.

    Args:
        context: what the faults work with.
        prober: asks the questions.
        targets: the services to freeze.
        say: called with what is done.
    """
    found: dict[str, frozenset[Probe]] = {}
    unknown: dict[str, str] = {}
    narrow: set[str] = set()
    for target in targets:
        say(f"looking for dependents of {target}")
        noticing, why = _frozen(context, prober, target)
        if noticing is None:
            unknown[target] = why
            continue
        doubtful = {p for p in noticing if not p.ready and any(p.service == o.service and o.ready for o in noticing)}
        if doubtful:
            # Was it the frozen service, or our own questions that waited for it? Without them, nothing is in its way.
            prober.hold({p.service for p in doubtful})
            alone, why = _frozen(context, prober, target)
            prober.resume()
            if alone is None:
                unknown[target] = why
                continue
            starved = doubtful - alone
            narrow |= {p.service for p in starved}
            noticing -= starved
        found[target] = noticing
    return Reach(found, unknown, frozenset(narrow))


def _frozen(context: FaultContext, prober: Prober, target: str) -> tuple[frozenset[Probe] | None, str]:
    """The questions that noticed that a service was frozen, its own left out; None and why, if that is not known."""
    if not _calm(prober):
        return None, "the stack did not answer steadily before"
    began = time.monotonic()
    try:
        with pause.inject(context, context.project.stack.services[target], {}) as proof:
            time.sleep(FROZEN)
            proof()
    except LabError as error:
        return None, str(error)
    ended = time.monotonic()
    _calm(prober)
    samples = prober.since(began - 3 * _CALM)
    return frozenset(p for p, s in samples.items() if p.service != target and noticed(s, began, ended)), ""


def noticed(samples: Sequence[Sample], began: float, ended: float) -> bool:
    """Whether the answers to a question waited or failed while a service was frozen."""
    before = [s.latency for s in samples if s.ended < began and s.good]
    usual = max(before, default=0.0)
    meanwhile = [s for s in samples if s.began < ended and s.ended > began]
    return any(not s.good or s.latency > usual + _WAITED for s in meanwhile)


def _calm(prober: Prober) -> bool:
    deadline = time.monotonic() + _PATIENCE
    while time.monotonic() < deadline:
        if prober.all_good(_CALM):
            return True
        time.sleep(0.05)
    return False
