"""Quoted values in settings that are code: `name = 'v'`, `'name' => 'v'`, `define('name', 'v')`, `name: 'v'`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from seatrial.inspectors.secrets.files import embedded
from seatrial.inspectors.secrets.files.base import CredentialEntry, TextSpan
from seatrial.inspectors.secrets.files.key_value import AssignedPair
from seatrial.inspectors.secrets.files.names import is_secret

_ASSIGNMENT = re.compile(
    r"(?P<key>[A-Za-z_][\w.\-]{0,100}+)(?:['\"]?\]|['\"])?[ \t]*(?::[ \t]*[A-Za-z_][\w.\[\], |]{0,40}?[ \t]*)?"
    r"(?:=>|\?\?=|\|\|=|:=|=|:)[ \t]*(?:[rbu]|new\s+\w+\(|\()?(?P<quote>['\"`])"
)
_CALL = re.compile(
    r"\b(?:define|putenv|setenv|set|put|setProperty|ini_set|setConfig|conf\.set)\([ \t]*['\"]"
    r"(?P<key>[A-Za-z_][\w.\-]{0,100}+)['\"]"
    r"[ \t]*,[ \t]*(?P<quote>['\"])"
)
_LINE_COMMENT = re.compile(r"[ \t]*(?://|\#|\*|--)")
_MAX = 4000
_REST = {
    '"': re.compile(r'((?:[^"\\\n]|\\.)*+)"', re.DOTALL),
    "'": re.compile(r"((?:[^'\\\n]|\\.)*+)'", re.DOTALL),
    "`": re.compile(r"((?:[^`\\]|\\.)*+)`", re.DOTALL),
}
"""What is between the quotes; a backslash protects what follows it."""


def assignments(text: str) -> Iterator[AssignedPair]:
    """Every quoted value with the name it is given to; not in lines that are comments."""
    yield from _found(text, _CALL)
    yield from _found(text, _ASSIGNMENT)


def _found(text: str, pattern: re.Pattern[str]) -> Iterator[AssignedPair]:
    position = 0
    while match := pattern.search(text, position):
        position = match.end()
        span = _quoted(text, match.end(), match["quote"])
        if span is None or _commented(text, match.start()):
            continue
        position = span.end + 1
        yield AssignedPair("", match["key"], span)


def secret_assignments(text: str) -> Iterator[CredentialEntry]:
    """Those with a secret's name, and passwords inside URLs and connection strings."""
    for pair in assignments(text):
        if is_secret(pair.key):
            yield CredentialEntry(pair.key, pair.span)
        else:
            yield from embedded.within(pair.span)


def _quoted(text: str, start: int, quote: str) -> TextSpan | None:
    rest = _REST[quote].match(text, start, start + _MAX)
    return TextSpan(rest[1], *rest.span(1)) if rest else None


def _commented(text: str, position: int) -> bool:
    """Whether the line begins as a comment (looking back no further than 200 characters)."""
    start = text.rfind("\n", max(0, position - 200), position) + 1
    return _LINE_COMMENT.match(text, start, position) is not None
