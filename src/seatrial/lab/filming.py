"""What an experiment's picture is made of: the samples, the events, and the errors in the logs while it lasted."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from seatrial.lines import split
from seatrial.measured import Lane

from .course import BEFORE, Course, lanes
from .discover import Planned
from .engine import FAILURES
from .faults import FAULTS
from .faults.base import Bench, Kind
from .measure import TIMEOUT, Measures
from .probes import Probe, Prober
from .stack import Project
from .voices import _ERROR

_TAIL = 2_000
"""Lines of a log that are read."""


def film(
    bench: Bench,
    prober: Prober,
    planned: Planned,
    times: tuple[float, float, float, float],
    measures: Mapping[Probe, Measures],
    healthy: float | None,
    troubles: Iterable[object],
) -> tuple[Lane, ...]:
    """
    The picture of an experiment that ends now.

    Args:
        bench: where it was carried out.
        prober: who asked meanwhile.
        planned: the experiment.
        times: when it began, was on, was undone, and from when recovery counts, on the monotonic clock.
        measures: what was measured of each question.
        healthy: seconds until every container was up again; None: not while that was waited for.
        troubles: what the logs tell of services that have not recovered.
    """
    began, injected, undone, healed = times
    return lanes(
        Course(
            name=str(planned),
            began=began,
            on=injected,
            off=injected if FAULTS[planned.fault].KIND is Kind.INSTANT else undone,
            healed=healed,
            ended=time.monotonic(),
            back=None if healthy is None or any(True for _ in troubles) else _back(measures, healed, healthy),
            samples=prober.since(began - BEFORE - TIMEOUT),
            measures=measures,
            events=bench.events.since(began),
            errors=_errors(bench.project, began),
        )
    )


def _back(measures: Mapping[Probe, Measures], healed: float, healthy: float) -> float | None:
    """When every question was answered again and every container up; None: not while that was waited for."""
    found = [m.recovery for m in measures.values()]
    return None if None in found else healed + max([healthy, *(f for f in found if f is not None)])


def _errors(project: Project, since: float) -> Mapping[str, list[float]]:
    """When each service's log told of an error, on the monotonic clock; one that cannot be read tells nothing."""
    found: dict[str, list[float]] = {}
    for service in project.stack.lasting:
        try:
            containers = project.containers(service.name)
            found[service.name] = [at for container in containers for at in _moments(container, since)]
        except FAILURES:
            continue
    return found


def _moments(container: Any, since: float) -> Iterator[float]:
    ahead = time.time() - time.monotonic()
    told: bytes = container.logs(since=since + ahead, tail=_TAIL, timestamps=True)
    for line in split(told.decode("utf-8", "replace")):
        moment, _, text = line.partition(" ")
        if _ERROR.search(text):
            try:
                yield dt.datetime.fromisoformat(moment).timestamp() - ahead
            except ValueError:  # no time, so no place in the picture
                continue
