"""Text that was put together from physical lines, and still knows where each character came from."""

from __future__ import annotations

import bisect
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Mapped:
    """A text with the places of its parts. Immutable; `+` joins two."""

    text: str = ""
    starts: tuple[tuple[int, int, int], ...] = ()
    """Offset, line and column (both from 1) at which each part begins, in ascending order of offsets."""

    @classmethod
    def line(cls, text: str, number: int, column: int = 1) -> Mapped:
        """A part of one physical line."""
        return cls(text, ((0, number, column),))

    @classmethod
    def joined(cls, parts: list[Mapped]) -> Mapped:
        """All of them, one after another."""
        starts: list[tuple[int, int, int]] = []
        length = 0
        for part in parts:
            starts += [(length + at, line, column) for at, line, column in part.starts]
            length += len(part.text)
        return cls("".join(part.text for part in parts), tuple(starts))

    def __add__(self, other: Mapped) -> Mapped:
        """Both."""
        return Mapped.joined([self, other])

    def after(self, offset: int) -> Mapped:
        """What follows an offset, without white space at either end."""
        rest = self.text[offset:]
        offset += len(rest) - len(rest.lstrip())
        first = max(0, bisect.bisect_right(self.starts, offset, key=lambda start: start[0]) - 1)
        moved = [(at - offset, line, column) for at, line, column in self.starts[first:]]
        if moved and moved[0][0] < 0:
            at, line, column = moved[0]
            moved[0] = (0, line, column - at)
        return Mapped(rest.strip(), tuple(moved))

    def place(self, offset: int) -> tuple[int, int] | None:
        """Line and column of a character; None if the text has no place."""
        index = bisect.bisect_right(self.starts, offset, key=lambda start: start[0]) - 1
        if index < 0:
            return None
        at, line, column = self.starts[index]
        return line, column + offset - at
