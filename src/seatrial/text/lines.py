"""
What a line is: the one definition for every file that is read.

Lines end at LF, CRLF and CR, as for Python's tokenizer, git and SARIF. `str.splitlines` also ends them at
form feeds, vertical tabs, NEL and U+2028, which moves every later line number; no other module may call it on text of
the tree (tests/contract/test_line_ends.py).
"""

from __future__ import annotations

import re

_END = re.compile(r"\r\n|\r|\n")


def split(text: str, *, keep_ends: bool = False) -> list[str]:
    """The lines of a text, as `str.splitlines` gives them: nothing after a last line end."""
    if keep_ends:
        return [line for line in re.split(r"(?<=\n)|(?<=\r)(?!\n)", text) if line]
    if not text:
        return []
    lines = text.split("\n") if "\r" not in text else _END.split(text)
    if not lines[-1]:
        lines.pop()
    return lines


def line_at(text: str, offset: int) -> int:
    """The number of the line, from 1, that holds a character."""
    before = text.count("\n", 0, offset) + text.count("\r", 0, offset) - text.count("\r\n", 0, offset)
    inside = text[max(0, offset - 1) : offset + 1] == "\r\n"  # the second half of a line end is on the line it ends
    return before + 1 - inside
