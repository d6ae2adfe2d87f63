"""From what load showed to the answers of its checks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace

from seatrial import __version__
from seatrial.domain import Answer, Confidence, Finding, Severity
from seatrial.domain.load import LoadGroup, LoadResult, LoadRule, LoadRun
from seatrial.domain.measured import Measurement, MeasureUnit
from seatrial.inspectors.trial.checks import FAILURES, LATENCY, LOADS, MEMORY, RADIUS, WORKERS
from seatrial.lab.load import radius, soak, workers
from seatrial.lab.load.judge import LoadComplaint
from seatrial.lab.load.seen import LoadSeen
from seatrial.lab.load.soak import Slope
from seatrial.lab.model import Stack

CHECK_OF: Mapping[LoadRule, str] = {rule: f"load/{rule}" for rule in LoadRule}
SEVERITY: Mapping[str, Severity] = {
    LATENCY: Severity.MEDIUM, FAILURES: Severity.HIGH, MEMORY: Severity.MEDIUM, RADIUS: Severity.MEDIUM,
    WORKERS: Severity.HIGH,
}  # fmt: skip
NOT_ASKED = "turned off by `load_budget`, `only` or `skip`"


def answers(
    seen: LoadSeen | None,
    unsteady: str,
    stack: Stack,
    finding: Callable[..., Finding],
    answer: Callable[..., Answer],
) -> Iterator[Answer]:
    """
    Every check of load, once.

    Args:
        seen: what load showed; None if there was none.
        unsteady: why there was none, if the stack was not steady.
        stack: what was started.
        finding: makes a finding about a service.
        answer: makes an answer about services.
    """
    if seen is None:
        why = "not loaded, because the stack was not steady" if unsteady else NOT_ASKED
        yield from (Answer.skip(check, why) for check in LOADS)
        return
    yield from Loading(seen, stack, finding, answer).all()


class Loading:
    """The answers about load."""

    def __init__(
        self, seen: LoadSeen, stack: Stack, finding: Callable[..., Finding], answer: Callable[..., Answer]
    ) -> None:
        self._seen, self._stack, self._finding, self._answer = seen, stack, finding, answer
        self._runs = [judged.run for judged in seen.runs]
        self._complaints = [complaint for judged in seen.runs for complaint in judged.complaints]

    def all(self) -> Iterator[Answer]:
        """Every check of load, once."""
        yield self._workers()
        others = [check for check in LOADS if check != WORKERS]
        if self._seen.absent:
            yield from (Answer.na(check, self._seen.absent) for check in others)
            return
        if not self._seen.runs and (self._seen.error or self._seen.skipped):
            made = Answer.error if self._seen.error else Answer.skip
            yield from (made(check, self._seen.error or self._seen.skipped) for check in others)
            return
        for check in (LATENCY, FAILURES, MEMORY):
            yield self._of_profiles(check)
        yield self._radius()

    def _of_profiles(self, check: str) -> Answer:
        found = list(self._findings(check, self._complaints))
        measured, notes = list(self._measurements(check)), list(self._notes(check))
        runs = tuple(self._runs) if check == LATENCY else ()
        unknown = [run for run in self._runs if run.reason]
        errors = [run for run in unknown if run.result is LoadResult.ERROR]
        if errors or self._seen.unfinished:
            reason = f"{errors[0].profile}: {errors[0].reason}" if errors else self._seen.error
            answer = Answer.error(check, reason, findings=found, notes=notes)
        elif unknown and not found:
            text = f"{unknown[0].profile}: {unknown[0].reason}; `load.profiles` can name another load"
            answer = replace(Answer.skip(check, text), notes=tuple(notes))
        else:
            services = self._services(check)
            answer = self._answer(check, found, services=services, measurements=measured, notes=notes)
        return replace(answer, loads=runs)

    def _services(self, check: str) -> list[str]:
        """What a check is about: the services that were asked, or those whose memory was read."""
        if check == MEMORY:
            return sorted({usage.service for run in self._runs for usage in run.services} & self._stack.services.keys())
        return sorted({text.partition(" ")[2].partition(":")[0] for run in self._runs for text in run.requests})

    def _findings(self, check: str, complaints: Iterable[LoadComplaint]) -> Iterator[Finding]:
        for one in complaints:
            if CHECK_OF[one.rule] == check:
                made = self._finding(check, one.service, one.text, SEVERITY[check], check)
                yield made if one.certain else replace(made, confidence=Confidence.LOW)

    def _measurements(self, check: str) -> Iterator[Measurement]:
        for run in self._runs:
            if check == LATENCY:
                yield from _durations(run)
            elif check == FAILURES:
                yield from _failures(run)
            else:
                yield from _memory(run)

    def _notes(self, check: str) -> Iterator[str]:
        yield from self._seen.notes
        for run in self._runs:
            if check == LATENCY:
                knee = f"the knee is at {run.knee}" if run.knee is not None else "no knee was reached"
                generator = f"its generator used {100 * run.generator_cpu:.0f} % of a core"
                late = f"its timers were {1000 * run.generator_lag:.1f} ms late (99th percentile)"
                yield f"load {run.profile}: {run.engine}, {run.executor}; {knee}; {generator}, {late}"
                shown = (f"{1000 * s.numbers.p95:.0f} ms at {s.target}" for s in run.steps if s.numbers.p95 is not None)
                yield f"load {run.profile}: 95 % of the answers within {', '.join(shown)}"
            if check == MEMORY and run.profile == soak.NAME:
                for name, slope in _slopes(run):
                    yield f"load {run.profile}: {name} grows by {soak.shown(slope)}"
            if check == FAILURES and run.failures:
                yield f"load {run.profile}: {', '.join(f'{kind} {count}' for kind, count in run.failures[:10])}"

    def _radius(self) -> Answer:
        seen = self._seen.radius
        if seen is None:
            if self._seen.error:
                return Answer.error(RADIUS, self._seen.error)
            return Answer.na(RADIUS, "every service of the stack is an entry point, or needs one")
        found = list(self._findings(RADIUS, radius.complaints(seen)))
        if found and seen.late > radius.LATE:
            text = f"the machine is too busy to judge: our own questions began {seen.late:.2f} s late"
            return Answer.error(RADIUS, text)
        measured = [Measurement("requests while overloaded", seen.requests, MeasureUnit.REQUESTS)]
        measured += [
            Measurement(f"{probe.service} {probe} good", round(100 * share, 1), MeasureUnit.PERCENT, 95.0)
            for probe, share in seen.served.items()
        ]
        services = sorted({probe.service for probe in seen.served} | set(seen.died))
        if not services:
            return Answer.skip(RADIUS, f"no question to another service was asked while {seen.target} was overloaded")
        notes = [f"{seen.target} was overloaded by {radius.USERS} users without a pause"]
        return self._answer(RADIUS, found, services=services, measurements=measured, notes=notes)

    def _workers(self) -> Answer:
        seen = self._seen.work
        if seen is None:
            if self._seen.work_error:
                return Answer.error(WORKERS, self._seen.work_error)
            return Answer.na(WORKERS, "the configuration declares no `load.groups`")
        wrong, figures = list(workers.complaints(seen)), tuple(workers.groups(seen))
        busy = bool(wrong) and seen.late > radius.LATE
        reason = f"the machine is too busy to judge: our own questions began {seen.late:.2f} s late" if busy else ""
        operations = tuple(dict.fromkeys(str(one) for group in seen.groups for one in group.operations))
        failed = LoadResult.ERROR if busy else LoadResult.FAILED
        run = LoadRun(
            profile="workers", executor="per-vu-iterations", engine=f"Seatrial {__version__}",
            result=failed if wrong else LoadResult.PASSED, requests=operations, reason=reason,
            complaints=() if busy else tuple(f"{one.service}: {one.text}" for one in wrong), groups=figures,
            seconds=seen.seconds,
        )  # fmt: skip
        shares = ", ".join(f"{one.name} {one.completed} of {one.workers}" for one in figures)
        notes = [*self._seen.notes, f"load workers: {shares} completed within {seen.limit:.0f} s"]
        if busy:
            return replace(Answer.error(WORKERS, reason, notes=notes), loads=(run,))
        services = {one.service for group in seen.groups for one in group.operations}
        services |= {probe.service for probe in seen.stores} | seen.died
        answer = self._answer(
            WORKERS, list(self._findings(WORKERS, wrong)), services=sorted(services),
            measurements=list(_completed(figures)), notes=notes,
        )  # fmt: skip
        return replace(answer, loads=(run,))


def _completed(figures: Iterable[LoadGroup]) -> Iterator[Measurement]:
    for one in figures:
        share = round(100 * one.completed / one.workers, 1)
        yield Measurement(f"workers {one.name} completed", share, MeasureUnit.PERCENT, 100 * workers.EACH)
        if one.longest is not None:
            yield Measurement(f"workers {one.name} longest", round(one.longest, 2), MeasureUnit.SECONDS)


def _durations(run: LoadRun) -> Iterator[Measurement]:
    for step in run.steps:
        where = f"{run.profile} at {step.target}"
        for name, value in (("median", step.numbers.median), ("p95", step.numbers.p95), ("p99", step.numbers.p99)):
            if value is not None:
                yield Measurement(f"{where} {name}", round(value, 4), MeasureUnit.SECONDS)
        yield Measurement(f"{where} longest gap", round(step.longest_gap, 3), MeasureUnit.SECONDS)
        yield Measurement(f"{where} throughput", round(step.numbers.throughput, 1), MeasureUnit.REQUESTS_PER_SECOND)


def _failures(run: LoadRun) -> Iterator[Measurement]:
    for step in run.steps:
        where = f"{run.profile} at {step.target}"
        yield Measurement(f"{where} requests", step.numbers.requests, MeasureUnit.REQUESTS)
        yield Measurement(f"{where} failed", step.numbers.failed, MeasureUnit.REQUESTS)


def _slopes(run: LoadRun) -> Iterator[tuple[str, Slope]]:
    """How the memory of each service grew over a soak."""
    for usage in run.services:
        if (found := soak.slope(soak.blocks(usage, run.seconds))) is not None:
            yield usage.service, found


def _memory(run: LoadRun) -> Iterator[Measurement]:
    for usage in run.services:
        if usage.moments:
            most = max(m.memory for m in usage.moments) / 2**20
            limit = round(usage.limit / 2**20, 1) if usage.limit else None
            name = f"{run.profile} {usage.service}"
            yield Measurement(f"{name} memory", round(most, 1), MeasureUnit.MEBIBYTES, limit)
            cores = sum(m.cores for m in usage.moments) / len(usage.moments)
            yield Measurement(f"{name} processor", round(100 * cores, 1), MeasureUnit.PERCENT)
