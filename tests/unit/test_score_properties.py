"""The score's laws, for any collection of answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seatrial.domain import Answer, Check, Confidence, Finding, Location, Severity, Status
from seatrial.settings import Weights
from seatrial.verdict.catalogue import Catalogue, load
from seatrial.verdict.score import decimal, percent, score

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
        assert result.headline is not None
        assert result.floor == result.headline * result.coverage
        assert result.floor <= result.headline <= result.ceiling
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
    assert skipped.earned == failed.earned < passed.earned
    assert failed.floor <= skipped.floor <= passed.floor
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


def headline(findings: Sequence[Finding], check: str = CHECKS[0]) -> Fraction:
    answers = [Answer.of_findings(c, findings if c == check else ()) for c in CHECKS]
    number = score(answers, CATALOGUE).headline
    assert number is not None
    return number


@given(st.lists(FOUND, max_size=10))
def test_removing_a_finding_never_lowers_the_score(found: list[Finding]) -> None:
    before = headline(found)
    for place in range(len(found)):
        assert headline(found[:place] + found[place + 1 :]) >= before


@given(st.lists(FOUND, max_size=10), st.sampled_from(["python/bandit", "compose/healthcheck"]))
def test_the_score_rises_with_every_severe_cause_that_is_fixed(found: list[Finding], check: str) -> None:
    answer = Answer.of_findings(check, found)
    before = headline(answer.findings, check)
    for cause in score([answer], CATALOGUE).causes:
        after = headline([f for f in answer.findings if f.root != cause.id], check)
        assert after > before if (cause.limits or 0) >= Severity.HIGH else after >= before


@given(st.lists(FOUND, max_size=10), st.sampled_from(["measured", "error"]))
def test_with_a_critical_cause_the_score_is_below_50(found: list[Finding], how: str) -> None:
    critical = Finding("a/b", Severity.CRITICAL, Confidence.HIGH, "wrong", Location("x", 9))
    every = [*found, critical]
    broken = Answer.error(CHECKS[0], "broke", findings=every)
    first = Answer.of_findings(CHECKS[0], every) if how == "measured" else broken
    result = score([first, *(Answer.of_findings(c, ()) for c in CHECKS[1:])], CATALOGUE)
    assert result.headline is not None
    assert result.headline < 50
    assert result.ceiling is not None
    assert result.ceiling < 50


@given(st.lists(FOUND, max_size=8))
def test_waiving_takes_nothing_and_gives_no_points(found: list[Finding]) -> None:
    answers = [Answer.of_findings(CHECKS[0], found)]
    everything = {f.fingerprint for f in answers[0].findings}
    plain, waived = score(answers, CATALOGUE), score(answers, CATALOGUE, waived=everything)
    assert waived.raw == waived.headline == plain.raw
    assert waived.earned == plain.earned
    assert waived.taken == ()


@pytest.mark.parametrize(
    ("severity", "number", "leaves"),
    [
        (Severity.CRITICAL, 1, "0.49"),
        (Severity.CRITICAL, 2, "0.325"),
        (Severity.CRITICAL, 12, "0.074"),
        (Severity.HIGH, 1, "0.95"),
        (Severity.HIGH, 2, "0.911"),
        (Severity.HIGH, 9, "0.775"),
        (Severity.HIGH, 10, "0.765"),
        (Severity.HIGH, 400, "0.607"),
        (Severity.MEDIUM, 9, "1"),
        (Severity.LOW, 9, "1"),
    ],
)
def test_what_open_causes_leave(severity: Severity, number: int, leaves: str) -> None:
    found = [Finding("a/b", severity, Confidence.HIGH, "wrong", Location("x", n), cause=str(n)) for n in range(number)]
    result = score([Answer.of_findings(CHECKS[0], found)], CATALOGUE)
    assert round(float(result.leaves), 3) == float(leaves)
    assert result.taken_by == (f"{number} {severity.label}" if severity >= Severity.HIGH else "")
    guesses = [replace(f, confidence=Confidence.LOW) for f in found]
    assert score([Answer.of_findings(CHECKS[0], guesses)], CATALOGUE).leaves == 1


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


def test_a_whole_percentage_is_never_all_of_a_part() -> None:
    shown = [percent(Fraction(n, 1000), whole=True) for n in (0, 1, 714, 999, 1000)]
    assert shown == ["0 %", "1 %", "71 %", "99 %", "100 %"]
    assert percent(None, whole=True) == "not measured"


def test_rounding_at_the_gate() -> None:
    assert decimal(Fraction("79.96"), threshold=80) == "79.9"
    assert decimal(Fraction("79.96")) == "80.0"
