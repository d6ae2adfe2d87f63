"""What several inspectors report of one value is one finding; what they report of two values stays two."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from seatrial.change.comparing import _kept
from seatrial.domain import Answer, Confidence, Finding, Location, Report, Severity, Status, Subject
from seatrial.inspectors.registry import INSPECTORS
from seatrial.verdict.catalogue import load
from seatrial.verdict.causes import find, with_shared_causes
from seatrial.verdict.same_fact import SECRET_VALUES, apart, joined, once, own, with_findings

HIGH, LOW = Confidence.HIGH, Confidence.LOW


def finding(
    rule: str, line: int, column: int, severity: Severity = Severity.HIGH, confidence: Confidence = HIGH, end: int = 0
) -> Finding:
    at = Location("compose.yaml", line, column, end)
    return Finding(rule, severity, confidence, f"{rule} says so", at, f"mend {rule}", anchor=f"{rule} {line} {column}")


def answers(**found: list[Finding]) -> tuple[Answer, ...]:
    checks = {"compose": "compose/plain-secret", "secrets": "secrets/tokens", "python": "python/bandit"}
    return tuple(Answer.of_findings(checks.get(name, "environment/values"), some) for name, some in found.items())


def listed(given: tuple[Answer, ...]) -> list[tuple[str, int, int]]:
    report = Report(Subject("a"), joined(given))
    return [(f.rule, f.location.line, f.location.column) for f in report.findings]


def test_a_value_that_two_inspectors_report_is_listed_once_and_fails_both_checks() -> None:
    given = answers(compose=[finding("compose/plain-secret", 5, 7)], secrets=[finding("secrets/x", 5, 20)])
    assert listed(given) == [("secrets/x", 5, 20)]
    assert [a.status for a in joined(given)] == [Status.FAIL, Status.FAIL]
    [cause] = find(with_shared_causes(joined(given)), load().by_id)
    assert {check.id for check in cause.checks} == {"compose/plain-secret", "secrets/tokens"}
    assert len(cause.findings) == 1


def test_the_stronger_one_stays_with_the_evidence_of_the_others() -> None:
    given = answers(
        compose=[finding("compose/plain-secret", 5, 7)],
        secrets=[finding("secrets/x", 5, 20, confidence=LOW)],
        environment=[finding("environment/weak-key", 5, 7, Severity.MEDIUM)],
    )
    [whole] = Report(Subject("a"), joined(given)).findings
    assert (whole.rule, whole.severity, whole.confidence) == ("compose/plain-secret", Severity.HIGH, HIGH)
    assert whole.message.endswith("(also secrets/x, environment/weak-key)")
    assert whole.remedy.splitlines() == ["mend compose/plain-secret", "mend secrets/x", "mend environment/weak-key"]
    assert whole.fingerprint in {f.fingerprint for f in apart([whole])}
    assert {f.rule for f in apart([whole])} == {"compose/plain-secret", "secrets/x", "environment/weak-key"}


def test_two_values_on_one_line_are_two_findings_each_with_its_own_partner() -> None:
    given = answers(
        compose=[finding("compose/plain-secret", 5, 10), finding("compose/plain-secret", 5, 40)],
        secrets=[finding("secrets/x", 5, 55)],
    )
    assert sorted(listed(given)) == [("compose/plain-secret", 5, 10), ("secrets/x", 5, 55)]


def test_an_argument_of_a_call_over_several_lines_belongs_to_the_call() -> None:
    call = finding("bandit/B106", 5, 1, Severity.LOW, end=9)
    given = answers(python=[call], secrets=[finding("secrets/password-assignment", 8, 15)])
    assert listed(given) == [("secrets/password-assignment", 8, 15)]
    below = answers(python=[call], secrets=[finding("secrets/password-assignment", 10, 15)])
    assert len(listed(below)) == 2


def test_other_facts_at_the_same_place_stay() -> None:
    given = answers(
        compose=[finding("compose/privileged", 5, 7), finding("compose/plain-secret", 5, 7)],
        python=[finding("bandit/B602", 5, 7)],
        secrets=[replace(finding("secrets/x", 5, 9), commit="a" * 40)],
    )
    assert len(listed(given)) == 4


def test_two_findings_of_one_family_are_not_joined() -> None:
    given = answers(secrets=[finding("secrets/x", 5, 7), finding("secrets/y", 5, 9)])
    assert len(listed(given)) == 2


def test_the_value_of_a_check_follows_from_what_it_lists() -> None:
    guess = finding("environment/weak-key", 5, 7, Severity.MEDIUM, LOW)
    given = answers(environment=[guess], secrets=[finding("secrets/x", 5, 9, Severity.CRITICAL)])
    assert given[0].value == Fraction(9, 10)
    [environment, secrets] = joined(given)
    assert environment.value == secrets.value == 0


def test_an_inspector_has_its_own_part_of_what_is_joined() -> None:
    mine, theirs = finding("compose/plain-secret", 5, 7), finding("secrets/x", 5, 20)
    alone = finding("compose/privileged", 9, 7)
    [compose, secrets] = joined(answers(compose=[mine, alone], secrets=[theirs]))
    assert compose.findings[0] == secrets.findings[0]
    assert tuple(own(compose.findings, {"compose"})) == (mine, alone)
    assert tuple(own(secrets.findings, {"secrets"})) == (theirs,)


@pytest.mark.parametrize("rule", sorted(SECRET_VALUES))
def test_a_comparison_counts_for_each_inspector_its_own_part_of_what_is_joined(rule: str) -> None:
    """The base is surveyed by one inspector for some files: the parts of others must not count as new there."""
    mine, theirs = finding(rule, 5, 7), finding("secrets/x", 5, 20)
    whole, _ = joined(answers(environment=[mine], secrets=[theirs]))
    kept = {one.name: _kept(one, whole, {mine.location.path}) for one in INSPECTORS}
    of_inspector = next(one.name for one in INSPECTORS if rule in one.rules)
    assert {name: found for name, found in kept.items() if found} == {of_inspector: (mine,), "secrets": (theirs,)}


def test_what_is_taken_apart_is_joined_again_to_the_same_answers() -> None:
    guess = finding("compose/plain-secret", 5, 7, Severity.MEDIUM, LOW)
    whole = joined(answers(compose=[guess], secrets=[finding("secrets/x", 5, 20, Severity.CRITICAL)]))
    families = ({"compose"}, {"secrets"})
    parts = [with_findings(a, tuple(own(a.findings, f))) for a, f in zip(whole, families, strict=True)]
    assert [a.value for a in (whole[0], *parts)] == [0, Fraction(9, 10), 0]
    assert joined(parts) == whole


def test_findings_of_several_inspectors_have_each_fact_once() -> None:
    found = [finding("bandit/B105", 5, 7), finding("secrets/x", 5, 20), finding("bandit/B602", 5, 7)]
    assert [f.rule for f in once(found)] == ["secrets/x", "bandit/B602"]
    assert once([found[1]]) == (found[1],)
