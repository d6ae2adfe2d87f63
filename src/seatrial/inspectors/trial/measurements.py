"""What an experiment measured, by the names that docs/trial.md defines."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from seatrial.domain.measured import Measurement, MeasureUnit, Quantity
from seatrial.lab import judge
from seatrial.lab.measure import Measures
from seatrial.lab.model import Stack
from seatrial.lab.observation import NotDone, Observation
from seatrial.lab.probes import Probe

_MAIN = frozenset({Quantity.SUCCESS, Quantity.UNAVAILABLE, Quantity.RECOVERY})


def main(one: Observation | NotDone) -> Iterator[Measurement]:
    """What a check says of an experiment: how well everybody was served, and how soon again."""
    if isinstance(one, Observation):
        for probe, measures in one.measures.items():
            for m in _of_probe(probe, measures, one):
                if m.quantity in _MAIN:
                    yield replace(m, name=f"{one.planned} {m.name}")


def everything(one: Observation, stack: Stack) -> Iterator[Measurement]:
    """All that an experiment measured."""
    for probe, measures in one.measures.items():
        yield from _of_probe(probe, measures, one)
    for worker, jobs in one.jobs.items():
        yield Measurement(f"{worker} jobs given", jobs.given, MeasureUnit.JOBS)
        yield Measurement(f"{worker} jobs done", jobs.done, MeasureUnit.JOBS)
        if jobs.given:
            yield Measurement(
                f"{worker} jobs done in time", round(100 * jobs.done / jobs.given, 1), MeasureUnit.PERCENT
            )
    if one.healthy is not None:
        yield Measurement("all services up again", round(one.healthy, 3), MeasureUnit.SECONDS, judge.HEALTHY)
    yield Measurement("blast radius", len(judge.blast_radius(one, stack)), MeasureUnit.SERVICES)
    if one.writes is not None:
        yield Measurement("acknowledged writes", one.writes.acknowledged, MeasureUnit.WRITES)
        yield Measurement("lost writes", one.writes.lost, MeasureUnit.WRITES)


def _of_probe(probe: Probe, measures: Measures, one: Observation) -> Iterator[Measurement]:
    known = (
        (Quantity.SUCCESS, measures.success, MeasureUnit.PERCENT),
        (Quantity.UNAVAILABLE, measures.unavailable, MeasureUnit.SECONDS),
        (Quantity.LONGEST_OUTAGE, measures.longest, MeasureUnit.SECONDS),
        (Quantity.DETECTION, measures.detect, MeasureUnit.SECONDS),
        (Quantity.RECOVERY, measures.recovery, MeasureUnit.SECONDS),
        (Quantity.FAIL_FAST, measures.fail_fast, MeasureUnit.PERCENT),
        (Quantity.P95, measures.p95, MeasureUnit.SECONDS),
    )
    for quantity, value, unit in known:
        if value is not None:
            shown = round(100 * value, 1) if unit is MeasureUnit.PERCENT else round(value, 3)
            bound = judge.limit(one) if quantity is Quantity.RECOVERY else None
            yield Measurement(f"{_about(probe)}{quantity}", shown, unit, bound, quantity)


def _about(probe: Probe) -> str:
    """Whose figure it is: the service's, its readiness', or that of one operation."""
    if probe.question:
        return f"{probe.service} operation {probe} "
    return f"{probe.service} readiness " if probe.ready else f"{probe.service} "
