"""Words for numbers."""

from __future__ import annotations


def counted(number: int, one: str, many: str = "") -> str:
    """`1 file`, `2 files`, with thousands separated."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"
