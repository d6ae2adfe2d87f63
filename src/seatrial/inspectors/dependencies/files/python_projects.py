"""
Python: pyproject.toml in the tables of every tool, Pipfile, and scripts with inline metadata.

Sources: PEP 621, 723 and 735; https://python-poetry.org/docs/dependency-specification/,
https://pdm-project.org/latest/reference/pep621/, https://hatch.pypa.io/latest/config/environment/overview/,
https://pipenv.pypa.io/en/latest/pipfile.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from packaging.dependency_groups import DependencyGroupResolver
from packaging.errors import ExceptionGroup as Errors  # a built-in only with Python 3.11
from packaging.requirements import InvalidRequirement, Requirement

from seatrial.domain import Location
from seatrial.inspectors.dependencies.model import Gathered, Listed, Manifest, Open, Package, inside, normal
from seatrial.inspectors.dependencies.text import Lines, array, table, toml
from seatrial.text import lines

from .python_requirements import ECOSYSTEM, by_address, pinned, specified

_EXACT = re.compile(r"={0,3}\s*(?P<version>\d[\w.+!-]*)")
_BLOCK = "# /// script"
_DYNAMIC = frozenset({"dependencies", "optional-dependencies"})


def pyproject(manifest: Manifest) -> Listed:
    """All dependencies that a project declares; ranges, nearly always."""
    document = toml(manifest.text)
    places = Lines(manifest.path, manifest.text)
    found = Gathered(manifest.path)
    _build_system(document, places, found)
    own = normal(ECOSYSTEM, str(table(document, "project").get("name", "")))
    for entry in _standard(document, found):
        _declared(entry, own, places, found)
    _dynamic(manifest, document, found)
    sources = table(document, "tool", "uv", "sources")
    _sources(sources, found)
    for name, entry in _poetry(table(document, "tool", "poetry")):
        _named(name, entry, places.key(name), found)
    return found.listed()


def _build_system(document: Mapping[str, Any], places: Lines, found: Gathered) -> None:
    """What builds the project: no lock has it, and tools rarely pin it, so a range is not measured but no finding."""
    for entry in map(str, array(document, "build-system", "requires")):
        try:
            wanted = Requirement(entry)
        except InvalidRequirement:
            continue
        at = places.next(entry)
        if version := pinned(wanted.specifier):
            found.package(ECOSYSTEM, wanted.name, version, at)
        elif wanted.url:
            by_address(wanted.name, wanted.url, at, found)
        else:
            found.elsewhere(ECOSYSTEM, wanted.name, "build requirement without one version", at)


def _standard(document: Mapping[str, Any], found: Gathered) -> Iterator[str]:
    """Requirements in PEP 508's form, from every table that holds such."""
    project, tool = table(document, "project"), table(document, "tool")
    yield from map(str, array(project, "dependencies"))
    for group in table(project, "optional-dependencies").values():
        yield from map(str, group)
    yield from _groups(table(document, "dependency-groups"), found)
    for group in table(tool, "pdm", "dev-dependencies").values():
        yield from map(str, group)
    yield from map(str, array(tool, "uv", "dev-dependencies"))
    for key in ("constraint-dependencies", "override-dependencies", "build-constraint-dependencies"):
        yield from map(str, array(tool, "uv", key))
    yield from map(str, array(tool, "rye", "dev-dependencies"))
    for environment in table(tool, "hatch", "envs").values():
        for key in ("dependencies", "extra-dependencies"):
            yield from map(str, array(environment, key))
    yield from map(str, array(tool, "hatch", "build", "dependencies"))
    for target in table(tool, "hatch", "build", "targets").values():
        yield from map(str, array(target, "dependencies"))
    yield from _flit(table(tool, "flit", "metadata"))


def _flit(metadata: Mapping[str, Any]) -> Iterator[str]:
    """The form of flit before PEP 621. Source: https://flit.pypa.io/en/stable/pyproject_toml.html"""
    yield from map(str, array(metadata, "requires"))
    for group in table(metadata, "requires-extra").values():
        yield from map(str, group)


