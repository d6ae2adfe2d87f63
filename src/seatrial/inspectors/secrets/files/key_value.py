"""Lines of the form `key = value`, with `[sections]`: INI, properties, dotenv and their many cousins."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from seatrial.inspectors.secrets.files.base import TextSpan


class AssignedPair(NamedTuple):
    """One assignment. Does not print its value."""

    section: str
    key: str
    span: TextSpan

    def __repr__(self) -> str:
        """The place only."""
        return f"Pair({self.section!r}, {self.key!r}, {self.span!r})"


_LINE = re.compile(
    r"^[ \t]*(?:"
    r"\[{1,2}(?P<section>[^\]\n]{1,200})\]"
    r"|(?:(?:export|set|setenv|declare -x|ENV|ARG)[ \t]+)?[\"']?(?P<key>[$@\w][\w.\-/$]{0,120}"
    r"(?: [\w.\-]{1,40}){0,3})[\"']?"
    r"[ \t]*(?:=>|:=|\?=|\+=|==?|:)[ \t]*(?P<value>[^\r\n]*)"
    r")",
    re.MULTILINE,
)
_DIRECTIVE = re.compile(r"^[ \t]*(?P<key>[A-Za-z_][\w.\-:]{0,120})[ \t]+(?P<value>[^\r\n]*)", re.MULTILINE)
_BELOW = re.compile(r"\r?\n[ \t]{1,80}(?P<value>[^\s=:\[#;][^\s=:]{3,400})[ \t]*\r?$", re.MULTILINE)
"""A value in a line of its own, deeper than its key: after a backslash (properties), or by its indent (INI)."""
_COMMENT = re.compile(r"[ \t][#;]")
_MAX_QUOTED = 16_000


def pairs(text: str, *, multiline: bool = False) -> Iterator[AssignedPair]:
    """
    The assignments of a text, without quotes and trailing comments.

    Args:
        text: the file.
        multiline: whether a quoted value may span lines, as in dotenv files.
    """
    section, position = "", 0
    while match := _LINE.search(text, position):
        position = match.end()
        if match["section"] is not None:
            section = match["section"].strip()
            continue
        span = value_at(text, match.start("value"), match.end("value"), multiline=multiline)
        if span.value in ("", "\\") and (below := _BELOW.match(text, match.end())):
            span = value_at(text, *below.span("value"))
        position = max(position, span.end)
        yield AssignedPair(section, match["key"].strip(), span)


def directives(text: str) -> Iterator[AssignedPair]:
    """Lines of the form `keyword value`, as daemons have them (`requirepass s3cret`); comments start a line."""
    for match in _DIRECTIVE.finditer(text):
        yield AssignedPair("", match["key"], value_at(text, match.start("value"), match.end("value")))


def value_at(text: str, start: int, end: int, *, multiline: bool = False) -> TextSpan:
    """The value that starts here and ends at the line's end: what is in the quotes, or what precedes a comment."""
    quote = text[start : start + 1]
    if quote and text[start : start + 3] in ('"""', "'''"):
        return _between(text, start, text[start : start + 3])
    if quote and quote in "\"'`":
        limit = min(len(text), start + _MAX_QUOTED) if multiline else end
        close = _closing(text, start + 1, limit, quote)
        if close >= 0:
            return TextSpan(text[start + 1 : close], start + 1, close)
    comment = _COMMENT.search(text, start, end)
    return TextSpan(
        text[start : comment.start() if comment else end], start, comment.start() if comment else end
    ).stripped()


def _between(text: str, start: int, marks: str) -> TextSpan:
    """What three quotes enclose, as in TOML; empty if they are not closed."""
    close = text.find(marks, start + 3, start + _MAX_QUOTED)
    return TextSpan(text[start + 3 : close], start + 3, close).stripped() if close >= 0 else TextSpan("", start, start)


def _closing(text: str, start: int, limit: int, quote: str) -> int:
    """Where the quote ends, or -1. A backslash protects what follows it."""
    position = text.find(quote, start, limit)
    while position > start and _escaped(text, position, start):
        position = text.find(quote, position + 1, limit)
    return position


def _escaped(text: str, position: int, start: int) -> bool:
    """Whether an odd number of backslashes comes before the position."""
    count = 0
    while position - count > start and count < 64 and text[position - count - 1] == "\\":
        count += 1
    return count % 2 == 1
