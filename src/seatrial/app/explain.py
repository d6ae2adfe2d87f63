"""A page for every rule and every check: what, why, how to fix, source, example."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import resources
from typing import Any

from seatrial.domain import Check
from seatrial.domain.errors import UsageError
from seatrial.inspectors import registry
from seatrial.inspectors.rules import Rule, Rules
from seatrial.verdict import catalogue


def _rules_of(family: str) -> Rules | None:
    """The rules of the inspector that has a family of rules."""
    return next((one.rules for one in registry.INSPECTORS if family in one.rules.families), None)


def rules() -> Iterator[Rule[Any]]:
    """Every rule of every inspector."""
    for inspector in registry.INSPECTORS:
        yield from inspector.rules.values()


@cache
def rule_pages() -> Mapping[str, str]:
    """Markdown by rule id."""
    return {rule.id: rule.page for rule in rules()}


def rule_page(name: str) -> str:
    """
    The page of one rule, for a run's reports; empty if it has none.

    Bandit's are left to `seatrial explain`: they come from bandit itself, and a survey never imports it.
    """
    family = name.partition("/")[0]
    known = _rules_of(family)
    rule = None if known is None or family in known.elsewhere else known.named(name)
    return rule.page_of(name) if rule is not None else ""


def page(name: str) -> str:
    """
    The page of a rule or a check.

    Raises:
        UsageError: there is neither of that name.
    """
    wanted = name.strip()
    known = _rules_of(wanted.partition("/")[0].lower())
    rule = known.named(wanted) if known is not None else None
    check = {one.id.lower(): one for one in catalogue.load().checks}.get(wanted.lower())
    if rule is None and check is None:
        raise UsageError(f"there is no rule or check {wanted!r}", remedy=_near(wanted))
    parts = [with_example(rule, wanted)] if rule is not None else []
    if check is not None:
        parts.append(check_page(check))
    return "\n".join(parts)


def _near(wanted: str) -> str:
    by_lower = {known.lower(): known for known in (*rule_pages(), *catalogue.load().by_id)}
    near = difflib.get_close_matches(wanted.lower(), by_lower, n=3, cutoff=0.5)
    return f"did you mean {', '.join(by_lower[n] for n in near)}?" if near else "`seatrial plan` lists the checks"


Examples = Mapping[str, Mapping[str, str]]
"""By rule: `language` and `text`."""


def with_example(rule: Rule[Any], name: str = "", examples: Examples | None = None) -> str:
    """
    A rule's page, and what it reports, where there is a sample.

    Args:
        rule: of an inspector.
        name: of the rule that is asked for, if the page explains a family.
        examples: instead of the package's own.
    """
    page_, example = rule.page_of(name or rule.id), (_examples() if examples is None else examples).get(rule.id)
    if example is None:
        return page_
    text = example["text"].rstrip("\n")
    return f"{page_.rstrip()}\n\n## Example\n\n```{example['language']}\n{text}\n```\n"


@cache
def _examples() -> Examples:
    """Made from the samples that the tests hold the rules to."""
    examples: Examples = json.loads(resources.files(__package__).joinpath("examples.json").read_text("utf-8"))
    return examples


def check_page(check: Check) -> str:
    """How a check counts."""
    model = catalogue.load()
    category = next(c for c in model.categories if c.id == check.category)
    required = "; the gate is inconclusive without its answer" if check.required else ""
    return (
        f"## In the score\n\nThe check `{check.id}` asks whether this holds: {check.title}. It belongs to "
        f"{category.title} ({category.weight} of 100 points) with weight {check.weight}, and its plain failure is "
        f"{check.severity.label}{required}.\n"
    )
