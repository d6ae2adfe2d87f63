"""The score's arithmetic on models small enough to work out by hand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction

import pytest

from seatrial.domain import Answer, Check, Confidence, Finding, Location, Severity, Status
from seatrial.settings import Weights
from seatrial.verdict.catalogue import Catalogue, load
from seatrial.verdict.score import (
    NOT_MEASURED,
    Score,
    decimal,
    exact,
    percent,
    score,
    share,
    worth,
)

LOADED = load()
FIRST, SECOND, UNUSED = LOADED.categories[:3]
CHECKS = (
    Check("t/a", "a", FIRST.id, Severity.LOW),
    Check("t/b", "b", FIRST.id, Severity.CRITICAL, weight=3),
    Check("t/c", "c", SECOND.id, Severity.LOW),
)
MODEL: Catalogue = replace(LOADED, checks=CHECKS)
A, B = (check.weight for check in CHECKS[:2])
ALL = {check.id for check in CHECKS}


def passed(check: str, part: Fraction | int = 1) -> Answer:
    return Answer(check, Status.PASS, Fraction(1), Fraction(part))


def failed(check: str, value: Fraction | int = 0, status: Status = Status.FAIL) -> Answer:
    return Answer(check, status, Fraction(value))


def of(*answers: Answer, weights: Weights = Weights.CATEGORY) -> Score:
    return score(answers, MODEL, weights=weights)


def points(applicable: set[str], weights: Weights = Weights.CATEGORY) -> Mapping[str, Fraction]:
    return share(MODEL, applicable, weights)


def test_points_by_category_then_by_check() -> None:
    one, two = FIRST.weight, SECOND.weight
    assert (A, B) == (1, 3)
    assert one != two
    assert points(ALL) == {
        "t/a": Fraction(100 * one * A, (one + two) * (A + B)),
        "t/b": Fraction(100 * one * B, (one + two) * (A + B)),
        "t/c": Fraction(100 * two, one + two),
    }
    assert points({"t/a", "t/c"}) == {
        "t/a": Fraction(100 * one, one + two),
        "t/c": Fraction(100 * two, one + two),
    }
    assert points({"t/b"}) == {"t/b": Fraction(100)}
    assert points(set()) == {}


def test_equal_points() -> None:
    assert points(ALL, Weights.EQUAL) == dict.fromkeys(ALL, Fraction(100, 3))
    assert points({"t/a", "t/b"}, Weights.EQUAL) == dict.fromkeys(("t/a", "t/b"), Fraction(50))
    assert points(set(), Weights.EQUAL) == {}


@pytest.mark.parametrize(
    ("answer", "graded", "equal"),
    [
        (passed("t/a"), 1, 1),
        (failed("t/a"), 0, 0),
        (failed("t/a", Fraction(1, 2)), Fraction(1, 2), 0),
        (failed("t/a", Fraction(1, 2), Status.FLAKY), Fraction(1, 2), 0),
        (Answer.skip("t/a", "off"), None, None),
        (Answer.error("t/a", "broke"), None, None),
        (Answer.na("t/a", "nothing"), None, None),
    ],
)
def test_what_an_answer_is_worth(answer: Answer, graded: Fraction | None, equal: Fraction | None) -> None:
    assert worth(answer, Weights.CATEGORY) == graded
    assert worth(answer, Weights.EQUAL) == equal


@pytest.mark.parametrize("weights", Weights)
def test_each_check_has_its_points_its_answer_and_what_it_earns(weights: Weights) -> None:
    half, third = Fraction(1, 2), Fraction(1, 3)
    answers = (passed("t/a", half), failed("t/b", third), Answer.skip("t/c", "off"))
    made = of(*reversed(answers), weights=weights)
    given = points(ALL, weights)
    assert [c.check for c in made.checks] == list(CHECKS)
    assert [c.answer for c in made.checks] == list(answers)
    assert {c.check.id: c.points for c in made.checks} == given
    graded = third if weights is Weights.CATEGORY else Fraction(0)
    assert [c.worth for c in made.checks] == [1, graded, None]
    assert [c.measured for c in made.checks] == [given["t/a"] / 2, given["t/b"], 0]
    assert [c.earned for c in made.checks] == [given["t/a"] / 2, given["t/b"] * graded, 0]
    assert [c.lost for c in made.checks] == [0, given["t/b"] * (1 - graded), 0]
    assert (made.measured, made.lost) == (given["t/a"] / 2 + given["t/b"], given["t/b"] * (1 - graded))
    assert made.coverage == made.measured / 100
    assert made.raw == 100 * made.earned / made.measured


def test_every_category_of_the_model_is_there_in_its_order() -> None:
    made = of(passed("t/a"), failed("t/b"), Answer.error("t/c", "broke"))
    assert [c.category for c in made.categories] == list(LOADED.categories)
    assert [[c.check.id for c in one.checks] for one in made.categories[:3]] == [["t/a", "t/b"], ["t/c"], []]
    first, second, unused = made.categories[:3]
    assert (first.score, second.score, unused.score) == (Fraction(10 * A, A + B), None, None)
    assert (first.coverage, second.coverage, unused.coverage) == (Fraction(1), Fraction(0), None)
    assert [(c.asked, c.answered, c.passed) for c in (first, second, unused)] == [(2, 2, 1), (1, 0, 0), (0, 0, 0)]


def test_what_does_not_apply_has_no_points() -> None:
    made = of(passed("t/a"), Answer.na("t/b", "nothing"), Answer.na("t/c", "nothing"))
    assert [c.points for c in made.checks] == [100, 0, 0]
    assert (made.raw, made.coverage) == (Fraction(100), Fraction(1))


def test_a_check_that_nobody_answered_is_an_error_of_ours() -> None:
    made = of(passed("t/a"), passed("t/b"))
    [missing] = [c for c in made.checks if c.check.id == "t/c"]
    assert missing.answer == Answer.error("t/c", "nothing answered it")
    assert (missing.worth, missing.points) == (None, points(ALL)["t/c"])


def test_answers_that_the_model_does_not_know_are_named_and_count_for_nothing() -> None:
    bad = Finding("z/z", Severity.CRITICAL, Confidence.HIGH, "bad", Location("a", 1))
    known = [passed("t/a"), passed("t/b"), passed("t/c")]
    made = of(*known, failed("z/z"), Answer.of_findings("y/y", [bad]))
    assert made.unscored == ("y/y", "z/z")
    assert (made.raw, made.headline) == (Fraction(100), Fraction(100))
    assert of(*known).unscored == ()
    assert made.model == LOADED.model


def test_a_check_is_answered_once() -> None:
    with pytest.raises(ValueError, match=r"^t/a was answered twice$"):
        of(passed("t/a"), passed("t/a"))


def critical(anchor: str, severity: Severity = Severity.CRITICAL) -> Finding:
    return Finding("r/r", severity, Confidence.HIGH, anchor, Location("a", 1), cause=anchor)


def test_each_open_severe_cause_costs_more_and_a_waived_one_nothing() -> None:
    def headline(*findings: Finding, waived: tuple[str, ...] = ()) -> Fraction:
        fail = replace(failed("t/a", Fraction(99, 100)), findings=findings)
        made = score([fail, passed("t/b"), passed("t/c")], MODEL, waived=waived)
        assert made.headline is not None
        assert [f for cause in made.causes for f in cause.findings] != []
        return made.headline

    medium, high = headline(critical("m", Severity.MEDIUM)), headline(critical("h", Severity.HIGH))
    one, two = headline(critical("a")), headline(critical("a"), critical("b"))
    assert medium > high > one > two > 0
    assert headline(critical("a"), critical("h", Severity.HIGH)) < one
    assert headline(critical("a"), waived=(critical("a").fingerprint,)) == medium


def test_every_severity_takes_its_part_of_the_score_and_of_its_bounds() -> None:
    value = Fraction(9, 10)
    fail = replace(failed("t/a", value), findings=(critical("a"), critical("b"), critical("h", Severity.HIGH)))
    made = of(fail, passed("t/b"), Answer.skip("t/c", "off"))
    parts = [LOADED.open[Severity.CRITICAL].leaves(2), LOADED.open[Severity.HIGH].leaves(1)]
    assert [one.leaves for one in made.taken] == parts
    assert made.taken_by == "2 critical, 1 high"
    assert 0 < parts[0] < parts[1] < 1
    given, left = points(ALL), parts[0] * parts[1]
    earned = given["t/a"] * value + given["t/b"]
    assert made.leaves == left
    assert made.floor == earned * left
    assert made.ceiling == (earned + given["t/c"]) * left
    assert made.headline == 100 * earned / (given["t/a"] + given["t/b"]) * left


def test_without_anything_to_ask_there_are_no_bounds() -> None:
    made = of(*(Answer.na(check.id, "nothing") for check in CHECKS))
    assert (made.applicable, made.floor, made.ceiling, made.headline, made.coverage) == (False, *[None] * 4)


def test_open_causes_are_those_of_one_severity() -> None:
    fail = Answer.of_findings("t/a", [critical("a"), critical("h", Severity.HIGH)])
    made = of(fail, passed("t/b"), passed("t/c"))
    assert [c.findings[0].message for c in made.open(Severity.CRITICAL)] == ["a"]
    assert [c.findings[0].message for c in made.open(Severity.HIGH)] == ["h"]
    assert made.open(Severity.LOW) == ()


@pytest.mark.parametrize(
    ("number", "threshold", "shown"),
    [
        (None, None, NOT_MEASURED),
        (Fraction(0), None, "0.0"),
        (Fraction(5, 100), None, "0.1"),
        (Fraction(4, 100), None, "0.0"),
        (Fraction("12.34"), None, "12.3"),
        (Fraction("12.35"), None, "12.4"),
        (100, None, "100.0"),
        (Fraction(-15, 10), None, "-1.5"),
        (Fraction("-0.04"), None, "0.0"),
        (Fraction("-0.06"), None, "-0.1"),
        (Fraction("79.96"), Fraction(80), "79.9"),
        (Fraction("79.96"), 80.0, "79.9"),
        (Fraction("79.96"), Fraction("79.9"), "80.0"),
        (Fraction("79.94"), 80, "79.9"),
        (Fraction(80), 80, "80.0"),
        (Fraction("80.01"), Fraction("80.01"), "80.1"),
        (Fraction("80.02"), Fraction("80.01"), "80.1"),
        (Fraction("80.00"), Fraction("80.01"), "80.0"),
        (Fraction("80.02"), Fraction(80), "80.0"),
        (Fraction("79.96"), 79.97, "79.9"),
        (Fraction("79.98"), 79.97, "80.0"),
    ],
)
def test_a_number_for_people(number: Fraction | int | None, threshold: Fraction | float | None, shown: str) -> None:
    assert decimal(number, threshold=threshold) == shown


@pytest.mark.parametrize(
    ("part", "shown"),
    [
        (None, NOT_MEASURED),
        (Fraction(0), "0.0 %"),
        (Fraction(1, 10_000), "0.1 %"),
        (Fraction(999, 1_000_000), "0.1 %"),
        (Fraction(1, 1000), "0.1 %"),
        (Fraction(2, 1000), "0.2 %"),
        (Fraction(1, 2), "50.0 %"),
        (Fraction(9999, 10_000), "99.9 %"),
        (Fraction(1), "100.0 %"),
    ],
)
def test_a_share_for_people(part: Fraction | None, shown: str) -> None:
    assert percent(part) == shown


@pytest.mark.parametrize(
    ("part", "shown"),
    [
        (None, NOT_MEASURED),
        (Fraction(0), "0 %"),
        (Fraction(1, 10_000), "1 %"),
        (Fraction(14, 1000), "1 %"),
        (Fraction(15, 1000), "2 %"),
        (Fraction(1, 2), "50 %"),
        (Fraction(984, 1000), "98 %"),
        (Fraction(9999, 10_000), "99 %"),
        (Fraction(1), "100 %"),
    ],
)
def test_a_share_without_decimals(part: Fraction | None, shown: str) -> None:
    assert percent(part, whole=True) == shown


def test_a_setting_is_the_number_that_its_author_wrote() -> None:
    assert exact(79.96) == Fraction(7996, 100)
    assert exact(Fraction(1, 3)) == Fraction(1, 3)
    assert exact(80) == 80
