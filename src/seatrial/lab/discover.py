"""
What can be tried without configuration: a probe for each service, and a ranked plan of experiments. Pure.

The same stack and the same seed give the same plan: services are sorted, and ties are broken by a hash of the seed.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from .faults import FAULTS
from .faults.base import ESSENTIAL, Aspect, Expectation, FaultTarget
from .model import Service, Stack
from .probes import SPOKEN, Probe

MOST = 8
"""Experiments of a plan without configuration, within the default budget."""
_EACH = 20.0
"""Seconds of a larger budget that pay for one more experiment, recovery included."""
EVERYTHING = 600.0
"""Seconds from which on a budget is for everything that applies."""
_USUAL = 180.0
RECONNECTS = frozenset({Aspect.CRASH, Aspect.RENEWAL, Aspect.FLAP, Aspect.AWAY})
"""What ends every connection to a service, so that its clients have to connect again."""

_URL = re.compile(r"http://(?:localhost|127\.0\.0\.1|0\.0\.0\.0|\[::1\])(?::(\d+))?(/[^\s\"'|;)]*)?", re.IGNORECASE)
_MORE_THAN_GET = re.compile(
    r"(?:^|\s)(?:-[a-zA-Z]*[uHXd]|--(?:user|header|request|data|json|cookie|cert|http-user|post-data|method)\b)"
)
"""Options of curl and wget with which an address alone is another question, and often an answer of 401."""


@dataclass(frozen=True, slots=True)
class Expect:
    """What a repository asks of an experiment, instead of the bounds that hold for everybody."""

    success: float | None = None
    """Least share of good answers of every entry point, readiness included."""
    recovery: float | None = None
    """Most seconds until every entry point answers again."""

    def over(self, other: Expect) -> Expect:
        """These, and where they say nothing the others."""
        return Expect(
            other.success if self.success is None else self.success,
            other.recovery if self.recovery is None else self.recovery,
        )


@dataclass(frozen=True, slots=True)
class Planned:
    """One experiment."""

    fault: str
    service: str
    parameters: Mapping[str, object] = field(default_factory=dict, hash=False)
    """Those that differ from the fault's defaults."""
    expect: Expect = field(default_factory=Expect)
    because: str = field(default="", compare=False)
    """Why it is in the plan, in a few words."""

    def __str__(self) -> str:
        """For people: `partition store`."""
        return f"{self.fault} {self.service}"


def probe(service: Service, answers_http: Iterable[int] = ()) -> Probe:
    """
    The best question that can be asked of a service.

    Args:
        service: the service.
        answers_http: its ports that were found to speak HTTP.
    """
    command = " ".join(service.health)
    found = _URL.search(command)
    if found and not _MORE_THAN_GET.search(command):
        return Probe(service.name, "http", int(found[1] or 80), found[2] or "/")
    if (kind := _protocol(service.store)) in SPOKEN:
        return Probe(service.name, kind, service.store_port)
    speaking = [p for p in service.ports if p in set(answers_http)]
    if speaking:
        return Probe(service.name, "http", speaking[0], "/")
    if service.health:
        return Probe(service.name, "health")
    ports = [*service.ports, service.store_port]
    return Probe(service.name, "tcp", ports[0]) if ports[0] else Probe(service.name, "health")


def _protocol(store: str) -> str:
    families = {"valkey": "redis", "keydb": "redis", "postgis": "postgres", "timescale": "postgres", "mariadb": "mysql"}
    return families.get(store, store)


def candidates(stack: Stack, probes: Mapping[str, Probe]) -> Iterator[Planned]:
    """Every experiment that makes sense without configuration."""
    for service in stack.lasting:
        target = FaultTarget(
            service,
            needed=bool(stack.dependents(service.name)),
            entry=service.name in stack.entries,
            probe=probes[service.name],
        )
        yield from (Planned(name, service.name) for name, fault in FAULTS.items() if fault.suits(target))


def most(budget: float) -> int:
    """
    How many experiments a plan has at most.

    Args:
        budget: seconds for all of them.
    """
    return 1000 if budget >= EVERYTHING else MOST + max(0, int((budget - _USUAL) / _EACH))


