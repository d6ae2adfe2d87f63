"""
YAML with positions and limits.

The tree is built from libyaml's events with a stack of our own: PyYAML's composer recurses, and a hostile file of
10,000 levels or of nested aliases would take the process down. An alias is the node that it names, so a tree can
share nodes; what it would be written out is counted and limited.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml

from .lines import line_at, split

SIZE_LIMIT = 10 * 1024 * 1024
"""Characters of one text."""
DEPTH_LIMIT = 100
"""Levels of one text, aliases written out: what bounds every recursion over a tree."""
NODE_LIMIT = 200_000
"""Nodes of one text, aliases written out."""
KEY_LIMIT = 1024
"""Characters of a key; what YAML allows where the key is not marked with `?`."""
MERGE_KEY = "<<"


class YamlError(Exception):
    """A text is not YAML, or more of it than we read. One sentence, a place, and what was expected there."""

    def __init__(self, message: str, line: int, column: int, expected: str = "") -> None:
        self.message, self.line, self.column, self.expected = message, line, column, expected
        super().__init__(f"{line}:{column}: {message}")


@dataclass(frozen=True, slots=True)
class _Placed:
    """The place of a node; lines and columns count from 1."""

    line: int
    column: int
    end_line: int
    end_column: int
    tag: str = ""
    """As written, for instance `!reset`; empty if none is."""


@dataclass(frozen=True, slots=True)
class Scalar(_Placed):
    """A single value."""

    value: str = ""
    plain: bool = True
    """Not quoted and no block text: then YAML gives it a type."""


@dataclass(frozen=True, slots=True)
class Sequence(_Placed):
    """A list."""

    items: tuple[YamlNode, ...] = ()


@dataclass(frozen=True, slots=True)
class Mapping(_Placed):
    """A mapping in the order of the file. Merge keys (`<<`) are entries; `merged` resolves them."""

    entries: tuple[tuple[Scalar, YamlNode], ...] = ()
    duplicates: tuple[Scalar, ...] = ()
    """Keys that the same mapping had before; the last one wins."""

    def get(self, key: str) -> YamlNode | None:
        """The value of a key, the last one if it is there twice; None if it is not there. Merge keys count."""
        return next((v for k, v in reversed(merged(self)) if k.value == key), None)

    def key(self, name: str) -> Scalar | None:
        """The key itself, for its position."""
        return next((k for k, _ in reversed(merged(self)) if k.value == name), None)


YamlNode = Scalar | Sequence | Mapping


@dataclass(slots=True)
class _Open:
    """A collection whose end has not been read yet."""

    event: yaml.CollectionStartEvent
    children: list[YamlNode] = field(default_factory=list)
    size: int = 1
    """Nodes, aliases written out."""
    height: int = 1
    """Levels, aliases written out."""


def load_all(text: str) -> tuple[YamlNode, ...]:
    """
    Every document of a text; empty ones are left out.

    Raises:
        YamlError: it is not YAML, or larger or deeper than the limits.
    """
    if len(text) > SIZE_LIMIT:
        raise YamlError(f"the text is larger than {SIZE_LIMIT:,} characters", 1, 1)
    places = _Places(text)
    builder = _Builder(places)
    try:
        for event in yaml.parse(_printable(text), Loader=_LOADER):
            builder.take(event)
    except yaml.MarkedYAMLError as error:
        raise _translated(error, text, places) from None
    except yaml.YAMLError as error:
        raise YamlError(split(str(error))[0], 1, 1) from None
    return tuple(builder.documents)


_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_UNPRINTABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def _printable(text: str) -> str:
    """
    The text, once it is known to hold only what YAML allows.

    Raises:
        YamlError: at the first control character.
    """
    found = _UNPRINTABLE.search(text)
    if found is None:
        return text
    at = found.start()
    column = at - max(text.rfind("\n", 0, at), text.rfind("\r", 0, at))
    raise YamlError(
        f"control character U+{ord(found[0]):04X}", line_at(text, at), column, "YAML allows only printable text"
    )


_LINE_END = re.compile("\r\n|[\n\r\x85\u2028\u2029]")
"""Where YAML 1.1 ends lines, and with it libyaml. Editors, git and `lines` end them at CR and LF only."""
_ONLY_OF_YAML = re.compile("[\x85\u2028\u2029]")


class _Places:
    """Lines and columns as `lines` counts them, for marks of libyaml or PyYAML."""

    def __init__(self, text: str) -> None:
        self._starts: list[tuple[int, int]] = []
        """For each of libyaml's lines the line that it is in, and the column that it begins at; empty: the same."""
        if _ONLY_OF_YAML.search(text):
            line, start = 1, 0
            self._starts.append((1, 1))
            for end in _LINE_END.finditer(text):
                if not _ONLY_OF_YAML.match(end[0]):
                    line, start = line + 1, end.end()
                self._starts.append((line, end.end() - start + 1))

    def at(self, mark: Any) -> tuple[int, int]:
        """Line and column, from 1; marks count from 0."""
        if not mark:
            return 1, 1
        if not self._starts:
            return mark.line + 1, mark.column + 1
        line, column = self._starts[min(mark.line, len(self._starts) - 1)]
        return line, column + mark.column

    def start(self, event: yaml.Event) -> tuple[int, int]:
        """Of the first character."""
        return self.at(event.start_mark)

    def span(self, event: yaml.Event) -> tuple[int, int, int, int]:
        """Of the first character, and of the one after the last."""
        return (*self.at(event.start_mark), *self.at(event.end_mark))


