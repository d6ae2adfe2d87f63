"""The trial's experiments in Markdown: one table, and for each a timeline as a Mermaid diagram."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from seatrial.domain.measured import Experiment, ExperimentResult, Quantity
from seatrial.text.wording import counted

from .details import Section, rows_of
from .markup import code, escaped
from .text import printable

_RESULT = {
    ExperimentResult.PASSED: "✅",
    ExperimentResult.DEGRADED: "✅",
    ExperimentResult.FLAKY: "⚠️",
    ExperimentResult.FAILED: "❌",
    ExperimentResult.SKIPPED: "–",
    ExperimentResult.ERROR: "⚠️",
}
NOTHING = "–"
"""Instead of a number that there is not."""
NEVER = "never"
"""Instead of a time after which everybody was served again."""
_MOST = 40  # lines of a diagram; viewers refuse endless ones
_SPECIAL = re.compile(r"[^\w .()/-]")
"""What could mean something to the diagram's language: its text is not escaped, so only harmless characters stay."""


def table_of(experiments: Iterable[Experiment]) -> Section:
    """Every experiment with its result, how well the worst served was served and when all were again, what was seen."""
    ordered = list(experiments)
    failed = sum(one.result is ExperimentResult.FAILED for one in ordered)
    head, rows = rows_of(
        ("Experiment", "ExperimentResult", "Served", "Back after", "What was seen"), map(_row, ordered)
    )
    return Section(f"{counted(len(ordered), 'experiment')}, {failed} failed", head, rows, "experiments")


def _row(one: Experiment) -> tuple[str, ...]:
    seen = "; ".join(
        [*one.complaints, *([one.reason] if one.reason else []), *([one.evidence] if one.evidence else [])]
    )
    name, result = code(f"{one.fault} {one.target}", limit=80), f"{_RESULT[one.result]} {one.result}"
    return name, result, *worst_of(one), escaped(seen, limit=400)


def worst_of(one: Experiment) -> tuple[str, str]:
    """The least share of good answers and the longest recovery of any probe; who did not recover has none."""
    served = [m.value for m in one.measurements if m.quantity is Quantity.SUCCESS]
    back = [m.value for m in one.measurements if m.quantity is Quantity.RECOVERY]
    if not served:
        return NOTHING, NOTHING
    return f"{min(served):.0f} %", NEVER if len(back) < len(served) else f"{max(back):.2f} s"


def timeline_of(one: Experiment) -> Section:
    """What happened when, as a diagram."""
    lines = tuple(_diagram(one))
    return Section(f"timeline of {escaped(f'{one.fault} {one.target}', limit=80)}", (), ("\n".join(lines),), "diagrams")


def _diagram(one: Experiment) -> Iterator[str]:
    yield "```mermaid"
    yield "timeline"
    yield f"    title {_plain(f'{one.fault} {one.target}')}"
    for at, text in one.timeline[:_MOST]:
        yield f"    {at:.2f} s : {_plain(text)}"
    yield "```"


def _plain(text: str) -> str:
    return _SPECIAL.sub(" ", printable(text, limit=100)).strip() or "–"
