"""What is mended by one change is one cause, whoever tells it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from seatrial.app import explain
from seatrial.domain import Answer, Confidence, Finding, Location, Severity
from seatrial.verdict import causes
from seatrial.verdict.catalogue import load
from seatrial.verdict.same_fact import SECRET_VALUES

CATALOGUE = load()
AT = Location("compose.yaml", 5, 7)


def finding(rule: str, at: Location = AT, *, cause: str = "", commit: str = "") -> Finding:
    return Finding(rule, Severity.HIGH, Confidence.HIGH, "message", at, "remedy", cause=cause, commit=commit)


def answers(*findings: Finding) -> tuple[Answer, ...]:
    return tuple(Answer.of_findings(c.id, [f]) for c, f in zip(CATALOGUE.checks, findings, strict=False))


def count(told: tuple[Answer, ...]) -> int:
    return len(causes.find(causes.with_shared_causes(told), CATALOGUE.by_id))


def test_a_public_value_and_the_way_it_is_given_are_one_cause() -> None:
    seen = answers(finding("compose/plain-secret"), finding("secrets/compose-environment", replace(AT, column=26)))
    assert count(seen) == 1
    assert [f.fingerprint for a in causes.with_shared_causes(seen) for f in a.findings] == [
        f.fingerprint for a in seen for f in a.findings
    ]


@pytest.mark.parametrize(
    "other",
    [
        finding("secrets/x", replace(AT, line=6)),
        finding("secrets/x", replace(AT, path="other.yaml")),
        finding("secrets/x", commit="0" * 40),
        finding("compose/image-tag"),
    ],
)
def test_other_places_and_other_rules_are_other_causes(other: Finding) -> None:
    assert count(answers(finding("compose/plain-secret"), other)) == 2


def test_only_rules_about_secrets_are_tied() -> None:
    assert count(answers(finding("compose/privileged"), finding("secrets/x"))) == 2


def test_a_cause_that_is_known_stays() -> None:
    seen = answers(finding("compose/plain-secret", cause="mine"), finding("secrets/x"))
    assert next(f.root for a in causes.with_shared_causes(seen) for f in a.findings) == "mine"


def test_every_rule_that_is_tied_exists() -> None:
    known = explain.rule_pages().keys()
    tools = {rule for rule in SECRET_VALUES if rule.startswith(("bandit/", "zizmor/"))}
    assert known >= SECRET_VALUES - tools
