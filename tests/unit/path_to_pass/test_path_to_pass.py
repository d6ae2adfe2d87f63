"""The path to pass is the cheapest one, opens the gate, and promises what then happens."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seatrial.domain import (
    Answer,
    Confidence,
    Effort,
    Finding,
    Location,
    Report,
    Severity,
    Status,
    Subject,
)
from seatrial.domain.grading import GradedSubject, WeightedShare
from seatrial.domain.waivers import Waived
from seatrial.settings import Settings, Weights
from seatrial.verdict import gate
from seatrial.verdict.catalogue import load
from seatrial.verdict.causes import Cause
from seatrial.verdict.path_to_pass import PathToPass, find
from seatrial.verdict.score import score

CATALOGUE = load()
CHECKS = [c.id for c in CATALOGUE.checks]
CAUSES = ["", "", "shared", "other"]
SMALL = replace(
    CATALOGUE,
    checks=(
        replace(CATALOGUE.by_id["compose/healthcheck"], effort=Effort.SMALL),
        replace(CATALOGUE.by_id["python/bandit"], effort=Effort.MEDIUM),
        replace(CATALOGUE.by_id["compose/root-user"], effort=Effort.LARGE),
    ),
)


def finding(rule: str, severity: Severity, place: str = "x", **more: object) -> Finding:
    return Finding(rule, severity, Confidence.HIGH, "wrong", Location(place, 1), anchor=place, **more)  # type: ignore[arg-type]


def report(catalogue_checks: Sequence[str] = CHECKS, **found: Sequence[Finding]) -> Report:
    """Everything passed but what is named, `compose_healthcheck` for `compose/healthcheck`."""
    names = {check: check.replace("/", "_").replace("-", "_") for check in catalogue_checks}
    return Report(Subject("t", files=1), tuple(Answer.of_findings(c, found.get(n, ())) for c, n in names.items()))


def fixed(made: Report, causes: Collection[str]) -> Report:
    """What a survey finds once some causes are gone; of what stays each finding keeps its identity."""

    def answer(before: Answer) -> Answer:
        left = tuple(f for f in before.findings if f.root not in causes)
        return (
            Answer(before.check, Status.FAIL, before.basis.value(left), findings=left, basis=before.basis)
            if left
            else Answer.of_findings(before.check, ())
        )

    return Report(made.subject, tuple(map(answer, made)))


fail_belows = st.sampled_from([0.0, 50.0, 70.0, 75.0, 79.96, 80.0, 95.0, 100.0])
Drawn = tuple[str, Severity, Confidence, str]


def reports(checks: Sequence[str], most: int, causes: Sequence[str]) -> st.SearchStrategy[Report]:
    """Some checks with findings; each finding in a place of its own, so that only `causes` join them."""
    rules, confidences = st.sampled_from(["one", "two"]), st.sampled_from([Confidence.HIGH, Confidence.LOW])
    drawn = st.tuples(rules, st.sampled_from(Severity), confidences, st.sampled_from(causes))

    def answer(check: str, found: Sequence[Drawn]) -> Answer:
        return Answer.of_findings(
            check,
            (
                replace(finding(f"{check}-{rule}", severity, f"{check}{n}", cause=cause), confidence=confidence)
                for n, (rule, severity, confidence, cause) in enumerate(found)
            ),
        )

    failing = st.dictionaries(st.sampled_from(checks), st.lists(drawn, min_size=1, max_size=most), max_size=4)
    return failing.map(lambda by: Report(Subject("t", files=1), tuple(answer(c, by.get(c, ())) for c in checks)))


def ways(causes: Sequence[Cause], one_by_one: Collection[Severity]) -> Iterator[tuple[Cause, ...]]:
    """Everything that may be fixed: of each check any of the severe causes, what is certain, not waived, or all."""
    menus = []
    for check in {cause.check.id for cause in causes}:
        here = [cause for cause in causes if cause.check.id == check]
        severe = [cause for cause in here if cause.limits in one_by_one]
        some = itertools.chain.from_iterable(itertools.combinations(severe, n) for n in range(len(severe) + 1))
        kinds = (lambda c: c.limits is not None, lambda c: not c.waived, lambda _: True)
        menus.append({*some, *(tuple(filter(kind, here)) for kind in kinds)})
    for way in itertools.product(*menus):
        yield tuple(itertools.chain.from_iterable(way))


def price(causes: Collection[Cause]) -> tuple[int, int]:
    return sum(cause.effort.cost for cause in causes), len(causes)


@given(
    reports([c.id for c in SMALL.checks], 3, [""]),
    fail_belows,
    st.sampled_from([0.0, 5.0, 9.5]),
    st.booleans(),
    st.sampled_from(Weights),
)
@settings(max_examples=60, deadline=None)
def test_it_equals_trying_every_way(
    made: Report, fail_below: float, min_category: float, waive: bool, weights: Weights
) -> None:
    chosen = Settings(fail_below=fail_below, min_category=min_category, weights=weights)
    waived = Waived(frozenset(f.fingerprint for f in made.findings[::3])) if waive else Waived()

    def opens(fixes: Collection[Cause]) -> bool:
        after = fixed(made, {cause.id for cause in fixes})
        numbers = score(after, SMALL, weights=weights, waived=waived.fingerprints)
        return gate.decide(after, numbers, chosen, waived).passed

    causes = score(made, SMALL, waived=waived.fingerprints).causes
    best = next(filter(opens, sorted(ways(causes, (Severity.CRITICAL, Severity.HIGH)), key=price)))
    path = find(made, SMALL, chosen, waived)
    mine = [cause for step in path.steps for cause in step.causes]
    assert path.cheapest
    assert opens(mine)
    assert price(mine) == price(best)


@given(reports(CHECKS, 3, CAUSES), fail_belows, st.sampled_from([0.0, 8.0]))
@settings(max_examples=40, deadline=None)
def test_it_opens_the_gate_as_promised(made: Report, fail_below: float, min_category: float) -> None:
    chosen = Settings(fail_below=fail_below, min_category=min_category)
    path = find(made, CATALOGUE, chosen)
    assert path.opens, path.remaining
    assert bool(path.steps) != gate.decide(made, score(made, CATALOGUE), chosen).passed
    done: set[str] = set()
    before = score(made, CATALOGUE)
    for step in path.steps:
        done |= {cause.id for cause in step.causes}
        after = fixed(made, done)
        assert step.score.categories == score(after, CATALOGUE).categories
        assert step.gain == (step.score.headline or 0) - (before.headline or 0)
        if any((cause.limits or 0) >= Severity.HIGH for cause in step.causes):
            assert step.gain > 0
        before = step.score
    assert before.headline == path.after.headline


@given(reports(CHECKS, 3, [""]), fail_belows)
@settings(max_examples=40, deadline=None)
def test_no_step_is_in_vain(made: Report, fail_below: float) -> None:
    chosen = Settings(fail_below=fail_below)
    path = find(made, CATALOGUE, chosen)
    for left_out in path.steps:
        partly = fixed(made, {c.id for s in path.steps if s is not left_out for c in s.causes})
        assert not gate.decide(partly, score(partly, CATALOGUE), chosen).passed


def rules_fixed(path: PathToPass) -> list[tuple[str, int]]:
    found = Counter(cause.check.id for step in path.steps for cause in step.causes)
    return list(found.items())


def test_only_as_many_high_causes_are_fixed_as_the_score_asks() -> None:
    """Of three in one check: what stays takes its part, and the check's own points are lost until all are gone."""
    high = [finding("compose/capabilities", Severity.HIGH, str(n)) for n in range(3)]
    made = report(compose_capabilities=high)
    for fail_below, number in ((99.5, 3), (94, 2), (90, 1), (86, 0)):
        path = find(made, CATALOGUE, Settings(fail_below=float(fail_below)))
        assert sum(n for _, n in rules_fixed(path)) == number


