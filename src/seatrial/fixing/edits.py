"""Changes of a text by position. They know nothing of what the text means."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate

from seatrial.text.lines import split


@dataclass(frozen=True, slots=True)
class Edit:
    """One replacement in a text."""

    start: int
    """Characters from the beginning of the text."""
    end: int
    """Equal to `start` for an insertion."""
    text: str
    claim: str = ""
    """What it changes, if two edits must not both do so, though they touch other characters: a new key's path."""


class EditedText:
    """A file's text, with offsets of its lines."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._lines = split(text, keep_ends=True)
        self._starts = [0, *accumulate(map(len, self._lines))]
        self.newline = "\r\n" if self._lines and self._lines[0].endswith("\r\n") else "\n"

    def offset(self, line: int, column: int) -> int:
        """The offset of a place; lines and columns count from 1, and what lies beyond the text is its end."""
        if line > len(self._lines):
            return len(self.text)
        return min(self._starts[line - 1] + column - 1, self._starts[line])

    def line(self, number: int) -> str:
        """A line without its end; empty beyond the text."""
        return self._lines[number - 1].rstrip("\r\n") if 0 < number <= len(self._lines) else ""

    def end_of_line(self, number: int) -> int:
        """The offset after a line's last character, before its line end."""
        return self.offset(number, 1) + len(self.line(number))

    def insertion_after(self, number: int, lines: Sequence[str], claim: str = "") -> Edit:
        """New lines below a line."""
        at = self.offset(number + 1, 1)
        block = "".join(line + self.newline for line in lines)
        ended = at == 0 or self.text[at - 1] in "\r\n"
        return Edit(at, at, block if ended else self.newline + block.removesuffix(self.newline), claim)

    def insertion_before(self, number: int, lines: Sequence[str], claim: str = "") -> Edit:
        """New lines above a line."""
        at = self.offset(number, 1)
        return Edit(at, at, "".join(line + self.newline for line in lines), claim)


def compatible(edits: Iterable[Edit], taken: Iterable[Edit]) -> bool:
    """Whether edits can be made together with others: no characters are replaced twice, nothing is claimed twice."""
    others = list(taken)
    claims = {edit.claim for edit in others if edit.claim}
    return not any(edit.claim in claims or any(_overlap(edit, other) for other in others) for edit in edits)


def _overlap(one: Edit, other: Edit) -> bool:
    if one.start == one.end and other.start == other.end:
        return False  # two insertions at one place come one after the other
    return one.start < other.end and other.start < one.end


def applied(text: str, edits: Iterable[Edit]) -> str:
    """
    The text with all edits made; insertions at one place keep their order.

    Raises:
        ValueError: two edits overlap.
    """
    parts, at = [], 0
    for edit in sorted(edits, key=lambda e: (e.start, e.end)):
        if edit.start < at:
            raise ValueError(f"edits overlap at {edit.start}")
        parts += [text[at : edit.start], edit.text]
        at = edit.end
    return "".join([*parts, text[at:]])
