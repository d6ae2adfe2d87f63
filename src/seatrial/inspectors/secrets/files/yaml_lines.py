"""YAML line by line, without loading it: positions are kept, templates and broken files are read as far as they go."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from seatrial.inspectors.secrets.files.base import MAX_VALUE, TextSpan
from seatrial.inspectors.secrets.files.key_value import value_at

MAX_DEPTH = 100
MAX_KEY = 201
"""Characters; a longer text before a colon is a sentence."""

_LINE = re.compile(r"[^\r\n]+")
_INDENTED = re.compile(r"(?=[^\r\n])([ \t]*+)(#?)[^\r\n]*+")
_ITEM = re.compile(r"(?:-[ \t]+|-$)")
_KEY = re.compile(
    r"(?:\"([^\"\n]{1,200})\"|'([^'\n]{1,200})'|([^\s#\-'\"{}\[\],&*!|>%@`][^\n:#]*+(?::(?=\S)[^\n:#]*+)*+"
    r"|-?[\w.]{1,100}))[ \t]*:(?:[ \t]+|$)"
)
_BLOCK = re.compile(r"[|>][+\-0-9]{0,3}[ \t]*(?:#.*)?$")
_SEALED = re.compile(r"![\w/.:\-]{0,40}(?:encrypt|vault|sealed|cipher|sops)", re.IGNORECASE)
"""The tag of a value that another key opens: Ansible's `!vault`, Zuul's `!encrypted/pkcs1-oaep`."""
_PROPERTY = re.compile(r"(?:&[\w\-]+|!!(?:str|binary))[ \t]+")
_FLOW = re.compile(
    r"[{,\[]\s*(?:\"([^\"\n]{1,100})\"|'([^'\n]{1,100})'|([\w.\-]{1,100}))\s*:\s+"
    r"(?:\"((?:[^\"\\\n]|\\.)*+)\"|'([^'\n]*+)'|([^\s,{}\[\]\"'][^,{}\[\]\n]*+))"
)


def _is_no_key(text: str) -> bool:
    """Whether what comes before a colon is prose of a block text, or too long for a key."""
    return len(text) > MAX_KEY or "``" in text or text.count(" ") > _MOST_SPACES


_MOST_SPACES = 5
"""In a key without quotes."""


class ScalarNode(NamedTuple):
    """A scalar value with the keys that lead to it. Does not print its value."""

    path: tuple[str, ...]
    span: TextSpan
    sibling: str
    """The text of the scalar before it in the same mapping (`name: X` before `value: Y`)."""
    sibling_key: str

    @property
    def key(self) -> str:
        """The last key."""
        return self.path[-1] if self.path else ""

    @property
    def parent(self) -> str:
        """The key before the last, or empty."""
        return self.path[-2] if len(self.path) > 1 else ""

    def __repr__(self) -> str:
        """The place only."""
        return f"Node({self.path!r}, {self.span!r})"


@dataclass(slots=True)
class _Level:
    indent: int
    path: tuple[str, ...]
    """The keys that lead here, its own the last."""
    last: tuple[str, str] = field(default=("", ""), repr=False)


@dataclass(slots=True)
class _LineReader:
    """Walks the lines; the stack holds the mappings that are open."""

    text: str
    stack: list[_Level] = field(default_factory=list)
    skip_to: int = 0

    def read(self) -> Iterator[ScalarNode]:
        for match in _INDENTED.finditer(self.text):
            start, position = match.span(1)
            if start >= self.skip_to and position < match.end() and not match[2]:
                yield from self._line(start, position, match.end())

    def _line(self, start: int, position: int, end: int) -> Iterable[ScalarNode]:
        if position == start and self.text.startswith(("---", "..."), position):
            self.stack.clear()
            return ()
        indent, item = position - start, False
        while self.text[position] == "-" and (dash := _ITEM.match(self.text, position, end)) and indent < 1000:
            item, position, indent = True, dash.end(), dash.end() - start
            if position == end:
                break
        key = _KEY.match(self.text, position, end)
        if key is None or (key[3] and _is_no_key(key[3].rstrip(" \t"))):
            return self._plain(position, end, indent, item=item)
        name = key[1] or key[2] or key[3] or ""
        last = self._unwound(indent, item=item)
        if len(self.stack) < MAX_DEPTH:
            self.stack.append(_Level(indent, (*self._path, name.strip()), last))
        return self._value(key.end(), end, indent, last)

    @property
    def _path(self) -> tuple[str, ...]:
        return self.stack[-1].path if self.stack else ()

    def _unwound(self, indent: int, *, item: bool) -> tuple[str, str]:
        """Closes what is not around this indent; gives the (key, text) before it in its own mapping."""
        last = ("", "")
        while self.stack and self.stack[-1].indent >= indent:
            level = self.stack.pop()
            last = level.last if level.indent == indent and not item else ("", "")
        return last

    def _plain(self, position: int, end: int, indent: int, *, item: bool) -> Iterable[ScalarNode]:
        """A line without a key: an item of a list, or a flow mapping."""
        while self.stack and self.stack[-1].indent >= indent:
            self.stack.pop()
        if self.text[position : position + 1] in ("{", "[", ","):
            return self._flow(self._path, position, end)
        return (ScalarNode(self._path, value_at(self.text, position, end), "", ""),) if item else ()

    def _value(self, position: int, end: int, indent: int, last: tuple[str, str]) -> Iterable[ScalarNode]:
        path = self._path
        while position < end and self.text[position] in "&!" and (match := _PROPERTY.match(self.text, position, end)):
            position = match.end()
        if _SEALED.match(self.text, position, end):
            self._block(end, indent)  # and what is below it
            return ()
        first = self.text[position : position + 1] if position < end else ""
        if not first or first in "!*#%":
            return ()
        if first in "|>" and _BLOCK.match(self.text, position, end):
            span = self._block(end, indent)
        elif first in "{[" and not self.text.startswith("{{", position):
            return self._flow(path, position, end)
        else:
            span = value_at(self.text, position, end, multiline=True)
            self.skip_to = max(self.skip_to, span.end)
        if not span.value:
            return ()
        self.stack[-1].last = (path[-1].lower(), span.value[:200])
        return (ScalarNode(path, span, last[1], last[0]),)

    def _block(self, position: int, indent: int) -> TextSpan:
        """The lines of a block scalar: those that are indented deeper, or empty."""
        begin = finish = -1
        for match in _LINE.finditer(self.text, position):
            line = match[0]
            if len(line) - len(line.lstrip(" \t")) <= indent or match.start() - position > MAX_VALUE:
                break
            begin, finish = (match.start() if begin < 0 else begin), match.end()
        self.skip_to = max(finish, 0)
        return (
            TextSpan(self.text[begin:finish], begin, finish).stripped()
            if begin >= 0
            else TextSpan("", position, position)
        )

    def _flow(self, path: tuple[str, ...], position: int, end: int) -> Iterator[ScalarNode]:
        sibling = ("", "")
        for match in _FLOW.finditer(self.text, position, end):
            group = match.lastindex or 6
            key = match[1] or match[2] or match[3] or ""
            span = TextSpan(match[group], *match.span(group)).stripped()
            yield ScalarNode((*path, key), span, sibling[1], sibling[0])
            sibling = (key.lower(), span.value[:200])


def nodes(text: str) -> Iterator[ScalarNode]:
    """Every scalar that has a key or is an item of a list, from the top."""
    yield from _LineReader(text).read()
