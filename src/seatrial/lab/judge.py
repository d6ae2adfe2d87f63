"""
What an observation means. Pure: thresholds and words, no clock, no engine.

The thresholds are at least ten points away from a healthy stack's values. So a slow machine does not decide.
docs/trial.md has the same table; a test holds them together.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from seatrial.domain.measured import ExperimentResult, TrialRule

from .calibration import Reach
from .faults.base import End, Expectation
from .machine import Machine
from .measure import Measures
from .model import Stack
from .observation import NotDone, Observation
from .probes import Probe
from .units import seconds

RECOVERY, SLOW_RECOVERY = 30.0, 10.0
"""Seconds until entry points answer again: beyond the first a failure, beyond the second a warning."""
RECONNECT = 60.0
"""The same after a flap or a stop: what needs the service has lost its connections, and has to make new ones."""
HEALTHY = 60.0
"""Seconds until every service is up again."""
OUTAGE = 3.0
"""Seconds of unavailability that an instant fault may cost: 30 % of ten seconds."""
SUCCESS = 0.70
"""Share of good answers of entry points while something is degraded, and of their liveness while something is away."""
BYSTANDER, BYSTANDER_DEGRADED = 0.95, 0.90
"""The same for services that do not need the target."""
FAIL_FAST, LEAST_FAILURES = 0.5, 6
"""Share of an entry point's failures of readiness that have to be answers, of at least so many failures."""
_CLOSE = 0.5
"""Share of that bound from which on a hanging entry point is tried once more."""
LOOP = 3
"""Deaths of one service during one experiment."""
_LIVENESS = re.compile(r"live|health|alive|ping|heartbeat|status|up\b", re.IGNORECASE)
_READINESS = re.compile(r"read[iy]", re.IGNORECASE)


OPERATIONS = (
    "An operation is a request, a job of a queue, or a command. "
    f"During a failover at least {100 * SUCCESS:.0f} % of them succeed. "
    f"After a crash all succeed again within {RECOVERY:g} s, after a flap or a stop within {RECONNECT:g} s."
)
"""What an operator expects of operations, for people: docs/trial.md and every report have it from here."""


@dataclass(frozen=True, slots=True)
class BrokenRule:
    """A rule that does not hold."""

    rule: TrialRule
    service: str
    text: str
    warning: bool = False
    cause: str = ""
    """What it has in common with others that one change would mend; empty: nothing that we know."""
    close: bool = False
    """Whether it is so near its bound that another try may show another side."""


@dataclass(frozen=True, slots=True)
class JudgedExperiment:
    """One experiment with its result."""

    experiment: Observation | NotDone
    result: ExperimentResult
    complaints: tuple[BrokenRule, ...] = ()
    reason: str = ""


def bound(kind: Expectation, ends: End) -> float:
    """Seconds within which operations have to succeed again after a fault; the definition is in docs/trial.md."""
    return RECONNECT if kind is Expectation.OUTAGE and ends is End.ORDERED else RECOVERY


def limit(one: Observation) -> float:
    """The same for an experiment: what the repository asks goes before."""
    asked = one.planned.expect.recovery
    return bound(one.kind, one.ends) if asked is None else asked


def unproven(one: Observation, stack: Stack, reach: Reach, heard: Collection[str]) -> tuple[str, ...]:
    """
    The services on which an experiment's effect was not measured.

    Args:
        one: the experiment.
        stack: which service needs which.
        reach: which questions depend on which service.
        heard: services that print regularly.
    """
    about = stack.neighbours(one.planned.service)
    told = {c.service for c in _complaints(one, stack)} | one.after.worked | one.jobs.keys()
    return tuple(n for n in about if n not in heard and n not in told and not reach.asks(n, one.planned.service))


