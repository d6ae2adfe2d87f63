"""
Whose doing a container's death is: the fault's, or the service's own.

Two signs show that it died by itself. It died without a fault on anything that it needs, and again after the same time
since its start. Or it ended with 0 while nothing that it needs was disturbed. Pure.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from .discover import Planned
from .events import ContainerEvent
from .model import Stack
from .observation import NotDone, Observation
from .units import seconds

_SAME, _SHARE = 1.0, 0.1
"""Two times since a start are the same if they differ by at most these seconds, or this share."""
_SHORT = 3.0
"""Seconds: a service that dies sooner misses something, and dies equally soon each time."""

_THAWED = 5.0
"""Seconds after a service was frozen in which the others may still die of it."""

ExperimentOutcome = Observation | NotDone


@dataclass(frozen=True, slots=True)
class Death:
    """One container that ended without our word."""

    service: str
    at: float
    uptime: float | None
    """Seconds since its start; None: it was not seen."""
    exit_code: str
    during: int | None
    """The number of the experiment; None: nothing was broken."""
    provoked: bool
    """Whether the service is, or needs, what was broken then."""

    def __str__(self) -> str:
        """For people: `40 s after its start, with exit code 3`."""
        code = f"with exit code {self.exit_code}" if self.exit_code else "with an unknown exit code"
        return f"{seconds(self.uptime)} after its start, {code}" if self.uptime is not None else code


def found(events: Iterable[ContainerEvent], done: Sequence[ExperimentOutcome], stack: Stack) -> Iterator[Death]:
    """The deaths without an order; those of tasks, and of what an experiment was about, are left out."""
    started: dict[str, float] = {}
    frozen: dict[str, float] = {}
    """Until when a service is frozen, as each is for a moment while it is learned who depends on it."""
    ordered: set[str] = set()
    for event in sorted(events, key=lambda e: e.at):
        match event.action:
            case "start":
                started[event.service] = event.at
                ordered.discard(event.service)
            case "pause":
                frozen[event.service] = math.inf
            case "unpause":
                frozen[event.service] = event.at + _THAWED
            case "kill":  # Compose or we ended it by the engine; who dies by itself or by the kernel has none before
                ordered.add(event.service)
            case "die" if event.service not in ordered and event.service not in stack.one_shots:
                began = started.pop(event.service, None)
                uptime = event.at - began if began is not None else None
                number, target = _broken(done, event.at)
                if event.service != target:
                    away = {target, *(name for name, until in frozen.items() if event.at <= until)} - {""}
                    provoked = any(event.service == name or event.service in stack.dependents(name) for name in away)
                    yield Death(event.service, event.at, uptime, event.exit_code, number, provoked)


def _broken(done: Sequence[ExperimentOutcome], at: float) -> tuple[int | None, str]:
    """The number of the experiment of some moment, if there was one, and what was broken then."""
    for number, one in enumerate(done):
        if isinstance(one, Observation) and one.began <= at <= one.began + one.seconds:
            return number, one.planned.service
    return None, ""


def own(deaths: Sequence[Death]) -> Mapping[int, Mapping[str, str]]:
    """By the number of an experiment: the services that died by themselves meanwhile, and what shows it."""
    told: dict[int, dict[str, str]] = {}
    for one in deaths:
        if one.during is not None and (why := _sign(one, deaths)):
            told.setdefault(one.during, {})[one.service] = why
    return told


def _sign(one: Death, deaths: Sequence[Death]) -> str:
    for other in deaths:
        free = other is not one and other.service == one.service and not other.provoked
        if free and other.during != one.during and _same(one.uptime, other.uptime):
            when = "nothing was broken" if other.during is None else "something else was broken"
            return f"died {one}, and the same {other} when {when}"
    if one.exit_code == "0" and not one.provoked:
        return f"ended {one}, and nothing that it needs was disturbed"
    return ""


def _same(one: float | None, other: float | None) -> bool:
    if one is None or other is None or min(one, other) < _SHORT:
        return False
    return abs(one - other) <= max(_SAME, _SHARE * max(one, other))


@dataclass(frozen=True)
class ToldApart:
    """The experiments, each with the deaths that are none of its doing taken out."""

    done: tuple[ExperimentOutcome, ...]
    repeated: Mapping[Planned, Observation]
    deaths: tuple[tuple[str, str], ...]
    """Service, and how it died by itself; each service once."""


def told_apart(
    done: Sequence[ExperimentOutcome],
    repeated: Mapping[Planned, Observation],
    events: Sequence[ContainerEvent],
    stack: Stack,
) -> ToldApart:
    """Take out of what experiments saw the deaths that are the services' own doing."""
    every = [*done, *repeated.values()]
    mine = own(list(found(events, every, stack)))
    cleared = [_cleared(one, mine.get(number, {})) for number, one in enumerate(every)]
    texts = {service: text for by_service in mine.values() for service, text in by_service.items()}
    again = zip(repeated, cleared[len(done) :], strict=True)
    return ToldApart(
        tuple(cleared[: len(done)]),
        {planned: one for planned, one in again if isinstance(one, Observation)},
        tuple(sorted(texts.items())),
    )


def _cleared(one: ExperimentOutcome, mine: Mapping[str, str]) -> ExperimentOutcome:
    if not mine or isinstance(one, NotDone):
        return one
    return replace(one, own=mine, deaths={s: n for s, n in one.deaths.items() if s not in mine})


def unprovoked(events: Sequence[ContainerEvent], stack: Stack) -> Iterator[tuple[str, str]]:
    """What died before anything was broken: the service, and how."""
    killed = {event.service for event in events if event.action == "oom"} - stack.one_shots
    yield from ((service, "was killed because it was out of memory") for service in sorted(killed))
    for one in found(tuple(events), (), stack):
        if one.service not in killed and not one.provoked:
            yield one.service, f"died {one}, and nothing was broken"
