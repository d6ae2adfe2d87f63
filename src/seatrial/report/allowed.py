"""Hidden findings in Markdown: those of the change above the fold, all others in a fold."""

from __future__ import annotations

from collections.abc import Iterator

from seatrial.domain.allowance import Allowed

from .details import ELSEWHERE, Section, rows_of
from .markup import code, escaped
from .outcome import Outcome

_FEW = 10
"""Lines above the fold."""
_FEW_FILES = 5
"""The same of files that cannot be judged."""


def by_change(outcome: Outcome) -> Iterator[str]:
    """What the change hides, a line each; nothing if it hides nothing."""
    yield from _findings(outcome)
    yield from _files(outcome)


def _files(outcome: Outcome) -> Iterator[str]:
    """What the change hides as a whole file."""
    lost = outcome.unjudged
    if not lost:
        return
    yield f"**{outcome.unjudged_title}.** What cannot be judged opens no gate:"
    yield ""
    yield from (f"- {code(one.path, limit=120)}: {escaped(one.reason, limit=160)}" for one in lost[:_FEW_FILES])
    if len(lost) > _FEW_FILES:
        yield f"- … and {len(lost) - _FEW_FILES} more {ELSEWHERE}"
    yield ""


def _findings(outcome: Outcome) -> Iterator[str]:
    ours = outcome.allowed_by_change
    if not ours:
        return
    title, _, effect = outcome.allowed_by_change_title.partition(". ")
    yield f"**{title}.** {effect}:"
    yield ""
    yield from (f"- {_line(one)}" for one in ours[:_FEW])
    if len(ours) > _FEW:
        yield f"- … and {len(ours) - _FEW} more {ELSEWHERE}"
    yield ""


def _line(one: Allowed) -> str:
    reason = f": {escaped(one.reason, limit=160)}" if one.reason else ""
    place = code(str(one.location), limit=120)
    return f"{one.severity.label} {code(one.rule, limit=80)} at {place}, by {code(one.kind.value)}{reason}"


def table_of(outcome: Outcome) -> Iterator[Section]:
    """Everything that is hidden, counted by what hides it."""
    if not outcome.allowed:
        return
    cells = (
        (
            one.severity.label,
            code(one.rule, limit=80),
            code(str(one.location), limit=120),
            code(one.kind.value) + (" in this change" if one.by_change else ""),
            escaped(one.reason, limit=160),
        )
        for one in outcome.allowed
    )
    head, rows = rows_of(("Severity", "Rule", "Where", "Allowed by", "Reason"), cells)
    yield Section(outcome.allowed_summary, head, rows, "allowed findings")
