"""
Environment files as Compose reads them: `.env`, and those that `include` and a service name.

Source: compose-go, dotenv/parser.go
"""

from __future__ import annotations

import re
from collections import ChainMap

from .interpolate import Variables, interpolate, uses


class DotenvError(Exception):
    """A file that Compose refuses. One sentence and a line."""

    def __init__(self, message: str, line: int) -> None:
        self.message, self.line = message, line
        super().__init__(f"{line}: {message}")


_BLANK = re.compile(r"(?:\s|#[^\n]*)*")
_EXPORT = re.compile(r"export(?=\s)[ \t\v\f\r\x85\xa0]*")
_KEY = re.compile(r"(?:[^\W]|[ \t\v\f\r\x85\xa0.\[\]-])*")
_INDENT = re.compile(r"[ \t\v\f\r\x85\xa0]*")
_ESCAPE = re.compile(r'\\(?:[abcfnrtv$"\\]|0[0-9]{0,3})')
_ESCAPED = {"a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v", "$": "$$"}


def parse(text: str, outer: Variables | None = None) -> dict[str, str]:
    """
    The variables of an environment file.

    Args:
        text: the file.
        outer: variables that are known before; in values they win over those of the file.

    Raises:
        DotenvError: Compose refuses the file.
    """
    text = text.removeprefix("\ufeff")
    found: dict[str, str] = {}
    known = ChainMap(dict(outer or {}), found)
    position = _end(_BLANK, text, 0)
    while position < len(text):
        start = position
        position = _end(_EXPORT, text, position)
        if position == len(text):
            raise DotenvError("exports no variable", _line(text, start))
        after = _end(_KEY, text, position)
        sign = text[after : after + 1]
        if sign and sign not in "=:\n":
            raise DotenvError(f"has the character {sign!r} in a variable's name", _line(text, start))
        key = text[position:after].rstrip() if sign else ""
        if " " in key:
            raise DotenvError("has a variable's name with a space", _line(text, start))
        if sign == "\n":  # a name alone: its value is the one that is known before
            if key in known:
                found[key] = known[key]
            position = after + 1
        else:
            value, position = _value(text, _end(_INDENT, text, after + 1 if sign else position), known)
            if key:
                found[key] = value
        position = _end(_BLANK, text, position)
    return found


def _value(text: str, position: int, known: Variables) -> tuple[str, int]:
    """The value at a position, and where it ends."""
    quote = text[position : position + 1]
    if quote not in ('"', "'") or not quote:
        end = text.find("\n", position)
        end = len(text) if end < 0 else end
        plain = text[position:end].partition(" #")[0].rstrip()
        return _filled(plain, known, text, position), end
    parts: list[str] = []
    start = position + 1
    pattern = re.compile(rf"[^{quote}\\]+|\\{quote}|\\\\|\\[^{quote}\\]|\\")
    while found := pattern.match(text, start):
        parts.append(quote if found[0] == f"\\{quote}" else found[0])
        start = found.end()
    if text[start : start + 1] != quote:
        raise DotenvError("has a quote that is not closed", _line(text, position))
    value = "".join(parts)
    if quote == '"':
        value = _filled(_ESCAPE.sub(_unescaped, value), known, text, position)
    return value, start + 1


def _unescaped(found: re.Match[str]) -> str:
    sign = found[0][1:]
    if sign[0] == "0":
        digits = sign[1:]
        octal = len(digits) == 3 and re.fullmatch("[0-3][0-7]{2}", digits)
        return chr(int(digits, 8)) if octal else found[0]
    return _ESCAPED.get(sign, sign if sign in '"\\' else found[0])


def _filled(value: str, known: Variables, text: str, position: int) -> str:
    try:
        list(uses(value))
    except ValueError:
        message = "holds a `${` that is neither a variable nor escaped"
        raise DotenvError(message, _line(text, position)) from None
    return interpolate(value, known)


def _end(pattern: re.Pattern[str], text: str, position: int) -> int:
    found = pattern.match(text, position)
    return found.end() if found else position


def _line(text: str, position: int) -> int:
    return text.count("\n", 0, position) + 1
