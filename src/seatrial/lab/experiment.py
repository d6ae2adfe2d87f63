"""One experiment: steady? then break, observe, heal, and wait for the recovery."""

from __future__ import annotations

import re
import time
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, assert_never

from seatrial.domain.errors import UsageError

from . import course, judge
from .aftermath import Ears
from .calibration import NOTHING, Reach
from .course import Course
from .discover import Planned
from .engine import LabError
from .faults import FAULTS
from .faults.base import End, Expectation, Fault, FaultContext
from .machine import Machine
from .markers import Marker, Writing
from .measure import TIMEOUT, Measures, ProbeFailure, Sample, measure, stable_from
from .model import Service
from .observation import Aftermath, Jobs, Moment, NotDone, Observation
from .probes import Probe, Prober
from .voices import errors

STEADY, STEADY_LIMIT = 1.0, 20.0
"""Seconds for which everything has to be good before a fault, and how long that is waited for."""
CONTROL = 4.0
"""Seconds of the control run."""
INSTANT_WINDOW = 10.0
"""Seconds that count after an instant fault."""
_LEAST = 3.0  # seconds that an instant fault is watched at least
_POLL = 0.05
_JOBS_BEFORE, _JOB_PAUSE = 3, 0.5  # jobs that are given before a fault, and seconds between two during it


@dataclass(frozen=True)
class Watch:
    """What observes while the context breaks."""

    context: FaultContext
    prober: Prober
    entries: tuple[str, ...]
    markers: Mapping[str, Marker] = field(default_factory=dict)
    """By service, for stores that take them."""
    reach: Reach = NOTHING
    """Which questions depend on which service, and of which services each kind is asked in a phase of its own."""
    control: Mapping[Probe, float] = field(default_factory=dict)
    """Share of good answers to the same questions without a fault."""
    ears: Ears | None = None
    """The logs and the stores, as evidence; None: nothing is listened to."""
    jobs: Mapping[str, Marker] = field(default_factory=dict)
    """By worker, where the repository says how it is given jobs."""


def parameters(fault: Fault, given: Mapping[str, object], where: str) -> Mapping[str, Any]:
    """
    A fault's parameters in base units.

    Raises:
        UsageError: one does not exist, or has no unit.
    """
    for name in given:
        if name not in fault.PARAMETERS:
            known = ", ".join(fault.PARAMETERS) or "none"
            raise UsageError(f"{fault.NAME} has no parameter {name!r}; it has {known}", where=where)
    return {n: p.parse(given.get(n, p.default), f"{where}.{n}") for n, p in fault.PARAMETERS.items()}


def cost(planned: Planned) -> float:
    """Seconds that an experiment takes in all likelihood."""
    chosen = parameters(FAULTS[planned.fault], planned.parameters, str(planned))
    return float(chosen.get("duration", 4.0)) + 5.0


def run(planned: Planned, watch: Watch) -> Observation | NotDone:
    """Carry one experiment out."""
    fault, context = FAULTS[planned.fault], watch.context
    service = context.project.stack.services[planned.service]
    try:
        if reason := fault.obstacle(context, service):
            return NotDone(planned, reason)
        if problem := steady(watch):
            return NotDone(planned, f"not steady before it: {problem}", error=True)
        return _carry_out(planned, fault, service, watch)
    except LabError as error:
        return NotDone(planned, str(error), error=True)
    finally:
        watch.prober.resume()


def steady(watch: Watch, limit: float = STEADY_LIMIT, *, busy: float = 0.0) -> str:
    """
    Wait until all is well; what is not, if it does not become so.

    Args:
        watch: what observes.
        limit: seconds to wait.
        busy: seconds to wait besides, as long as the machine is too busy to judge by time-outs.
    """
    deadline = time.monotonic() + limit
    while (left := deadline - time.monotonic()) > 0 or (left > -busy and hindered(watch.prober).busy):
        if watch.prober.all_good(STEADY) and not watch.context.project.unhealthy():
            return ""
        time.sleep(_POLL)
    problems = [f"{service} {what}" for service, what in watch.context.project.unhealthy()]
    lately = watch.prober.since(time.monotonic() - STEADY - TIMEOUT)
    bad = [f"{p.service} {_failure(p, s)}" for p, s in lately.items() if not _good(s)]
    return "; ".join(problems or bad or ["probes fail now and then"])


