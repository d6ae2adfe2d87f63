"""
Changes of a YAML file that keep its comments and layout, each with what the file must mean afterwards.

Source of the layout rules: https://yaml.org/spec/1.2.2/#chapter-8-block-style-productions
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import yaml

from seatrial.text.yaml_tree import (
    Mapping,
    PlainValue,
    Scalar,
    YamlError,
    YamlNode,
    load_all,
    scalar_value,
    to_python,
)
from seatrial.text.yaml_tree import Sequence as SequenceNode

from .edits import Edit, EditedText, applied

KeyPath = tuple[str | int, ...]
_INDENT = 2
_FLOW = re.compile(r"(?:[&!]\S+\s+)*\{")
_FLOW_LIST = re.compile(r"(?:[&!]\S+\s+)*\[")
_WIDE = 10_000
"""Columns; nothing that we write is folded."""


@dataclass(frozen=True, slots=True)
class YamlEdit:
    """An edit, and what it makes of the file's values."""

    edit: Edit
    path: KeyPath
    value: Any = None
    """The new value at the path."""
    removed: bool = False
    """Whether the path goes instead."""


class YamlFile:
    """
    One YAML file with one document whose root is a mapping.

    Raises:
        YamlError: it is not such a file.
    """

    def __init__(self, text: str) -> None:
        documents = load_all(text)
        if len(documents) != 1 or not isinstance(documents[0], Mapping):
            raise YamlError("not one document with a mapping", 1, 1)
        self.text = EditedText(text)
        self.root = documents[0]

    def node(self, *path: str | int) -> YamlNode | None:
        """
        The node at a path, as far as it is written there: what an alias or a merge key brings is None.

        A change of such a node would change other places too.
        """
        found: YamlNode | None = self.root
        for step in path:
            found = _own(found, step)
        return found

    def put(self, path: Sequence[str | int], value: Any, *, before: str = "") -> YamlEdit | None:
        """
        Give a path a value: a new key at the end of the innermost mapping that exists, or another single value.

        Args:
            path: keys, and numbers of list items.
            value: a plain value, list or mapping.
            before: the key of the innermost mapping that the new key goes in front of, if it is there.

        Returns:
            None where it cannot be done: an alias, a merge key, or a list is in the way.
        """
        node: YamlNode | None = self.root
        for depth, step in enumerate(path):
            below = _own(node, step)
            if below is None:
                if not isinstance(node, Mapping) or not isinstance(step, str) or _has(node, step):
                    return None
                nested = _nested(path[depth + 1 :], value)
                return None if nested is _IMPOSSIBLE else self._added(node, tuple(path[:depth]), step, nested, before)
            node = below
        if not isinstance(node, Scalar):
            return None
        return self._replaced(node, tuple(path), value)

    def remove(self, *path: str) -> YamlEdit | None:
        """Remove a key with its value, if both are on lines of their own."""
        mapping = self.node(*path[:-1])
        if not isinstance(mapping, Mapping) or self._is_flow(mapping) or len(mapping.entries) < 2:
            return None
        entry = next(((k, v) for k, v in mapping.entries if k.value == path[-1]), None)
        if entry is None or self.text.line(entry[0].line)[: entry[0].column - 1].strip():
            return None
        start = self.text.offset(entry[0].line, 1)
        end = self.text.offset(max(entry[0].end_line, self._last_line(entry[1])) + 1, 1)
        return YamlEdit(Edit(start, end, "", ".".join(path)), tuple(path), removed=True)

    def append(self, path: KeyPath, value: str) -> YamlEdit | None:
        """Add an item at the end of a list."""
        node = self.node(*path)
        if not isinstance(node, SequenceNode) or not node.items:
            return None
        claim = _claim((*path, len(node.items)))
        if self._in_brackets(node):
            inside = self.text.text[: self.text.offset(node.end_line, node.end_column) - 1].rstrip()
            comma = "" if inside.endswith(",") else ","
            edit = Edit(len(inside), len(inside), f"{comma} {_quoted(value)}", claim)
        else:
            line = " " * (node.column - 1) + f"- {scalar(value)}"
            edit = self.text.insertion_after(self._last_line(node), [line], claim)
        return YamlEdit(edit, (*path, len(node.items)), value)

    def listed(self, path: KeyPath, value: dict[str, Any]) -> YamlEdit | None:
        """Replace a list at a path by a mapping, in the list's own style; None where a comment would be lost."""
        node, key = self.node(*path), self._key(path)
        if not isinstance(node, SequenceNode) or key is None:
            return None
        start, end = self._offset(node), self._end(node)
        if self.text.text[start : start + 1] == "[":
            return YamlEdit(Edit(start, end, flow(value), _claim(path)), path, value)
        start = self.text.end_of_line(key.end_line)
        written = self.text.text[self._end(key) : end]
        if "#" in written or not written.lstrip().startswith(":"):
            return None
        indent = " " * (key.column - 1 + self._step)
        lines = [indent + line for name, one in value.items() for line in block(name, one, self._step)]
        body = "".join(self.text.newline + line for line in lines)
        return YamlEdit(Edit(start, end, body, _claim(path)), path, value)

    def verified(self, changes: Iterable[YamlEdit]) -> str | None:
        """The text with all changes; None if it would then mean anything else than they say."""
        wanted = json.loads(json.dumps(to_python(self.root)))  # what an alias shares must not change together
        made = list(changes)
        try:
            for change in made:
                _set(wanted, change)
            text = applied(self.text.text, [change.edit for change in made])
            documents = load_all(text)
        except (YamlError, ValueError, LookupError, TypeError):
            return None
        return text if len(documents) == 1 and to_python(documents[0]) == wanted else None

    def _added(self, mapping: Mapping, path: KeyPath, key: str, value: Any, before: str) -> YamlEdit | None:
        claim = _claim((*path, key))
        if self._is_flow(mapping):
            edit = self._into_flow(mapping, f"{scalar(key)}: {flow(value)}", claim)
        elif not mapping.entries:
            return None
        else:
            first = mapping.entries[0][0]
            lines = [" " * (first.column - 1) + line for line in block(key, value, self._step)]
            anchor = next((k for k, _ in mapping.entries if k.value == before), None) if before else None
            if anchor is not None and anchor is not first:
                lines += [] if path else [""]  # parts of the whole file are apart
                edit = self.text.insertion_before(self._with_comments(anchor.line), lines, claim)
            else:
                edit = self.text.insertion_after(self._last_line(mapping), lines, claim)
        return YamlEdit(edit, (*path, key), value)

    def _with_comments(self, line: int) -> int:
        """The first of the comment lines right above a line."""
        while line > 1 and self.text.line(line - 1).lstrip().startswith("#"):
            line -= 1
        return line

    def _into_flow(self, mapping: Mapping, text: str, claim: str) -> Edit:
        end = self.text.offset(mapping.end_line, mapping.end_column) - 1
        inside = self.text.text[:end].rstrip()
        comma = "" if inside.endswith(("{", ",")) else ","
        gap = "" if inside.endswith("{") else " "
        return Edit(len(inside), len(inside), comma + gap + text, claim)

    def _replaced(self, node: Scalar, path: KeyPath, value: Any) -> YamlEdit | None:
        if not node.plain and node.end_line > node.line:
            return None
        start, end = self._offset(node), self._end(node)
        gap = " " if start == end and self.text.text[start - 1 : start] == ":" else ""
        quoted = isinstance(value, str) and self.text.text[start : start + 1] in ("'", '"')
        written = _quoted(value, self.text.text[start]) if quoted else flow(value)
        return YamlEdit(Edit(start, end, gap + written, _claim(path)), path, value)

    def _key(self, path: KeyPath) -> Scalar | None:
        mapping = self.node(*path[:-1])
        entries = mapping.entries if isinstance(mapping, Mapping) else ()
        return next((k for k, _ in reversed(entries) if k.value == path[-1]), None)

    def _is_flow(self, mapping: Mapping) -> bool:
        return _FLOW.match(self.text.text, self._offset(mapping)) is not None

    def _offset(self, node: YamlNode) -> int:
        return self.text.offset(node.line, node.column)

    def _end(self, node: YamlNode) -> int:
        """Where a node's own text ends; a block collection ends with its last part."""
        if isinstance(node, SequenceNode) and not self._in_brackets(node):
            return max((self._end(item) for item in node.items), default=self._offset(node))
        if isinstance(node, Mapping) and not self._in_brackets(node):
            return max((self._end(part) for entry in node.entries for part in entry), default=self._offset(node))
        return self.text.offset(node.end_line, node.end_column)

    def _last_line(self, node: YamlNode) -> int:
        """The last line of a node's text, without what is only space behind a block text."""
        last, pending = node.line, [node]
        while pending:
            one = pending.pop()
            if isinstance(one, Scalar) or self._in_brackets(one):
                last = max(last, self._end_line(one))
            elif isinstance(one, Mapping):
                pending += [k for k, _ in one.entries]
                pending += [v for k, v in one.entries if _follows(v, k.end_line, k.end_column)]
            else:
                pending += [item for item in one.items if _follows(item, one.line, one.column)]
        return last

    def _in_brackets(self, node: Mapping | SequenceNode) -> bool:
        if isinstance(node, Mapping):
            return self._is_flow(node)
        return _FLOW_LIST.match(self.text.text, self._offset(node)) is not None

    def _end_line(self, node: YamlNode) -> int:
        """The line of a node's last character; the end of a block text is the beginning of what follows it."""
        end = node.end_line - (node.end_column == 1 and node.end_line > node.line)
        while end > node.line and not self.text.line(end).strip():
            end -= 1
        return end

    @property
    def _step(self) -> int:
        """Columns of one level, as the file has them."""
        for key, value in self.root.entries:
            if isinstance(value, Mapping) and value.line > key.line and value.column > key.column:
                return value.column - key.column
        return _INDENT


