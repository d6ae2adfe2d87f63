"""Catalogue, code and documents speak of the same checks and the same numbers."""

from __future__ import annotations

from collections import Counter

from seatrial.app import explain
from seatrial.domain import grading
from seatrial.inspectors.compose.rules import RULES as COMPOSE
from seatrial.inspectors.registry import INSPECTORS
from seatrial.verdict import catalogue

MODEL = catalogue.load()


def test_every_check_is_answered_by_exactly_one_inspector() -> None:
    answered = Counter(check for inspector in INSPECTORS for check in inspector.checks)
    assert set(answered.values()) == {1}
    assert set(answered) == {check.id for check in MODEL.checks}


def test_a_rules_severity_is_that_of_its_check() -> None:
    checks = {c.id: c.severity for c in MODEL.checks}
    own = {rule.id: rule.severity for rule in COMPOSE if rule.checks == (rule.id,)}
    assert len(own) > 10
    assert own.items() <= checks.items()


def test_a_rule_answers_checks_of_the_inspector_that_has_it() -> None:
    for inspector in INSPECTORS:
        for rule in inspector.rules.values():
            assert set(rule.checks) <= set(inspector.checks), rule.id


def test_the_weights_are_those_of_the_model() -> None:
    assert {c.id: c.weight for c in MODEL.categories} == {
        "deployment": 12, "environment": 4, "observability": 14, "resilience": 14, "load": 12, "security": 16,
        "testing": 10, "health": 10, "backup": 8,
    }  # fmt: skip
    assert MODEL.worst == grading.WORST
    assert MODEL.points == grading.POINTS
    assert MODEL.roles[grading.SubjectRole.ORDINARY] == grading.ORDINARY


def test_every_check_says_what_to_do() -> None:
    assert [check.id for check in MODEL.checks if not check.fix] == []


def test_every_rule_and_every_check_has_a_page() -> None:
    for name in [*explain.rule_pages(), *(c.id for c in MODEL.checks)]:
        assert len(explain.page(name)) > 100, name
        assert "Source: http" in explain.page(name) or "## In the score" in explain.page(name), name


def test_a_page_is_found_in_any_case_and_a_typo_gets_a_hint() -> None:
    import pytest

    from seatrial.domain.errors import UsageError

    assert explain.page("BANDIT/b602") == explain.page("bandit/B602")
    for rule, address in (
        ("zizmor/artipacked", "https://docs.zizmor.sh/audits/#artipacked"),
        ("hadolint/dl3008", "https://github.com/hadolint/hadolint/wiki/DL3008"),
        ("hadolint/SC2086", "https://www.shellcheck.net/wiki/SC2086"),
        (
            "actionlint/expression",
            "https://github.com/rhysd/actionlint/blob/main/docs/checks.md#check-syntax-expression",
        ),
    ):
        assert explain.page(rule).endswith(f"\n\nSource: {address}\n")
    newer = explain.page("zizmor/newer-than-ours")
    assert newer.endswith("\n\nThis one: https://docs.zizmor.sh/audits/#newer-than-ours\n")
    with pytest.raises(UsageError) as error:
        explain.page("compose/priviliged")
    assert "compose/privileged" in error.value.remedy
