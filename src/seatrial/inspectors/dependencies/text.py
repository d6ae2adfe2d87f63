"""Places in files whose parsers give none."""

from __future__ import annotations

import re
from collections.abc import Iterator

from seatrial.domain import Location


def lines_of(path: str, text: str, pattern: str) -> Iterator[Location]:
    """Where each line that matches begins, in order."""
    for match in re.finditer(pattern, text, re.MULTILINE):
        line = text.count("\n", 0, match.start()) + 1
        start = text.rfind("\n", 0, match.start()) + 1
        yield Location(path, line, match.start() - start + 1)


class Lines:
    """Finds texts in a file, each search beginning behind the last: for files that are read in their order."""

    def __init__(self, path: str, text: str) -> None:
        self._path, self._text = path, text
        self._at, self._line = 0, 1

    def next(self, wanted: str) -> Location:
        """Where a text stands next; the beginning of the file if it is not there any more."""
        found = self._text.find(wanted, self._at)
        if found < 0:
            found = self._text.find(wanted)
            if found < 0:
                return Location(self._path, 1, 1)
            return Location(
                self._path, self._text.count("\n", 0, found) + 1, 1 + found - self._text.rfind("\n", 0, found) - 1
            )
        self._line += self._text.count("\n", self._at, found)
        self._at = found
        return Location(self._path, self._line, found - self._text.rfind("\n", 0, found))
