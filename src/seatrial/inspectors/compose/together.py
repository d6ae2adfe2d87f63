"""
Which Compose files a repository says to use together: `docker compose -f A -f B`, and `COMPOSE_FILE=A:B`.

Documentation, scripts, make files, pipelines and the comments of Compose files say it. A file that is never named
first is an overlay of the files before it, wherever it lies.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Collection, Iterator

from seatrial.inspectors.reading import read
from seatrial.system.source import Tree

_WHERE = re.compile(
    r"(?:\.(?:md|mdx|rst|adoc|txt|sh|bash|zsh|fish|ps1|bat|cmd|mk|ya?ml|toml|service|envrc|env)"
    r"|(?:^|/)(?:make|gnumake|just|task|jenkins|vagrant|proc|rake)file(?:\.\w+)?|(?:^|/)\.?env(?:\.[\w.-]+)?"
    r"|(?:^|/)package\.json|(?:^|/)(?:bin|script|scripts|hack)/[\w-]+)$",
    re.IGNORECASE,
)
_SIZE = 256 * 1024
"""Bytes of a file that may say it; a larger one is not read."""
_FILES = 2_000
"""Files that are read for it."""
_PATH = r"[\"']?(?P<path>[\w./${}()-]{1,200}\.ya?ml)[\"']?"
_OPTION = re.compile(rf"(?:^|[\s\"'\[,])(?:-f|--file)(?:[ \t=\"',]{{1,6}}){_PATH}")
_COMMAND = re.compile(r"\bdocker[- ]compose\b(?P<words>[^\n;&|]{1,1000})", re.IGNORECASE)
_VARIABLE = re.compile(r"\bCOMPOSE_FILE\b[\"']?[ \t]*[:=][ \t]*[\"']?(?P<paths>[\w./:;-]{5,1000})")
_CONTINUED = re.compile(r"\\[ \t]*\r?\n[ \t#>|*]*|`[ \t]*\r?\n[ \t]*")
_LEADING = re.compile(r"^(?:\$\{?\w+\}?|\$\(\w+\))/|^\./")
"""A folder in a variable, most often that of the script."""


def said(tree: Tree, known: Collection[str]) -> tuple[tuple[str, ...], ...]:
    """
    The groups of files that the tree says to use together, each base first, in a stable order.

    Args:
        tree: where to look.
        known: paths of the Compose files that could be read; a group with any other is left out.
    """
    if len(known) < 2:
        return ()
    found: dict[tuple[str, ...], None] = {}
    looked = 0
    for file in tree.files:
        if file.size > _SIZE or not _WHERE.search(file.path):
            continue
        looked += 1
        if looked > _FILES:
            break
        if not _SAYS.search(_bytes(tree, file.path)):
            continue
        text = read(tree, file.path, _SIZE).text or ""
        for names in _groups(text):
            group = _resolved(names, posixpath.dirname(file.path), known)
            if len(group) > 1:
                found[group] = None
    return tuple(sorted(found))


_SAYS = re.compile(rb"docker[- ]compose(?:[^\\\n]|\\\r?\n?){0,300}?(?:-f|--file)[ =]|COMPOSE_FILE", re.IGNORECASE)
"""In the bytes of every file that is worth a closer look; most are not."""


def _bytes(tree: Tree, path: str) -> bytes:
    try:
        return tree.read(path)
    except OSError:
        return b""  # the checks that judge the file name it


def _groups(text: str) -> Iterator[tuple[str, ...]]:
    """The names of each command and variable, as they are written."""
    joined = _CONTINUED.sub(" ", text)
    for match in _COMMAND.finditer(joined):
        yield tuple(option["path"] for option in _OPTION.finditer(match["words"]))
    for match in _VARIABLE.finditer(joined):
        yield tuple(name for name in re.split(r"[:;]", match["paths"]) if name)


def _resolved(names: tuple[str, ...], folder: str, known: Collection[str]) -> tuple[str, ...]:
    """The paths of the files, from the first folder in which all of them are; empty if there is none."""
    bare = tuple(_LEADING.sub("", name) for name in names)
    if len(set(bare)) < 2 or any("$" in name for name in bare):
        return ()
    for base in dict.fromkeys((*_upwards(folder), *sorted({posixpath.dirname(path) for path in known}))):
        paths = tuple(dict.fromkeys(posixpath.normpath(posixpath.join(base, name)) for name in bare))
        if all(path in known for path in paths):
            return paths
    return ()


def _upwards(folder: str) -> Iterator[str]:
    """A folder and those above it, the top last."""
    while folder:
        yield folder
        folder = posixpath.dirname(folder)
    yield ""
