"""Percentiles of the histogram against those of the values themselves."""

from __future__ import annotations

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seatrial.lab.load.histogram import LEAST, Histogram

durations = st.lists(st.floats(LEAST, 3600.0), min_size=1, max_size=200)
shares = st.sampled_from([0.001, 0.5, 0.9, 0.95, 0.99, 1.0])


def of(values: list[float]) -> Histogram:
    made = Histogram()
    for value in values:
        made.add(value)
    return made


@given(durations, shares)
def test_a_percentile_is_off_by_one_per_cent_at_most(values: list[float], share: float) -> None:
    exact = sorted(values)[math.ceil(round(share * len(values), 9)) - 1]
    assert of(values).percentile(share) == pytest.approx(exact, rel=0.01)


@given(durations, durations)
def test_a_merged_histogram_is_that_of_all_values(first: list[float], second: list[float]) -> None:
    merged = of(first)
    merged.merge(of(second))
    assert merged.buckets == of(first + second).buckets
    assert (merged.count, merged.most) == (len(first + second), max(first + second))


@given(durations)
def test_a_line_of_json_brings_it_back(values: list[float]) -> None:
    made = of(values)
    assert Histogram.of(json.loads(json.dumps(made.told()))) == made


def test_without_values_there_is_no_percentile() -> None:
    assert Histogram().percentile(0.5) is None
    assert Histogram.of(Histogram().told()).count == 0


@pytest.mark.parametrize("value", [-0.1, math.nan, math.inf])
def test_what_is_not_a_duration_is_refused(value: float) -> None:
    with pytest.raises(ValueError, match="not a duration"):
        Histogram().add(value)


def test_an_answer_at_once_counts() -> None:
    assert of([0.0, 0.0]).percentile(0.99) == 0.0