def _failure(probe: Probe, samples: list[Sample]) -> str:
    """How a service failed last."""
    results = [s.result for s in sorted(samples) if not s.good]
    if results and results[-1].failure is ProbeFailure.STATUS:
        return f"answers {probe} with {results[-1].status}"
    return f"does not answer its probe, {probe}"


def control(watch: Watch) -> Mapping[Probe, float]:
    """Ask the same questions without a fault, for as long as a short one lasts: the share of good answers to each."""
    began = time.monotonic()
    time.sleep(CONTROL)
    seen = watch.prober.since(began)
    return {probe: sum(s.good for s in samples) / len(samples) for probe, samples in seen.items() if samples}


def _good(samples: list[Sample]) -> bool:
    return bool(samples) and all(s.good for s in samples)


def _carry_out(planned: Planned, fault: Fault, service: Service, watch: Watch) -> Observation:
    chosen = parameters(fault, planned.parameters, str(planned))
    address = watch.context.events.address(service.name)
    late_from = len(watch.prober.lateness)
    alone = asked_alone(fault.KIND, planned.service, watch.reach) if "duration" in chosen else frozenset()
    if alone:
        chosen = {**chosen, "duration": 2 * chosen["duration"]}
        watch.prober.hold(alone)
    limit = judge.bound(fault.KIND, fault.ENDS)
    before = watch.ears.before() if watch.ears is not None else None
    with _writing(planned, watch) as writing, _giving(watch) as given:
        began = time.monotonic()
        with fault.inject(watch.context, service, chosen) as proof:
            injected = time.monotonic()
            if alone:
                watch.prober.hold(alone, until=injected + chosen["duration"] / 2)
            if "duration" in chosen:
                time.sleep(chosen["duration"])
            broken = time.monotonic()
            evidence = proof()
        undone = time.monotonic()
        watch.prober.resume()
        instant = fault.KIND is Expectation.INSTANT
        healed, over = (began, injected) if instant else (undone, undone)
        _recover(watch, over, healed + limit, least=began + _LEAST if instant else undone)
        healthy, unhealthy, dead = _healthy(watch, healed)
        after = Aftermath()
        if watch.ears is not None and before is not None:
            after = watch.ears.after(before, over, healed + limit, dead)
    window = (
        (began, began + INSTANT_WINDOW) if instant else _window(began, injected, broken, lasting="duration" in chosen)
    )
    events = watch.context.events.since(began)
    measures = _measures(watch.prober, began, window, (healed, over), alone)
    back = None if after.troubles or after.stalls or healthy is None else _back(measures, healed, healthy)
    return Observation(
        planned=planned,
        kind=fault.KIND,
        ends=fault.ENDS,
        parameters=chosen,
        evidence=evidence,
        measures=measures,
        control=watch.control,
        depending=watch.reach.questions.get(planned.service, frozenset()),
        baseline=_baseline(watch.prober, began),
        healthy=healthy,
        unhealthy=tuple(unhealthy),
        dead=bool(unhealthy) and {service for service, _ in unhealthy} <= dead,
        deaths=_deaths(watch, planned, began),
        began=began,
        killed=tuple(sorted({e.service for e in events if e.action == "oom"})),
        moved=watch.context.events.address(service.name) != address,
        writes=writing.result() if writing is not None else None,
        jobs={worker: Jobs(w.attempted, len(w.acknowledged), w.done(healed + limit)) for worker, w in given.items()},
        after=after,
        machine=machine(watch.prober, late_from),
        timeline=tuple(_timeline(watch, planned, began, injected, undone)),
        lanes=course.lanes(_course(watch, planned, (began, injected, undone, healed), measures, back)),
        seconds=time.monotonic() - began,
    )


