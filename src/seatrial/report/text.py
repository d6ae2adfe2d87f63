"""
Text from the repository made fit to show: nothing in it can steer a terminal, a browser or a parser.

`printable` is for people and forgets a little; `quoted` is for machines and can be undone.
"""

from __future__ import annotations

import re

_ESCAPED = (
    "\x00-\x08\x0b-\x1f\x7f-\x9f"  # control characters, ANSI escapes first of all
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u206f"  # direction: text would read in another order than it has
    "\u00ad\u034f\u180e\u200b-\u200d\u2060-\u2065\ufeff\ufff0-\ufffb\u2028\u2029"  # joiners, breaks, ends of lines
    "\u115f\u1160\u17b4\u17b5\u3164\uffa0\u2800\U0001d159"  # letters and signs that show nothing
    "\u180b-\u180f\ufe00-\ufe0f"  # variation selectors: two of them are enough to hide any text
    "\u0600-\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd"  # signs around Arabic and Kaithi numbers
    "\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"  # layout of hieroglyphs, shorthand, music
    "\U000e0000-\U000e0fff"  # tags: whole sentences that are invisible
    "\ue000-\uf8ff\U000f0000-\U0010ffff"  # private use: every font shows something else
    "\ud800-\udfff"  # bytes of file names that do not decode
    "\ufdd0-\ufdef\ufffe\uffff"  # no characters; XML and what writes it for us drop them
    + "".join(f"{chr(0x10000 * plane + 0xFFFE)}{chr(0x10000 * plane + 0xFFFF)}" for plane in range(1, 15))
)
_LINE_END = re.compile(r"\r\n|\r")
_WHITE = re.compile(r"\r\n|[\r\n\t]")
_UNPRINTABLE = re.compile(f"[{_ESCAPED}]")
_QUOTED = re.compile(f"[{_ESCAPED}\\t\\n\\\\]")
_ESCAPE = re.compile(r"\\(?:\\|x([0-9a-f]{2})|u([0-9a-f]{4})|U([0-9a-f]{8}))")


def printable(text: str, *, limit: int = 0) -> str:
    """
    One line: white space folded, what does not print shown as an escape, at most `limit` characters (0: any).

    An escape character becomes the four visible ones `\\x1b`, `a\\nb` becomes `a b`.
    """
    line = _WHITE.sub(" ", _beginning(text, limit))
    return shortened(_escaped(line), limit)


def printable_block(text: str, *, limit: int = 0) -> str:
    """The same for text of several lines: line feeds stay."""
    block = _LINE_END.sub("\n", _beginning(text, limit).expandtabs(2))
    return shortened(_escaped(block), limit)


def _beginning(text: str, limit: int) -> str:
    """Without line ends at the end, and no more than can show: two characters at most become one, `\\r\\n`."""
    text = text.rstrip("\r\n")
    return text[: 2 * limit + 2] if limit else text


def _escaped(text: str) -> str:
    if text.isascii() and text.isprintable():  # nearly always, and 20 times as fast
        return text
    return _UNPRINTABLE.sub(_escape, text)


def shortened(text: str, limit: int) -> str:
    """The text, or its beginning and an ellipsis."""
    return text if not limit or len(text) <= limit else text[: max(0, limit - 1)].rstrip() + "…"


def quoted(text: str) -> str:
    """
    Text that prints and still tells its every character, for what a machine reads: a path, an anchor, a message.

    A backslash is doubled. What does not print is `\\xHH`, `\\uHHHH` or `\\UHHHHHHHH`; `\\xHH` is a control character
    of ASCII, or an undecodable byte of a file name. Nothing else changes: `src/app.py` is itself.
    """
    return _QUOTED.sub(_escape, text)


def quoted_block(text: str) -> str:
    """The same for text of several lines: line feeds stay. `unquoted` undoes it too."""
    return "\n".join(map(quoted, text.split("\n")))


def unquoted(text: str) -> str:
    """The text that `quoted` was given. A backslash that begins no escape is a backslash."""
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