def test_the_steps_are_files_at_most_seven_and_each_says_where_it_leads() -> None:
    every = [finding("compose/capabilities", Severity.HIGH, f"{n}.yaml") for n in range(12)]
    every += [finding("compose/capabilities", Severity.CRITICAL, "worst.yaml", subject="api")]
    path = find(report(compose_capabilities=every), CATALOGUE, Settings(fail_below=100.0))
    assert len(path.steps) == 7
    assert path.steps[0].places == ("worst.yaml",)
    assert [len(step.places) for step in path.steps] == [1, 1, 1, 1, 1, 1, 7]
    shown = [step.score.headline or 0 for step in path.steps]
    assert shown == sorted(set(shown)), "every step leads higher"
    before = score(report(compose_capabilities=every), CATALOGUE).headline
    assert sum(step.gain for step in path.steps) == 100 - (before or 0)


def test_a_category_below_its_minimum_is_lifted() -> None:
    slow = [finding("compose/healthcheck", Severity.MEDIUM, str(n)) for n in range(3)]
    path = find(report(compose_healthcheck=slow), CATALOGUE, Settings(min_category=9.5))
    assert rules_fixed(path) == [("compose/healthcheck", 3)]
    assert path.opens


def test_what_is_waived_is_fixed_only_if_nothing_else_will_do() -> None:
    accepted = finding("compose/healthcheck", Severity.MEDIUM, "accepted")
    other = finding("compose/log-rotation", Severity.LOW, "other")
    made = report(compose_healthcheck=[accepted], compose_log_rotation=[other])
    waived = Waived(frozenset({accepted.fingerprint}))
    full = find(made, CATALOGUE, Settings(fail_below=100.0), waived)
    assert {check for check, _ in rules_fixed(full)} == {"compose/healthcheck", "compose/log-rotation"}
    without = replace(accepted, anchor="open", about=("#b",))
    share = WeightedShare(tuple(GradedSubject(name) for name in "abcdefghijklmnopqrstuvwxyz"), "service")
    two = Answer.of_findings("compose/healthcheck", [replace(accepted, about=("#a",)), without], basis=share)
    mixed = Report(Subject("t", files=1), tuple(two if a.check == two.check else a for a in report()))
    path = find(mixed, CATALOGUE, Settings(min_category=9.8), waived)  # one wrong of 26 leaves 9.87, two leave 9.74
    assert [f for s in path.steps for c in s.causes for f in c.findings] == [without]


