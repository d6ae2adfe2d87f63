"""Phases: labels for checks, with the plain arithmetic of passed and failed."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seatrial.domain import Answer, Check, Severity, Status
from seatrial.domain.errors import UsageError
from seatrial.domain.phase import LABELS, Phase
from seatrial.settings import config, covers
from seatrial.verdict import phases
from seatrial.verdict.catalogue import load
from seatrial.verdict.score import Score, decimal, score

MODEL = load()
IDS = tuple(MODEL.by_id)


def answered(statuses: dict[str, Status]) -> Score:
    """A model of these checks, each with its status."""
    checks = tuple(Check(id_, "t", "deployment", Severity.LOW) for id_ in statuses)
    answers = [
        Answer(id_, status, Fraction(status is Status.PASS))
        if status.measured
        else Answer(id_, status, reason="because")
        for id_, status in statuses.items()
    ]
    return score(answers, replace(MODEL, checks=checks))


@pytest.mark.parametrize(
    ("passed", "failed", "skipped", "shown"), [(8, 23, 8, "2.6"), (2, 2, 0, "5.0"), (1, 2, 1, "3.3"), (1, 0, 3, "10.0")]
)
def test_the_plain_arithmetic(passed: int, failed: int, skipped: int, shown: str) -> None:
    """Whatever other checks do."""
    wanted = [Status.PASS] * passed + [Status.FAIL] * failed + [Status.SKIP] * skipped
    number = answered({f"mine/{n}": s for n, s in enumerate(wanted)} | {"other/1": Status.FAIL, "other/2": Status.PASS})
    (one,) = phases.of([Phase("D", "Resilience", ("mine",))], number)
    assert (one.passed, one.failed, one.unmeasured) == (passed, failed, skipped)
    assert decimal(one.score) == shown


def test_what_was_not_measured_is_neither_passed_nor_failed() -> None:
    statuses = {f"mine/{status.value}": status for status in Status}
    (one,) = phases.of([Phase("A", checks=("mine",))], answered(statuses))
    assert (one.passed, one.failed) == (1, 2), "failed and flaky"
    assert one.unmeasured == 3, "skip, error and blocked; nothing to ask is not missing"
    (empty,) = phases.of([Phase("A", checks=("mine/skip", "mine/na"))], answered(statuses))
    assert empty.score is None


@given(st.dictionaries(st.sampled_from(IDS), st.sampled_from(LABELS)), st.data())
def test_phases_share_out_what_applies(labels: dict[str, str], data: st.DataObject) -> None:
    number = answered({id_: data.draw(st.sampled_from(Status)) for id_ in IDS})
    given_ = [Phase(one, checks=tuple(i for i in labels if labels[i] == one)) for one in sorted({*labels.values()})]
    phases.verify(given_, IDS)
    found = phases.of(reversed(given_), number)
    assert [one.phase.label for one in found] == sorted({*labels.values()})
    applicable = sum(c.answer.status.applicable for c in number.checks if c.check.id in labels)
    assert sum(one.passed + one.failed + one.unmeasured for one in found) == applicable
    assert all(one.score is None or 0 <= one.score <= 10 for one in found)


def read(text: str) -> tuple[Phase, ...]:
    return config.parse(text, ".seatrial.yml").phases


def test_a_phase_is_a_list_a_text_or_a_mapping() -> None:
    text = "phases:\n  C: [compose]\n  A: trial, secrets/tokens\n  B: {title: Tests, checks: [practices/tests]}\n"
    assert read(text) == (
        Phase("A", checks=("trial", "secrets/tokens")),
        Phase("B", "Tests", ("practices/tests",)),
        Phase("C", checks=("compose",)),
    )


@pytest.mark.parametrize(
    ("text", "where", "problem"),
    [
        ("phases:\n  M: [compose]\n", ":1:1", "'M' is not one of A, B"),
        ("phases:\n  a: [compose]\n", ":1:1", "'a' is not one of A, B"),
        ("phases:\n  A: []\n", ":2:3", "at least 1"),
        ("phases:\n  A: {check: [compose]}\n", ":2:7", "unknown key 'check'"),
        ("phases:\n  A: 3\n", ":2:3", "phases.A"),
        ("phases: [compose]\n", ":1:1", "phases"),
    ],
)
def test_what_is_no_phase_is_refused_with_its_place(text: str, where: str, problem: str) -> None:
    with pytest.raises(UsageError) as caught:
        read(text)
    assert problem in caught.value.message
    assert caught.value.where.endswith(where), caught.value.where


@pytest.mark.parametrize(
    ("given_", "problem"),
    [
        ([Phase("A", checks=("compose/helthcheck",))], "there is no check 'compose/helthcheck'"),
        ([Phase("A", checks=("compose",)), Phase("C", checks=("compose/schema",))], "in the phases A and C"),
    ],
)
def test_phases_that_cannot_be_counted_are_refused(given_: list[Phase], problem: str) -> None:
    with pytest.raises(UsageError, match=problem):
        phases.verify(given_, IDS)


def test_a_check_may_be_named_twice_in_its_own_phase() -> None:
    both = [Phase("A", checks=("compose", "compose/schema"))]
    phases.verify(both, IDS)
    number = answered(dict.fromkeys(IDS, Status.PASS))
    assert phases.of(both, number)[0].passed == sum(covers("compose", id_) for id_ in IDS)
