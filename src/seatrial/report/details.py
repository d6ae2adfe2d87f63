"""Parts of the Markdown report that are folded, and shortened where there is a budget."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from .markup import table

ELSEWHERE = "in report.json"
"""Where everything is that is left out."""


@dataclass(frozen=True, slots=True)
class Section:
    """A fold: its title, what comes before its rows, and the rows, the last of which can be left out."""

    title: str
    head: tuple[str, ...]
    rows: tuple[str, ...]
    unit: str

    def render(self, shown: int) -> str:
        left = len(self.rows) - shown
        more = [f"\n… and {left:,} more {self.unit} {ELSEWHERE}"] if left else []
        lines = [f"<details><summary>{self.title}</summary>", "", *self.head, *self.rows[:shown], *more]
        return "\n".join([*lines, "", "</details>", "", ""])


def rows_of(
    head: tuple[str, ...], rows: Iterator[tuple[str, ...]], *, right: int = 0
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """A table's first lines, and its rows."""
    lines = tuple(table(head, rows, right=right))[:-1]
    return lines[:2], lines[2:]
