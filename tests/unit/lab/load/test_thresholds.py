"""Thresholds in k6's words."""

from __future__ import annotations

import pytest

from seatrial.domain.thresholds import Metric, Threshold
from seatrial.lab.load.tally import LoadTally
from seatrial.lab.load.thresholds import value


def counted(seconds: list[float], failed: int = 0) -> LoadTally:
    made = LoadTally()
    for number, one in enumerate(seconds):
        made.add(one, "http503" if number < failed else "")
    return made


@pytest.mark.parametrize(
    ("metric", "expression", "measured", "holds"),
    [
        (Metric.DURATION, "p(95)<500", 1000.0, False),
        (Metric.DURATION, "p(50) <= 100", 100.0, True),
        (Metric.DURATION, "med<99", 100.0, False),
        (Metric.DURATION, "avg<191", 190.0, True),
        (Metric.DURATION, "max>=1000", 1000.0, True),
        (Metric.DURATION, "min==100", 100.0, True),
        (Metric.DURATION, "p(99.9)!=1000", 1000.0, False),
        (Metric.FAILED, "rate<0.2", 0.2, False),
        (Metric.REQUESTS, "count>9", 10.0, True),
        (Metric.REQUESTS, "rate>5", 5.0, False),
    ],
)
def test_a_threshold_is_held_against_its_number(
    metric: Metric, expression: str, measured: float, *, holds: bool
) -> None:
    threshold = Threshold(metric, expression)
    found = value(threshold, counted([0.1] * 9 + [1.0], failed=2), 2.0)
    assert found == pytest.approx(measured, rel=0.01)
    assert threshold.holds(measured) is holds


@pytest.mark.parametrize("metric", Metric)
def test_without_samples_there_is_no_number(metric: Metric) -> None:
    expression = "rate<1" if metric is not Metric.DURATION else "p(95)<1"
    assert value(Threshold(metric, expression), LoadTally(), 1.0) is None


@pytest.mark.parametrize("expression", ["", "p(95)", "p(101)<1", "p95<500", "rate<", "rate<1%", "p(95)<500ms", "sum<3"])
def test_what_k6_does_not_understand_is_refused(expression: str) -> None:
    with pytest.raises(ValueError, match="is not a threshold"):
        Threshold(Metric.DURATION, expression)


@pytest.mark.parametrize(
    ("metric", "expression", "known"),
    [
        (Metric.DURATION, "rate<0.01", "avg, min, max, med, p(N)"),
        (Metric.FAILED, "p(95)<500", "rate"),
        (Metric.REQUESTS, "avg<1", "count, rate"),
    ],
)
def test_a_statistic_of_another_metric_is_refused(metric: Metric, expression: str, known: str) -> None:
    with pytest.raises(ValueError, match="it has") as refused:
        Threshold(metric, expression)
    assert str(refused.value).endswith(known)
