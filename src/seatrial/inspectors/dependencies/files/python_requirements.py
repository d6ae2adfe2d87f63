"""
Python: requirements files of pip, and requirements as other files quote them (PEP 508).

Sources: https://pip.pypa.io/en/stable/reference/requirements-file-format/,
https://packaging.python.org/en/latest/specifications/dependency-specifiers/
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from packaging.requirements import InvalidRequirement, Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import InvalidSdistFilename, InvalidWheelFilename, parse_sdist_filename, parse_wheel_filename
from packaging.version import InvalidVersion

from seatrial.domain import Location
from seatrial.inspectors.dependencies.model import Gathered, Listed, Manifest, Package, inside
from seatrial.inspectors.dependencies.text import MAX_LINE
from seatrial.text import lines

ECOSYSTEM = "PyPI"
_COMMENT = re.compile(r"(?:^|\s)#.*$")
_OPTION = re.compile(r"\s(?:--[a-z][\w-]*(?:[= ]\S+)?)")
_HASH = re.compile(r"--hash[= ]")
_INCLUDE = re.compile(r"^(?:-[rc]\s*=?\s*|--(?:requirement|constraint)(?:=|\s+))(?P<file>\S.*)$")
_EDITABLE = re.compile(r"^(?:-e\s*|--editable(?:=|\s+))(?P<what>\S.*)$")
_EGG = re.compile(r"[#&]egg=([\w.-]+)")
_ARCHIVE = (".whl", ".tar.gz", ".tar.bz2", ".tar.xz", ".zip", ".egg")
_VCS = re.compile(r"^(?:git|hg|svn|bzr)\+|^git(?:@|://)")


def requirements(manifest: Manifest) -> Listed:
    """A requirements file. Options are passed over, hashes noted, includes named by `includes`."""
    found = Gathered(manifest.path)
    hashed: dict[Package, bool] = {}
    for line, logical in _logical(manifest.text):
        stripped = _COMMENT.sub("", logical).strip()
        at = Location(manifest.path, line, len(logical) - len(logical.lstrip()) + 1)
        if not stripped:
            continue
        if match := _INCLUDE.match(stripped):
            _missing(manifest, found, match["file"])
        elif match := _EDITABLE.match(stripped):
            specified(match["what"].strip(" \"'"), at, found)
        elif not stripped.startswith("-"):
            package = specified(_OPTION.sub("", stripped).strip(), at, found)
            if package:
                hashed[package] = bool(_HASH.search(stripped))
    unhashed = (p for p, has in hashed.items() if not has)
    return found.listed(unhashed=unhashed, lock=any(hashed.values()))


def includes(manifest: Manifest) -> Iterator[str]:
    """The files of the tree that a requirements file includes (`-r`, `-c`)."""
    for _, logical in _logical(manifest.text):
        if match := _INCLUDE.match(_COMMENT.sub("", logical).strip()):
            path = inside(manifest.folder, match["file"].strip("\"'"))
            if path is not None and path in manifest.paths:
                yield path


def _missing(manifest: Manifest, found: Gathered, file: str) -> None:
    name = file.strip("\"'")
    path = inside(manifest.folder, name)
    if path is None:
        found.problem(f"it includes {name[:80]}, which is outside the tree")
    elif path not in manifest.paths:
        found.problem(f"it includes {name[:80]}, which is not in the tree")


def specified(text: str, at: Location, found: Gathered) -> Package | None:
    """One requirement, in any form that pip takes; the package if it has one version."""
    if len(text) > MAX_LINE:
        found.problem(f"line {at.line} is longer than {MAX_LINE:,} characters")
        return None
    try:
        wanted = Requirement(text)
    except InvalidRequirement:
        _unnamed(text, at, found)
        return None
    if wanted.url:
        return by_address(wanted.name, wanted.url, at, found)
    version = pinned(wanted.specifier)
    if version:
        return found.package(ECOSYSTEM, wanted.name, version, at)
    found.range(ECOSYSTEM, wanted.name, str(wanted.specifier), at)
    return None


def _unnamed(text: str, at: Location, found: Gathered) -> None:
    """A path, an address, or what is not a requirement at all."""
    bare = text.partition(";")[0].strip()
    if "://" in bare or _VCS.match(bare):
        egg = _EGG.search(bare)
        by_address(egg[1] if egg else "", bare, at, found)
    elif bare.endswith(_ARCHIVE):
        by_address("", bare, at, found)
    elif "/" not in bare and "\\" not in bare and not bare.startswith("."):
        found.range(ECOSYSTEM, (bare.split() or [text])[0][:60], "not a requirement", at)
    # else: a directory, which is the repository's own


def by_address(name: str, url: str, at: Location, found: Gathered) -> Package | None:
    """A requirement by its address. The name of a wheel or sdist says name and version (PEP 427, 625)."""
    address = url.partition("#")[0].partition("?")[0]
    file = address.rstrip("/").rpartition("/")[2].replace("%2B", "+").replace("%2b", "+")
    if not _VCS.match(url) and file.endswith(_ARCHIVE):
        try:
            parsed = parse_wheel_filename(file)[:2] if file.endswith(".whl") else parse_sdist_filename(file)
        except (InvalidWheelFilename, InvalidSdistFilename, InvalidVersion):
            pass
        else:
            return found.package(ECOSYSTEM, name or str(parsed[0]), str(parsed[1]), at)
    if url.startswith(("file:", ".")) and not file.endswith(_ARCHIVE):
        return None  # a directory of the repository
    shown = name or re.sub(r"//[^/@]*@", "//", address)
    found.elsewhere(ECOSYSTEM, shown, "from version control" if _VCS.match(url) else "from an address", at)
    return None


def pinned(specifier: SpecifierSet) -> str:
    """The version that a specifier allows alone; empty if it allows more."""
    exact = [s for s in specifier if s.operator in ("==", "===") and not s.version.endswith(".*")]
    return exact[0].version if exact else ""


def _logical(text: str) -> Iterator[tuple[int, str]]:
    """Lines with their continuations, and the number of the first."""
    first, parts = 0, list[str]()
    for number, line in enumerate(lines.split(text), 1):
        first = first or number
        if line.endswith("\\") and not line.lstrip().startswith("#"):
            parts.append(line[:-1])
            continue
        yield first, "".join([*parts, line])
        first, parts = 0, []
    if parts:
        yield first, "".join(parts)
