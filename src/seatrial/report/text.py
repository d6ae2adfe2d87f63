"""Text from the repository made fit to show: nothing in it can steer a terminal, a browser or a parser."""

from __future__ import annotations

import re

_ESCAPED = re.compile(
    "["
    "\x00-\x08\x0b-\x1f\x7f-\x9f"  # control characters, ANSI escapes first of all
    "\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff"  # invisible and bidirectional controls
    "\ud800-\udfff"  # bytes of file names that are no text
    "\ufffe\uffff"  # not allowed in XML
    "]"
)


def printable(text: str, *, limit: int = 0) -> str:
    """
    One line: white space folded, whatever does not print shown as an escape, at most `limit` characters (0: any).

    `\\x1b[31m` becomes the eight visible characters, `a\\nb` becomes `a b`.
    """
    line = " ".join(text.replace("\t", " ").splitlines() if "\n" in text or "\r" in text else [text.replace("\t", " ")])
    return shortened(_visible(line), limit)


def printable_block(text: str) -> str:
    """The same for text of several lines: line feeds stay."""
    return "\n".join(_visible(line.expandtabs(2)) for line in text.splitlines())


def shortened(text: str, limit: int) -> str:
    """The text, or its beginning and an ellipsis."""
    return text if not limit or len(text) <= limit else text[: max(0, limit - 1)].rstrip() + "…"


def _visible(text: str) -> str:
    return _ESCAPED.sub(_escape, text)


def _escape(found: re.Match[str]) -> str:
    code = ord(found[0])
    if 0xDC80 <= code <= 0xDCFF:  # a byte that Python kept as a surrogate
        return f"\\x{code - 0xDC00:02x}"
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"
