"""
Which words a change adds. A word belongs to the base only with the code that it is about.

A comment that stays while the code beside it becomes another one hides something new. So the code is part of what is
compared: the statement of Python, the instruction of a Dockerfile, the line with its parents in YAML.
"""

from __future__ import annotations

import ast
import bisect
import hashlib
import re
import warnings
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property

from .words import Word

_COMMENT = re.compile(r"\s*(?:#|//|/\*|\*|--|<!--|;|\{#)")
_LARGEST = 1024 * 1024  # characters of Python that are parsed for its statements
_MOST_PARENTS = 50


def keys(path: str, lines: Sequence[str], words: Iterable[Word]) -> list[tuple[Word, str]]:
    """Each word with what identifies it: its line and the code that it is about, white space folded."""
    given = list(words)
    if not given:
        return []
    about = _Lines(lines, _statements(lines) if path.endswith(".py") else {})
    nested = path.endswith((".yml", ".yaml"))
    by_line = {word.line: about.key(word.line - 1, nested=nested) for word in given}
    return [(word, f"{word.kind}\0{by_line[word.line]}") for word in given]


class _Lines:
    """
    What each line of a file is about. Lines count from 0.

    Every question costs what was not asked before: a file of 20,000 comments must not take the square of it.
    """

    def __init__(self, lines: Sequence[str], extents: Mapping[int, tuple[int, int]]) -> None:
        self._lines, self._extents = lines, extents
        self._digests: dict[tuple[int, int], str] = {}
        continued = [line.rstrip().endswith("\\") for line in lines]
        passed = [bool(_COMMENT.match(line)) or not line.strip() for line in lines]
        self._first = list(range(len(lines)))
        for at in range(1, len(lines)):
            if continued[at - 1]:
                self._first[at] = self._first[at - 1]
        ends = list(range(len(lines)))
        self._last = list(range(len(lines)))
        for at in range(len(lines) - 2, -1, -1):
            ends[at] = ends[at + 1] if continued[at] else at
            self._last[at] = self._last[at + 1] if passed[at] else ends[at]

    def key(self, at: int, *, nested: bool) -> str:
        """What identifies the code that a comment on a line is about."""
        first, last = self._first[at], self._last[at]
        for line in (first, last):
            start, end = self._extents.get(line + 1, (line + 1, line + 1))
            first, last = min(first, start - 1), max(last, end - 1)
        comment = bool(_COMMENT.match(self._lines[at]))
        parents = self._parents[last if comment else at] if nested else ()
        return "\n".join((*(" ".join(self._lines[parent].split()) for parent in parents), self._digest(first, last)))

    def _digest(self, first: int, last: int) -> str:
        """The same for the same lines: each line is added to what follows it."""
        at = first
        while at <= last and (at, last) not in self._digests:
            at += 1
        digest = self._digests.get((at, last), "")
        for line in range(at - 1, first - 1, -1):
            text = f"{' '.join(self._lines[line].split())}\n{digest}"
            digest = self._digests[line, last] = hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()
        return digest

    @cached_property
    def _parents(self) -> list[tuple[int, ...]]:
        """For each line the lines above that enclose it by their indentation, from the outside."""
        found: list[tuple[int, ...]] = []
        depths: list[int] = []
        enclosing: list[int] = []
        for at, line in enumerate(self._lines):
            depth = _depth(line)
            within = bisect.bisect_left(depths, depth)
            found.append(tuple(enclosing[max(0, within - _MOST_PARENTS) : within]))
            if line.strip() and not _COMMENT.match(line):
                depths[within:], enclosing[within:] = [depth], [at]
        return found


def _depth(line: str) -> int:
    return len(line) - len(line.lstrip())


def _statements(lines: Sequence[str]) -> dict[int, tuple[int, int]]:
    """For each line of Python, first and last line of the smallest statement; of a compound one, of its head."""
    text = "\n".join(lines)
    if len(text) > _LARGEST:
        return {}
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return {}
    found: dict[int, tuple[int, int]] = {}
    for node in ast.walk(tree):  # from the outside: what is inside comes later, and counts
        if isinstance(node, ast.stmt):
            body = getattr(node, "body", None)
            inner = body[0] if isinstance(body, list) and body else None
            last = max(node.lineno, inner.lineno - 1) if inner is not None else node.end_lineno or node.lineno
            found |= dict.fromkeys(range(node.lineno, last + 1), (node.lineno, last))
    return found


def new(keyed: Iterable[tuple[Word, str]], base: Counter[str]) -> tuple[Word, ...]:
    """
    The words that the base does not have. Each of the base's counts once: a copy of an allowed line is a new one.

    Args:
        keyed: the words with their keys.
        base: how often the base has each key; what is found is taken out.
    """
    added = []
    for word, key in keyed:
        if base[key] > 0:
            base[key] -= 1
        else:
            added.append(word)
    return tuple(added)
