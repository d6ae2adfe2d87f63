"""
Path globs with the meaning that people know from `.gitignore`.

The patterns come from repositories that may be hostile, so matching is linear in the path: a segment is matched by
`fnmatch`, whose expressions do not backtrack, and the segments by walking all possible places at once.
"""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Iterable, Sequence

_ANY = "**"
LENGTH_LIMIT = 4096
"""Characters of a pattern; a longer one covers nothing, as no path is so long. `fnmatch` takes the square of it."""


class Globs:
    """
    A set of globs, compiled once.

    `*` and `?` stay inside a path segment, `**` crosses them, a pattern without `/` matches at any depth, a
    pattern that names a folder (`docs/` or `docs`) matches everything below it.
    """

    def __init__(self, patterns: Iterable[str]) -> None:
        names: list[str] = []
        self._anchored: list[list[re.Pattern[str] | None]] = []
        for pattern in patterns:
            text = pattern.strip().removeprefix("./")
            parts = _parts(text)
            if not parts or len(text) > LENGTH_LIMIT:
                continue
            if "/" in text.rstrip("/"):
                self._anchored.append([None if part == _ANY else _compiled(part) for part in parts])
            else:
                names.append(fnmatch.translate(parts[0]))
        self._names = re.compile("|".join(names)) if names else None

    def match(self, path: str) -> bool:
        """Whether any of the globs covers the path (relative, with `/`)."""
        segments = path.split("/")
        if self._names is not None and any(map(self._names.match, segments)):
            return True
        return any(_covers(pattern, segments) for pattern in self._anchored)


def _parts(text: str) -> list[str]:
    """The segments of a pattern. Repeated `**` say no more than one; a last one means: whatever is below."""
    parts: list[str] = []
    for part in text.strip("/").split("/"):
        if part and not (part == _ANY and parts[-1:] == [_ANY]):
            parts.append(part)
    if parts[-1:] == [_ANY]:
        parts[-1] = "*"
    return parts


def _compiled(part: str) -> re.Pattern[str]:
    return re.compile(fnmatch.translate(part))


def _covers(pattern: Sequence[re.Pattern[str] | None], segments: Sequence[str]) -> bool:
    """Whether the pattern matches the path or one of the folders that it lies in."""
    places = _skipping({0}, pattern)
    for segment in segments:
        after = set()
        for place in places:
            part = pattern[place]
            if part is None:
                after.add(place)
            elif part.match(segment):
                after.add(place + 1)
        if len(pattern) in after:
            return True
        places = _skipping(after, pattern)
    return False


def _skipping(places: set[int], pattern: Sequence[re.Pattern[str] | None]) -> set[int]:
    """The places, and those behind a `**`, which can also match nothing."""
    return places | {place + 1 for place in places if pattern[place] is None}