def _own(node: YamlNode | None, step: str | int) -> YamlNode | None:
    """A child that is written inside its parent: neither an alias nor merged in."""
    if isinstance(node, Mapping) and isinstance(step, str):
        entry = next(((k, v) for k, v in reversed(node.entries) if k.value == step), None)
        if entry is None:
            return None
        key, value = entry
        return value if _follows(value, key.end_line, key.end_column) else None
    if isinstance(node, SequenceNode) and isinstance(step, int) and step < len(node.items):
        item = node.items[step]
        return item if _follows(item, node.line, node.column) else None
    return None


def _follows(node: YamlNode, line: int, column: int) -> bool:
    """Whether a node comes after a place; one before it came by an alias."""
    return (node.line, node.column) >= (line, column)


def _has(mapping: Mapping, key: str) -> bool:
    return any(k.value == key for k, _ in mapping.entries)


_IMPOSSIBLE = object()


def _nested(path: Sequence[str | int], value: Any) -> Any:
    for step in reversed(path):
        if not isinstance(step, str):
            return _IMPOSSIBLE
        value = {step: value}
    return value


def _claim(path: KeyPath) -> str:
    return ".".join(map(str, path))


def _set(root: PlainValue, change: YamlEdit) -> None:
    """
    Make a change in plain values.

    Raises:
        LookupError, TypeError: there is no such place.
    """
    node: Any = root
    for step in change.path[:-1]:
        node = node[step]
    if change.removed:
        del node[change.path[-1]]
    else:
        value, key = change.value, change.path[-1]
        if isinstance(node, list) and key == len(node):
            node.append(value)
        else:
            node[key] = value


