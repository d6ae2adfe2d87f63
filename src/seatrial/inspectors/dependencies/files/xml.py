"""XML of build tools, read by expat without document types, so no entity can be declared or fetched."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from xml.parsers import expat

DEPTH = 60
"""Levels of elements; build files have about ten."""


@dataclass
class Element:
    """An element: its name without a prefix, attributes, own text, children, and the line that it begins in."""

    name: str
    attributes: dict[str, str]
    line: int
    text: str = ""
    children: list[Element] = field(default_factory=list)

    def child(self, name: str) -> Element | None:
        """The first child of a name."""
        return next((c for c in self.children if c.name == name), None)

    def value(self, name: str) -> str:
        """The text of the first child of a name; empty if there is none."""
        child = self.child(name)
        return child.text.strip() if child else ""

    def at(self, *way: str) -> Iterator[Element]:
        """The elements that are found by names, from here downwards."""
        if not way:
            yield self
            return
        for child in self.children:
            if child.name == way[0]:
                yield from child.at(*way[1:])

    def every(self, *names: str) -> Iterator[Element]:
        """All elements of these names below, in order."""
        for child in self.children:
            if child.name in names:
                yield child
            yield from child.every(*names)


@lru_cache(maxsize=64)  # a parent is read once for all of its children
def read(text: str) -> Element:
    """
    The root of a document.

    Raises:
        ValueError: it is not XML, has a document type, or is nested more than `DEPTH` levels deep.
    """
    top = Element("", {}, 0)
    way = [top]
    pieces: list[list[str]] = [[]]
    parser = expat.ParserCreate()
    parser.buffer_text = True

    def start(name: str, attributes: dict[str, str]) -> None:
        if len(way) > DEPTH:
            raise ValueError(f"nested more than {DEPTH} levels deep")
        one = Element(name.rpartition(":")[2], attributes, parser.CurrentLineNumber)
        way[-1].children.append(one)
        way.append(one)
        pieces.append([])

    def end(_name: str) -> None:
        way.pop().text = "".join(pieces.pop())

    def refuse(*_: object) -> None:
        raise ValueError("it has a document type, which no build tool writes")

    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler = lambda data: pieces[-1].append(data)
    parser.StartDoctypeDeclHandler = refuse
    try:
        parser.Parse(_without_encoding(text), True)
    except expat.ExpatError as error:
        raise ValueError(f"invalid XML: {error}") from None
    return top.children[0]


def _without_encoding(text: str) -> str:
    """The text without its declaration: it is decoded already, and expat would decode it once more."""
    if not text.startswith("<?xml"):
        return text
    before, mark, after = text.partition("?>")
    return "\n" * before.count("\n") + after if mark else text
