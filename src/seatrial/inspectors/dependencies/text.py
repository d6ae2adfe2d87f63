"""Places in files whose parsers give none, and documents of formats with a parser of their own."""

from __future__ import annotations

import bisect
import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any

from seatrial.domain import Location
from seatrial.text import lines
from seatrial.text.yaml_tree import Mapping as MappingNode
from seatrial.text.yaml_tree import Scalar, YamlError, YamlNode, load_all

MAX_LINE = 20_000
"""Characters of one line that is matched against a grammar."""
_BUDGET = 500_000_000
"""Characters that may be searched once more, for texts that are not in the order of the file."""
_KEY_PARTS = 200
_KEY = re.compile(r"""(?:^|[{,])[ \t]*(?P<key>["']?(?P<name>[\w.-]+)["']?)[ \t]*[=.]""", re.MULTILINE)


def lines_of(path: str, text: str, pattern: str) -> Iterator[Location]:
    """Where each line that matches begins, in order."""
    expression = re.compile(pattern)
    for number, line in enumerate(lines.split(text), 1):
        if len(line) <= MAX_LINE and expression.match(line):
            yield Location(path, number, 1)


class Lines:
    """Finds texts in a file, each search beginning behind the last: for files that are read in their order."""

    def __init__(self, path: str, text: str) -> None:
        self._path, self._text = path, text
        self._at, self._budget = 0, _BUDGET
        self._starts = [0, *(match.end() for match in re.finditer(r"\r\n|\r|\n", text))]

    def next(self, wanted: str) -> Location:
        """Where a text comes next; its first place if it does not come again, line 1 if it is not there."""
        if self._budget <= 0:
            return self.at(0)
        found = self._text.find(wanted, self._at)
        if found < 0:
            self._budget -= 2 * len(self._text)
            return self.at(max(self._text.find(wanted), 0))
        self._at = found
        return self.at(found)

    def key(self, name: str) -> Location:
        """Where the next key of TOML is, at the beginning of a line or in an inline table."""
        offsets = self._keys.get(name)
        if offsets is None:
            return self.next(name)
        later = bisect.bisect_left(offsets, self._at)
        found = offsets[later] if later < len(offsets) else offsets[0]
        self._at = max(self._at, found + 1)
        return self.at(found)

    @cached_property
    def _keys(self) -> dict[str, list[int]]:
        """The places of every key, in order; of a dotted key by its first part, too."""
        found: dict[str, list[int]] = {}
        for match in _KEY.finditer(self._text):
            for name in {match["name"], match["name"].partition(".")[0]}:
                found.setdefault(name, []).append(match.start("key"))
        return found

    def at(self, offset: int) -> Location:
        """The place of a character."""
        line = bisect.bisect_right(self._starts, offset)
        return Location(self._path, line, offset - self._starts[line - 1] + 1)


def toml(text: str) -> dict[str, Any]:
    """
    A TOML document.

    Raises:
        ValueError: it is none.
        RecursionError: it is nested too deeply.
    """
    if any(line.partition("=")[0].count(".") > _KEY_PARTS for line in lines.split(text)):
        raise ValueError(f"a key has more than {_KEY_PARTS} parts")  # the parser's time grows with their square
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ValueError(f"invalid TOML: {error}") from None


def json_object(text: str, *, comments: bool = False) -> dict[str, Any]:
    """
    A JSON object.

    Args:
        text: the file.
        comments: whether comments and commas before a closing bracket are allowed (JSONC).

    Raises:
        ValueError: it is none.
        RecursionError: it is nested too deeply.
    """
    try:
        document = json.loads(_JSONC.sub(_kept, text) if comments else text)
    except json.JSONDecodeError as error:
        raise ValueError(f"invalid JSON: {error.msg}, line {error.lineno}") from None
    if not isinstance(document, dict):
        raise ValueError("not a JSON object")  # noqa: TRY004 - what is wrong is the value of the file
    return document


_JSONC = re.compile(
    r'(?P<text>"(?:[^"\\\n]|\\.)*+"?)|//[^\n]*|/\*(?:[^*]|\*(?!/))*+(?:\*/|\Z)'
    r"|,(?=(?:\s|//[^\n]*+|/\*(?:[^*]|\*(?!/))*+(?:\*/|\Z))*+[\]}])"
)


def _kept(match: re.Match[str]) -> str:
    return match["text"] or re.sub(r"[^\n]", " ", match[0])


def yaml_documents(text: str) -> tuple[YamlNode, ...]:
    """
    The documents of a YAML text.

    Raises:
        ValueError: it is not YAML, or larger or deeper than the limits.
    """
    try:
        return load_all(text)
    except YamlError as error:
        raise ValueError(f"invalid YAML: {error.message}") from None


def children(node: YamlNode | None, key: str) -> tuple[tuple[Scalar, YamlNode], ...]:
    """The entries of a mapping below a key; none if there is no such mapping."""
    child = node.get(key) if isinstance(node, MappingNode) else None
    return child.entries if isinstance(child, MappingNode) else ()


def scalar(node: YamlNode | None, key: str) -> str:
    """The text below a key; empty if there is none."""
    child = node.get(key) if isinstance(node, MappingNode) else None
    return child.value if isinstance(child, Scalar) else ""


def table(document: object, *way: str) -> dict[str, Any]:
    """The table (object) that is found by keys; empty if there is none."""
    for key in way:
        document = document.get(key) if isinstance(document, Mapping) else None
    return dict(document) if isinstance(document, Mapping) else {}


def array(document: object, *way: str) -> list[Any]:
    """The array that is found by keys; empty if there is none."""
    *before, last = way
    found = table(document, *before).get(last)
    return list(found) if isinstance(found, list) else []
