"""JSON without loading it: positions are kept, comments are allowed, truncated files are read to the end."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from seatrial.inspectors.secrets.files.base import TextSpan

MAX_DEPTH = 200
_TOKEN = re.compile(r'"((?:[^"\\\n]|\\.)*+)"?|([{}\[\],:])|//[^\n]*+|([^\s{}\[\],:"/]++)|/')


@dataclass(slots=True)
class Object:
    """A JSON object with its own scalar members; items of arrays are named `key[0]`, `key[1]`."""

    path: tuple[str, ...]
    """The keys that lead here; array items add their index: `auths`, `hosts`, `0`."""
    members: dict[str, TextSpan] = field(default_factory=dict, repr=False)

    def text(self, *names: str) -> str:
        """The first of these members that exists, as text; else empty."""
        return next((self.members[name].value for name in names if name in self.members), "")


@dataclass(slots=True)
class _Frame:
    object: Object
    array: bool
    key: str = ""
    index: int = 0
    value_next: bool = False

    def name(self) -> str:
        """What the next value is called here."""
        return str(self.index) if self.array else self.key


_NOTHING = _Frame(Object(()), array=True)


def objects(text: str) -> Iterator[Object]:
    """Every object with at least one scalar member, innermost first; those still open at the end come last."""
    stack: list[_Frame] = []
    for match in _TOKEN.finditer(text):
        mark = match[2]
        if mark is None:
            if stack and match.lastindex:
                _scalar(stack, match)
        elif mark in "{[":
            if len(stack) >= MAX_DEPTH:
                break
            stack.append(_opened(stack, mark == "["))
        elif mark in "}]":
            done = stack.pop() if stack else _NOTHING
            if not done.array and done.object.members:
                yield done.object
        elif stack:
            _punctuation(stack[-1], mark)
    yield from (frame.object for frame in reversed(stack) if not frame.array and frame.object.members)


def _opened(stack: list[_Frame], array: bool) -> _Frame:
    path = (*stack[-1].object.path, stack[-1].name()) if stack else ()
    return _Frame(Object(path), array)


def _punctuation(frame: _Frame, mark: str) -> None:
    if mark == ":":
        frame.value_next = True
    else:
        frame.index += 1
        frame.value_next = False


def _scalar(stack: list[_Frame], match: re.Match[str]) -> None:
    """A string or a bare word: a key, a value, or an item of an array."""
    frame, group = stack[-1], match.lastindex or 0
    if frame.array:
        if len(stack) > 1 and not stack[-2].array:
            stack[-2].object.members[f"{stack[-2].key}[{frame.index}]"] = TextSpan(match[group], *match.span(group))
    elif frame.value_next:
        frame.object.members[frame.key] = TextSpan(match[group], *match.span(group))
        frame.value_next = False
    else:
        frame.key = match[group][:200]
