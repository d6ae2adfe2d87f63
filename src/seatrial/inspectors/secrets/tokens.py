"""
The first layer: tokens that their shape gives away.

The automaton says where a match of a format ends; here the format's exact pattern, with its edges, entropy and
checksum, is tried on the bytes before that place.
"""

from __future__ import annotations

import importlib
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from seatrial.inspectors.secrets.database import CASELESS, Expression
from seatrial.inspectors.secrets.model import Format
from seatrial.inspectors.secrets.structure import shannon

MAX_REACH = 20_000
"""Bytes before a hit at which its match can begin, at most."""
MAX_TAIL = 20_000
"""Bytes after a hit that are read to the end of its line, at most."""
_MARGIN = 4096  # of a cut window: what ends within it is looked at again in the next

_OPTIONAL_END = re.compile(r"(?:\\?[=.-]|\\n)(?:\{0,\d+\}|\?|\*)(\)*)$")
_COUNTED_END = re.compile(r"\{([1-9]\d*),\d*\}(\)*)$")
_LAST_CLASS = re.compile(r"(\[(?:[^\]\\]|\\.)*\])\{\d+,?\d*\}\)*$")


@dataclass(frozen=True, slots=True)
class TokenMatch:
    """A confirmed token: the place of its secret part, in bytes."""

    format: Format
    start: int
    end: int
    literal: int
    """
    How much of it the format prescribes: the length of the longest of its keywords in the value. A phrase around
    the value (`begin rsa private key`) counts as well, a provider's name there does not: `bearer ghp_...` is GitHub's.
    """


def prefilter(pattern: str) -> str:
    """
    The pattern up to its shortest end: it ends somewhere in every match of the pattern, once and not at every length.

    `ghp_[0-9a-z]{36,255}` becomes `ghp_[0-9a-z]{36}`; optional padding at the end is dropped.
    """
    return _COUNTED_END.sub(r"{\1}\2", _OPTIONAL_END.sub(r"\1", pattern))


def expression(rule: Format) -> Expression:
    """What the automaton searches for a format."""
    return Expression(prefilter(rule.pattern), CASELESS if rule.ignore_case else 0)


class Tokens:
    """Confirms hits. Patterns are compiled when first needed: most formats occur in no file."""

    def __init__(self, formats: Sequence[Format]) -> None:
        self._formats = formats
        self._exact: dict[int, _Exact] = {}

    def confirm(self, data: bytes, index: int, ends: Iterable[int]) -> Iterator[TokenMatch]:
        """
        The tokens of one format around its hits, each once.

        Args:
            data: the file.
            index: of the format.
            ends: offsets at which the automaton saw a match end.
        """
        exact = self._compiled(index)
        seen: set[int] = set()
        covered = -1
        for end in sorted(ends):
            if end <= covered:
                continue
            stop, cut = _stop(data, end, exact.over_lines)
            for match in self._matches(index, exact.pattern, data, max(0, end - exact.reach), stop):
                start = match.start("secret")
                if start not in seen and not (cut and match.end() == stop):
                    seen.add(start)
                    yield _match(self._formats[index], match)
            covered = stop - _MARGIN if cut else stop

    def _matches(
        self, index: int, pattern: re.Pattern[bytes], data: bytes, start: int, stop: int
    ) -> Iterator[re.Match[bytes]]:
        """The matches that are tokens; one that is not does not hide another that begins inside it."""
        while match := pattern.search(data, start, stop):
            if _is_token(self._formats[index], match["secret"].decode("utf-8", "replace")):
                yield match
                start = max(match.end(), match.start() + 1)
            else:
                start = match.start() + 1

    def _compiled(self, index: int) -> _Exact:
        if index not in self._exact:
            self._exact[index] = _Exact.of(self._formats[index])
        return self._exact[index]


@dataclass(frozen=True, slots=True)
class _Exact:
    """A format's own pattern with its edges, and how much of a file it needs to see."""

    pattern: re.Pattern[bytes]
    reach: int
    """Bytes before a hit."""
    over_lines: bool
    """Whether the part that the automaton left out can go on in the next line (a key's body)."""

    @classmethod
    def of(cls, rule: Format) -> _Exact:
        pattern = re.compile(rule.exact.encode(), re.IGNORECASE if rule.ignore_case else re.NOFLAG)
        last = _LAST_CLASS.search(_OPTIONAL_END.sub(r"\1", rule.pattern))
        over_lines = last is not None and re.match(last[1], "\n") is not None
        return cls(pattern, _reach(prefilter(rule.pattern)), over_lines)


def _match(rule: Format, match: re.Match[bytes]) -> TokenMatch:
    value, all_of_it = match["secret"].lower(), match[0].lower()
    known = (word for word in rule.keywords if word.encode() in (all_of_it if " " in word else value))
    literal = max(map(len, known), default=0)
    return TokenMatch(rule, match.start("secret"), match.end("secret"), literal)


def _is_token(rule: Format, secret: str) -> bool:
    if rule.min_entropy and shannon(secret) < rule.min_entropy:
        return False
    return rule.verify is None or rule.verify(secret)


def _stop(data: bytes, offset: int, over_lines: bool) -> tuple[int, bool]:
    """How far to read on from a hit, and whether that is in the middle of something."""
    found = -1 if over_lines else data.find(b"\n", offset, offset + MAX_TAIL)
    if found >= 0:
        return found, False
    return min(len(data), offset + MAX_TAIL), offset + MAX_TAIL < len(data)


def _reach(pattern: str) -> int:
    """The length of the longest match, as far as Python tells: its own parser is not documented."""
    try:
        width: int = importlib.import_module("re._parser").parse(pattern).getwidth()[1]
    except (ImportError, AttributeError, TypeError):
        return MAX_REACH
    return min(width, MAX_REACH)
