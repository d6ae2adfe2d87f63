"""What prose says about code is made from the code."""

from __future__ import annotations

from pathlib import Path

import documents

from seatrial.app import explain

CORPUS = Path(__file__).parents[1] / "corpus"
WITHOUT_RULE = ("cases", "fuzz", "oracle")
"""Folders of the corpus with inputs of other kinds."""


def test_generated_documents_are_in_step() -> None:
    assert documents.stale() == [], "run `make docs`"


def test_every_rule_is_in_the_document_of_checks() -> None:
    text = (documents.ROOT / "docs/checks.md").read_text("utf-8")
    missing = [rule for rule in explain.rule_pages() if f"\n## {rule}: " not in text and f"| `{rule}` |" not in text]
    assert missing == []


def test_every_rule_has_a_sample_or_says_why_not() -> None:
    rules = [rule for rule in explain.rules() if not rule.unsampled]
    assert len(rules) > 150
    assert [rule.id for rule in rules if not any((CORPUS / rule.id / "bad").glob("*"))] == []
    assert [rule.id for rule in rules if "## Example" not in explain.with_example(rule)] == []


def test_every_sample_is_that_of_a_rule() -> None:
    sampled = {rule.id for rule in explain.rules() if not rule.unsampled}
    folders = (one for family in CORPUS.iterdir() if family.name not in WITHOUT_RULE for one in family.iterdir())
    assert {f"{one.parent.name}/{one.name}" for one in folders} == sampled
