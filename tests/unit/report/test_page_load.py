"""Load on the page: charts within their frame, numbers with their units."""

from __future__ import annotations

import re
from dataclasses import replace

import outcomes
import pytest
from hypothesis import given
from hypothesis import strategies as st

from seatrial.domain import Answer
from seatrial.domain.load import (
    LoadBound,
    LoadGroup,
    LoadNumbers,
    LoadResult,
    LoadRun,
    LoadStep,
    ServiceUsage,
    UsageMoment,
)
from seatrial.report import chart, html, load, page_load

values = st.none() | st.floats(-1e300, 1e300)
lines = st.lists(
    st.builds(chart.Series, st.just("x"), st.lists(st.tuples(st.floats(-10, 1e9), values), max_size=30)), max_size=9
)


@given(lines)
def test_every_point_is_in_the_frame(drawn: list[chart.Series]) -> None:
    made = chart.of("Durations", drawn, str)
    paths = [path for line in made.get("lines", ()) for path in line["paths"]]  # type: ignore[attr-defined]
    for x, y in (point.split(",") for path in paths for point in path.split(" ")):
        assert 0 <= float(x) <= chart.WIDTH
        assert 0 <= float(y) <= chart.HEIGHT


def test_a_missing_value_interrupts_the_line() -> None:
    made = chart.of("x", [chart.Series("a", [(0, 1.0), (1, 2.0), (2, None), (4, 4.0)])], "{:g} s".format)
    assert made["lines"] == [
        {"name": "a", "look": "one", "dashes": "", "paths": ["0.0,120.0 250.0,80.0", "1000.0,0.0"]}
    ]  # fmt: skip
    assert [text for _, _, text in made["heights"]] == ["0 s", "1 s", "2 s", "3 s", "4 s"]  # type: ignore[attr-defined]
    assert [text for _, text in made["times"]] == ["0 s", "1 s", "2 s", "3 s", "4 s"]  # type: ignore[attr-defined]


@pytest.mark.parametrize("points", [[], [(0.0, None)], [(-1.0, 2.0)]])
def test_without_a_value_there_is_no_chart(points: list[tuple[float, float | None]]) -> None:
    assert chart.of("x", [chart.Series("a", points)], str) == {}


RUN = LoadRun(
    profile="rush",
    executor="ramping-vus",
    engine="Locust 2.47.0",
    result=LoadResult.FAILED,
    requests=("GET api:8080/items",),
    complaints=("api: slow", "web: broken"),
    bounds=(LoadBound("http_req_duration", "p(95)<500", 912.34, False),
            LoadBound("http_req_failed", "rate<0.1", 0, True)),
    steps=(LoadStep(50, LoadNumbers(0, 10, 50, 1234, 5, 0.0123, 0.912, 1.5), 2.25),),
    moments=(LoadNumbers(0, 1, 50, 100, 5, 0.01, 0.9, 1.5), LoadNumbers(1, 1, 50, 0, 0)),
    failures=(("http503", 5),),
    services=(
        ServiceUsage("api", 64 * 2**20, (UsageMoment(0, 0.5, 32 * 2**20), UsageMoment(1, 1.5, 48 * 2**20))),
        ServiceUsage("gone"),
    ),
    knee=50,
    generator_cpu=0.123,
    generator_lag=0.0042,
    seconds=20,
)  # fmt: skip


def test_numbers_have_their_units() -> None:
    made = page_load.shown(RUN)
    assert made["first"] == "api: slow"
    assert made["complaints"] == ("web: broken",)
    assert made["steps"] == [("50", "1,234", "5", "123.4 /s", "12.3 ms", "912 ms", "1.5 s", "2.25 s")]
    assert made["bounds"] == [
        ("http_req_duration p(95)<500", "912.3 ms", "✗ does not hold"),
        ("http_req_failed rate<0.1", "0.00 %", "✓ holds"),
    ]  # fmt: skip
    assert made["services"] == [("api", "1.00", "1.50", "48.0 MiB", "64 MiB")]
    assert "the knee is at 50 users; the generator used 12 % of a core, its timers were 4.2 ms late" in str(
        made["made"]
    )
    assert [one["title"] for one in made["charts"]] == ["Durations", "Throughput", "Memory"]  # type: ignore[attr-defined]


def test_the_last_step_is_the_summary_of_a_load_that_passed() -> None:
    passed = replace(RUN, complaints=(), result=LoadResult.PASSED)
    assert page_load.shown(passed)["first"] == (
        "95 % of the answers within 912 ms at 50 users, 5 of 1,234 requests failed"
    )
    assert page_load.shown(replace(passed, steps=()))["first"] == "no request was completed"


def test_the_page_draws_each_profile_with_its_charts() -> None:
    small = outcomes.small().report
    loaded = replace(Answer.of_findings("load/latency", []), loads=(RUN, replace(RUN, profile=outcomes.UGLY)))
    answers = tuple(loaded if answer.check == "load/latency" else answer for answer in small)
    page = html.render(outcomes.outcome(replace(small, answers=answers)))
    section = page[page.index('<section aria-labelledby="load">') : page.index('<section aria-labelledby="findings">')]
    assert section.count('class="chart"') == 6
    assert len(re.findall(r'<polyline class="one" points="[0-9., ]+"', section)) >= 6
    assert "<script" not in section
    assert 'aria-labelledby="load"' not in html.render(outcomes.small())


def test_workers_have_a_table_of_groups_and_no_knee() -> None:
    sales = LoadGroup(name="sales", workers=10, completed=5, median=1.5, longest=3.25, failures=(("unfinished", 5),))
    none = LoadGroup(name="none", workers=2, completed=0)
    work = replace(RUN, groups=(sales, none), complaints=(), steps=(), moments=(), services=())
    made = page_load.shown(work)
    assert made["first"] == "5 of 12 workers in 2 groups completed"
    assert made["groups"] == [
        ("sales", "10", "5", "1.50 s", "3.25 s", "unfinished: 5"), ("none", "2", "0", "–", "–", "none"),
    ]  # fmt: skip
    assert "knee" not in str(made["made"])
    told = load.to_schema(work)
    assert load.of_schema(told) == work
