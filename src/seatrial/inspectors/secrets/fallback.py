"""
The same search without hyperscan: Python's `re`, one pattern after the other. Right, and about a hundred times slower.

Where hyperscan reports every end of every match, this reports one end for each place where a match begins; the layers
above look at the lines around an end, so both lead them to the same places.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from seatrial.inspectors.secrets.database import CASELESS, MAX_HITS, MULTILINE, Expression, Hit, Hits, one_by_one

BLOCK, OVERLAP = 8192, 2048
"""Bytes that a pattern sees at a time, and how many of them again: no pattern gets a chance to go quadratic."""


class Expressions:
    """All expressions, each by itself."""

    name = "Python re"

    def __init__(self, expressions: Sequence[Expression], keywords: Sequence[tuple[bytes, ...]] = ()) -> None:
        """
        Args:
            expressions: the patterns.
            keywords: for the first of them lower-case texts, one of which is in every match; no keywords: always try.
        """
        self._expressions = expressions
        self._keywords = keywords
        self._compiled: dict[int, re.Pattern[bytes]] = {}

    def scan(self, data: bytes) -> list[Hit]:
        """One pass for each expression that can match."""
        low = data.lower()
        hits: list[Hit] = []
        for index in range(len(self._expressions)):
            if self._can_match(index, low):
                hits += (Hit(index, end) for end in self._ends(index, data))
                if len(hits) >= MAX_HITS:
                    break
        return hits[:MAX_HITS]

    def scan_all(self, texts: Sequence[bytes]) -> list[Hits]:
        """Each by itself: most expressions are not tried where their keyword is missing."""
        return one_by_one(self, texts)

    def _can_match(self, index: int, low: bytes) -> bool:
        return index >= len(self._keywords) or any(keyword in low for keyword in self._keywords[index])

    def _ends(self, index: int, data: bytes) -> Iterator[int]:
        pattern = self._pattern(index)
        for start in range(0, max(len(data), 1), BLOCK - OVERLAP):
            at = start
            while match := pattern.search(data, at, start + BLOCK):
                yield match.end()
                at = match.start() + 1

    def _pattern(self, index: int) -> re.Pattern[bytes]:
        if index not in self._compiled:
            pattern, flags = self._expressions[index]
            kinds = (re.IGNORECASE if flags & CASELESS else 0) | (re.MULTILINE if flags & MULTILINE else 0)
            self._compiled[index] = re.compile(pattern.encode(), kinds)
        return self._compiled[index]
