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
    r'''"""(?:[^"\\]|\\.|"(?!""))*+(?:"""|\Z)|\'\'\'(?:[^'\\]|\\.|'(?!''))*+(?:\'\'\'|\Z)'''
    r"""|/\*(?:[^*]|\*(?!/))*+(?:\*/|\Z)|//[^\n]*+|"(?:[^"\\\n]|\\.)*+"|'(?:[^'\\\n]|\\.)*+'|`(?:[^`\\]|\\.)*+`"""
    r"""|(?:(?<=\s)|^)\#[^\n]*+""",
    re.DOTALL | re.MULTILINE,
)
_NIX = re.compile(r"''(?:[^']|'(?!')|'''|''\$)*+''|\"(?:[^\"\\]|\\.)*+\"|\#[^\n]*+", re.DOTALL)
_HEREDOC = re.compile(r"<<[-~<]?[ \t]{0,4}[\"'\\]?([A-Za-z_]\w{0,40})[\"']?[^\n]{0,300}\n")
_MAX_HEREDOCS = 200
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
        return [(start, end) for start, end in spans if self._text.startswith(_STRINGS, start)]

    def _heredocs(self) -> list[tuple[int, int]]:
        found: list[tuple[int, int]] = []
        at = 0
        while len(found) < _MAX_HEREDOCS and (match := _HEREDOC.search(self._text, at)):
            end = re.compile(rf"^[ \t]{{0,60}}{match[1]}\b", re.MULTILINE).search(self._text, match.end())
            at = match.end()
            if end:
                found.append((match.end(), end.start()))
                at = end.end()
        return found

    def covers(self, offset: int) -> bool:
        """Whether the character at `offset` is in such a text, and not in its first line."""
        at = bisect_right(self._spans, (offset, len(self._text) + 1)) - 1
        if at < 0 or offset >= self._spans[at][1]:
            return False
        start = self._spans[at][0]
        return self._text[start - 1 : start] == "\n" or self._text.find("\n", start, offset) >= 0
