"""
Variables of the Compose specification: `$VAR`, `${VAR}`, `${VAR:-default}`, `:?`, `:+` and their forms without colon.

Source: https://github.com/compose-spec/compose-spec/blob/main/12-interpolation.md

A variable that nothing in the tree gives a value stays as `${VAR}`: the survey does not know what it will be, and
must not take it for empty.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

Variables = Mapping[str, str]

_START = re.compile(r"\$(?:(\$)|([A-Za-z_][A-Za-z0-9_]*)|\{([A-Za-z_][A-Za-z0-9_]*)(:?[-?+])?)")
_DEPTH = 20
LONGEST_VALUE = 4096
"""Characters of a value that is filled in; a longer one counts as not known."""
LONGEST_TEXT = 65_536
"""
Characters of a text with its variables filled in; a longer one stays as it is written.

Ten lines of `B=$A$A$A$A` would otherwise fill the memory.
"""
_BROKEN = "a brace that is open, or holds no variable"


def interpolate(text: str, variables: Variables) -> str:
    """The text with every variable that has a value, here or by default, filled in."""
    return _interpolate(text, variables, _DEPTH)


@dataclass(frozen=True, slots=True)
class Use:
    """One place where a variable is used."""

    name: str
    operator: str
    """`:-`, `-`, `:?`, `?`, `:+`, `+`, or nothing."""
    argument: str


def uses(text: str, depth: int = _DEPTH) -> Iterator[Use]:
    """
    The variables that a text uses, those in defaults included.

    Raises:
        ValueError: a brace is open, or does not hold a variable: Compose refuses the file.
    """
    position = 0
    while found := _START.search(text, position):
        if "${" in text[position : found.start()]:
            raise ValueError(_BROKEN)
        position = found.end()
        if found[2]:
            yield Use(found[2], "", "")
        if not found[3]:
            continue
        end = _closing(text, position)
        argument = text[position:end]
        if end < 0 or depth == 0 or (argument and not found[4]):
            raise ValueError(_BROKEN)
        yield Use(found[3], found[4] or "", argument)
        yield from uses(argument, depth - 1)
        position = end + 1
    if "${" in text[position:]:
        raise ValueError(_BROKEN)


def _interpolate(text: str, variables: Variables, depth: int) -> str:
    parts: list[str] = []
    position = size = 0
    while found := _START.search(text, position):
        size += sum(map(len, parts[-2:]))
        if size > LONGEST_TEXT:
            return text
        parts.append(text[position : found.start()])
        position = found.end()
        if found[1]:
            parts.append("$")
        elif found[2]:
            value = _known(found[2], variables)
            parts.append(f"${{{found[2]}}}" if value is None else value)
        else:
            end = _closing(text, position)
            if end < 0 or depth == 0:
                return "".join(parts) + text[found.start() :]
            argument = text[position:end] if found[4] else ""
            parts.append(_braced(found[3], found[4] or "", argument, variables, depth))
            position = end + 1
    return "".join(parts) + text[position:]


def _known(name: str, variables: Variables) -> str | None:
    """A variable's value; None if it has none, or one that is too long to be filled in."""
    value = variables.get(name)
    return value if value is None or len(value) <= LONGEST_VALUE else None


def _braced(name: str, operator: str, argument: str, variables: Variables, depth: int) -> str:
    value = _known(name, variables)
    given = value is not None and (value != "" or ":" not in operator)
    if operator.endswith("-") and not given:
        return _interpolate(argument, variables, depth - 1)
    if operator.endswith("+"):
        return _interpolate(argument, variables, depth - 1) if given else ""
    return value if given and value is not None else f"${{{name}}}"


def _closing(text: str, position: int) -> int:
    """
    Where the brace that is open at a position closes; -1 if it does not.

    Compose counts every brace of a default within the line. It takes the line's last brace if the count is uneven.
    """
    line = text.find("\n", position)
    last = text.rfind("}", position, len(text) if line < 0 else line)
    depth, index = 1, position
    while index <= last:
        if text[index] == "}":
            depth -= 1
            if depth == 0:
                return index
        elif text[index] == "{":
            depth += 1
            index += 1
        index += 1
    return last
