"""Typed access to a YAML file that must be exactly right. Positions are kept, so that every error names its line."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterator
from dataclasses import dataclass

import yaml

from seatrial.text.numerals import whole

from .model import CatalogueError

_DEEPEST = 20  # levels; the file needs six


@dataclass(frozen=True, slots=True)
class FileLine:
    """A file and a line in it, for messages."""

    file: str
    line: int

    def error(self, text: str) -> CatalogueError:
        """The error that something is wrong here."""
        return CatalogueError(f"{self.file}:{self.line}: {text}")


def document(data: bytes, where: str) -> Fields:
    """
    The mapping that a file holds.

    Raises:
        CatalogueError: it is not YAML, or no mapping.
    """
    try:
        _limit_depth(data, where)
        node = yaml.compose(data, Loader=yaml.CSafeLoader)
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise CatalogueError(f"{where}: not YAML: {' '.join(str(error).split())}") from error
    if node is None:
        raise CatalogueError(f"{where}: empty")
    return Fields(node, where)


def _limit_depth(data: bytes, where: str) -> None:
    """The composer is native and recursive: it would end the process."""
    depth = 0
    for event in yaml.parse(data, Loader=yaml.CSafeLoader):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > _DEEPEST:
            line = event.start_mark.line + 1 if event.start_mark else 1
            raise FileLine(where, line).error(f"nested deeper than {_DEEPEST} levels")


class Fields:
    """
    One mapping of the file. Take out what it should hold, then call `finish`: what is left is a mistake.

    Raises:
        CatalogueError: in the constructor and in every method, if the file does not fit.
    """

    def __init__(self, node: yaml.Node, file: str) -> None:
        self.place = FileLine(file, node.start_mark.line + 1)
        if not isinstance(node, yaml.MappingNode):
            raise self.place.error(f"a mapping was expected, not {_kind(node)}")
        self._nodes: dict[str, yaml.Node] = {}
        self._known: set[str] = set()
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise FileLine(file, key.start_mark.line + 1).error("a key is a list or a mapping")
            if key.value in self._nodes:
                raise FileLine(file, key.start_mark.line + 1).error(f"{key.value!r} is there twice")
            self._nodes[key.value] = value

    def __contains__(self, key: str) -> bool:
        """Whether the mapping has the key."""
        return key in self._nodes

    def error(self, key: str, text: str) -> CatalogueError:
        """The error that the value of a key is wrong."""
        return self._place(key).error(f"{key}: {text}")

    def finish(self) -> None:
        """Refuse unknown keys."""
        for key in self._nodes:
            if key not in self._known:
                near = difflib.get_close_matches(key, self._known, n=1)
                raise self._place(key).error(f"unknown key {key!r}" + (f"; did you mean {near[0]!r}?" if near else ""))

    def text(self, key: str) -> str:
        """A text that is not empty."""
        text = self._scalar(key, "str", "a text")
        if not text.strip():
            raise self.error(key, "is empty")
        return text

    def integer(self, key: str, *, least: int, most: int | None = None, default: int | None = None) -> int:
        """A whole number in a range."""
        if default is not None and key not in self:
            self._known.add(key)
            return default
        text = self._scalar(key, "int", "a whole number")
        number = whole(text)
        if number is None or number < least or (most is not None and number > most):
            span = f"at least {least}" if most is None else f"from {least} to {most}"
            raise self.error(key, f"a whole number {span} was expected, not {text}")
        return number

    def flag(self, key: str) -> bool:
        """`true` or `false`; `false` if the key is not there."""
        if key not in self:
            self._known.add(key)
            return False
        text = self._scalar(key, "bool", "true or false")
        if text not in ("true", "false"):
            raise self.error(key, f"true or false was expected, not {text}")
        return text == "true"

    def choice(self, key: str, choices: Collection[str], *, default: str | None = None) -> str:
        """One of some words."""
        if default is not None and key not in self:
            self._known.add(key)
            return default
        text = self.text(key)
        if text not in choices:
            raise self.error(key, f"{text!r} is none of {', '.join(choices)}")
        return text

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts; empty if the key is not there."""
        nodes = self._sequence(key, optional=True)
        if any(_tag(node) != "str" for node in nodes):
            raise self.error(key, "a list of texts was expected")
        return tuple(str(node.value) for node in nodes)

    def mapping(self, key: str) -> Fields:
        """A mapping inside this one."""
        return Fields(self._take(key), self.place.file)

    def mappings(self, key: str, *, optional: bool = False) -> Iterator[Fields]:
        """A list of mappings."""
        return (Fields(node, self.place.file) for node in self._sequence(key, optional=optional))

    def _sequence(self, key: str, *, optional: bool) -> list[yaml.Node]:
        if optional and key not in self:
            self._known.add(key)
            return []
        node = self._take(key)
        if not isinstance(node, yaml.SequenceNode):
            raise self.error(key, f"a list was expected, not {_kind(node)}")
        return list(node.value)

    def _scalar(self, key: str, tag: str, expected: str) -> str:
        node = self._take(key)
        if _tag(node) != tag:
            raise self.error(key, f"{expected} was expected")
        return str(node.value)

    def _take(self, key: str) -> yaml.Node:
        self._known.add(key)
        if key not in self:
            raise self.place.error(f"{key!r} is missing")
        return self._nodes[key]

    def _place(self, key: str) -> FileLine:
        node = self._nodes.get(key)
        return FileLine(self.place.file, node.start_mark.line + 1) if node is not None else self.place


def _kind(node: yaml.Node) -> str:
    kinds = {yaml.MappingNode: "a mapping", yaml.SequenceNode: "a list", yaml.ScalarNode: "a single value"}
    return kinds[type(node)]


def _tag(node: yaml.Node) -> str:
    return str(node.tag).rpartition(":")[2]
