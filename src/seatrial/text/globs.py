"""
Path globs with the meaning that people know from `.gitignore`.

The patterns come from repositories that may be hostile, so matching is linear in the path: a segment is matched by
`fnmatch`, whose expressions do not backtrack. The segments are matched by walking all possible places at once.
"""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

_ANY = "**"
LENGTH_LIMIT = 4096
"""Characters of a pattern; a longer one covers nothing, as no path is so long. `fnmatch` takes the square of it."""


class Globs:
    """
    A set of globs, compiled once.

    `*` and `?` stay inside a path segment, `**` crosses them. A pattern without `/` matches at any depth. A pattern
    that names a folder (`docs/` or `docs`) matches everything below it.
    """

    def __init__(self, patterns: Iterable[str]) -> None:
        self._names, self._anchored = _Node(), _Node()
        for pattern in patterns:
            text = pattern.strip().removeprefix("./")
            parts = _parts(text)
            if not parts or len(text) > LENGTH_LIMIT:
                continue
            node = self._anchored if "/" in text.rstrip("/") else self._names
            for part in parts:
                node = node.child(part)
            node.last = True

    def match(self, path: str) -> bool:
        """Whether any of the globs covers the path (relative, with `/`)."""
        segments = path.split("/")
        if any(node.last for segment in segments for node in self._names.after(segment)):
            return True
        places = self._anchored.with_nothing()
        for segment in segments:
            after = {node for place in places for node in place.after(segment)}
            if any(node.last for node in after):
                return True
            places = {node for one in after for node in one.with_nothing()}
        return False


@dataclass(eq=False, slots=True)
class _Node:
    """
    A place in one or several patterns.

    Patterns that begin alike share their places: how many there are costs little where they name what they mean.
    """

    last: bool = False
    """Whether a pattern ends here."""
    repeats: bool = False
    """Whether any number of segments may follow, that is, whether it is behind a `**`."""
    _literal: dict[str, _Node] = field(default_factory=dict)
    _special: dict[str, tuple[re.Pattern[str], _Node]] = field(default_factory=dict)
    _known: dict[str, tuple[_Node, ...]] = field(default_factory=dict)

    def child(self, part: str) -> _Node:
        """The place behind a part of a pattern."""
        if not _SPECIAL.search(part):
            return self._literal.setdefault(part, _Node())
        if part not in self._special:
            self._special[part] = re.compile(fnmatch.translate(part)), _Node(repeats=part == _ANY)
        return self._special[part][1]

    def with_nothing(self) -> set[_Node]:
        """Itself, and the place behind a `**`, which can also match nothing."""
        return {self, self._special[_ANY][1]} if _ANY in self._special else {self}

    def after(self, segment: str) -> tuple[_Node, ...]:
        """The places behind a segment of a path."""
        if segment not in self._known:
            if len(self._known) >= _MOST_KNOWN:
                self._known.clear()
            self._known[segment] = tuple(self._after(segment))
        return self._known[segment]

    def _after(self, segment: str) -> Iterator[_Node]:
        if self.repeats:
            yield self
        if segment in self._literal:
            yield self._literal[segment]
        for part, (pattern, node) in self._special.items():
            if part != _ANY and pattern.match(segment):
                yield node


_SPECIAL = re.compile(r"[*?\[]")
_MOST_KNOWN = 10_000
"""Segments whose places are remembered: the files of a tree share their folders."""


def _parts(text: str) -> list[str]:
    """The segments of a pattern. Repeated `**` say no more than one; a last one means: everything below."""
    parts: list[str] = []
    for part in text.strip("/").split("/"):
        if part and not (part == _ANY and parts[-1:] == [_ANY]):
            parts.append(part)
    if parts[-1:] == [_ANY]:
        parts[-1] = "*"
    return parts