def asked_alone(kind: Expectation, target: str, reach: Reach) -> frozenset[str]:
    """
    Services of few workers whose liveness our own questions would starve, because these wait for the target.

    Args:
        kind: of the fault.
        target: the service that is broken.
        reach: which questions depend on it, and who has few workers.
    """
    match kind:
        case Expectation.INSTANT:
            return frozenset()
        case Expectation.OUTAGE:
            return reach.narrow
        case Expectation.DEGRADE:
            return frozenset(name for name in reach.narrow if reach.asks(name, target))
        case _ as never:
            assert_never(never)


@contextmanager
def _writing(planned: Planned, watch: Watch) -> Iterator[Writing | None]:
    """Markers in the target, if it is a store that takes them."""
    marker = watch.markers.get(planned.service)
    if marker is None:
        yield None
        return
    with Writing(marker, first=round(time.monotonic() * 1000)) as writing:
        yield writing


@contextmanager
def _giving(watch: Watch) -> Iterator[Mapping[str, Writing]]:
    """Jobs for the workers of which the repository says how they get some."""
    with ExitStack() as stack:
        first = round(time.monotonic() * 1000)
        yield {
            worker: stack.enter_context(Writing(marker, first, _JOBS_BEFORE, _JOB_PAUSE))
            for worker, marker in watch.jobs.items()
        }


def _window(began: float, injected: float, broken: float, *, lasting: bool) -> tuple[float, float]:
    """A sample that began less than a time-out before the end may have been saved by it."""
    return (injected, max(injected, broken - TIMEOUT)) if lasting else (began, broken)


def _back(measures: Mapping[Probe, Measures], healed: float, healthy: float) -> float | None:
    """When every question was answered again and every container up; None: not while that was waited for."""
    found = [m.recovery for m in measures.values()]
    return None if None in found else healed + max([healthy, *(f for f in found if f is not None)])


def _course(
    watch: Watch,
    planned: Planned,
    times: tuple[float, float, float, float],
    measures: Mapping[Probe, Measures],
    back: float | None,
) -> Course:
    began, injected, undone, healed = times
    stack = watch.context.project.stack
    return Course(
        name=str(planned),
        began=began,
        off=injected if FAULTS[planned.fault].KIND is Expectation.INSTANT else undone,
        healed=healed,
        ended=time.monotonic(),
        back=back,
        samples=watch.prober.since(began - course.BEFORE - TIMEOUT),
        measures=measures,
        events=watch.context.events.since(began),
        errors=errors(watch.context.project, (s.name for s in stack.lasting), began),
    )


def _measures(
    prober: Prober, began: float, window: tuple[float, float], ended: tuple[float, float], alone: Collection[str]
) -> Mapping[Probe, Measures]:
    middle = (window[0] + window[1] + TIMEOUT) / 2  # when the questions that make services work began

    def own(probe: Probe) -> tuple[float, float]:
        if probe.service not in alone:
            return window
        return (middle, window[1]) if probe.ready else (window[0], middle)

    return {
        probe: measure(
            samples,
            injected=began,
            window=own(probe),
            healed=ended[0],
            over=ended[1],
            period=probe.period,
            lasting=probe.lasting,
        )
        for probe, samples in prober.since(began - TIMEOUT).items()
    }


def _baseline(prober: Prober, began: float) -> Mapping[Probe, float]:
    found = {}
    for probe, samples in prober.since(began - 3 * STEADY).items():
        good = sorted(s.latency for s in samples if s.good and s.began < began)
        if good:
            found[probe] = good[int(len(good) * 0.95)]
    return found


