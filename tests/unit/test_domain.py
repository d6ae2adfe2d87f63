"""The central types: complete when made, stable in order, graded exactly."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seatrial.domain import (
    ABSENT,
    Answer,
    Confidence,
    Finding,
    Location,
    Report,
    Severity,
    Status,
    Subject,
    numbered,
)

severities = st.sampled_from(Severity)
findings = st.builds(
    Finding,
    rule=st.sampled_from(["a/one", "a/two", "b/three"]),
    severity=severities,
    confidence=st.sampled_from(Confidence),
    message=st.just("wrong"),
    location=st.builds(Location, st.sampled_from(["x.py", "y.py"]), st.integers(1, 9)),
    anchor=st.sampled_from(["", "call()", "other()"]),
)


def made(rule: str = "a/one", severity: Severity = Severity.LOW) -> Finding:
    return Finding(rule, severity, Confidence.HIGH, "wrong", Location("x.py", 1))


@given(st.lists(findings, max_size=12), st.randoms())
def test_order_does_not_matter(found: list[Finding], random: object) -> None:
    shuffled = found[:]
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert numbered(shuffled) == numbered(found)


@given(st.lists(findings, max_size=12))
def test_fingerprints_are_unique_and_do_not_know_lines(found: list[Finding]) -> None:
    moved = [replace(f, location=replace(f.location, line=f.location.line + 100)) for f in found]
    before = [f.fingerprint for f in numbered(found)]
    assert len(set(before)) == len(before)
    assert Counter(before) == Counter(f.fingerprint for f in numbered(moved))


def test_white_space_does_not_change_a_fingerprint() -> None:
    assert replace(made(), anchor="a  =\tb").fingerprint == replace(made(), anchor="a = b").fingerprint
    assert replace(made(), anchor="a = c").fingerprint != replace(made(), anchor="a = b").fingerprint


def test_what_is_nowhere_keeps_its_fingerprint_wherever_it_is_shown() -> None:
    lacking = replace(made(), rule="practices/licence", anchor=ABSENT)
    assert lacking.fingerprint == replace(lacking, location=Location("another.py", 3)).fingerprint
    assert lacking.fingerprint != replace(lacking, rule="practices/contact").fingerprint


@pytest.mark.parametrize(("rule", "anchor"), [("practices/backup", f"db {ABSENT}"), ("bandit/B602", ABSENT)])
def test_what_is_somewhere_has_its_path_in_its_fingerprint(rule: str, anchor: str) -> None:
    found = replace(made(), rule=rule, anchor=anchor)
    assert found.fingerprint != replace(found, location=Location("another.py", 3)).fingerprint


@pytest.mark.parametrize(
    "arguments",
    [
        {"status": Status.PASS},
        {"status": Status.SKIP},
        {"status": Status.ERROR, "reason": "x", "value": Fraction(1)},
        {"status": Status.FAIL, "value": Fraction(2)},
        {"status": Status.FAIL, "value": Fraction(1, 2), "share": Fraction(0)},
        {"status": Status.PASS, "value": Fraction(1), "findings": (made(),)},
    ],
)
def test_a_contradiction_is_refused(arguments: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="a/one"):
        Answer("a/one", **arguments)  # type: ignore[arg-type]


def test_constructors() -> None:
    assert Answer.of_findings("c", []).status is Status.PASS
    assert Answer.of_findings("c", [made()]).status is Status.FAIL
    for make in (Answer.skip, Answer.error, Answer.blocked, Answer.na):
        answer = make("c", "because")
        assert (answer.value, answer.reason) == (None, "because")
    assert not Answer.na("c", "nothing").status.applicable
    assert Answer.error("c", "broke", findings=[made()]).findings


def test_a_report_is_sorted() -> None:
    answers = (Answer.skip("b", "x"), Answer.of_findings("a", [made(), made(severity=Severity.HIGH)]))
    report = Report(Subject("t"), answers)
    assert [a.check for a in report] == ["a", "b"]
    assert [f.severity for f in report.findings] == [Severity.HIGH, Severity.LOW]
    assert report == Report(Subject("t"), answers[::-1], duration=5)


def test_a_guess_is_listed_after_all_that_is_certain() -> None:
    guess = replace(made("a/guess", Severity.CRITICAL), confidence=Confidence.LOW)
    report = Report(Subject("t"), (Answer.of_findings("a", [guess, made(), made("a/two", Severity.MEDIUM)]),))
    assert [f.rule for f in report.findings] == ["a/two", "a/one", "a/guess"]
