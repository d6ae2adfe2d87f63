"""Levels, steps and budgets of a profile."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seatrial.domain.load_profile import Executor, LoadProfile, LoadRequest, LoadStage, plateaus
from seatrial.lab.load.script import LoadScript

stages = st.lists(st.builds(LoadStage, st.floats(0.5, 600), st.integers(0, 500)), min_size=1, max_size=8)


def profile(*stages: LoadStage, start: int = 0) -> LoadProfile:
    return LoadProfile(
        name="rush", executor=Executor.RAMPING_VUS, stages=stages, requests=(LoadRequest("api", 80),), start=start
    )


def test_the_level_moves_in_a_straight_line() -> None:
    made = profile(LoadStage(10, 100), LoadStage(5, 100), LoadStage(10, 0), start=20)
    assert [made.level(at) for at in (0, 5, 10, 14, 20, 25, 99)] == [
        (0, 20), (0, 60), (1, 100), (1, 100), (2, 50), (2, 0), (2, 0),
    ]  # fmt: skip
    assert (made.seconds, made.peak) == (25, 100)


def test_a_stage_without_duration_is_a_jump() -> None:
    made = profile(LoadStage(0, 50), LoadStage(4, 50))
    assert made.level(0) == (1, 50)


@given(stages, st.floats(1, 100))
def test_a_budget_shortens_every_stage_alike(given_: list[LoadStage], budget: float) -> None:
    before = profile(*given_)
    after = before.within(budget)
    assert after.seconds <= max(budget, 0) * (1 + 1e-9) or after == before
    assert [s.target for s in after.stages] == [s.target for s in given_]
    factors = [a.duration / b.duration for a, b in zip(after.stages, given_, strict=True)]
    assert factors == pytest.approx([min(1.0, budget / before.seconds)] * len(factors))


def test_a_ramp_and_its_plateau_are_one_step() -> None:
    made = profile(*plateaus((10, 50, 100), 42.0))
    assert made.steps == (0, 0, 1, 1, 2, 2)
    assert made.seconds == pytest.approx(42.0)
    assert profile(LoadStage(1, 10), LoadStage(1, 20), LoadStage(1, 10)).steps == (0, 1, 2)


@given(stages, st.sampled_from(Executor))
def test_the_generator_gets_the_profile_as_it_is(given_: list[LoadStage], executor: Executor) -> None:
    requests = (LoadRequest("api", 8080, "/ä?q=\"'", "POST", '{"a": 1}', {"X-Y": "z"}, 404),)
    made = LoadProfile(name="ä \"'", executor=executor, stages=tuple(given_), requests=requests, iterations=3)
    script = LoadScript(made, {"api": "10.0.0.2"}, 7, 3.5)
    assert LoadScript.of(script.text()) == script
