"""The score's laws, for any collection of answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seatrial.catalogue import Catalogue, load
from seatrial.domain import Answer, Check, Confidence, Finding, Location, Severity, Status
from seatrial.score import decimal, score
from seatrial.settings import Weights

CATALOGUE = load()
CHECKS = [c.id for c in CATALOGUE.checks]


def answer(check: str, status: Status, share: Fraction = Fraction(1)) -> Answer:
    match status:
        case Status.PASS:
            return Answer(check, status, Fraction(1), share)
        case Status.FAIL | Status.FLAKY:
            return Answer(check, status, Fraction(0), share)
        case _:
            return Answer(check, status, reason="because")


statuses = st.sampled_from(Status)
shares = st.sampled_from([Fraction(1), Fraction(1, 2), Fraction(9, 10)])
surveys = st.tuples(*(st.builds(answer, st.just(check), statuses, shares) for check in CHECKS))
weightings = st.sampled_from(Weights)


def with_status(answers: Sequence[Answer], place: int, status: Status) -> list[Answer]:
    changed = list(answers)
    changed[place] = answer(answers[place].check, status, answers[place].share)
    return changed


def phase(passed: int, failed: int, skipped: int) -> tuple[Catalogue, list[Answer]]:
    wanted = [Status.PASS] * passed + [Status.FAIL] * failed + [Status.SKIP] * skipped
    checks = tuple(Check(f"t/{n}", "t", "deployment", Severity.LOW) for n in range(len(wanted)))
    return replace(CATALOGUE, checks=checks), [answer(c.id, s) for c, s in zip(checks, wanted, strict=True)]


@pytest.mark.parametrize(
    ("passed", "failed", "skipped", "shown", "coverage"),
    [(8, 23, 8, "2.6", 79), (2, 2, 0, "5.0", 100), (1, 2, 1, "3.3", 75), (1, 0, 3, "10.0", 25)],
)
def test_the_seed_numbers(passed: int, failed: int, skipped: int, shown: str, coverage: int) -> None:
    catalogue, answers = phase(passed, failed, skipped)
    for weights in Weights:
        result = score(answers, catalogue, weights=weights)
        assert result.raw is not None
        assert result.coverage is not None
        assert decimal(result.raw / 10) == shown
        assert round(100 * float(result.coverage)) == coverage
        assert decimal(result.categories[0].score) == shown


@given(surveys, weightings, st.randoms())
def test_order_does_not_matter(answers: tuple[Answer, ...], weights: Weights, random: object) -> None:
    shuffled = list(answers)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert score(shuffled, CATALOGUE, weights=weights) == score(answers, CATALOGUE, weights=weights)


@given(surveys, weightings)
def test_floor_is_score_times_coverage(answers: tuple[Answer, ...], weights: Weights) -> None:
    result = score(answers, CATALOGUE, weights=weights)
    if result.raw is not None:
        assert result.floor is not None
        assert result.coverage is not None
        assert result.ceiling is not None
        assert result.floor == result.raw * result.coverage
        assert result.floor <= result.raw <= result.ceiling
    if result.applicable:
        assert sum((c.points for c in result.checks), Fraction(0)) == 100


@given(surveys, weightings, st.integers(0, len(CHECKS) - 1))
def test_a_fix_raises_and_a_skip_proves_nothing(answers: tuple[Answer, ...], weights: Weights, place: int) -> None:
    failed = score(with_status(answers, place, Status.FAIL), CATALOGUE, weights=weights)
    passed = score(with_status(answers, place, Status.PASS), CATALOGUE, weights=weights)
    skipped = score(with_status(answers, place, Status.SKIP), CATALOGUE, weights=weights)
    assert failed.raw is not None
    assert passed.raw is not None
    assert passed.raw > failed.raw
    assert failed.floor is not None
    assert passed.floor is not None
    assert skipped.floor is not None
    assert skipped.floor == failed.floor < passed.floor
    assert skipped.raw is None or failed.raw <= skipped.raw <= passed.raw


FOUND = st.builds(
    Finding,
    rule=st.sampled_from(["a/one", "a/two"]),
    severity=st.sampled_from(Severity),
    confidence=st.sampled_from(Confidence),
    message=st.just("wrong"),
    location=st.builds(Location, st.sampled_from(["x", "y"]), st.integers(1, 5)),
    cause=st.sampled_from(["", "one", "two", "three"]),
)


@given(st.lists(FOUND, max_size=10), st.data())
def test_removing_a_finding_never_lowers_cap_or_score(found: list[Finding], data: st.DataObject) -> None:
    def result(findings: Sequence[Finding]) -> tuple[int, Fraction]:
        numbers = score([Answer.of_findings(CHECKS[0], findings)], CATALOGUE)
        assert numbers.headline is not None
        return numbers.cap.limit if numbers.cap else 100, numbers.headline

    before = result(found)
    for place in range(len(found)):
        after = result(found[:place] + found[place + 1 :])
        assert after[0] >= before[0]
        assert after[1] >= before[1]


@given(st.lists(FOUND, max_size=8))
def test_waiving_lifts_the_cap_and_gives_no_points(found: list[Finding]) -> None:
    answers = [Answer.of_findings(CHECKS[0], found)]
    everything = {f.fingerprint for f in answers[0].findings}
    plain, waived = score(answers, CATALOGUE), score(answers, CATALOGUE, waived=everything)
    assert waived.raw == plain.raw
    assert waived.floor == plain.floor
    assert waived.cap is None


@pytest.mark.parametrize(
    ("severity", "number", "limit"),
    [
        (Severity.CRITICAL, 1, 49),
        (Severity.CRITICAL, 2, 39),
        (Severity.CRITICAL, 9, 9),
        (Severity.HIGH, 1, 79),
        (Severity.HIGH, 2, 74),
        (Severity.HIGH, 9, 59),
        (Severity.MEDIUM, 9, None),
        (Severity.LOW, 9, None),
    ],
)
def test_caps(severity: Severity, number: int, limit: int | None) -> None:
    found = [Finding("a/b", severity, Confidence.HIGH, "wrong", Location("x", n), cause=str(n)) for n in range(number)]
    cap = score([Answer.of_findings(CHECKS[0], found)], CATALOGUE).cap
    assert (cap.limit if cap else None) == limit
    guesses = [replace(f, confidence=Confidence.LOW) for f in found]
    assert score([Answer.of_findings(CHECKS[0], guesses)], CATALOGUE).cap is None


@pytest.mark.parametrize(("status", "rest"), [(Status.NA, None), (Status.ERROR, Fraction(0))])
def test_nothing_measured_is_no_number(status: Status, rest: Fraction | None) -> None:
    result = score([answer(check, status) for check in CHECKS], CATALOGUE)
    assert result.raw is None
    assert result.headline is None
    assert result.coverage == rest
    assert result.floor == rest


@given(st.fractions(0, 100), st.fractions(0, 100))
def test_rounding_never_crosses_a_threshold(value: Fraction, threshold: Fraction) -> None:
    limit = Fraction(round(threshold * 10), 10)
    shown = Fraction(decimal(value, threshold=limit))
    assert (shown >= limit) == (value >= limit)
    assert abs(shown - value) < Fraction(1, 10)


def test_rounding_at_the_gate() -> None:
    assert decimal(Fraction("79.96"), threshold=80) == "79.9"
    assert decimal(Fraction("79.96")) == "80.0"
