"""
Lines, words and here-documents of a Dockerfile, as BuildKit's own parser takes them.

Source: https://github.com/moby/buildkit/tree/master/frontend/dockerfile/parser and frontend/dockerfile/shell
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from .mapped import Mapped

_DIRECTIVE = re.compile(r"#\s*([a-zA-Z][a-zA-Z0-9]*)\s*=\s*(\S.*)$")
_DIRECTIVES = frozenset({"syntax", "escape", "check"})
_HEREDOC = re.compile(r"\d*<<(-?)([^<]+)$", re.DOTALL)
_WHITE = " \t\v\f\r\n"


@dataclass(frozen=True, slots=True)
class DockerfileLine:
    """A line as BuildKit ends it: at LF. A CR in the middle is white space, and starts a new line for GitHub."""

    text: str
    number: int
    """As GitHub counts."""


@dataclass(frozen=True, slots=True)
class HereDocument:
    """A here-document."""

    name: str
    body: Mapped


def lines_of(text: str) -> list[DockerfileLine]:
    """The lines of a file, without their ends."""
    lines: list[DockerfileLine] = []
    number = 1
    for raw in text.removesuffix("\n").split("\n") if text else ():
        line = raw.rstrip("\r")
        lines.append(DockerfileLine(line, number))
        number += 1 + line.count("\r") + max(0, len(raw) - len(line) - 1)
    return lines


def escape_of(lines: Sequence[DockerfileLine]) -> str:
    """The escape character: a backslash, or what the directive `# escape=` says."""
    for line in lines:
        found = _DIRECTIVE.match(line.text.lstrip())
        if not found or found[1].lower() not in _DIRECTIVES:
            break
        if found[1].lower() == "escape" and found[2].strip() in ("`", "\\"):
            return found[2].strip()
    return "\\"


def is_comment(line: str) -> bool:
    """Whether a line is a comment, wherever it is."""
    return line.lstrip().startswith("#")


def logical(lines: Sequence[DockerfileLine], at: int, escape: str) -> tuple[Mapped, int, bool]:
    """
    One instruction: its continued lines joined, without comments and empty lines.

    Returns:
        its text, the index of the line after it, and whether the file ends where it should go on.
    """
    parts: list[Mapped] = []
    while at < len(lines):
        line = lines[at]
        at += 1
        if parts and (not line.text.strip() or is_comment(line.text)):
            continue
        kept = _continued(line.text, escape)
        text = line.text if kept is None else kept
        column = 1
        if not parts:  # the first line begins at its first character
            column += len(text) - len(text.lstrip())
            text = text.lstrip()
        parts.append(Mapped.line(text, line.number, column))
        if kept is None:
            return Mapped.joined(parts), at, False
    return Mapped.joined(parts), at, True


def _continued(line: str, escape: str) -> str | None:
    """A line without the escape character at its end; None if it does not continue. A doubled one is text."""
    bare = line.rstrip(" \t")
    if not bare.endswith(escape) or bare[:-1].endswith(escape):
        return None
    return bare[:-1]


def documents(lines: Sequence[DockerfileLine], at: int, text: str) -> tuple[tuple[HereDocument, ...], int, bool]:
    """
    The here-documents that an instruction announces.

    Args:
        lines: of the file.
        at: index of the line after the instruction.
        text: of the instruction.

    Returns:
        the documents, the index of the line after them, and whether the last one has an end.
    """
    found: list[HereDocument] = []
    for dash, name in heredoc_names(text):
        body: list[Mapped] = []
        ended = False
        while at < len(lines) and not ended:
            line = lines[at]
            at += 1
            bare = line.text.lstrip("\t") if dash else line.text
            ended = bare == name
            if not ended:
                body.append(Mapped.line(f"{bare}\n", line.number, 1 + len(line.text) - len(bare)))
        found.append(HereDocument(name, Mapped.joined(body)))
        if not ended:
            return tuple(found), at, False
    return tuple(found), at, True


def heredoc_names(text: str) -> Iterator[tuple[bool, str]]:
    """Every word of its own that begins with `<<`: whether tabs are stripped, and the word that ends the document."""
    if "<<" not in text:
        return
    for _, word in words_of(text) or ():
        match = _HEREDOC.match(word)
        if not match:
            continue
        name = unquoted(match[2])
        if name:
            yield bool(match[1]), name


def words_of(text: str) -> list[tuple[int, str]] | None:
    """
    The words of a text with their offsets, quotes kept; None if a quote is not closed.

    The escape character inside is always the backslash, with any directive: so does BuildKit look for
    here-documents.
    """
    words: list[tuple[int, str]] = []
    at, start = 0, -1
    while at < len(text):
        character = text[at]
        if character in _WHITE:
            if start >= 0:
                words.append((start, text[start:at]))
                start = -1
            at += 1
            continue
        if start < 0:
            start = at
        end = _unit(text, at)
        if end is None:
            return None
        at = end
    if start >= 0:
        words.append((start, text[start:]))
    return words


def _unit(text: str, at: int) -> int | None:
    """The index after a character, an escape or a quoted string; None if the string has no end."""
    character = text[at]
    if character == "\\":
        return min(len(text), at + 2)
    if character == "'":
        end = text.find("'", at + 1)
        return None if end < 0 else end + 1
    if character == '"':
        at += 1
        while at < len(text):
            if text[at] == '"':
                return at + 1
            at += 2 if text[at] == "\\" else 1
        return None
    return at + 1


def unquoted(word: str) -> str:
    """A word without its quotes and escapes."""
    out: list[str] = []
    at = 0
    while at < len(word):
        end = _unit(word, at)
        if end is None:
            return ""
        piece = word[at:end]
        match piece[0]:
            case "'":
                out.append(piece[1:-1])
            case '"':
                out.append(re.sub(r"\\([\"\\$])", r"\1", piece[1:-1]))
            case "\\":
                out.append(piece[1:])
            case _:
                out.append(piece)
        at = end
    return "".join(out)