class _Builder:
    """Turns events into nodes, without recursion."""

    def __init__(self, places: _Places) -> None:
        self.documents: list[YamlNode] = []
        self._places = places
        self._open: list[_Open] = []
        self._anchors: dict[str, tuple[YamlNode, int, int]] = {}
        self._nodes = 0

    def take(self, event: yaml.Event) -> None:
        """Grow the tree by one event."""
        match event:
            case yaml.ScalarEvent():
                plain = event.style in (None, "")
                self._add(Scalar(*self._places.span(event), event.tag or "", event.value, plain), event)
            case yaml.CollectionStartEvent():
                self._limit_depth(1, event)
                self._open.append(_Open(event))
            case yaml.CollectionEndEvent():
                done = self._open.pop()
                self._add(_collection(done, event, self._places), done.event, done.size, done.height)
            case yaml.AliasEvent():
                self._alias(event)
            case yaml.DocumentStartEvent():
                self._anchors = {}

    def _alias(self, event: yaml.AliasEvent) -> None:
        if event.anchor not in self._anchors:
            at = self._places.start(event)
            raise YamlError(f"the alias *{event.anchor} has no anchor", *at, f"&{event.anchor} before it")
        node, size, height = self._anchors[event.anchor]
        self._limit_depth(height, event)
        self._add(node, event, size, height)

    def _limit_depth(self, more: int, event: yaml.Event) -> None:
        if len(self._open) + more > DEPTH_LIMIT:
            raise YamlError(f"nested deeper than {DEPTH_LIMIT} levels", *self._places.start(event))

    def _add(self, node: YamlNode, event: yaml.NodeEvent, size: int = 1, height: int = 0) -> None:
        self._nodes += 1
        own = size
        if self._open:
            parent = self._open[-1]
            parent.children.append(node)
            parent.size += size
            parent.height = max(parent.height, height + 1)
            size = max(size, parent.size)
        elif not _is_empty(node):
            self.documents.append(node)
        if event.anchor and not isinstance(event, yaml.AliasEvent):
            self._anchors[event.anchor] = (node, own, height)
        if max(size, self._nodes) > NODE_LIMIT:
            raise YamlError(f"more than {NODE_LIMIT:,} nodes, aliases written out", *self._places.start(event))


