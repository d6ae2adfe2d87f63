"""The path to pass is the cheapest one, opens the gate, and promises what then happens."""

from __future__ import annotations

import itertools
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from seatrial import gate
from seatrial.catalogue import load
from seatrial.causes import Cause
from seatrial.domain import Answer, Check, Confidence, Finding, Location, Report, Severity, Subject
from seatrial.path_to_pass import Unit, cheapest, find
from seatrial.score import score
from seatrial.settings import Settings

CATALOGUE = load()
CHECKS = [c.id for c in CATALOGUE.checks]


def unit(name: str, gain: Fraction, cost: int) -> Unit:
    check = Check(name, name, "security", Severity.LOW)
    return Unit(name, tuple(Cause(f"{name}{n}", (check,), (), None) for n in range(cost)), gain)


units = st.lists(st.tuples(st.fractions(0, 20, max_denominator=30), st.integers(1, 6)), min_size=1, max_size=8)


@given(units, st.fractions(0, 60, max_denominator=7))
@settings(max_examples=200, deadline=None)
def test_equals_brute_force(drawn: list[tuple[Fraction, int]], need: Fraction) -> None:
    pool = [unit(chr(97 + n), gain, cost) for n, (gain, cost) in enumerate(drawn)]
    found = cheapest(pool, need)
    ways = [w for size in range(len(pool) + 1) for w in itertools.combinations(pool, size)]
    enough = [w for w in ways if sum((u.gain for u in w), Fraction(0)) >= need]
    assert (found is None) == (not enough)
    if found is not None:
        least = min(sum(u.cost for u in w) for w in enough)
        assert sum(u.cost for u in found) == least
        assert sum((u.gain for u in found), Fraction(0)) >= need


findings = st.builds(
    Finding,
    rule=st.sampled_from(["a/one", "a/two"]),
    severity=st.sampled_from(Severity),
    confidence=st.sampled_from([Confidence.HIGH, Confidence.LOW]),
    message=st.just("wrong"),
    location=st.builds(Location, st.sampled_from(["x", "y"]), st.integers(1, 3)),
    cause=st.sampled_from(["", "shared", "other"]),
)
reports = st.tuples(*(st.builds(Answer.of_findings, st.just(c), st.lists(findings, max_size=3)) for c in CHECKS)).map(
    lambda answers: Report(Subject("t", files=1), answers)
)


@given(reports, st.sampled_from([50.0, 70.0, 80.0, 95.0, 100.0]))
@settings(max_examples=60, deadline=None)
def test_the_path_opens_the_gate(report: Report, fail_below: float) -> None:
    chosen = Settings(fail_below=fail_below)
    path = find(report, CATALOGUE, chosen)
    assert path.opens, path.remaining
    now = gate.decide(report, score(report, CATALOGUE), chosen)
    assert bool(path.steps) != now.passed
    if path.steps:
        assert path.steps[-1].score == path.after
        raws = [s.score.raw for s in path.steps]
        assert raws == sorted(raws, key=lambda r: r or 0)
        fixed = {c.id for s in path.steps for c in s.causes}
        assert {c.id for c in score(report, CATALOGUE).open(Severity.CRITICAL)} <= fixed


@given(reports)
@settings(max_examples=40, deadline=None)
def test_no_step_is_in_vain(report: Report) -> None:
    chosen = Settings(fail_below=80.0)
    path = find(report, CATALOGUE, chosen)
    for left_out in path.steps:
        others = {c.id for s in path.steps if s is not left_out for c in s.causes}
        answers = tuple(Answer.of_findings(a.check, [f for f in a.findings if f.root not in others]) for a in report)
        partly = Report(report.subject, answers)
        assert not gate.decide(partly, score(partly, CATALOGUE), chosen).passed


def test_what_was_not_measured_is_named() -> None:
    answers = tuple(Answer.error(c, "broke") if n < 2 else Answer.of_findings(c, []) for n, c in enumerate(CHECKS))
    path = find(Report(Subject("t", files=1), answers), CATALOGUE, Settings())
    assert {u.check.id for u in path.unmeasured} == set(CHECKS[:2])
    assert not path.opens
    assert path.steps == ()
