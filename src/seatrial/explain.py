"""A page for every rule and every check: what, why, how to fix, source."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from functools import cache

from . import catalogue
from .domain import Check
from .errors import UsageError
from .inspectors import bandit_pages, rulebook
from .inspectors.compose import rules as compose
from .inspectors.dependencies import pages as dependencies
from .inspectors.dockerfile.rules import RULES as DOCKERFILE
from .inspectors.environment import pages as environment
from .inspectors.operations import pages as operations
from .inspectors.secrets import pages as secrets
from .inspectors.trial import pages as trial
from .inspectors.workflows.rules import RULES as WORKFLOWS


@cache
def rule_pages() -> Mapping[str, str]:
    """Markdown by rule id."""
    return {
        **compose.pages(),
        **secrets.pages(),
        **bandit_pages.pages(),
        **trial.pages(catalogue.load().by_id),
        **dependencies.pages(),
        **environment.pages(),
        **operations.pages(),
        **rulebook.pages([*DOCKERFILE, *WORKFLOWS]),
    }


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
    if found is None and wanted.lower().startswith("osv/"):
        return f"{pages[dependencies.FLAW]}\nThis one: https://osv.dev/vulnerability/{wanted[4:]}\n"
    if found is None and wanted.lower().startswith("safety/"):
        return pages[dependencies.FLAW]
    if found is None:
        near = difflib.get_close_matches(wanted.lower(), by_lower, n=3, cutoff=0.5)
        remedy = f"did you mean {', '.join(by_lower[n] for n in near)}?" if near else "`seatrial plan` lists the checks"
        raise UsageError(f"there is no rule or check {wanted!r}", remedy=remedy)
    parts = [pages[found]] if found in pages else []
    if found in checks:
        parts.append(check_page(checks[found]))
    return "\n".join(parts)


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
