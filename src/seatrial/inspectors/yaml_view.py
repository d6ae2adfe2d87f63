"""
A YAML file as values with positions: what rules about pipelines, workflows, manifests and Prometheus ask.

Compose files have values of their own (`compose/values.py`): theirs come from variables and several files, so no node
of one file is behind them.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from seatrial.domain import Location
from seatrial.text.yaml_tree import Mapping as MappingNode
from seatrial.text.yaml_tree import Scalar, YamlNode, merged
from seatrial.text.yaml_tree import Sequence as SequenceNode

_FRAGMENT = 24
"""Characters by which a place of a text is found again in the file."""


@dataclass(frozen=True)
class YamlView:
    """A node with its file: what rules ask for keys, texts and places."""

    path: str
    node: YamlNode | None
    lines: Sequence[str] = field(default=(), repr=False, compare=False)
    """The lines of the file, for exact places within block texts; may be missing."""

    def _below(self, node: YamlNode | None) -> YamlView:
        return YamlView(self.path, node, self.lines)

    @cached_property
    def entries(self) -> Mapping[str, tuple[Scalar, YamlView]]:
        """By key: the key's node, and the value."""
        if not isinstance(self.node, MappingNode):
            return {}
        return {key.value: (key, self._below(value)) for key, value in merged(self.node)}

    def __bool__(self) -> bool:
        """Whether it is there, null included."""
        return self.node is not None

    def __getitem__(self, key: str) -> YamlView:
        """The value of a key; an empty view if it is not there."""
        return self.entries[key][1] if key in self.entries else self._below(None)

    def __contains__(self, key: str) -> bool:
        """Whether the key is there."""
        return key in self.entries

    @property
    def text(self) -> str:
        """A single value as written; empty if it is none."""
        return self.node.value if isinstance(self.node, Scalar) else ""

    @property
    def items(self) -> tuple[YamlView, ...]:
        """A list's items; a single value counts as a list of one."""
        if isinstance(self.node, SequenceNode):
            return tuple(self._below(item) for item in self.node.items)
        return (self,) if isinstance(self.node, Scalar) and self.node.value else ()

    @property
    def is_map(self) -> bool:
        """Whether it is a mapping."""
        return isinstance(self.node, MappingNode)

    @property
    def is_list(self) -> bool:
        """Whether it is a list."""
        return isinstance(self.node, SequenceNode)

    @property
    def is_null(self) -> bool:
        """Whether nothing is written there."""
        return isinstance(self.node, Scalar) and self.node.plain and self.node.value in ("", "~", "null")

    @property
    def at(self) -> Location:
        """Where it is."""
        if self.node is None:
            return Location(self.path, 1, 1)
        return Location(self.path, self.node.line, self.node.column)

    def key_at(self, key: str) -> Location:
        """Where a key is; the view itself if it is not there."""
        if key not in self.entries:
            return self.at
        node = self.entries[key][0]
        return Location(self.path, node.line, node.column)

    def place(self, offset: int) -> Location:
        """Where a character of the text is; of a block text, the line if the file's lines are not known."""
        if not isinstance(self.node, Scalar):
            return self.at
        if self.lines and (exact := self._written.place(offset)):
            return Location(self.path, *exact)
        before = self.node.value[:offset]
        block = not self.node.plain and self.node.end_line > self.node.line + self.node.value.count("\n") - 1
        if "\n" in self.node.value.rstrip("\n") or (block and self.node.end_line > self.node.line):
            return Location(self.path, self.node.line + 1 + before.count("\n"), 1)
        return Location(self.path, self.node.line, self.node.column + offset)

    @cached_property
    def _written(self) -> _Written:
        return _Written(self.node, self.lines) if isinstance(self.node, Scalar) else _Written(None, ())

    def texts(self) -> Iterator[YamlView]:
        """Every single value below, itself included."""
        if isinstance(self.node, Scalar):
            yield self
        elif isinstance(self.node, SequenceNode):
            for item in self.node.items:
                yield from self._below(item).texts()
        else:
            for _, value in self.entries.values():
                yield from value.texts()


class _Written:
    """
    Where the characters of a text are in its file.

    A fragment is looked for in the file as often as it comes before in the text. So folded lines and indentation do
    not matter. What is found is kept: a script may have thousands of places.
    """

    def __init__(self, node: Scalar | None, rows: Sequence[str]) -> None:
        self._value = node.value if node else ""
        self._first = node.line if node else 1
        region = list(rows[node.line - 1 : node.end_line]) if node else []
        if region and node:
            region[0] = " " * (node.column - 1) + region[0][node.column - 1 :]
        self._region = "\n".join(region)
        self._starts = [0]
        for row in region:
            self._starts.append(self._starts[-1] + len(row) + 1)
        self._known: dict[str, tuple[list[int], list[int]]] = {}

    def place(self, offset: int) -> tuple[int, int] | None:
        """Line and column in the file; None if the text is not written as it is read."""
        words = self._value[offset : offset + _FRAGMENT].split()
        if not words or self._value[offset].isspace():
            return None
        fragment = words[0]
        if fragment not in self._known:
            self._known[fragment] = (_all(self._value, fragment), _all(self._region, fragment))
        read, written = self._known[fragment]
        index = bisect_left(read, offset)
        if len(read) != len(written) or index >= len(read) or read[index] != offset:
            return None
        row = bisect_right(self._starts, written[index]) - 1
        return self._first + row, written[index] - self._starts[row] + 1


def _all(text: str, fragment: str) -> list[int]:
    """Every place of a fragment, also where it overlaps itself."""
    found = []
    at = text.find(fragment)
    while at >= 0:
        found.append(at)
        at = text.find(fragment, at + 1)
    return found
