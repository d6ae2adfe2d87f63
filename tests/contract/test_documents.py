"""What prose says about code is made from the code."""

from __future__ import annotations

import documents

from seatrial import explain
from seatrial.inspectors.dependencies.pages import FLAW

WITHOUT = {
    FLAW: "any advisory",
    "prometheus/promtool": "whatever promtool says",
    "compose/schema": "any invalid file",
    "practices/ci-tests": "what no pipeline does",
    "workflow/no-scan": "what no workflow does",
}
"""Rules that no one file is an example of, and why."""


def test_generated_documents_are_in_step() -> None:
    assert documents.stale() == [], "run `make docs`"


def test_every_rule_is_in_the_document_of_checks() -> None:
    text = (documents.ROOT / "docs/checks.md").read_text("utf-8")
    missing = [rule for rule in explain.rule_pages() if f"\n## {rule}: " not in text and f"| `{rule}` |" not in text]
    assert missing == []


def test_every_rule_about_files_has_an_example() -> None:
    """What is seen only in a running stack has none; for secrets it would be one, and Bandit has its own pages."""
    families = ("compose", "dockerfile", "workflow", "kubernetes", "prometheus", "environment", "dependencies")
    rules = [rule for rule in explain.rule_pages() if rule.partition("/")[0] in families and rule not in WITHOUT]
    assert len(rules) > 150
    assert [rule for rule in rules if "## Example" not in explain.with_example(rule)] == []
