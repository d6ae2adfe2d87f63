"""A page for every rule and every check: what, why, how to fix, source, example."""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Mapping
from functools import cache
from importlib import resources

from . import catalogue
from .domain import Check
from .errors import UsageError
from .inspectors import registry
from .inspectors.base import Pages
from .inspectors.dependencies import pages as dependencies
from .inspectors.dockerfile import hadolint
from .inspectors.secrets import pages as secrets
from .inspectors.workflows import actionlint


@cache
def _families() -> Mapping[str, Pages]:
    """Who explains the rules whose ids begin so."""
    return {family: one.pages for one in registry.INSPECTORS for family in one.pages.families}


@cache
def _family(name: str) -> Mapping[str, str]:
    explained = _families().get(name)
    return {} if explained is None else explained.make()


@cache
def rule_pages() -> Mapping[str, str]:
    """Markdown by rule id."""
    return {rule: page_ for family in _families() for rule, page_ in _family(family).items()}


def rule_page(rule: str) -> str:
    """
    The page of one rule, for a run's reports; empty if it has none, as another tool's rules.

    Bandit's are left to `seatrial explain`: they come from bandit itself, and a survey never imports it.
    """
    family, _, name = rule.partition("/")
    match family:
        case "bandit":
            return ""
        case "secrets":
            return secrets.page(rule)
        case "osv":
            return f"{_family(family)[dependencies.FLAW]}\nThis one: https://osv.dev/vulnerability/{name}\n"
        case "safety":
            return _family("dependencies")[dependencies.FLAW]
    return _family(family).get(rule, "")


def page(name: str) -> str:
    """
    The page of a rule or a check.

    Raises:
        UsageError: there is neither of that name.
    """
    wanted = name.strip()
    pages, checks = rule_pages(), catalogue.load().by_id
    by_lower = {known.lower(): known for known in (*pages, *checks)}
    found = by_lower.get(wanted.lower())
    if found is None and wanted.lower().startswith(("osv/", "safety/")):
        family, _, name = wanted.partition("/")
        return rule_page(f"{family.lower()}/{name}")
    if found is None and (other := _OTHERS.fullmatch(wanted)):
        return _elsewhere(other["tool"].lower(), other["name"])
    if found is None:
        near = difflib.get_close_matches(wanted.lower(), by_lower, n=3, cutoff=0.5)
        remedy = f"did you mean {', '.join(by_lower[n] for n in near)}?" if near else "`seatrial plan` lists the checks"
        raise UsageError(f"there is no rule or check {wanted!r}", remedy=remedy)
    parts = [with_example(found)] if found in pages else []
    if found in checks:
        parts.append(check_page(checks[found]))
    return "\n".join(parts)


_OTHERS = re.compile(r"(?P<tool>zizmor|hadolint|actionlint)/(?P<name>[\w-]{1,80})", re.IGNORECASE)


def _elsewhere(tool: str, name: str) -> str:
    """Where the makers of a tool explain one of its rules."""
    shown = name.upper() if tool == "hadolint" else name.lower()
    address = {
        "zizmor": f"https://docs.zizmor.sh/audits/#{shown}",
        "hadolint": hadolint.address_of(shown) or "https://github.com/hadolint/hadolint#rules",
        "actionlint": actionlint.ADDRESS,
    }[tool]
    return f"# {tool}/{shown}\n\nA rule of {tool}, explained by its makers.\n\nSource: {address}\n"


Examples = Mapping[str, Mapping[str, str]]
"""By rule: `language` and `text`."""


def with_example(rule: str, examples: Examples | None = None) -> str:
    """
    A rule's page, and what it reports, where there is a sample.

    Args:
        rule: its id.
        examples: instead of the package's own.
    """
    page_, example = rule_pages()[rule], (_examples() if examples is None else examples).get(rule)
    if example is None:
        return page_
    text = example["text"].rstrip("\n")
    return f"{page_.rstrip()}\n\n## Example\n\n```{example['language']}\n{text}\n```\n"


@cache
def _examples() -> Examples:
    """Made from the samples that the tests hold the rules to."""
    examples: Examples = json.loads(resources.files("seatrial").joinpath("examples.json").read_text("utf-8"))
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
