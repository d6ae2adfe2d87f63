"""
Text from the repository made fit to show: nothing in it can steer a terminal, a browser or a parser.

`printable` is for people and forgets a little; `quoted` is for machines and can be undone.
"""

from __future__ import annotations

import re

_ESCAPED = (
    "\x00-\x08\x0b-\x1f\x7f-\x9f"  # control characters, ANSI escapes first of all
    "\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"  # invisible, bidirectional
    "\ud800-\udfff"  # bytes of file names that are no text
    "\ufffe\uffff"  # not allowed in XML
    "\U000e0000-\U000e007f"  # tags: whole sentences that nobody sees
)
_LINE_END = re.compile(r"\r\n|\r")
_WHITE = re.compile(r"\r\n|[\r\n\t]")
_UNPRINTABLE = re.compile(f"[{_ESCAPED}]")
_QUOTED = re.compile(f"[{_ESCAPED}\\t\\n\\\\]")
_ESCAPE = re.compile(r"\\(?:\\|x([0-9a-f]{2})|u([0-9a-f]{4})|U([0-9a-f]{8}))")


def printable(text: str, *, limit: int = 0) -> str:
    """
    One line: white space folded, whatever does not print shown as an escape, at most `limit` characters (0: any).

    An escape character becomes the four visible ones `\\x1b`, `a\\nb` becomes `a b`.
    """
    line = _WHITE.sub(" ", text.rstrip("\r\n"))
    return shortened(_UNPRINTABLE.sub(_escape, line), limit)


def printable_block(text: str, *, limit: int = 0) -> str:
    """The same for text of several lines: line feeds stay."""
    block = _LINE_END.sub("\n", text.expandtabs(2).rstrip("\r\n"))
    return shortened("\n".join(_UNPRINTABLE.sub(_escape, line) for line in block.split("\n")), limit)


def shortened(text: str, limit: int) -> str:
    """The text, or its beginning and an ellipsis."""
    return text if not limit or len(text) <= limit else text[: max(0, limit - 1)].rstrip() + "…"


def quoted(text: str) -> str:
    """
    Text that prints and still tells its every character, for what identifies something: a path, an anchor.

    A backslash is doubled, what does not print is `\\xHH` (a control character of ASCII, or a byte of a file name that
    is no text), `\\uHHHH` or `\\UHHHHHHHH`. Nothing else changes: `src/app.py` is itself.
    """
    return _QUOTED.sub(_escape, text)


def unquoted(text: str) -> str:
    """The text that `quoted` was given. A backslash that begins no escape stands for itself."""
    return _ESCAPE.sub(_meant, text)


def _escape(found: re.Match[str]) -> str:
    code = ord(found[0])
    if code == 0x5C:
        return "\\\\"
    if 0xDC80 <= code <= 0xDCFF:  # a byte that Python kept as a surrogate
        return f"\\x{code - 0xDC00:02x}"
    if code < 0x80:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def _meant(found: re.Match[str]) -> str:
    byte, *points = found.groups()
    if byte is not None:
        code = int(byte, 16)
        return chr(code if code < 0x80 else 0xDC00 + code)
    code = next((int(point, 16) for point in points if point is not None), 0x5C)
    return chr(code) if code <= 0x10FFFF else found[0]
