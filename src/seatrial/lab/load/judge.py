"""
What load showed: from slices and statistics to a result. Pure: bounds and words, no clock, no engine.

A generator that is too busy measures itself. Its processor beyond 85 % means that the load was not offered: an error of
ours. Timers that are late make durations longer and never shorter: an error where something fails, else no harm.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from seatrial.domain.load import LoadBound, LoadNumbers, LoadResult, LoadRule, LoadRun, LoadStep, ServiceUsage
from seatrial.domain.load_profile import LoadProfile
from seatrial.domain.thresholds import Metric, Threshold
from seatrial.lab.model import Stack

from . import soak
from .histogram import Histogram
from .sidecar import Generated
from .tally import LoadSlice, total
from .thresholds import value as value_of

CPU, LAG = 0.85, 0.010
"""Share of one core, and seconds (99th percentile): beyond them the generator is saturated."""
KNEE, KNEE_LEAST, KNEE_ERRORS = 2.0, 0.010, 0.01
"""The knee: the 95th percentile is so many times that of the first step and so much greater, or so many fail."""
LIMITED = "http429"
"""An answer of a rate limit for one client, which says nothing of many."""
LEAK_READINGS, LEAK_LEAST, LEAK_SHARE, LEAK_END = 7, 8 * 2**20, 0.05, 600.0
"""A leak: the last plateau has so many readings; memory grows by so many bytes and by that share of the limit, with
95 % confidence; the limit is reached within so many seconds."""
UNLIMITED = 64 * 2**20
"""Bytes by which a service without a limit grows meanwhile."""
_T = 2.6  # Student's t for five degrees of freedom and more, two-sided 95 %


@dataclass(frozen=True, slots=True)
class LoadComplaint:
    """Something that load showed to be wrong."""

    rule: LoadRule
    service: str
    text: str
    certain: bool = True
    """A few seconds cannot tell a leak from a cache that fills."""


@dataclass(frozen=True, slots=True)
class Incidents:
    """What happened to containers meanwhile."""

    died: Mapping[str, int] = field(default_factory=dict)
    killed: frozenset[str] = frozenset()
    """Services of which the kernel ended a process for want of memory."""


@dataclass(frozen=True, slots=True)
class JudgedLoad:
    """A profile with its result."""

    run: LoadRun
    complaints: tuple[LoadComplaint, ...] = ()


def judge(
    profile: LoadProfile,
    made: Generated,
    usage: Sequence[ServiceUsage],
    stack: Stack,
    incidents: Incidents,
) -> JudgedLoad:
    """
    Judge a profile.

    Args:
        profile: what was asked for.
        made: what the generator reported.
        usage: what the services used.
        stack: which of them keep data.
        incidents: what happened to them.
    """
    steps = tuple(_steps(profile, made.slices))
    cpu, lag = _busiest(profile, made.slices), _lag(made.slices)
    bounds = tuple(_bounds(profile, made.slices))
    broken = [] if _limited(profile, made.slices) else list(_thresholds(profile, made.slices))
    found = _soaked if profile.soaks else _leaks
    complaints = (*broken, *_incidents(incidents), *found(profile, usage, stack, incidents))
    reason, result = _reason(profile, made.slices, cpu, lag, late_matters=bool(broken))
    if not reason:
        result = LoadResult.FAILED if any(c.certain for c in complaints) else LoadResult.PASSED
    elif broken:
        complaints = tuple(c for c in complaints if c not in broken)
    failures = total(made.slices).failures
    run = LoadRun(
        profile=profile.name,
        executor=profile.executor.value,
        engine=made.engine,
        result=result,
        requests=tuple(map(str, profile.requests)),
        reason=reason,
        complaints=tuple(f"{c.service}: {c.text}" for c in complaints),
        bounds=bounds,
        steps=steps,
        moments=tuple(_moments(made.slices)),
        failures=tuple(sorted(failures.items(), key=lambda pair: (-pair[1], pair[0]))),
        services=tuple(usage),
        knee=knee(steps),
        generator_cpu=cpu,
        generator_lag=lag,
        seconds=sum(one.seconds for one in made.slices),
    )
    return JudgedLoad(run, complaints)


def _reason(
    profile: LoadProfile, slices: Sequence[LoadSlice], cpu: float, lag: float, *, late_matters: bool
) -> tuple[str, LoadResult]:
    """Why nothing is known of the stack; empty if something is."""
    tally = total(slices)
    if not tally.requests:
        return "no request was completed", LoadResult.ERROR
    if cpu > CPU:
        return f"generator saturated: it used {100 * cpu:.0f} % of a core ({100 * CPU:.0f} % at most)", LoadResult.ERROR
    if lag > LAG and late_matters:
        text = f"generator saturated: its timers were {1000 * lag:.0f} ms late (99th percentile, {1000 * LAG:.0f} ms)"
        return text, LoadResult.ERROR
    if _limited(profile, slices):
        share = tally.failures[LIMITED] / tally.requests
        return f"a rate limit answered {100 * share:.0f} % of the requests with 429", LoadResult.SKIPPED
    return "", LoadResult.PASSED


def _limited(profile: LoadProfile, slices: Sequence[LoadSlice]) -> bool:
    """Whether a discovered profile met a rate limit for one client; one that is declared is meant as it is."""
    tally = total(slices)
    return profile.in_turn and tally.failures[LIMITED] > KNEE_ERRORS * tally.requests


def _thresholds(profile: LoadProfile, slices: Sequence[LoadSlice]) -> Iterator[LoadComplaint]:
    seconds = sum(one.seconds for one in slices)
    for threshold in profile.thresholds:
        value = value_of(threshold, total(slices), seconds)
        if value is None or threshold.holds(value):
            continue
        rule = LoadRule.ERRORS if threshold.metric is Metric.FAILED else LoadRule.LATENCY
        for service in _blamed(threshold, slices, seconds):
            own = total(slices, service)
            measured = value_of(threshold, own, seconds)
            shown = threshold.shown(value if measured is None else measured)
            kinds = ", ".join(f"{kind} {count}" for kind, count in own.failures.most_common(3))
            what = f"{threshold} does not hold under load: {shown}{f' ({kinds})' if kinds else ''}"
            yield LoadComplaint(rule, service, what + _since(profile, slices, threshold, service))


def _blamed(threshold: Threshold, slices: Sequence[LoadSlice], seconds: float) -> list[str]:
    """The services that do not keep the threshold by themselves; all if none is alone to blame."""
    names = sorted({name for one in slices for name in one.services})
    values = {name: value_of(threshold, total(slices, name), seconds) for name in names}
    return [name for name, value in values.items() if value is not None and not threshold.holds(value)] or names


def _since(profile: LoadProfile, slices: Sequence[LoadSlice], threshold: Threshold, service: str) -> str:
    """From which level on."""
    for target, step in _by_step(profile, slices):
        value = value_of(threshold, total(step, service), sum(one.seconds for one in step))
        if value is not None and not threshold.holds(value):
            return f", first at {target} {profile.unit}"
    return ""


def _bounds(profile: LoadProfile, slices: Sequence[LoadSlice]) -> Iterator[LoadBound]:
    seconds = sum(one.seconds for one in slices)
    for threshold in profile.thresholds:
        value = value_of(threshold, total(slices), seconds)
        if value is not None:
            yield LoadBound(threshold.metric.value, threshold.expression, value, threshold.holds(value))


def _incidents(incidents: Incidents) -> Iterator[LoadComplaint]:
    for service in sorted(incidents.killed):
        yield LoadComplaint(LoadRule.MEMORY, service, "was killed under load because it was out of memory")
    for service, deaths in sorted(incidents.died.items()):
        if service not in incidents.killed:
            text = f"died under load{f', {deaths} times' if deaths > 1 else ''}"
            yield LoadComplaint(LoadRule.ERRORS, service, text)


def _leaks(
    profile: LoadProfile, usage: Iterable[ServiceUsage], stack: Stack, incidents: Incidents
) -> Iterator[LoadComplaint]:
    """Services that keep no data, and whose memory grows although the load does not."""
    began = _plateau(profile)
    for one in usage:
        service = stack.services.get(one.service)
        if service is None or service.store or one.service in incidents.killed | incidents.died.keys():
            continue
        read = [(m.at, float(m.memory)) for m in one.moments if m.at >= began]
        slope = growth(read)
        if slope is None or slope <= 0:
            continue
        grown, left = read[-1][1] - read[0][1], one.limit - read[-1][1]
        soon = left / slope <= LEAK_END and grown >= LEAK_SHARE * one.limit if one.limit else grown >= UNLIMITED
        if soon and grown >= LEAK_LEAST:
            ends = f"; its limit is reached in about {left / slope:.0f} s" if one.limit else ""
            text = f"its memory grows by {slope * 60 / 2**20:.0f} MiB a minute at {profile.peak} {profile.unit}{ends}"
            yield LoadComplaint(LoadRule.MEMORY, one.service, text, certain=False)


def _soaked(
    profile: LoadProfile, usage: Iterable[ServiceUsage], stack: Stack, incidents: Incidents
) -> Iterator[LoadComplaint]:
    """The same over a soak, which is long enough to be certain."""
    gone = incidents.killed | incidents.died.keys()
    lasting = [one for one in usage if one.service in stack.services and one.service not in gone]
    kept = [one for one in lasting if not stack.services[one.service].store]
    for service, text in soak.leaks(kept, profile.seconds):
        yield LoadComplaint(LoadRule.MEMORY, service, text)


def _plateau(profile: LoadProfile) -> float:
    """When the last step had reached its level: seconds since the beginning."""
    last = profile.steps[-1]
    ramp = next(n for n, step in enumerate(profile.steps) if step == last)
    return sum(stage.duration for stage in profile.stages[: ramp + 1])


def growth(read: Sequence[tuple[float, float]]) -> float | None:
    """
    The least slope of a line through the points that is likely (95 %); None if there are too few.

    Args:
        read: seconds and bytes.
    """
    if len(read) < LEAK_READINGS:
        return None
    n = len(read)
    mid_x, mid_y = sum(x for x, _ in read) / n, sum(y for _, y in read) / n
    spread = sum((x - mid_x) ** 2 for x, _ in read)
    if not spread:
        return None
    slope = sum((x - mid_x) * (y - mid_y) for x, y in read) / spread
    rest = sum((y - mid_y - slope * (x - mid_x)) ** 2 for x, y in read)
    return slope - _T * math.sqrt(rest / (n - 2) / spread)


def knee(steps: Sequence[LoadStep]) -> int | None:
    """The first target at which the 95th percentile doubles, or more than 1 % fail."""
    first = next((s.numbers.p95 for s in steps if s.numbers.p95 is not None), None)
    for number, step in enumerate(steps):
        seen, p95 = step.numbers, step.numbers.p95
        if seen.requests and seen.failed > KNEE_ERRORS * seen.requests:
            return step.target
        doubled = number and first is not None and p95 is not None and p95 >= KNEE * first
        if doubled and p95 is not None and first is not None and p95 - first >= KNEE_LEAST:
            return step.target
    return None


def _by_step(profile: LoadProfile, slices: Sequence[LoadSlice]) -> Iterator[tuple[int, list[LoadSlice]]]:
    steps = profile.steps
    for number in range(steps[-1] + 1):
        found = [one for one in slices if steps[one.stage] == number]
        if found:
            yield profile.stages[found[0].stage].target, found


def _steps(profile: LoadProfile, slices: Sequence[LoadSlice]) -> Iterator[LoadStep]:
    for target, found in _by_step(profile, slices):
        yield LoadStep(target, _numbers(found), max(one.gap for one in found))


def _moments(slices: Sequence[LoadSlice]) -> Iterator[LoadNumbers]:
    return (_numbers([one]) for one in slices)


def _numbers(slices: Sequence[LoadSlice]) -> LoadNumbers:
    tally = total(slices)
    return LoadNumbers(
        at=slices[0].at,
        seconds=sum(one.seconds for one in slices),
        users=max(one.users for one in slices),
        requests=tally.requests,
        failed=tally.failed,
        median=tally.durations.percentile(0.5),
        p95=tally.durations.percentile(0.95),
        p99=tally.durations.percentile(0.99),
    )


def _busiest(profile: LoadProfile, slices: Sequence[LoadSlice]) -> float:
    """Of the steps, the greatest share of a core."""
    means = (
        sum(one.cpu * one.seconds for one in found) / (sum(one.seconds for one in found) or 1.0)
        for _, found in _by_step(profile, slices)
    )
    return max(means, default=0.0)


def _lag(slices: Sequence[LoadSlice]) -> float:
    every = Histogram()
    for one in slices:
        every.merge(one.lag)
    return every.percentile(0.99) or 0.0
