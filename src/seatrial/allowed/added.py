"""
Which words a change adds. A word belongs to the base only with the code that it is about.

A comment that stays while the code beside it becomes another one hides something new, so the code is part of what is
compared: the statement of Python, the instruction of a Dockerfile, the line with its parents in YAML.
"""

from __future__ import annotations

import ast
import re
import warnings
from collections import Counter
from collections.abc import Iterable, Sequence

from .words import Word

_COMMENT = re.compile(r"\s*(?:#|//|/\*|\*|--|<!--|;|\{#)")
_LARGEST = 1024 * 1024  # characters of Python that are parsed for its statements
_MOST_PARENTS = 50


def keys(path: str, lines: Sequence[str], words: Iterable[Word]) -> list[tuple[Word, str]]:
    """Each word with what identifies it: its line and the code that it is about, white space folded."""
    given = list(words)
    if not given:
        return []
    extents = _statements(lines) if path.endswith(".py") else {}
    nested = path.endswith((".yml", ".yaml"))
    return [(word, _key(lines, word, extents, nested=nested)) for word in given]


def _key(lines: Sequence[str], word: Word, extents: dict[int, tuple[int, int]], *, nested: bool) -> str:
    first, last = _governed(lines, word.line - 1)
    for line in (first, last):
        start, end = extents.get(line + 1, (line + 1, line + 1))
        first, last = min(first, start - 1), max(last, end - 1)
    parents = _parents(lines, last if _COMMENT.match(lines[word.line - 1]) else word.line - 1) if nested else []
    text = "\n".join(" ".join(line.split()) for line in (*parents, *lines[first : last + 1]))
    return f"{word.kind}\0{text}"


def _governed(lines: Sequence[str], at: int) -> tuple[int, int]:
    """First and last line (from 0) of what a comment on a line is about."""
    first = last = at
    while last + 1 < len(lines) and (_COMMENT.match(lines[last]) or not lines[last].strip()):
        last += 1
    while first > 0 and lines[first - 1].rstrip().endswith("\\"):
        first -= 1
    while last + 1 < len(lines) and lines[last].rstrip().endswith("\\"):
        last += 1
    return first, last


def _parents(lines: Sequence[str], at: int) -> list[str]:
    """The lines above that enclose a line by their indentation, from the outside."""
    found: list[str] = []
    depth = _depth(lines[at])
    for line in reversed(lines[:at]):
        if line.strip() and not _COMMENT.match(line) and _depth(line) < depth:
            depth = _depth(line)
            found.append(line)
            if not depth or len(found) == _MOST_PARENTS:
                break
    return found[::-1]


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
