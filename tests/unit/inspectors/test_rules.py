"""A rule has a page, a check and a source, or it cannot be made; an inspector's rules are made once, when asked for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from seatrial.domain import Severity
from seatrial.inspectors.rules import IncompleteRuleError, Page, Rule, Rules, by_others

DOC = """
Containers do not run as root.

## What it does

Reports it.

And more.

## Why it matters

It is bad.

## How to fix

Mend it.

Source: https://x.example/
"""
RULE: Rule[str] = Rule.of(DOC, id="compose/user", severity=Severity.HIGH)
PAGE = (
    "# compose/user: Containers do not run as root\n\n## What it does\n\nReports it.\n\nAnd more.\n\n"
    "## Why it matters\n\nIt is bad.\n\n## How to fix\n\nMend it.\n\nSeverity: high\n\nSource: https://x.example/\n"
)


def test_a_docstring_is_the_page() -> None:
    assert RULE.page == PAGE
    assert (RULE.family, RULE.check, RULE.checks) == ("compose", "compose/user", ("compose/user",))
    assert (
        Rule.of(DOC, id="compose/user", severity=Severity.LOW, check="compose/isolation").check == "compose/isolation"
    )


def test_a_rule_by_others_applies_to_everything_and_finds_nothing() -> None:
    assert RULE.applies("anything")
    assert (list(RULE.find("anything")), list(by_others("anything"))) == ([], [])


@pytest.mark.parametrize("line", [line for line in DOC.splitlines() if line.startswith(("Containers", "##", "Source"))])
def test_a_docstring_without_a_part_is_refused(line: str) -> None:
    with pytest.raises(IncompleteRuleError, match=r"compose/user.*## What it does"):
        Page.of("compose/user", DOC.replace(f"{line}\n\n" if "##" in line else line, ""))


def test_no_docstring_is_refused() -> None:
    with pytest.raises(IncompleteRuleError, match="compose/user"):
        Rule.of(None, id="compose/user", severity=Severity.HIGH)


@pytest.mark.parametrize(
    ("part", "value"),
    [
        ("id", "compose"),
        ("id", "compose/Two Words"),
        ("title", ""),
        ("what", " \n"),
        ("why", ""),
        ("fix", ""),
        ("source", "the specification"),
        ("checks", ()),
    ],
)
def test_a_rule_without_a_part_is_refused(part: str, value: Any) -> None:
    with pytest.raises(IncompleteRuleError, match=f"lacks: {part}"):
        replace(RULE, **{part: value})


def test_a_text_that_takes_long_is_made_when_the_page_is() -> None:
    made: list[str] = []

    def what() -> str:
        made.append("once")
        return "Reports it."

    slow = replace(RULE, what=what)
    assert made == []
    assert "## What it does\n\nReports it.\n" in slow.page
    assert made == ["once"]


def test_a_page_of_a_family_names_the_one_that_is_asked_for() -> None:
    family = replace(RULE, id="osv/*", address=lambda name: f"https://osv.example/{name}")
    assert family.page_of("osv/*") == family.page
    assert family.page_of("osv/GHSA-1") == f"{family.page}\nThis one: https://osv.example/GHSA-1\n"
    assert RULE.page_of("compose/other") == RULE.page


def test_the_rules_of_an_inspector_are_made_once_when_they_are_asked_for() -> None:
    made: list[str] = []

    def make() -> Iterator[Rule[str]]:
        made.append("once")
        yield RULE
        yield replace(RULE, id="osv/*")

    rules = Rules("compose", "osv", make=make)
    assert rules.families == ("compose", "osv")
    assert made == []
    assert list(rules) == ["compose/user", "osv/*"]
    assert len(rules) == 2
    assert rules["compose/user"] is RULE
    assert made == ["once"]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("compose/user", "compose/user"),
        ("COMPOSE/User", "compose/user"),
        ("compose/usr", None),
        ("osv/GHSA-1-2", "osv/*"),
        ("OSV/GHSA-1-2", "osv/*"),
        ("osv/", None),
        ("osv/a b", None),
        ("osv", None),
        ("other/user", None),
    ],
)
def test_a_rule_is_found_by_its_name(name: str, expected: str | None) -> None:
    found = Rules("compose", "osv", make=lambda: (RULE, replace(RULE, id="osv/*"))).named(name)
    assert (found.id if found else None) == expected


@pytest.mark.parametrize("other", [RULE, replace(RULE, id="dockerfile/user")])
def test_a_rule_twice_or_of_another_family_is_refused(other: Rule[str]) -> None:
    with pytest.raises(IncompleteRuleError, match=other.id):
        len(Rules("compose", make=lambda: (RULE, other)))
