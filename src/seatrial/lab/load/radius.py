"""The blast radius of an overload: what other services' questions came to while one entry point is overloaded. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from seatrial.domain.load import LoadRule
from seatrial.domain.load_profile import Executor, LoadProfile, LoadRequest, LoadStage
from seatrial.lab.measure import Sample
from seatrial.lab.model import Stack
from seatrial.lab.probes import Probe

from .judge import LoadComplaint

BYSTANDER = 0.95
"""Share of good answers of every other service."""
USERS = 100
"""Who ask the entry point without any pause."""
LATE = 0.1
"""Seconds: if our own questions begin later, the machine is too busy to judge by their answers."""
_LEAST = 5  # samples of a question that say something


@dataclass(frozen=True, slots=True)
class RadiusSeen:
    """An overload that was carried out."""

    target: str
    requests: int
    """That were completed meanwhile."""
    served: Mapping[Probe, float] = field(default_factory=dict)
    """Share of good answers of every question to another service; what fails without load as well is subtracted."""
    died: frozenset[str] = frozenset()
    late: float = 0.0
    """Seconds, 95th percentile, by which our own questions began late."""


def profile(requests: Sequence[LoadRequest], seconds: float) -> LoadProfile:
    """Many users without a pause."""
    return LoadProfile(
        name="overload", executor=Executor.CONSTANT_VUS, stages=(LoadStage(seconds, USERS),), requests=tuple(requests),
        start=USERS, sleep=0.0, in_turn=True,
    )  # fmt: skip


def served(
    samples: Mapping[Probe, Sequence[Sample]], control: Mapping[Probe, float], touched: Collection[str]
) -> Mapping[Probe, float]:
    """
    The share of good answers to each question.

    Args:
        samples: what was asked meanwhile.
        control: the share without any load.
        touched: services of which nothing is asked: the target, and those that need it.
    """
    counted = {p: s for p, s in samples.items() if p.service not in touched and len(s) >= _LEAST}
    return {
        probe: min(1.0, sum(one.good for one in every) / len(every) + 1 - control.get(probe, 1.0))
        for probe, every in counted.items()
    }


def touched(stack: Stack, target: str) -> frozenset[str]:
    """What an overload may touch: the target, and the services that need it."""
    return stack.dependents(target) | {target}


def complaints(seen: RadiusSeen) -> Iterator[LoadComplaint]:
    """Services that suffer from the overload of another one."""
    for probe, share in seen.served.items():
        if share < BYSTANDER:
            text = f"suffers while {seen.target} is overloaded: {100 * share:.0f} % of the answers to {probe} were good"
            yield LoadComplaint(LoadRule.BLAST_RADIUS, probe.service, f"{text}, {100 * BYSTANDER:.0f} % are asked for")
    for service in sorted(seen.died):
        yield LoadComplaint(LoadRule.BLAST_RADIUS, service, f"died while {seen.target} was overloaded")
