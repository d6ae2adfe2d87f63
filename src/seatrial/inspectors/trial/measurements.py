"""What an experiment measured, by the names that docs/trial.md defines."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from seatrial.lab import judge
from seatrial.lab.measure import Measures
from seatrial.lab.model import Stack
from seatrial.lab.observation import NotDone, Observation
from seatrial.lab.probes import Probe
from seatrial.measured import Measurement

RECOVERY = "recovery"
_MAIN = frozenset({"success", "unavailable", RECOVERY})


def main(one: Observation | NotDone) -> Iterator[Measurement]:
    """What a check says of an experiment: how well everybody was served, and how soon again."""
    if isinstance(one, Observation):
        for probe, measures in one.measures.items():
            for m in _of_probe(probe, measures, one):
                if m.name.removeprefix(_about(probe)) in _MAIN:
                    yield replace(m, name=f"{one.planned} {m.name}")


def everything(one: Observation, stack: Stack) -> Iterator[Measurement]:
    """All that an experiment measured."""
    for probe, measures in one.measures.items():
        yield from _of_probe(probe, measures, one)
    for worker, jobs in one.jobs.items():
        yield Measurement(f"{worker} jobs given", jobs.given, "{job}")
        yield Measurement(f"{worker} jobs done", jobs.done, "{job}")
        if jobs.given:
            yield Measurement(f"{worker} jobs done in time", round(100 * jobs.done / jobs.given, 1), "%")
    if one.healthy is not None:
        yield Measurement("all services up again", round(one.healthy, 3), "s", judge.HEALTHY)
    yield Measurement("blast radius", len(judge.blast_radius(one, stack)), "{service}")
    if one.writes is not None:
        yield Measurement("acknowledged writes", one.writes.acknowledged, "{write}")
        yield Measurement("lost writes", one.writes.lost, "{write}")


def _of_probe(probe: Probe, measures: Measures, one: Observation) -> Iterator[Measurement]:
    known = (
        ("success", measures.success, "%"),
        ("unavailable", measures.unavailable, "s"),
        ("longest outage", measures.longest, "s"),
        ("time to detect", measures.detect, "s"),
        (RECOVERY, measures.recovery, "s"),
        ("fail-fast share", measures.fail_fast, "%"),
        ("95th percentile", measures.p95, "s"),
    )
    for name, value, unit in known:
        if value is not None:
            shown = round(100 * value, 1) if unit == "%" else round(value, 3)
            yield Measurement(f"{_about(probe)}{name}", shown, unit, judge.limit(one) if name == RECOVERY else None)


def _about(probe: Probe) -> str:
    """Whose figure it is: the service's, its readiness', or that of one operation."""
    if probe.question:
        return f"{probe.service} operation {probe} "
    return f"{probe.service} readiness " if probe.ready else f"{probe.service} "