def _recover(watch: Watch, over: float, deadline: float, *, least: float) -> None:
    """
    Until every probe answers again in a stable way, but no longer than a recovery may take.

    What ended for good is not waited for.
    """
    dead, looked = frozenset[str](), over
    while (now := time.monotonic()) < deadline + 2:
        if now - looked > STEADY:
            dead, looked = watch.context.project.dead(), now
        stable = {p: stable_from(sorted(s), over, p.period, p.lasting) for p, s in watch.prober.since(over).items()}
        if now >= least and all(moment is not None or p.service in dead for p, moment in stable.items()):
            return
        time.sleep(_POLL)


def _healthy(watch: Watch, healed: float) -> tuple[float | None, list[tuple[str, str]], frozenset[str]]:
    """Seconds until every service is up by Docker's word, and what is not; of these, what nothing starts again."""
    deadline = healed + judge.HEALTHY
    while True:
        unhealthy = watch.context.project.unhealthy()
        now = time.monotonic()
        if not unhealthy:
            return now - healed, [], frozenset()
        dead = watch.context.project.dead()
        if now > deadline or {service for service, _ in unhealthy} <= dead:
            return None, unhealthy, dead
        time.sleep(_POLL)


def hindered(prober: Prober) -> Machine:
    """How busy the machine is, as long as what fails lately could be its doing: an answer with an error is not."""
    lately = prober.since(time.monotonic() - STEADY - TIMEOUT).values()
    if any(s.result.failure is ProbeFailure.STATUS for samples in lately for s in samples):
        return Machine()
    return machine(prober, 0)


def machine(prober: Prober, since: int) -> Machine:
    """How busy the machine was since a sample: how late samples began, and who waited for a processor."""
    late = sorted(prober.lateness[since:])
    return Machine(late[int(len(late) * 0.95)] if late else 0.0, _pressure())


def _pressure(path: Path = Path("/proc/pressure/cpu")) -> float:
    """The share of the last ten seconds in which some task waited for a processor; 0 if the kernel tells nothing."""
    try:
        found = re.search(r"some avg10=([\d.]+)", path.read_text("ascii"))
    except (OSError, ValueError):
        return 0.0
    return float(found[1]) / 100 if found else 0.0


def _deaths(watch: Watch, planned: Planned, began: float) -> Mapping[str, int]:
    """Deaths of containers, but for the one that we caused, and those of tasks, which may run again."""
    dead = (e.service for e in watch.context.events.since(began) if e.action == "die")
    counted = Counter(service for service in dead if service not in watch.context.project.stack.one_shots)
    match FAULTS[planned.fault].ENDS:
        case End.NOTHING | End.FILLED:
            pass
        case End.ORDERED:
            counted.pop(planned.service, None)
        case End.KILLED | End.OUT_OF_MEMORY:
            counted[planned.service] -= 1
        case _ as never:
            assert_never(never)
    return {service: number for service, number in counted.items() if number > 0}


def _timeline(watch: Watch, planned: Planned, began: float, injected: float, undone: float) -> Iterator[Moment]:
    told: list[Moment] = [Moment(0.0, f"{planned} begins"), Moment(injected - began, "fault on")]
    if FAULTS[planned.fault].KIND is not Expectation.INSTANT:
        told.append(Moment(undone - began, "fault undone"))
    for event in watch.context.events.since(began):
        code = f" ({event.exit_code})" if event.action == "die" and event.exit_code else ""
        told.append(Moment(event.at - began, f"{event.service}: {event.action}{code}"))
    for probe, samples in watch.prober.since(began).items():
        told += _turns(probe, sorted(samples), began)
    yield from sorted(told, key=lambda m: m.at)


def _turns(probe: Probe, samples: list[Sample], began: float, most: int = 6) -> list[Moment]:
    """When a probe began to fail and to answer again, the first few times."""
    told, good = [], True
    for sample in samples:
        if sample.good is not good:
            good = sample.good
            word = "answers again" if good else f"fails ({sample.result})"
            told.append(Moment(sample.ended - began, f"{probe.service}: {probe} {word}"))
    return told[:most]
