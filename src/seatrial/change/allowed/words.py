"""
The comments that hide findings, ours and those of the tools that take part.

A word loses its effect by one character, so that no line and no column moves. Sources:
https://bandit.readthedocs.io/en/latest/config.html#exclusions, https://github.com/hadolint/hadolint#inline-ignores,
https://docs.zizmor.sh/usage/#ignoring-results, https://github.com/gitleaks/gitleaks#gitleaksallow,
https://github.com/Yelp/detect-secrets#inline-allowlisting, https://www.shellcheck.net/wiki/Directive.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from seatrial.domain.allowance import AllowanceKind
from seatrial.text import redact

_QUOTED = re.compile(r"(?<!\w)([\"'`])(?:(?!\1).)+\1(?!\w)")
"""A quoted string may be a secret. An apostrophe inside a word opens none."""
_OPENED = re.compile(r"(?<!\w)[\"'`]")
_REASON_LENGTH = 160  # characters
_LOOKED_AT = 600  # characters behind a word: a line may hold thousands of words


@dataclass(frozen=True, slots=True)
class Word:
    """One comment's word in a file."""

    kind: AllowanceKind
    line: int
    """From 1."""
    column: int
    """Of the word in its line, from 1."""
    reason: str
    """What follows it on the line."""


# Laxer than the tools, which differ in what is white space. Only what a tool honours makes a difference.
_PATTERNS: tuple[tuple[AllowanceKind, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(pattern, re.IGNORECASE))
    for kind, pattern in (
        (AllowanceKind.SEATRIAL, r"seatrial:.{0,12}?allow"),
        (AllowanceKind.NOSEC, r"nosec"),
        (AllowanceKind.HADOLINT, r"hadolint.{1,24}?(?:ignore|shell)"),
        (AllowanceKind.SHELLCHECK, r"shellcheck.{1,12}?(?:disable|shell|source)"),
        (AllowanceKind.ZIZMOR, r"zizmor:.{0,12}?ignore"),
        (AllowanceKind.GITLEAKS, r"gitleaks:.{0,12}?allow"),
        (AllowanceKind.PRAGMA, r"pragma:.{0,12}?(?:allow|white)list"),
    )
)
_QUICK = re.compile(rb"seatrial|nosec|hadolint|shellcheck|zizmor|gitleaks|pragma", re.IGNORECASE)


def may_be_in(data: bytes) -> bool:
    """Whether a file can hold such a word; false for nearly all, and cheap. NULs of UTF-16 do not matter."""
    return _QUICK.search(data.replace(b"\0", b"")) is not None


_PROSE = (".md", ".rst", ".adoc", ".txt", ".py")


def _is_for(kind: AllowanceKind, path: str) -> bool:
    """Whether the tool of a word reads such a file at all. Secrets are looked for in every file."""
    match kind:
        case AllowanceKind.NOSEC:
            return path.endswith(".py")
        case AllowanceKind.ZIZMOR:
            return path.endswith((".yml", ".yaml"))
        case AllowanceKind.HADOLINT | AllowanceKind.SHELLCHECK:
            return not path.endswith(_PROSE)
        case _:
            return True


def find(path: str, lines: Iterable[str]) -> tuple[Word, ...]:
    """
    Every word in the lines of a file, from the top.

    Words may overlap: in `seatrial: seatrial: allow` the second one has its effect when the first one has lost it.
    """
    patterns = [(kind, pattern) for kind, pattern in _PATTERNS if _is_for(kind, path)]
    return tuple(
        Word(kind, number, match.start() + 1, _reason(line[match.end() : match.end() + _LOOKED_AT]))
        for number, line in enumerate(lines, 1)
        for kind, pattern in patterns
        for match in _each(pattern, line)
    )


def _each(pattern: re.Pattern[str], line: str) -> Iterator[re.Match[str]]:
    match = pattern.search(line)
    while match:
        yield match
        match = pattern.search(line, match.start() + 1)


def _reason(rest: str) -> str:
    text = _QUOTED.sub(redact.MASK, rest)
    if len(rest) == _LOOKED_AT:  # a string may be cut off, and then nothing else masks it
        text = _OPENED.split(text, maxsplit=1)[0]
    text = " ".join(text.split()).strip(" :=#*/->{}")
    return text if len(text) <= _REASON_LENGTH else f"{text[: _REASON_LENGTH - 1]}…"


def without_effect(lines: list[str], words: Iterable[Word]) -> list[str]:
    """The lines, each of the words with `_` for its second character: as long as before, and no tool knows it."""
    places: dict[int, list[int]] = {}
    for word in words:
        places.setdefault(word.line - 1, []).append(word.column)
    changed = list(lines)
    for line, columns in places.items():
        characters = list(changed[line])
        for column in columns:
            characters[column] = "_"
        changed[line] = "".join(characters)
    return changed
