"""XML without loading it: positions are kept, no entity is expanded, and a broken file is read as far as it goes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from seatrial.inspectors.secrets.files.base import TextSpan

MAX_DEPTH = 200
MAX_TAG = 20_000
_ATTRIBUTE = re.compile(r"""([\w:.\-]{1,100}+)\s{0,20}=\s{0,20}(?:"([^"]*+)"|'([^']*+)')""")
_NAME = re.compile(r"[\w:.\-]{1,100}")


@dataclass(slots=True)
class ElementEnd:
    """An element that ended: where it is, its attributes, and its text if it has no children."""

    path: tuple[str, ...]
    """Lower-case names without namespace prefixes, outermost first, its own last."""
    attributes: dict[str, TextSpan] = field(default_factory=dict, repr=False)
    """By lower-case name without prefix."""
    text: TextSpan | None = field(default=None, repr=False)
    children: dict[str, str] = field(default_factory=dict, repr=False)
    """The texts of its children that ended before, by name."""

    @property
    def name(self) -> str:
        """Its own name."""
        return self.path[-1]

    @property
    def parent(self) -> str:
        """The name of the element around it, or empty."""
        return self.path[-2] if len(self.path) > 1 else ""

    def attribute(self, *names: str) -> str:
        """The first of these attributes that exists, as text; else empty."""
        return next((self.attributes[name].value for name in names if name in self.attributes), "")


@dataclass(slots=True)
class XmlElement:
    """An element together with the one around it, whose earlier children give context (`<user>` before `<pass>`)."""

    element: ElementEnd
    around: ElementEnd | None


def nodes(text: str) -> Iterator[XmlElement]:
    """Every element, when it ends."""
    stack: list[ElementEnd] = []
    content = 0
    position = text.find("<")
    while position >= 0:
        end = _end(text, position)
        if end < 0:
            break
        if text.startswith("</", position):
            yield from _closed(stack, text, content, position)
        elif match := _NAME.match(text, position + 1):
            yield from _opened(stack, text, match, end)
        if not text.startswith("<![CDATA[", position):
            content = end
        position = text.find("<", end)


def _end(text: str, position: int) -> int:
    """The offset behind the mark-up that starts here, or -1."""
    for opening, closing in (("<!--", "-->"), ("<![CDATA[", "]]>"), ("<?", "?>")):
        if text.startswith(opening, position):
            found = text.find(closing, position + len(opening))
            return found + len(closing) if found >= 0 else -1
    end = text.find(">", position)
    for _ in range(3):  # a `>` inside a quoted attribute is legal, though rare
        if end < 0 or text.count('"', position, min(end, position + MAX_TAG)) % 2 == 0:
            break
        further = text.find(">", end + 1, position + MAX_TAG)
        end = further if further >= 0 else end
    return end + 1 if end >= 0 else -1


def _opened(stack: list[ElementEnd], text: str, name: re.Match[str], end: int) -> Iterator[XmlElement]:
    if len(stack) >= MAX_DEPTH:
        return
    path = (*(stack[-1].path if stack else ()), _local(name[0]))
    element = ElementEnd(path)
    if end - name.start() <= MAX_TAG:
        for match in _ATTRIBUTE.finditer(text, name.end(), end):
            group = 2 if match[2] is not None else 3
            element.attributes[_local(match[1])] = TextSpan(match[group], *match.span(group))
    if text[end - 2] == "/":
        yield XmlElement(element, stack[-1] if stack else None)
    else:
        stack.append(element)


def _closed(stack: list[ElementEnd], text: str, content: int, position: int) -> Iterator[XmlElement]:
    """The innermost open element ends; one with a wrong name ends it all the same, so that nothing piles up."""
    if not stack:
        return
    element = stack.pop()
    around = stack[-1] if stack else None
    if not element.children:
        span = TextSpan(text[content:position], content, position)
        if span.value.lstrip().startswith("<![CDATA["):
            span = span.stripped().part(9, len(span.stripped().value) - 3)
        element.text = span.stripped()
    if around is not None:
        around.children[element.name] = element.text.value[:200] if element.text else ""
    yield XmlElement(element, around)


def _local(name: str) -> str:
    return name.rsplit(":", 1)[-1].lower()
