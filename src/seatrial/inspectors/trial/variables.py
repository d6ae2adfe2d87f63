"""What code and examples of a repository say of its variables, for the mutation testing of the configuration."""

from __future__ import annotations

import re
from collections.abc import Iterator

from seatrial.inspectors.environment.inspector import EXAMPLE
from seatrial.inspectors.environment.needs import CODE, needs
from seatrial.inspectors.path_roles import is_example_path, is_test_path
from seatrial.lab.configuration.needs import CodeRead, Documented
from seatrial.lab.configuration.variables import Need
from seatrial.system.source import Tree
from seatrial.text import lines

_SIZE = 256 * 1024  # bytes of one file
_FILES = 2_000
_LINE = re.compile(r"\s*(?P<off>#\s*)?(?:export\s+)?(?P<name>[A-Z][A-Z0-9_]*)=(?P<value>[^#]*)(?P<comment>#.*)?")
_OPTIONAL = re.compile(r"\boptional\b|\bnot required\b|\bleave (?:it )?empty\b", re.IGNORECASE)
_REQUIRED = re.compile(r"(?<!not )\b(?:required|mandatory|must be set)\b", re.IGNORECASE)


def read(tree: Tree) -> tuple[CodeRead, ...]:
    """The variables that the repository's code reads; tests and examples are left out."""
    found: dict[CodeRead, None] = {}
    files = (f for f in tree.files if _is_code(f.path) and f.size <= _SIZE)
    for _, file in zip(range(_FILES), files, strict=False):
        try:
            text = tree.text(file.path)
        except OSError:
            continue
        for one in needs(file.path, text or ""):
            need = Need.REQUIRED if one.required else Need.DEFAULTED if one.defaulted else Need.OPTIONAL
            found[CodeRead(file.path, one.name, need, one.at.line)] = None
    return tuple(found)


def documented(tree: Tree) -> tuple[Documented, ...]:
    """What the examples of variables say: by a word in a comment, or because the line itself is a comment."""
    found: list[Documented] = []
    for file in tree.files:
        if not EXAMPLE.search(file.path) or file.size > _SIZE:
            continue
        try:
            text = tree.text(file.path)
        except OSError:
            continue
        found += _of_example(file.path, text or "")
    return tuple(found)


def _of_example(path: str, text: str) -> Iterator[Documented]:
    above = ""
    for line in lines.split(text):
        match = _LINE.fullmatch(line)
        if match is None:
            above = f"{above} {line}" if line.lstrip().startswith("#") else ""
            continue
        said = f"{above} {match['comment'] or ''}"
        if match["off"] or _OPTIONAL.search(said):
            yield Documented(match["name"], Need.OPTIONAL, path)
        elif _REQUIRED.search(said):
            yield Documented(match["name"], Need.REQUIRED, path)
        above = ""


def _is_code(path: str) -> bool:
    return path.rpartition(".")[2].lower() in CODE and not is_example_path(path) and not is_test_path(path)