def _is_empty(node: YamlNode) -> bool:
    return isinstance(node, Scalar) and node.plain and node.value == ""


def _collection(done: _Open, end: yaml.Event, places: _Places) -> YamlNode:
    span = (*places.start(done.event), *places.at(end.end_mark), done.event.tag or "")
    if isinstance(done.event, yaml.SequenceStartEvent):
        return Sequence(*span, tuple(done.children))
    entries: list[tuple[Scalar, YamlNode]] = []
    seen: set[str] = set()
    duplicates: list[Scalar] = []
    for key, value in zip(done.children[::2], done.children[1::2], strict=True):
        if not isinstance(key, Scalar):
            raise YamlError("a key is a list or a mapping", key.line, key.column, "a text before the colon")
        if len(key.value) > KEY_LIMIT:
            raise YamlError(f"a key is longer than {KEY_LIMIT:,} characters", key.line, key.column)
        if key.value in seen and key.value != MERGE_KEY:
            duplicates.append(key)
        seen.add(key.value)
        entries.append((key, value))
    return Mapping(*span, tuple(entries), tuple(duplicates))


_TRANSLATIONS: tuple[tuple[str, str, str], ...] = (
    ("mapping values are not allowed",
     "there is a second colon, or the line above is not a key",
     "quotes around a text that holds a colon, or a new line"),
    ("could not find expected ':'",
     "this line is neither a key with its value nor part of the text above", "`key: value`"),
    ("did not find expected key",
     "this line does not belong to the mapping above", "`key: value`, in the column of its keys"),
    ("did not find expected '-' indicator",
     "this line does not belong to the list above", "`- item`, in the column of its items"),
    ("did not find expected ',' or ']'", "a list in brackets is not closed", "`,` or `]`"),
    ("did not find expected ',' or '}'", "a mapping in braces is not closed", "`,` or `}`"),
    ("found unexpected end of stream", "a quoted text is not closed", "the closing quote"),
    ("found unknown escape character",
     "a text in double quotes holds a backslash that escapes nothing", "`\\\\`, or single quotes"),
    ("cannot start any token", "this character cannot begin a value", "quotes around the text"),
    ("block sequence entries are not allowed",
     "a list begins behind a key on the same line", "`- item` on a line of its own"),
    ("did not find expected node content", "a value is missing", "a text, a list or a mapping"),
    ("did not find expected alphabetic or numeric",
     "an anchor or alias has no name", "`&name` or `*name`; quotes if a text is meant"),
    ("did not find expected comment or line break", "text follows the sign of a block text", "a new line"),
    ("did not find expected <document start>",
     "something follows the end of the document", "`---` before another document"),
    ("found undefined tag handle", "a tag's prefix is not declared", "`!name` or `!!name`"),
)  # fmt: skip
"""libyaml's words -> ours, and what would have been right."""


def _translated(error: yaml.MarkedYAMLError, text: str, places: _Places) -> YamlError:
    """libyaml's complaint in one sentence for people, at the place that has to be changed."""
    problem = " ".join((error.problem or "not YAML").split())
    line, column = places.at(error.problem_mark or error.context_mark)
    said, expected = next(((ours, right) for known, ours, right in _TRANSLATIONS if known in problem), (problem, ""))
    before, at = _around(text, line, column)
    if at == "\t" and not before.strip():
        return YamlError("a tab is used for indentation", line, column, "spaces")
    if "quoted text is not closed" in said and error.context_mark:
        return YamlError(said, *places.at(error.context_mark), expected)  # where the file ends does not help
    if "not closed" in said and error.context_mark:
        said += " (it opens at {}:{})".format(*places.at(error.context_mark))
    elif "does not belong" in said and before.strip(" -"):
        said, expected = "something follows the end of a value", "a new line, or quotes around the whole text"
    return YamlError(said, line, column, expected)