def _groups(groups: Mapping[str, Any], found: Gathered) -> Iterator[str]:
    """PEP 735, by its reference implementation. All groups are read, so an include only has to name one of them."""
    try:
        resolver = DependencyGroupResolver(groups)
    except (Errors, ValueError, TypeError, AttributeError) as error:
        found.problem(f"dependency-groups: {_message(error)}")
        return
    names = {normal(ECOSYSTEM, str(name)) for name in groups}
    for name in groups:
        try:
            entries = resolver.lookup(name)
        except (Errors, ValueError, TypeError, LookupError) as error:
            found.problem(f"dependency group {str(name)[:60]}: {_message(error)}")
            continue
        for entry in entries:
            if isinstance(entry, Requirement):
                yield str(entry)
            elif normal(ECOSYSTEM, entry.include_group) not in names:
                found.problem(
                    f"dependency group {str(name)[:60]} includes {entry.include_group[:60]}, which is missing"
                )


def _message(error: BaseException) -> str:
    inner = getattr(error, "exceptions", ())
    return " ".join(str(inner[0] if inner else error).split())[:120]


def _declared(entry: str, own: str, places: Lines, found: Gathered) -> None:
    """One requirement; a project may name its own extras (`shop[dev]`)."""
    try:
        mine = normal(ECOSYSTEM, Requirement(entry).name) == own
    except InvalidRequirement:
        mine = False
    if not mine:
        specified(entry, _place(entry, places), found)


def _place(entry: str, places: Lines) -> Location:
    at = places.next(entry)
    if at.line > 1 or at.column > 1:
        return at
    name = re.match(r"[\w.-]+", entry)  # the resolver of groups writes a requirement in its canonical form
    return places.next(f'"{name[0]}') if name else at


def _dynamic(manifest: Manifest, document: Mapping[str, Any], found: Gathered) -> None:
    """`dynamic` lists what a build backend supplies: setuptools names files, others run code."""
    for field in _DYNAMIC & set(map(str, array(document, "project", "dynamic"))):
        entry = table(document, "tool", "setuptools", "dynamic").get(field)
        files = list(_files(entry))
        unread = [f for f in files if inside(manifest.folder, f) not in manifest.paths]
        if unread:
            found.problem(f"{field} are in {unread[0][:80]}, which is not in the tree")
        elif not files and not _beside(manifest):
            found.problem(f"{field} are dynamic: the build backend supplies them")


def _files(entry: object) -> Iterator[str]:
    if isinstance(entry, dict):
        if "file" in entry:
            named = entry["file"]
            yield from map(str, named if isinstance(named, list) else [named])
        else:
            for one in entry.values():
                yield from _files(one)


def dynamic_files(manifest: Manifest) -> Iterator[str]:
    """The requirements files that a pyproject.toml names as its dependencies (setuptools' `file`)."""
    try:
        dynamic = table(toml(manifest.text), "tool", "setuptools", "dynamic")
    except (ValueError, RecursionError):
        return
    for field in _DYNAMIC:
        for name in _files(dynamic.get(field)):
            if (path := inside(manifest.folder, name)) and path in manifest.paths:
                yield path


def _beside(manifest: Manifest) -> bool:
    """Whether setup.py or setup.cfg are there to say what is dynamic; each is read by itself."""
    return any(inside(manifest.folder, name) in manifest.paths for name in ("setup.py", "setup.cfg"))