def plan(
    stack: Stack,
    probes: Mapping[str, Probe],
    *,
    seed: int,
    most: int = MOST,
    skipped: frozenset[str] = frozenset(),
) -> tuple[Planned, ...]:
    """
    The experiments that tell most: what is essential first, then more, each service in turn.

    Args:
        stack: the stack.
        probes: by service.
        seed: breaks ties.
        most: how many at most.
        skipped: `FAULT` or `SERVICE.FAULT`.
    """
    left = [one for one in candidates(stack, probes) if not {one.fault, f"{one.service}.{one.fault}"} & skipped]
    essential: dict[Aspect, Planned] = {}
    used: Counter[str] = Counter()

    def rank(one: Planned) -> tuple[object, ...]:
        tie_break = _tie_break(seed, one.service, one.fault)
        return used[one.service], -FAULTS[one.fault].WEIGHT, not stack.dependents(one.service), tie_break

    def best(among: Sequence[Planned]) -> Planned:
        # Of one aspect the fault that tells most, whoever had a turn: what is made anew tells more than what restarts.
        heaviest = max(FAULTS[one.fault].WEIGHT for one in among)
        one = min((one for one in among if heaviest == FAULTS[one.fault].WEIGHT), key=rank)
        used[one.service] += 1
        left.remove(one)
        return replace(one, because=f"{FAULTS[one.fault].ASPECT}; {_place(stack, one.service)}")

    def next_one(one: Planned) -> tuple[object, ...]:
        # Whose clients never had to connect again comes first: bad networks and busy processors do not show whether
        # they can.
        broken = {c.service for c in chosen if FAULTS[c.fault].ASPECT in RECONNECTS}
        needed = bool(stack.dependents(one.service)) and one.service not in broken
        return not (needed and FAULTS[one.fault].ASPECT in RECONNECTS), *rank(one)

    def offers(aspect: Aspect) -> list[Planned]:
        return [one for one in left if FAULTS[one.fault].ASPECT is aspect]

    # Whoever has least choice chooses first: overload is for entry points alone, a crash for anything.
    for aspect in sorted(ESSENTIAL, key=lambda a: len({one.service for one in offers(a)})):
        if offers(aspect):
            essential[aspect] = best(offers(aspect))
    chosen = [essential[aspect] for aspect in ESSENTIAL if aspect in essential]
    while left:
        first = min(left, key=next_one)
        chosen.append(best([one for one in left if one == first]))
    return tuple(_of_every_kind(chosen[:most], chosen[most:]))


def later(left: Sequence[Planned], failed: Planned) -> list[Planned]:
    """
    The remaining experiments; last are those that would repeat one from which the stack did not recover.

    Args:
        left: in the order of the plan.
        failed: the experiment.
    """
    same = [one for one in left if one.service == failed.service and FAULTS[one.fault].ASPECT in RECONNECTS]
    same = same if FAULTS[failed.fault].ASPECT in RECONNECTS else []
    return [*(one for one in left if one not in same), *same]


def _place(stack: Stack, name: str) -> str:
    """Why it is this service, in a few words."""
    dependents = len(stack.dependents(name))
    roles = (
        "users ask it" if name in stack.entries else "",
        f"{dependents} other{'s need' if dependents > 1 else ' needs'} it" if dependents else "",
        "it keeps data" if stack.services[name].store and not dependents else "",
    )
    return " and ".join(filter(None, roles)) or "each service has its turn"


def _of_every_kind(chosen: list[Planned], left: Sequence[Planned]) -> list[Planned]:
    """The same, with the last of a common kind exchanged for the first of a kind that is missing."""
    for missing in Expectation:
        instead = next((one for one in left if _kind(one) is missing), None)
        if instead is None or any(_kind(one) is missing for one in chosen):
            continue
        count = Counter(_kind(one) for one in chosen)
        place = next((n for n in range(len(chosen) - 1, -1, -1) if count[_kind(chosen[n])] > 1), None)
        if place is not None:
            chosen[place] = instead
    return chosen


def _kind(one: Planned) -> Expectation:
    return FAULTS[one.fault].KIND


def _tie_break(seed: int, service: str, fault: str) -> str:
    return hashlib.sha256(f"{seed}|{service}|{fault}".encode()).hexdigest()