def judge(one: Observation | NotDone, stack: Stack, again: Observation | None = None) -> JudgedExperiment:
    """
    Judge an experiment.

    Args:
        one: what was seen.
        stack: which service needs which.
        again: its repetition, if it was repeated.
    """
    if isinstance(one, NotDone):
        return JudgedExperiment(
            one, ExperimentResult.ERROR if one.error else ExperimentResult.SKIPPED, reason=one.reason
        )
    complaints = tuple(_complaints(one, stack))
    if unclear := sorted(_unclear(one, complaints, stack)):
        text = "; ".join(f"{service} {how}" for service, how in one.own.items())
        text = f"it is not known whether the fault harmed {', '.join(unclear)}: {text}"
        return JudgedExperiment(one, ExperimentResult.ERROR, reason=text)
    if not failed(complaints):
        return JudgedExperiment(one, ExperimentResult.DEGRADED if complaints else ExperimentResult.PASSED, complaints)
    if again is not None and not failed(tuple(_complaints(again, stack))):
        if is_noise(one, complaints):
            return judge(again, stack)
        return JudgedExperiment(one, ExperimentResult.FLAKY, complaints, reason="failed, and passed when repeated")
    if why := _unfaithful(one, complaints):
        return JudgedExperiment(one, ExperimentResult.ERROR, reason=why)
    noise = again is not None and is_noise(one, complaints) and is_noise(again, tuple(_complaints(again, stack)))
    if again is not None and noise and one.machine.busy and again.machine.busy:
        return JudgedExperiment(
            one, ExperimentResult.ERROR, reason=f"the machine is too busy to judge: {again.machine}"
        )
    return JudgedExperiment(one, ExperimentResult.FAILED, complaints)


def _unfaithful(one: Observation, complaints: tuple[BrokenRule, ...]) -> str:
    """Why nothing was learned, where the same questions fail without a fault too: less than that is subtracted."""
    blamed = {c.service for c in complaints if not c.warning and c.rule in _BY_SHARE}
    bad = next((p for p, share in one.control.items() if p.service in blamed and share < SUCCESS), None)
    if bad is None:
        return ""
    share = _share(one.control[bad], SUCCESS)
    return f"{bad.service} does not answer {bad} without a fault either: {share}"


_BY_SHARE = frozenset({TrialRule.AVAILABILITY, TrialRule.HANGS, TrialRule.BLAST_RADIUS})


def _served(one: Observation, probe: Probe, measures: Measures) -> float | None:
    """The share of good answers, and what of the bad ones there is without a fault as well."""
    if measures.success is None:
        return None
    return min(1.0, measures.success + (1 - one.control.get(probe, 1.0)))


def is_noise(one: Observation, complaints: tuple[BrokenRule, ...]) -> bool:
    """Whether a busy machine could have made all of what failed: seconds away, what others suffer, what is close."""
    bad = [c for c in complaints if not c.warning]
    made = (c.close or c.rule in (TrialRule.AVAILABILITY, TrialRule.BLAST_RADIUS) for c in bad)
    return one.kind is not Expectation.DEGRADE and bool(bad) and all(made)


def failed(complaints: tuple[BrokenRule, ...]) -> bool:
    """Whether one of them is more than a warning."""
    return any(not c.warning for c in complaints)


def _unclear(one: Observation, complaints: tuple[BrokenRule, ...], stack: Stack) -> set[str]:
    """Services that suffered while something that they need died by itself."""
    touched = {dependent for service in one.own for dependent in stack.dependents(service)}
    return {c.service for c in complaints if not c.warning} & touched


def _complaints(one: Observation, stack: Stack) -> Iterator[BrokenRule]:
    """What does not hold; of a service that died by itself nothing is the fault's doing."""
    return (c for c in _all_complaints(one, stack) if c.service not in one.own)


def _all_complaints(one: Observation, stack: Stack) -> Iterator[BrokenRule]:
    yield from _recovery(one, stack)
    yield from _aftermath(one, stack)
    yield from _jobs(one)
    yield from _availability(one, stack)
    yield from _bystanders(one, stack)
    yield from _deaths(one, stack)
    if one.writes is not None and one.writes.lost:
        text = f"{one.writes.lost} of {one.writes.acknowledged} acknowledged writes were lost"
        cache = stack.may_forget(one.planned.service)
        text += ", as its own settings allow: it is a cache" if cache else ""
        yield BrokenRule(TrialRule.DATA_LOSS, one.planned.service, text, warning=cache)


def _recovery(one: Observation, stack: Stack) -> Iterator[BrokenRule]:
    most = limit(one)
    for probe, measures in _asked(one, stack):
        what = "is not ready again" if probe.ready else "does not answer again"
        if measures.recovery is None or measures.recovery > most:
            cause = f"{probe.service} keeps the address of {one.planned.service}" if _asks_the_old(one, probe) else ""
            text = f"{what} within {seconds(most)}{_perhaps(one, probe)}"
            yield BrokenRule(TrialRule.RECOVERY, probe.service, text, cause=cause)
        elif measures.recovery > SLOW_RECOVERY:
            text = f"recovery {seconds(measures.recovery)} > {seconds(SLOW_RECOVERY)}"
            yield BrokenRule(TrialRule.RECOVERY, probe.service, text, warning=True)
    if one.healthy is None:
        for service, what in one.unhealthy or ((one.planned.service, "is not up again"),):
            after = "and nothing starts it again" if one.dead else f"{seconds(HEALTHY)} after the fault was over"
            yield BrokenRule(TrialRule.RECOVERY, service, f"{what}, {after}")


