"""Load profiles on the page: steps, bounds and charts, by the names that the template asks for."""

from __future__ import annotations

from collections.abc import Iterator

from seatrial.domain.load import LoadBound, LoadGroup, LoadResult, LoadRun, LoadStep, ServiceUsage

from . import chart
from .chart import Series

_RESULTS = {
    LoadResult.PASSED: ("go", "✓"),
    LoadResult.FAILED: ("no", "✗"),
    LoadResult.SKIPPED: ("dim", "–"),
    LoadResult.ERROR: ("unknown", "?"),
}
_ROWS = 100
_MIB = 2**20


def shown(run: LoadRun) -> dict[str, object]:
    """One profile."""
    tone, symbol = _RESULTS[run.result]
    unit = "iterations/s" if run.executor == "ramping-arrival-rate" else "users"
    told = (*run.complaints, *([run.reason] if run.reason else []))
    return {
        "tone": tone,
        "symbol": symbol,
        "result": run.result.value,
        "name": run.profile,
        "first": told[0] if told else _summary(run, unit),
        "complaints": told[1:_ROWS],
        "made": _made(run, unit),
        "requests": run.requests[:_ROWS],
        "failures": [f"{kind}: {count}" for kind, count in run.failures[:_ROWS]],
        "unit": unit,
        "bounds": [_bound(one) for one in run.bounds[:_ROWS]],
        "groups": [_group(one) for one in run.groups[:_ROWS]],
        "steps": [_step(one) for one in run.steps[:_ROWS]],
        "services": [_service(one) for one in run.services[:_ROWS] if one.moments],
        "charts": list(_charts(run)),
    }


def _made(run: LoadRun, unit: str) -> str:
    """How it was made."""
    if run.groups:
        return f"{run.engine}, {run.executor}, {run.seconds:.0f} s"
    knee = f"the knee is at {run.knee} {unit}" if run.knee is not None else "no knee was reached"
    return (
        f"{run.engine}, {run.executor}, {run.seconds:.0f} s; {knee}; the generator used "
        f"{100 * run.generator_cpu:.0f} % of a core, its timers were {1000 * run.generator_lag:.1f} ms late"
    )


def _group(one: LoadGroup) -> tuple[str, ...]:
    failures = ", ".join(f"{kind}: {count}" for kind, count in one.failures) or "none"
    return one.name, str(one.workers), str(one.completed), _seconds(one.median), _seconds(one.longest), failures


def _seconds(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f} s"


def _summary(run: LoadRun, unit: str) -> str:
    """The last step in a few words, or how many workers completed."""
    if run.groups:
        completed, workers = sum(g.completed for g in run.groups), sum(g.workers for g in run.groups)
        return f"{completed} of {workers} workers in {len(run.groups)} groups completed"
    numbers = run.steps[-1].numbers if run.steps else None
    if numbers is None or numbers.p95 is None:
        return "no request was completed"
    return (
        f"95 % of the answers within {_milliseconds(numbers.p95)} at {run.steps[-1].target} {unit}, "
        f"{numbers.failed:,} of {numbers.requests:,} requests failed"
    )


def _bound(one: LoadBound) -> tuple[str, ...]:
    value = {"http_req_duration": f"{one.value:.1f} ms", "http_req_failed": f"{100 * one.value:.2f} %"}
    mark = "✓ holds" if one.holds else "✗ does not hold"
    return f"{one.metric} {one.expression}", value.get(one.metric, f"{one.value:g}"), mark


def _step(one: LoadStep) -> tuple[str, ...]:
    numbers = one.numbers
    durations = (_milliseconds(value) for value in (numbers.median, numbers.p95, numbers.p99))
    counts = (f"{numbers.requests:,}", f"{numbers.failed:,}", f"{numbers.throughput:.1f} /s")
    return str(one.target), *counts, *durations, f"{one.longest_gap:.2f} s"


def _service(one: ServiceUsage) -> tuple[str, ...]:
    cores = [moment.cores for moment in one.moments]
    most = max(moment.memory for moment in one.moments) / _MIB
    limit = f"{one.limit / _MIB:,.0f} MiB" if one.limit else "none"
    return one.service, f"{sum(cores) / len(cores):.2f}", f"{max(cores):.2f}", f"{most:,.1f} MiB", limit


def _charts(run: LoadRun) -> Iterator[dict[str, object]]:
    """Durations, throughput and memory over the same time."""
    ends = [(one.at + one.seconds, one) for one in run.moments]
    durations = [
        Series("99th percentile", [(at, one.p99) for at, one in ends]),
        Series("95th percentile", [(at, one.p95) for at, one in ends]),
        Series("Median", [(at, one.median) for at, one in ends]),
    ]
    rates = [
        Series("Requests a second", [(at, one.throughput) for at, one in ends]),
        Series("Users", [(at, float(one.users)) for at, one in ends]),
        Series("Failed a second", [(at, one.failed / one.seconds if one.seconds else None) for at, one in ends]),
    ]
    greatest = sorted(run.services, key=lambda s: -max((m.memory for m in s.moments), default=0))
    memory = [Series(one.service, [(m.at, m.memory / _MIB) for m in one.moments]) for one in greatest]
    for made in (
        chart.of("Durations", durations, lambda value: _milliseconds(value)),
        chart.of("Throughput", rates, lambda value: f"{value:g}"),
        chart.of("Memory", memory, lambda value: f"{value:g} MiB"),
    ):
        if made:
            yield made


def _milliseconds(seconds: float | None) -> str:
    return "–" if seconds is None else f"{1000 * seconds:.3g} ms" if seconds < 1 else f"{seconds:.3g} s"
