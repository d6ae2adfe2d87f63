"""
Python: requirements files, pyproject.toml, and the locks of Poetry, uv, PDM and Pipenv.

Sources: pip's requirements file format; PEP 508, 621 and 751; each tool's lock.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from packaging.requirements import InvalidRequirement, Requirement
from packaging.specifiers import SpecifierSet

from seatrial.domain import Location
from seatrial.inspectors.dependencies.model import Listed, Open, Package
from seatrial.inspectors.dependencies.text import Lines, lines_of

_ECOSYSTEM = "PyPI"
_COMMENT = re.compile(r"(?:^|\s)#.*$")
_OPTION = re.compile(r"\s--[a-z][\w-]*(?:[= ]\S+)?")
_HASH = re.compile(r"--hash[= ]")


def requirements(path: str, text: str) -> Listed:
    """A requirements file: options and references to other files are passed over, hashes are noted."""
    packages: list[Package] = []
    open_: list[Open] = []
    hashed: list[bool] = []
    for line, logical in _logical(text):
        stripped = _COMMENT.sub("", logical).strip()
        if not stripped or stripped.startswith("-"):
            continue
        body = _OPTION.sub("", stripped).strip()
        at = Location(path, line, len(logical) - len(logical.lstrip()) + 1)
        try:
            wanted = Requirement(body)
        except InvalidRequirement:
            if "://" not in body and "/" not in body and not body.endswith((".whl", ".tar.gz", ".zip")):
                open_.append(Open(_ECOSYSTEM, body.split()[0][:60], "not a requirement", at))
            continue
        version = pinned(wanted.specifier)
        if wanted.url:
            continue
        if version:
            packages.append(Package(_ECOSYSTEM, wanted.name, version, at))
            hashed.append(bool(_HASH.search(stripped)))
        else:
            open_.append(Open(_ECOSYSTEM, wanted.name, str(wanted.specifier), at))
    unhashed = tuple(p for p, h in zip(packages, hashed, strict=True) if not h)
    return Listed(path, tuple(packages), tuple(open_), unhashed, lock=any(hashed))


def pinned(specifier: SpecifierSet) -> str:
    """The version that a specifier allows alone; empty if it allows more."""
    exact = [s for s in specifier if s.operator in ("==", "===") and not s.version.endswith(".*")]
    return exact[0].version if exact else ""


def _logical(text: str) -> Iterator[tuple[int, str]]:
    """Lines with their continuations, and the number of the first."""
    first, parts = 0, list[str]()
    for number, line in enumerate(text.splitlines(), 1):
        first = first or number
        if line.endswith("\\") and not line.lstrip().startswith("#"):
            parts.append(line[:-1])
            continue
        yield first, "".join([*parts, line])
        first, parts = 0, []
    if parts:
        yield first, "".join(parts)


def pyproject(path: str, text: str) -> Listed:
    """The dependencies of a project that has no lock: ranges, nearly always."""
    document = _toml(text)
    project = document.get("project") or {}
    lines = Lines(path, text)
    packages: list[Package] = []
    open_: list[Open] = []
    extras = project.get("optional-dependencies") or {}
    for entry in [*(project.get("dependencies") or ()), *(d for group in extras.values() for d in group)]:
        try:
            wanted = Requirement(str(entry))
        except InvalidRequirement:
            continue
        at = lines.next(str(entry))
        if version := pinned(wanted.specifier):
            packages.append(Package(_ECOSYSTEM, wanted.name, version, at))
        elif not wanted.url:
            open_.append(Open(_ECOSYSTEM, wanted.name, str(wanted.specifier), at))
    poetry = ((document.get("tool") or {}).get("poetry") or {}).get("dependencies") or {}
    for name, entry in poetry.items():
        version = str(entry.get("version", "")) if isinstance(entry, dict) else str(entry)
        if name == "python" or (isinstance(entry, dict) and not version):
            continue
        at = lines.next(f"{name} =")
        if re.fullmatch(r"={0,2}\d[\w.]*", version):
            packages.append(Package(_ECOSYSTEM, name, version.lstrip("="), at))
        else:
            open_.append(Open(_ECOSYSTEM, name, version, at))
    return Listed(path, tuple(packages), tuple(open_))


def poetry_lock(path: str, text: str) -> Listed:
    """`[[package]]` with name and version."""
    return _packages(path, text, _toml(text).get("package") or ())


def uv_lock(path: str, text: str) -> Listed:
    """The same, without the project itself and what lies beside it."""
    return _packages(path, text, _toml(text).get("package") or (), own=("editable", "virtual", "directory", "path"))


def pdm_lock(path: str, text: str) -> Listed:
    """`[[package]]`, or `[[packages]]` of PEP 751."""
    document = _toml(text)
    if "packages" in document:
        return _packages(path, text, document["packages"], table="packages")
    return _packages(path, text, document.get("package") or ())


def _packages(
    path: str, text: str, entries: Iterable[Mapping[str, Any]], own: tuple[str, ...] = (), table: str = "package"
) -> Listed:
    places = lines_of(path, text, rf"^\[\[{table}\]\]")
    found = []
    for entry, at in zip(entries, places, strict=False):
        source = entry.get("source") or {}
        if entry.get("version") and not (isinstance(source, dict) and set(source) & set(own)):
            line = Location(path, at.line + 1, 1)
            found.append(Package(_ECOSYSTEM, str(entry["name"]), str(entry["version"]), line))
    return Listed(path, tuple(found), lock=True)


def pipfile_lock(path: str, text: str) -> Listed:
    """`default` and `develop`, each with `==` versions."""
    document = _json(text)
    lines = Lines(path, text)
    found = []
    for section in ("default", "develop"):
        for name, entry in (document.get(section) or {}).items():
            version = str((entry or {}).get("version", "")) if isinstance(entry, dict) else ""
            if version.startswith("=="):
                found.append(Package(_ECOSYSTEM, name, version[2:], lines.next(f'"{name}"')))
    return Listed(path, tuple(found), lock=True)


def _toml(text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ValueError(f"is not valid TOML: {error}") from None


def _json(text: str) -> dict[str, Any]:
    document = json.loads(text)
    if not isinstance(document, dict):
        raise ValueError("is no JSON object")  # noqa: TRY004 - what is wrong is the value of the file
    return document
