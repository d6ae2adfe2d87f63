"""How the services of a running stack are asked: the probes, and the questions that reach what they depend on."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from . import discover, judge, questions, routes
from .aftermath import Ears
from .calibration import NOTHING, Reach, calibrate
from .endpoints import PATHS, answers_all
from .errands import Errands
from .events import Events
from .faults.base import FaultContext
from .ledgers import find as find_ledger
from .model import Service, Stack
from .probes import READINESS, Probe, Prober, settled, status
from .routes import Route
from .tasks import Health
from .voices import LISTEN, Voices
from .workers import Workers

_ASKED = 4  # ports of a service that are asked whether they speak HTTP, at most
_WORKING = 4  # different requests of a crowd, at most


@dataclass(frozen=True)
class Learned:
    """What was learned about the steady stack."""

    questions: tuple[Probe, ...] = ()
    """To be asked during the experiments, besides the probes."""
    reach: Reach = NOTHING
    ears: Ears | None = None
    heard: frozenset[str] = frozenset()
    """Services without an address for questions that print regularly."""
    work: Mapping[str, tuple[Probe, ...]] = field(default_factory=dict)
    """By service: questions that make it work."""


def find_probes(
    model: Stack, events: Events, given: Mapping[str, Probe], listening: Mapping[str, Sequence[int]]
) -> Mapping[str, Probe]:
    """
    A probe for each lasting service; ports with an unknown protocol are asked whether they speak HTTP.

    Args:
        model: the stack.
        events: know the addresses.
        given: probes by service that are not to be looked for.
        listening: by service, ports on which it was seen to wait for connections.
    """
    found = {}
    for service in model.lasting:
        probe, address = given.get(service.name), events.address(service.name)
        if probe is None:
            ports = tuple(dict.fromkeys((*service.ports, *listening.get(service.name, ()))))
            speaking = [p for p in ports[:_ASKED] if address and not service.store and status(address, p)]
            probe = settled(_working(discover.probe(replace(service, ports=ports), speaking), address), address)
        found[service.name] = probe
    return found


def _working(probe: Probe, address: str) -> Probe:
    """The question, or where its answer is 5xx, one at a health endpoint with a good one: `/` may have no page."""
    if probe.kind == "http" and probe.path == "/" and address and status(address, probe.port) >= 500:
        paths = (path for kind in ("liveness", "readiness") for path in PATHS[kind])
        return replace(probe, path=next((p for p in paths if status(address, probe.port, p) in (200, 204)), "/"))
    return probe


def stir(context: FaultContext, known: Sequence[Probe], code: Iterable[Route]) -> None:
    """Ask each service once what it can be asked, so that it connects to what it needs."""
    for _ in _candidates(context, known, tuple(code)):
        pass


def find_readiness(probes: Mapping[str, Probe], entries: Sequence[str], events: Events) -> Iterator[Probe]:
    """A second probe, for entry points with a readiness endpoint."""
    for name in entries:
        one, address = probes[name], events.address(name)
        if one.kind != "http" or not address or not judge.is_liveness(one) or answers_all(address, one.port):
            continue
        path = next((p for p in READINESS if p != one.path and status(address, one.port, p) in (200, 204)), "")
        if path:
            yield Probe(name, "http", one.port, path, ready=True)


def learn(
    context: FaultContext,
    errands: Errands,
    known: Sequence[Probe],
    operations: Sequence[Probe],
    code: Iterable[Route],
    targets: Iterable[str],
    healthy: Health,
    say: Callable[[str], None],
) -> Learned:
    """
    Find the questions that reach each dependency, and listen to the logs meanwhile.

    Args:
        context: what the faults work with.
        errands: run the commands among the operations.
        known: what is asked anyway.
        operations: questions that the configuration gives.
        code: addresses that the repository's code names.
        targets: the services that experiments are about.
        healthy: for probes by Docker's word.
        say: called with what is done.
    """
    stack, events = context.project.stack, context.events
    say("looking for questions that reach the dependencies")
    found = [*operations, *_candidates(context, [*known, *operations], tuple(code))]
    others = [s.name for s in stack.lasting if not s.store]
    ledgers = {s.name: ledger for s in stack.lasting if (ledger := find_ledger(context.project, events, s)) is not None}
    ears = Ears(Voices(context.project, others), Workers(context.project, ledgers, others))
    with Prober([*known, *found], events.address, healthy, errands.run) as prober:
        ears.learn(LISTEN)
        reliable = [p for p in found if p in operations or _reliable(prober, p)]
    with Prober([*known, *reliable], events.address, healthy, errands.run) as prober:
        reach = calibrate(context, prober, [t for t in targets if stack.neighbours(t)], say)
    chosen = (*operations, *questions.chosen([p for p in reliable if p not in operations], reach.questions, known))
    chosen = tuple(dict.fromkeys((*chosen, *_pages(known, reliable))))
    asked = frozenset((*known, *chosen))
    kept = {target: probes & asked for target, probes in reach.questions.items()}
    asked_by_http = {p.service for p in asked if p.kind == "http"}
    heard = ears.keep(name for name in others if name not in asked_by_http)
    return Learned(chosen, replace(reach, questions=kept), ears, heard, _work(asked, reliable))


def _pages(known: Iterable[Probe], found: Iterable[Probe]) -> Iterator[Probe]:
    """The questions that ask for the same as a probe for liveness does: a page is an operation."""
    alive = {(p.service, p.port, p.path) for p in known if p.kind == "http" and not (p.ready or p.question)}
    return (p for p in found if p.question and p.method == "GET" and (p.service, p.port, p.path) in alive)


def _work(asked: Iterable[Probe], reliable: Iterable[Probe]) -> Mapping[str, tuple[Probe, ...]]:
    """By service: the questions that make it work, those that are asked anyway first."""
    found: dict[str, list[Probe]] = {}
    for probe in dict.fromkeys((*sorted((p for p in asked if p.question), key=str), *reliable)):
        if (
            probe.kind == "http" and probe.method == "GET"
        ):  # whoever wants writes to be repeated a thousand times has to say so
            found.setdefault(probe.service, []).append(probe)
    return {name: tuple(every[:_WORKING]) for name, every in found.items()}


def _candidates(context: FaultContext, known: Sequence[Probe], code: Sequence[Route]) -> Iterator[Probe]:
    # A page that is asked whether the service lives is asked as an operation, too: as such it may take its time.
    taken = {(p.service, p.port, p.path) for p in known if p.ready or p.question or judge.is_liveness(p)}
    for probe in known:
        address = context.events.address(probe.service)
        if probe.kind != "http" or probe.question or probe.ready or not address:
            continue
        service = context.project.stack.services[probe.service]
        for one in questions.candidates(probe, address, _code_of(context, service, code)):
            if (one.service, one.port, one.path) not in taken:
                yield one


def _code_of(context: FaultContext, service: Service, code: Sequence[Route]) -> tuple[str, ...]:
    """The addresses that the service's own code names: what it is built from, and what is mounted into it."""
    root = context.project.compose.place.outside
    folders = [service.context, *(m.source for m in service.mounts if m.kind == "bind")]
    inside = (os.path.relpath(folder, root) for folder in folders if folder and Path(folder).is_relative_to(root))
    return tuple(dict.fromkeys(path for folder in inside for path in routes.below(code, folder)))


def _reliable(prober: Prober, probe: Probe) -> bool:
    samples = prober.samples[probe]
    return bool(samples) and all(s.good for s in samples)
