"""
Texts of several lines inside of a program: triple-quoted strings, template strings, text blocks, here-documents.

What they hold is often configuration, where a bare word after `=` or `:` is a value. The search is a tokenizer of
strings and comments, no parser: it is linear, and it runs only on a file in which something may be such a line.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import cached_property

_TOKENS = re.compile(
    r'"""(?:[^"\\]|\\.|"(?!""))*+(?:"""|\\?\Z)'
    r"|'{3}(?:[^'\\]|\\.|'(?!''))*+(?:'{3}|\\?\Z)"
    r"|/\*(?:[^*]|\*(?!/))*+(?:\*/|\Z)|//[^\n]*+"
    r'|"(?:[^"\\\n]|\\.)*+(?:"|(?=\n)|\\?\Z)'
    r"|'(?:[^'\\\n]|\\.)*+(?:'|(?=\n)|\\?\Z)"
    r"|`(?:[^`\\]|\\.)*+(?:`|\\?\Z)"
    r"|(?:(?<=\s)|^)\#[^\n]*+",
    re.DOTALL | re.MULTILINE,
)
"""Each matches also without its end, so that no character is read twice."""
_NIX = re.compile(
    r"''(?:[^']|'(?!')|'''|''\$)*+(?:''|\Z)"
    r'|"(?:[^"\\]|\\.)*+(?:"|\\?\Z)'
    r"|\#[^\n]*+",
    re.DOTALL,
)
_HEREDOC = re.compile(r"<<[-~<]?[ \t]{0,4}[\"'\\]?([A-Za-z_]\w{0,40})[\"']?[^\n]{0,300}\n")
_MAX_HEREDOCS = 500
"""Places that may begin one, also those that do not: `<<` is an operator too."""
_MAX_LENGTH = 20_000
"""Characters of one here-document: the search for its end costs no more than that."""
_STRINGS = ('"""', "'''", "`", "''")


class LiteralTexts:
    """The texts of several lines in one file; the file is read when first asked."""

    def __init__(self, path: str, text: str) -> None:
        self._path, self._text = path, text

    @cached_property
    def _spans(self) -> list[tuple[int, int]]:
        return sorted([*self._strings(), *self._heredocs()])

    def _strings(self) -> list[tuple[int, int]]:
        if not any(mark in self._text for mark in _STRINGS):
            return []
        tokens = _NIX if self._path.lower().endswith(".nix") else _TOKENS
        spans = (match.span() for match in tokens.finditer(self._text))
        return [(start, end) for start, end in spans if self._is_closed(start, end)]

    def _is_closed(self, start: int, end: int) -> bool:
        """Whether it is a string of several lines with an end: without one the rest of the file is not text."""
        mark = next((mark for mark in _STRINGS if self._text.startswith(mark, start)), "")
        return bool(mark) and end - start >= 2 * len(mark) and self._text.endswith(mark, start, end)

    def _heredocs(self) -> list[tuple[int, int]]:
        found: list[tuple[int, int]] = []
        at = 0
        for _ in range(_MAX_HEREDOCS):
            match = _HEREDOC.search(self._text, at)
            if match is None:
                break
            closing = re.compile(rf"^[ \t]{{0,60}}{match[1]}\b", re.MULTILINE)
            end = closing.search(self._text, match.end(), match.end() + _MAX_LENGTH)
            at = end.end() if end else match.end()
            if end:
                found.append((match.end(), end.start()))
        return found

    def covers(self, offset: int) -> bool:
        """Whether the character at `offset` is in such a text, and not in its first line."""
        at = bisect_right(self._spans, (offset, len(self._text) + 1)) - 1
        if at < 0 or offset >= self._spans[at][1]:
            return False
        start = self._spans[at][0]
        return self._text[start - 1 : start] == "\n" or self._text.find("\n", start, offset) >= 0