def test_one_fix_can_help_two_checks() -> None:
    both = [finding(rule, Severity.CRITICAL, rule, cause="the same key") for rule in ("a/b", "c/d")]
    path = find(report(secrets_tokens=both[:1], secrets_passwords=both[1:]), CATALOGUE, Settings())
    assert [len(step.causes) for step in path.steps] == [1]
    assert path.after.headline == 100


@pytest.mark.parametrize("status", [Status.FAIL, Status.FLAKY])
def test_a_failure_without_findings_is_a_cause_too(status: Status) -> None:
    answers = tuple(
        Answer(c, status, Fraction(1, 3)) if c == "compose/privileged" else Answer.of_findings(c, []) for c in CHECKS
    )
    path = find(Report(Subject("t", files=1), answers), CATALOGUE, Settings())
    assert rules_fixed(path) == [("compose/privileged", 1)]
    assert path.steps[0].remedies == ("No container is privileged",)
    assert path.opens


def test_what_was_found_before_an_error_has_to_be_fixed_too() -> None:
    broken = Answer.error("compose/privileged", "broke", findings=[finding("compose/privileged", Severity.CRITICAL)])
    answers = tuple(broken if c == broken.check else Answer.of_findings(c, []) for c in CHECKS)
    path = find(Report(Subject("t", files=1), answers), CATALOGUE, Settings())
    assert rules_fixed(path) == [("compose/privileged", 1)]
    assert not path.opens
    assert path.remaining == ("1 required check not measured: compose/privileged (error: broke).",)


def test_what_was_not_measured_is_named() -> None:
    answers = tuple(Answer.error(c, "broke") if n < 2 else Answer.of_findings(c, []) for n, c in enumerate(CHECKS))
    made = Report(Subject("t", files=1), answers)
    path = find(made, CATALOGUE, Settings())
    assert {u.check.id for u in path.unmeasured} == set(CHECKS[:2])
    assert not path.opens
    assert path.steps == ()
    numbers = score(made, CATALOGUE)
    assert (numbers.floor or 0) + sum(u.points for u in path.unmeasured) == numbers.ceiling


@pytest.mark.timeout(60)
def test_many_findings_are_no_hindrance() -> None:
    """Two seconds; comparing all of them with each other would take many minutes."""
    severities = (Severity.LOW, Severity.MEDIUM, Severity.HIGH)
    many = [finding(f"bandit/B{n % 30}", severities[n % 3], str(n)) for n in range(30_000)]
    other = [finding("compose/healthcheck", Severity.MEDIUM, str(n)) for n in range(5_000)]
    made = report(python_bandit=many, compose_healthcheck=other)
    path = find(made, CATALOGUE, Settings())
    assert path.opens