def _aftermath(one: Observation, stack: Stack) -> Iterator[BrokenRule]:
    """What logs and stores tell of services that are up by every other sign; who is not asked has nothing to print."""
    lost = {probe.service for probe, measures in _asked(one, stack) if measures.recovery is None}
    unasked = {name for name in stack.services if stack.dependents(name) & lost}
    after = f"{seconds(bound(one.kind, one.ends))} after the fault"
    for trouble in one.after.troubles:
        if trouble.service in unasked and not trouble.loud:
            continue
        now, usual = trouble.now, f"{trouble.usual.rate:.1f} lines a second before"
        if trouble.loud:
            text = f"still {now.error_rate:.0f} errors a second in its log, {after}"
        elif trouble.silent:
            text = f"prints nothing any more, {after} ({usual})"
        else:
            text = f"prints {now.rate:.1f} lines a second, {after} ({usual})"
        yield BrokenRule(TrialRule.RECOVERY, trouble.service, text)
    down = {service for service, _ in one.unhealthy}
    for stall in (s for s in one.after.stalls if s.service not in down):
        yield BrokenRule(TrialRule.RECOVERY, stall.service, f"{stall.text}, {after}")


def _jobs(one: Observation) -> Iterator[BrokenRule]:
    """Jobs are operations: those that were taken in have to be done, and as many as requests have to succeed."""
    least = SUCCESS if one.planned.expect.success is None else one.planned.expect.success
    for worker, jobs in one.jobs.items():
        if left := jobs.acknowledged - jobs.done:
            text = f"{left} of {jobs.acknowledged} jobs are not done, {seconds(limit(one))} after the fault"
            yield BrokenRule(TrialRule.RECOVERY, worker, text)
        elif jobs.given and jobs.done / jobs.given < least and _has_to_serve(one, worker):
            text = f"{100 * jobs.done / jobs.given:.0f} % of its jobs were done, {100 * least:.0f} % are asked for"
            yield BrokenRule(TrialRule.AVAILABILITY, worker, text)


def _has_to_serve(one: Observation, service: str) -> bool:
    """Whether operations of a service have to succeed meanwhile: what it needs must not be away, or it may refuse."""
    if one.planned.expect.success is not None or one.kind is Expectation.DEGRADE:
        return True
    return one.kind is Expectation.INSTANT and service == one.planned.service


def _perhaps(one: Observation, probe: Probe) -> str:
    """The usual reason, where there is one."""
    old = f": perhaps it still asks the address that {one.planned.service} had before"
    return old if _asks_the_old(one, probe) else ""


def _asks_the_old(one: Observation, probe: Probe) -> bool:
    return one.moved and probe.service != one.planned.service


def _availability(one: Observation, stack: Stack) -> Iterator[BrokenRule]:
    for probe, measures in _entries(one, stack):
        other = probe.service != one.planned.service
        told = measures.recovery is None  # whoever never answers again need not be told to have been away
        most = OUTAGE * (1 + one.machine.pressure) + one.machine.late
        if one.kind is Expectation.INSTANT and not probe.ready and not told and measures.unavailable > most:
            text = f"unavailable for {seconds(measures.unavailable)} > {seconds(most)}"
            yield BrokenRule(TrialRule.AVAILABILITY, probe.service, text)
        least = least_answers(one.machine, probe)
        if one.kind is Expectation.OUTAGE and other and probe.ready and _hangs(measures, least):
            text = f"hangs while {one.planned.service} is away: {_unanswered(measures, probe)}"
            close = (measures.fail_fast or 0.0) >= _CLOSE * least
            yield BrokenRule(TrialRule.HANGS, probe.service, text, close=close)
        target = one.planned.service
        asked, served = one.planned.expect.success, _served(one, probe, measures)
        if served is None or served >= (SUCCESS if asked is None else asked):
            continue
        if asked is None and _is_operation(probe, one):
            continue  # it is judged as one, with the patience of one
        if asked is not None:
            yield BrokenRule(TrialRule.AVAILABILITY, probe.service, _share(served, asked))
        elif one.kind is Expectation.DEGRADE or (probe.question and _has_to_serve(one, probe.service) and not told):
            yield BrokenRule(TrialRule.AVAILABILITY, probe.service, _share(served, SUCCESS))
        elif one.kind is Expectation.OUTAGE and other and is_liveness(probe):
            why = "depends on another service" if probe in one.depending else f"fails while {target} is away"
            yield BrokenRule(TrialRule.AVAILABILITY, probe.service, f"its liveness {why}: {_share(served, SUCCESS)}")