def scalar(value: Any) -> str:
    """A single value as YAML. It is in double quotes where YAML 1.1 or 1.2 could read something else."""
    text = str(yaml.safe_dump(value, width=_WIDE, allow_unicode=True)).partition("\n")[0]
    surprising = isinstance(value, str) and (text[:1] in ("'", '"') or _PAIR.match(value) or _is_no_text(text))
    return _quoted(value) if surprising else text


def _is_no_text(text: str) -> bool:
    """Whether a plain text is a number or a truth value by YAML 1.2, such as `0E0`; PyYAML knows those of 1.1 only."""
    return not isinstance(scalar_value(Scalar(1, 1, 1, 1, value=text)), str)


_PAIR = re.compile(r"[\d.\[\]]*:")
"""How ports, users and addresses begin: some readers take such a text for a number in base 60."""


def flow(value: Any) -> str:
    """A value on one line. Texts in lists are quoted, as the documentation of Compose writes commands."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_inside(k)}: {_inside(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_quoted(v) if isinstance(v, str) else flow(v) for v in value) + "]"
    return scalar(value)


def _inside(value: Any) -> str:
    """A value in braces, where brackets, braces and commas mean something."""
    return _quoted(value) if isinstance(value, str) and _SIGNS.search(value) else flow(value)


_SIGNS = re.compile(r"[\[\]{},#]")


def _quoted(text: str, mark: str = '"') -> str:
    return str(yaml.safe_dump(text, width=_WIDE, allow_unicode=True, default_style=mark)).strip()


def block(key: str, value: Any, step: int) -> list[str]:
    """A key and its value as lines without the outer indentation; mappings in block style, lists in one line."""
    if not isinstance(value, dict) or not value:
        return [f"{scalar(key)}: {flow(value)}"]
    inner = [" " * step + line for k, v in value.items() for line in block(k, v, step)]
    return [f"{scalar(key)}:", *inner]
