"""
Python: the locks of Poetry, uv, PDM and Pipenv, and pylock.toml (PEP 751).

Sources: each tool's lock; https://packaging.python.org/en/latest/specifications/pylock-toml/
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from seatrial.domain import Location
from seatrial.inspectors.dependencies.model import Gathered, Listed, Manifest, normal
from seatrial.inspectors.dependencies.text import Lines, array, json_object, lines_of, table, toml

from .python_requirements import ECOSYSTEM, by_address, specified

_OWN = frozenset({"editable", "virtual", "directory", "path"})


def toml_lock(manifest: Manifest) -> Listed:
    """`[[package]]` with name and version: Poetry, uv, PDM."""
    document = toml(manifest.text)
    if "packages" in document and "package" not in document:
        return pylock(manifest)
    found = Gathered(manifest.path)
    for entry, at in _placed(manifest, array(document, "package"), "package"):
        _locked(entry, at, found)
    return found.listed(lock=True)


def _locked(entry: dict[str, Any], at: Location, found: Gathered) -> None:
    name, version = str(entry["name"]), str(entry.get("version", ""))
    source = table(entry, "source")
    kind = str(source.get("type", ""))
    if source.keys() & _OWN or kind == "directory" or (entry.get("path") and not entry.get("url")):
        found.own.add(normal(ECOSYSTEM, name))
    elif "git" in source or kind == "git" or entry.get("git") or entry.get("revision"):
        found.elsewhere(ECOSYSTEM, name, "from version control", at)
    elif version:
        found.package(ECOSYSTEM, name, version, at)
    elif source.get("url"):
        by_address(name, str(source["url"]), at, found)
    else:
        found.range(ECOSYSTEM, name, "", at)


def pylock(manifest: Manifest) -> Listed:
    """`[[packages]]`; what is from a directory is the repository's own."""
    found = Gathered(manifest.path)
    for entry, at in _placed(manifest, array(toml(manifest.text), "packages"), "packages"):
        name, version = str(entry["name"]), str(entry.get("version", ""))
        if "directory" in entry:
            found.own.add(normal(ECOSYSTEM, name))
        elif "vcs" in entry:
            found.elsewhere(ECOSYSTEM, name, "from version control", at)
        elif version:
            found.package(ECOSYSTEM, name, version, at)
        else:
            by_address(name, str(table(entry, "archive").get("url", "")), at, found)
    return found.listed(lock=True)


def _placed(manifest: Manifest, entries: list[Any], name: str) -> Iterable[tuple[dict[str, Any], Location]]:
    """Each entry of an array of tables with the line below its header."""
    places = list(lines_of(manifest.path, manifest.text, rf"\s*\[\[\s*{name}\s*\]\]"))
    places += [Location(manifest.path, 0, 1)] * (len(entries) - len(places))  # an array that is written inline
    for entry, at in zip(entries, places, strict=False):
        if not isinstance(entry, dict):
            raise ValueError(f"an entry of {name} is not a table")  # noqa: TRY004 - the file's value is wrong
        yield entry, Location(manifest.path, at.line + 1, 1)


def pipfile_lock(manifest: Manifest) -> Listed:
    """`default`, `develop` and further categories, each with `==` versions."""
    document = json_object(manifest.text)
    lines = Lines(manifest.path, manifest.text)
    found = Gathered(manifest.path)
    for category in (key for key in document if key != "_meta"):
        for name, entry in table(document, category).items():
            details = entry if isinstance(entry, dict) else {"version": entry}
            _pipenv(name, details, lines.next(f'"{name}"'), found)
    return found.listed(lock=True)


def _pipenv(name: str, entry: dict[str, Any], at: Location, found: Gathered) -> None:
    version = str(entry.get("version") or "")
    if any(entry.get(kind) for kind in ("git", "hg", "svn", "bzr")):
        found.elsewhere(ECOSYSTEM, name, "from version control", at)
    elif entry.get("file"):
        by_address(name, str(entry["file"]), at, found)
    elif entry.get("path"):
        found.own.add(normal(ECOSYSTEM, name))
    else:
        specified(f"{name}{'' if version == '*' else version}", at, found)
