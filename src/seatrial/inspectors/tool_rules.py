"""Rules of other tools, one row each: what a tool reports under a name, why that matters, and how to fix it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

from seatrial.domain import Severity
from seatrial.inspectors.rules import Rule


class ToolRule(NamedTuple):
    """One rule of a tool."""

    name: str
    """By which the tool reports it."""
    severity: Severity
    title: str
    """What holds where it finds nothing."""
    what: str
    """What it reports, after "Reports"."""
    why: str
    fix: str


def rules(
    rows: Iterable[ToolRule], *, family: Rule[Any], accept: Callable[[str], str], source: Callable[[str], str]
) -> Iterator[Rule[Any]]:
    """
    The rows as rules, and last the rule of the family: it explains what a newer version of the tool reports.

    Args:
        rows: of one tool.
        family: has what they share.
        accept: the comment that accepts a finding, by its name.
        source: the address at which the tool's authors explain a rule, by its name.
    """
    prefix = family.family
    for row in rows:
        yield Rule(
            id=f"{prefix}/{row.name}",
            checks=family.checks,
            severity=row.severity,
            title=row.title,
            what=f"Reports {row.what}.",
            why=row.why,
            fix=" ".join(filter(None, (row.fix, accept(row.name)))),
            source=source(row.name),
            unsampled=family.unsampled,
        )
    yield family