def _is_operation(probe: Probe, one: Observation) -> bool:
    """Whether what asks if the service lives is asked as an operation, too."""
    twins = {(p.service, p.port, p.path) for p in one.measures if p.question}
    return not probe.question and (probe.service, probe.port, probe.path) in twins


def least_answers(machine: Machine, probe: Probe) -> float:
    """
    The share of failures that have to be answers: on a busy machine some come only just too late, and count as none.

    Args:
        machine: how busy it was. What it made answers take longer is compared with the time-out.
        probe: whose failures they are.
    """
    return FAIL_FAST / (1 + machine.pressure + machine.late / probe.timeout)


def _hangs(measures: Measures, least: float) -> bool:
    """Whether what failed was mostly never answered; a few time-outs are nothing but a slow start."""
    failures = 0 if measures.success is None else round(measures.samples * (1 - measures.success))
    return failures >= LEAST_FAILURES and measures.fail_fast is not None and measures.fail_fast < least


def _unanswered(measures: Measures, probe: Probe) -> str:
    """How many questions were given up, and after how long: why it waits is not measured."""
    failures = measures.samples * (1 - (measures.success or 0.0))
    given_up = round(failures * (1 - (measures.fail_fast or 0.0)))
    return f"{given_up} of {measures.samples} questions had no answer within {seconds(probe.timeout)}"


def is_liveness(probe: Probe) -> bool:
    """Whether a probe asks only if the service itself lives; readiness and operations may fail with a dependency."""
    if probe.kind != "http" or probe.ready or probe.question:
        return False
    return bool(_LIVENESS.search(probe.path)) and not _READINESS.search(probe.path)


def recovered(one: Observation, stack: Stack) -> bool:
    """Whether everything was up again by Docker's word, and every entry point answered."""
    told = one.after.troubles or one.after.stalls
    return not told and one.healthy is not None and all(m.recovery is not None for _, m in _asked(one, stack))


def blast_radius(one: Observation, stack: Stack) -> tuple[str, ...]:
    """Services that do not need the target and suffered all the same: more than 5 % of their answers, or a death."""
    touched = {one.planned.service} | stack.dependents(one.planned.service)
    served = {probe.service for probe, m in one.measures.items() if m.success is not None and m.success < BYSTANDER}
    return tuple(sorted((served | one.deaths.keys()) - touched - one.own.keys()))


def _bystanders(one: Observation, stack: Stack) -> Iterator[BrokenRule]:
    touched = {one.planned.service} | stack.dependents(one.planned.service)
    least = BYSTANDER_DEGRADED if one.kind is Expectation.DEGRADE else BYSTANDER
    for probe, measures in one.measures.items():
        served = _served(one, probe, measures)
        if probe.service not in touched and served is not None and served < least:
            text = f"does not need it, and suffers: {_share(served, least)}"
            yield BrokenRule(TrialRule.BLAST_RADIUS, probe.service, text)


def _deaths(one: Observation, stack: Stack) -> Iterator[BrokenRule]:
    for service, deaths in one.deaths.items():
        if deaths >= LOOP:
            yield BrokenRule(TrialRule.RESTART_LOOP, service, f"died {deaths} times")
        elif service in stack.dependents(one.planned.service):
            worse = one.kind is Expectation.DEGRADE
            yield BrokenRule(
                TrialRule.DEPENDENT_DIED, service, "died when what it needs was disturbed", warning=not worse
            )
        elif service == one.planned.service and one.kind is Expectation.DEGRADE:
            yield BrokenRule(TrialRule.AVAILABILITY, service, "died of a degradation")
    for service in one.killed:
        if one.ends in (End.OUT_OF_MEMORY, End.FILLED) and service == one.planned.service:
            continue  # that was us
        yield BrokenRule(TrialRule.OUT_OF_MEMORY, service, "was killed because it was out of memory")


def _entries(one: Observation, stack: Stack) -> Iterator[tuple[Probe, Measures]]:
    return ((probe, m) for probe, m in one.measures.items() if probe.service in stack.entries)


def _asked(one: Observation, stack: Stack) -> Iterator[tuple[Probe, Measures]]:
    """Entry points, and every question that makes a service work: it was chosen because it shows what others hide."""
    return ((p, m) for p, m in one.measures.items() if p.service in stack.entries or p.question)


def _share(value: float, least: float) -> str:
    return f"{100 * value:.0f} % of the answers were good, {100 * least:.0f} % are asked for"
