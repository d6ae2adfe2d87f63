"""Values that remember the file, line and column they were written at, through interpolation and merges."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from seatrial.domain import Location
from seatrial.text.yaml_tree import (
    MERGE_KEY,
    Scalar,
    Sequence,
    YamlNode,
    merge_sources,
    merged,
    scalar_value,
)
from seatrial.text.yaml_tree import Mapping as MappingNode

from .interpolate import Variables, interpolate


@dataclass(frozen=True, slots=True)
class ComposeText:
    """A single value."""

    value: str | int | float | bool | None
    at: Location
    raw: str = ""
    """As written, before variables were filled in."""
    tag: str = ""
    plain: bool = field(default=False, compare=False)
    """Whether it has no quotes there."""

    @property
    def text(self) -> str:
        """The value as Compose would pass it on; empty for null."""
        if isinstance(self.value, bool):
            return str(self.value).lower()
        return "" if self.value is None else str(self.value)

    @property
    def known(self) -> bool:
        """Whether no variable without a value is left in it."""
        return "${" not in self.text


@dataclass(frozen=True, slots=True)
class List:
    """Several values."""

    items: tuple[Value, ...]
    at: Location
    tag: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """A value under its key."""

    key_at: Location
    value: Value


@dataclass(frozen=True, slots=True)
class Lost:
    """A mapping of which an own key of the same name left nothing."""

    name: str
    at: Location
    """The own key."""
    names: tuple[str, ...]
    """What is gone, by name."""


@dataclass(frozen=True, slots=True)
class Map:
    """Values under names, in the order of the file."""

    entries: Mapping[str, Entry]
    at: Location
    tag: str = ""
    short: bool = field(default=False, compare=False)
    """Whether the author wrote a list or a single text instead of this mapping."""
    listed: bool = field(default=False, compare=False)
    """Whether Compose keeps it as a list: then `!reset` of a single name in it does nothing."""
    repeated: tuple[tuple[str, Location], ...] = field(default=(), compare=False)
    """Names that the list had before, with another value."""
    lost: tuple[Lost, ...] = field(default=(), compare=False)
    """What a merge key (`<<`) brought and an own key replaced as a whole."""
    kept: tuple[tuple[str, Location], ...] = field(default=(), compare=False)
    """Keys that a later file or a service left empty, which takes nothing away, and where it did."""

    def __iter__(self) -> Iterator[tuple[str, Entry]]:
        """Names and entries."""
        return iter(self.entries.items())

    def get(self, *path: str) -> Value | None:
        """The value at a path of keys; None if there is none, or if something on the way is not a mapping."""
        value: Value | None = self
        for name in path:
            if not isinstance(value, Map) or name not in value.entries:
                return None
            value = value.entries[name].value
        return value

    def text(self, *path: str) -> str | None:
        """The text at a path; None if there is none or it is null."""
        value = self.get(*path)
        return value.text if isinstance(value, ComposeText) and value.value is not None else None

    def key(self, name: str) -> Location:
        """Where a key is; the mapping itself if it is not there."""
        return self.entries[name].key_at if name in self.entries else self.at


Value = ComposeText | List | Map


def every_text(value: Value) -> Iterator[ComposeText]:
    """Every single value in a value, in the order of the file."""
    if isinstance(value, ComposeText):
        yield value
    for inner in value.items if isinstance(value, List) else ():
        yield from every_text(inner)
    for _, entry in value if isinstance(value, Map) else ():
        yield from every_text(entry.value)


def from_node(node: YamlNode, path: str, variables: Variables) -> Value:
    """A YAML node as a value, with variables filled in. Depth is bounded by the reader's limit."""
    at = Location(path, node.line, node.column, node.end_line, node.end_column)
    if isinstance(node, Scalar):
        raw = node.value
        if "$" not in raw:
            return ComposeText(scalar_value(node), at, raw, node.tag, node.plain)
        return ComposeText(interpolate(raw, variables), at, raw, node.tag, node.plain)
    if isinstance(node, Sequence):
        return List(tuple(from_node(item, path, variables) for item in node.items), at, node.tag)
    entries = {
        key.value: Entry(_key(key, path), from_node(value, path, variables)) for key, value in merged(_mapping(node))
    }
    return Map(entries, at, node.tag, lost=tuple(_lost(node, path)))


_JOINED = frozenset(
    {"environment", "labels", "annotations", "deploy", "sysctls", "extra_hosts", "ulimits"}
    | {"logging", "healthcheck", "build", "args"}
)
"""Keys whose mapping in a service an author means to add to what is merged in."""
_WHOLE = {"logging": "driver", "healthcheck": "test", "build": "context"}
"""Keys with which such a mapping is complete."""


def _lost(node: MappingNode, path: str) -> Iterator[Lost]:
    """YAML's merge key is shallow: what the own key holds replaces the other mapping, and joins nothing."""
    if not any(key.value == MERGE_KEY for key, _ in node.entries):
        return
    for key, value in node.entries:
        own = _names(value)
        if key.value not in _JOINED or own is None or _WHOLE.get(key.value) in own or "disable" in own:
            continue
        for source in merge_sources(node):
            other = source.get(key.value)
            gone = [name for name in (_names(other) if other else None) or () if name not in own]
            if gone and value.tag != "!override":
                yield Lost(key.value, _key(key, path), tuple(gone))
                break


def _names(node: YamlNode) -> list[str] | None:
    """The names of a mapping, however it is written; None: it is none."""
    if isinstance(node, Sequence):
        return [item.value.partition("=")[0] for item in node.items if isinstance(item, Scalar)]
    return [key.value for key, _ in merged(node)] if isinstance(node, MappingNode) else None


def _mapping(node: MappingNode) -> MappingNode:
    return node


def _key(key: Scalar, path: str) -> Location:
    return Location(path, key.line, key.column, key.end_line, key.end_column)