def _sources(sources: Mapping[str, Any], found: Gathered) -> None:
    """`tool.uv.sources`: a requirement that comes from elsewhere is not the registry's package of that name."""
    for name, entry in sources.items():
        wanted = normal(ECOSYSTEM, name)
        for one in entry if isinstance(entry, list) else [entry]:
            if not isinstance(one, dict) or "index" in one:
                continue
            mine = [o for o in found.open.values() if normal(ECOSYSTEM, o.name) == wanted]
            mine_pinned = [p for p in found.packages.values() if p.key[1] == wanted]
            found.open = {k: o for k, o in found.open.items() if o not in mine}
            found.packages = {k: p for k, p in found.packages.items() if p not in mine_pinned}
            places: list[Open | Package] = [*mine, *mine_pinned]
            for place in places:
                if "git" in one:
                    found.elsewhere(ECOSYSTEM, place.name, "from version control", place.at)
                elif "url" in one:
                    by_address(place.name, str(one["url"]), place.at, found)


def _poetry(poetry: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    yield from table(poetry, "dependencies").items()
    yield from table(poetry, "dev-dependencies").items()
    for group in table(poetry, "group").values():
        yield from table(group, "dependencies").items()


def _named(name: str, entry: Any, at: Location, found: Gathered) -> None:
    """A dependency of Poetry's or Pipenv's form: `name = "range"`, a table, or a list of tables."""
    if normal(ECOSYSTEM, name) == "python":
        return
    if isinstance(entry, list):
        for one in entry:
            if not isinstance(one, list):
                _named(name, one, at, found)
        return
    details = entry if isinstance(entry, dict) else {"version": entry}
    version = str(details.get("version") or "").strip()
    if any(details.get(kind) for kind in ("git", "hg", "svn", "bzr", "ref")):
        found.elsewhere(ECOSYSTEM, name, "from version control", at)
    elif address := details.get("url") or details.get("file"):
        by_address(name, str(address), at, found)
    elif details.get("path") and not version:
        pass  # a directory of the repository
    elif (exact := _EXACT.fullmatch(version)) and not version.endswith(".*"):
        found.package(ECOSYSTEM, name, exact["version"], at)
    else:
        found.range(ECOSYSTEM, name, version, at)


def pipfile(manifest: Manifest) -> Listed:
    """`packages`, `dev-packages` and categories: each table besides those that are Pipenv's own."""
    places = Lines(manifest.path, manifest.text)
    found = Gathered(manifest.path)
    for category, entries in toml(manifest.text).items():
        if category not in ("requires", "scripts", "pipenv", "source") and isinstance(entries, dict):
            for name, entry in entries.items():
                exact = isinstance(entry, str) and not entry.startswith("=")  # "1.0" is not a version to Pipenv
                _named(name, f"?{entry}" if exact and _EXACT.fullmatch(entry) else entry, places.key(name), found)
    return found.listed()


def script(manifest: Manifest) -> Listed:
    """A script's `# /// script` block: `dependencies`, and uv's own additions."""
    found = Gathered(manifest.path)
    document = toml(_inline_metadata(manifest.text))
    places = Lines(manifest.path, manifest.text)
    for entry in (*array(document, "dependencies"), *array(document, "tool", "uv", "dev-dependencies")):
        specified(str(entry), places.next(str(entry)), found)
    _sources(table(document, "tool", "uv", "sources"), found)
    return found.listed()


def _inline_metadata(text: str) -> str:
    """The TOML of the block: it ends at the last `# ///` of the comment that it begins in (PEP 723)."""
    blocks: list[str] = []
    body: list[str] | None = None
    end: int | None = None
    for line in (*map(str.rstrip, lines.split(text)), ""):
        if body is None:
            body, end = ([], None) if line == _BLOCK else (None, None)
        elif line == "#" or line.startswith("# "):
            end = len(body) if line == "# ///" else end
            body.append(line[2:])
        else:
            if end is None:
                raise ValueError("the `# /// script` block is not closed")
            blocks.append("\n".join(body[:end]))
            body = None
    if len(blocks) != 1:
        raise ValueError(f"it has {len(blocks)} `# /// script` blocks")
    return blocks[0]


def is_script(data: bytes) -> bool:
    """Whether a Python file has a `# /// script` block of PEP 723."""
    return _BLOCK.encode() in data and bool(re.search(rb"(?m)^# /// script[ \t]*\r?$", data))