def _around(text: str, line: int, column: int) -> tuple[str, str]:
    """The text of a line before a column, and the character there."""
    lines = split(text)
    here = lines[line - 1] if line <= len(lines) else ""
    return here[: column - 1], here[column - 1 : column]


def merged(mapping: Mapping) -> list[tuple[Scalar, YamlNode]]:
    """
    The entries with merge keys resolved: own keys win over merged ones, earlier merged mappings over later ones.

    Iterative, and bounded by the limits of `load_all`.
    """
    own = [(k, v) for k, v in mapping.entries if k.value != MERGE_KEY or not k.plain]
    if len(own) == len(mapping.entries):
        return own
    names = {k.value for k, _ in own}
    inherited: list[tuple[Scalar, YamlNode]] = []
    for source in merge_sources(mapping):
        for key, value in source.entries:
            if key.value != MERGE_KEY and key.value not in names:
                names.add(key.value)
                inherited.append((key, value))
    return inherited + own


def merge_sources(mapping: Mapping) -> Iterator[Mapping]:
    """Every mapping that is merged in, nearest first, through merges of merges."""
    pending = [v for k, v in mapping.entries if k.value == MERGE_KEY and k.plain]
    budget = NODE_LIMIT
    while pending and budget:
        budget -= 1
        node = pending.pop(0)
        if isinstance(node, Sequence):
            pending[:0] = node.items
        elif isinstance(node, Mapping):
            yield node
            pending[:0] = [v for k, v in node.entries if k.value == MERGE_KEY and k.plain]


_INTEGER = re.compile(r"[-+]?(?:0|[1-9][0-9]*)$|0o?[0-7]+$|0x[0-9a-fA-F]+$")
_FLOAT = re.compile(
    r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$|[-+]?\.(?:inf|Inf|INF)$|\.(?:nan|NaN|NAN)$"
)
_CONSTANTS: dict[str, object] = dict.fromkeys(("null", "Null", "NULL", "~", ""))
_CONSTANTS |= dict.fromkeys(("true", "True", "TRUE"), True) | dict.fromkeys(("false", "False", "FALSE"), False)

PlainValue = dict[str, "PlainValue"] | list["PlainValue"] | str | int | float | bool | None


def scalar_value(node: Scalar) -> str | int | float | bool | None:
    """
    The value by the core schema of YAML 1.2: `on`, `yes` and `22:22` are texts.

    `0440` is octal, as for the reader that Compose uses: file modes are written so.
    """
    if not node.plain or node.tag == "tag:yaml.org,2002:str":
        return node.value
    text = node.value
    if text in _CONSTANTS:
        return _CONSTANTS[text]  # type: ignore[return-value]
    if _INTEGER.match(text):
        if text[0] == "0" and len(text) > 1:
            return int(text, 16) if text[1] == "x" else int(text.replace("o", ""), 8)
        return _bounded_int(text)
    if _FLOAT.match(text):
        return float(re.sub(r"\.(?=[iInN])", "", text))  # Python writes inf and nan without the dot
    return text


def _bounded_int(text: str) -> int | str:
    """An integer, unless it is longer than any that a configuration means (Python refuses 4,300 digits)."""
    return int(text) if len(text) < 1000 else text


def to_python(node: YamlNode) -> PlainValue:
    """
    Plain values of a node: dicts with text keys, lists, scalars by YAML 1.2. Merge keys are resolved.

    Recursion is bounded by `DEPTH_LIMIT`; shared nodes are converted once.
    """
    return _convert(node, {})


def _convert(node: YamlNode, done: dict[int, PlainValue]) -> PlainValue:
    if isinstance(node, Scalar):
        return scalar_value(node)
    if id(node) not in done:
        if isinstance(node, Sequence):
            done[id(node)] = [_convert(item, done) for item in node.items]
        else:
            done[id(node)] = {k.value: _convert(v, done) for k, v in merged(node)}
    return done[id(node)]
