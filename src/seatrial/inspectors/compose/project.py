"""
From the files of a tree to the projects that Compose would run: bases with their overrides, overlays, `include`
and `extends`.

Files outside the tree and remote resources are never read; what cannot be resolved is a problem with a place.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from seatrial import images
from seatrial.domain import Location
from seatrial.source import Tree
from seatrial.yaml_tree import Mapping as MappingNode
from seatrial.yaml_tree import YamlError, load_all

from .interpolate import Variables, dotenv
from .merge import canonical, merge, merge_maps
from .service import Service
from .values import Entry, List, Map, Text, Value, every_text, from_node

PATTERNS = ("compose*.yml", "compose*.yaml", "docker-compose*.yml", "docker-compose*.yaml")
_BASES = ("compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml")
_OVERRIDES = tuple(re.sub(r"(\.ya?ml)$", r".override\1", base) for base in _BASES)
_REMOTE = re.compile(r"^(?:https?://|oci://|git@|ssh://|git://)|\.git(?:#|$)")
_CHAIN = 20
"""`include` and `extends` deeper than that are not followed."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Something about the files themselves: unreadable, undefined, circular."""

    kind: str
    """`syntax` or `reference`."""
    at: Location
    message: str
    expected: str = ""
    subject: str = ""


@dataclass(frozen=True)
class Document:
    """One Compose file, parsed."""

    path: str
    node: MappingNode
    body: Map
    """With variables filled in from the `.env` beside it."""


@dataclass(frozen=True)
class Project:
    """What Compose would run from some files together."""

    files: tuple[str, ...]
    """Base first."""
    services: tuple[Service, ...]
    body: Map
    problems: tuple[Problem, ...] = ()
    notes: tuple[str, ...] = ()
    whole: bool = True
    """Whether it can be started as it is; an overlay without its base cannot."""
    paths: frozenset[str] = field(default=frozenset(), repr=False)
    """Every path of the repository."""

    def section(self, name: str) -> Map | None:
        """A top-level mapping such as `networks`."""
        value = self.body.get(name)
        return value if isinstance(value, Map) else None

    def texts(self) -> Iterator[tuple[str, Text]]:
        """Every single value with the name of its section; Compose fills variables into extensions (`x-`) too."""
        return ((key, text) for key, entry in self.body for text in every_text(entry.value))


@dataclass(frozen=True)
class Survey:
    """Every Compose file of a tree."""

    projects: tuple[Project, ...]
    documents: Mapping[str, Document]
    problems: tuple[Problem, ...]
    """Of files that could not be read."""
    files: int


@dataclass
class _Loader:
    """Reads each file once."""

    tree: Tree
    documents: dict[str, Document] = field(default_factory=dict)
    broken: dict[str, Problem] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)
    """Files that others include or extend: they are judged there, unless their name says that they stand alone."""

    def load(self, path: str) -> Document | None:
        """A file's document; None if it is broken or empty."""
        if path not in self.documents and path not in self.broken:
            self._read(path)
        return self.documents.get(path)

    def _read(self, path: str) -> None:
        start = Location(path, 1, 1)
        try:
            nodes = load_all(self.tree.text(path) or "")
        except YamlError as error:
            at = Location(path, error.line, error.column)
            self.broken[path] = Problem("syntax", at, f"is not valid YAML: {error.message}", error.expected)
            return
        except OSError as error:
            self.broken[path] = Problem("syntax", start, f"cannot be read: {error.strerror}")
            return
        if not nodes:
            self.broken[path] = Problem("syntax", start, "is empty", "a mapping with `services:`")
        elif not isinstance(nodes[0], MappingNode):
            self.broken[path] = Problem("syntax", start, "is no mapping", "a mapping with `services:`")
        else:
            body = from_node(nodes[0], path, self.variables(path))
            if isinstance(body, Map):
                self.documents[path] = Document(path, nodes[0], body)

    def variables(self, path: str) -> Variables:
        """What the committed `.env` beside a file sets."""
        beside = posixpath.join(posixpath.dirname(path), ".env")
        if beside not in self.tree.paths:
            return {}
        try:
            return dotenv(self.tree.text(beside) or "")
        except OSError:
            return {}


def survey(tree: Tree) -> Survey:
    """Read every Compose file of the tree and put the projects together."""
    loader = _Loader(tree)
    paths = [f.path for f in tree.matching(PATTERNS)]
    for path in paths:
        loader.load(path)
    groups = list(_groups([p for p in paths if p in loader.documents], loader))
    projects = [_Assembly(loader).project(files) for files in groups]
    standing = [p for p in projects if not set(p.files) <= loader.used or posixpath.basename(p.files[0]) in _BASES]
    return Survey(tuple(standing), dict(loader.documents), tuple(loader.broken.values()), len(paths))


def _groups(paths: Iterable[str], loader: _Loader) -> Iterator[tuple[str, ...]]:
    """The files that belong together: a base with its override, then each overlay on that, then the others alone."""
    by_folder: dict[str, list[str]] = {}
    for path in paths:
        by_folder.setdefault(posixpath.dirname(path), []).append(path)
    for folder, members in sorted(by_folder.items()):
        base = _first(folder, _BASES, members)
        override = _first(folder, _OVERRIDES, members) if base else None
        if base:
            yield (base, override) if override else (base,)
        for path in members:
            if path not in (base, override):
                yield (base, path) if base and _is_overlay(loader.documents[path]) else (path,)


def _first(folder: str, names: Iterable[str], members: list[str]) -> str | None:
    return next((path for name in names if (path := posixpath.join(folder, name)) in members), None)


def _is_overlay(document: Document) -> bool:
    """Whether some service could not be started from this file alone, so that it must belong on top of another."""
    services = document.body.get("services")
    if not isinstance(services, Map) or not services.entries:
        return True
    bodies = [entry.value for _, entry in services if isinstance(entry.value, Map)]
    return any(not {"image", "build", "extends", "provider"} & set(body.entries) for body in bodies)


@dataclass
class _Assembly:
    """One project in the making."""

    loader: _Loader
    problems: list[Problem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def project(self, files: tuple[str, ...]) -> Project:
        """Merge the files in order."""
        bodies = [self._whole(path, (path,)) for path in files]
        body = bodies[0]
        for over in bodies[1:]:
            body = merge_maps(body, over)
        services = tuple(_services(body))
        whole = all(service.complete for service in services) and bool(services)
        return Project(files, services, body, tuple(self.problems), tuple(self.notes), whole, self.loader.tree.paths)

    def _whole(self, path: str, chain: tuple[str, ...]) -> Map:
        """A file's body with its includes and extensions."""
        document = self.loader.load(path)
        if document is None:
            return Map({}, Location(path, 1, 1))
        body = self._with_services(document, chain)
        for included in self._included(document, chain):
            body = merge_maps(Map({k: v for k, v in included if k in _SECTIONS}, included.at), body)
        return body

    def _with_services(self, document: Document, chain: tuple[str, ...]) -> Map:
        services = document.body.get("services")
        if not isinstance(services, Map):
            return document.body
        extended = {
            name: Entry(entry.key_at, self._extended(document.path, name, entry.value, chain))
            for name, entry in services
        }
        entry = document.body.entries["services"]
        below = Entry(entry.key_at, Map(extended, services.at, services.tag))
        return Map({**document.body.entries, "services": below}, document.body.at)

    def _extended(self, path: str, name: str, value: Value, chain: tuple[str, ...]) -> Value:
        """A service on top of what it extends."""
        if not isinstance(value, Map):
            return value
        own = canonical(value)
        extends = own.get("extends")
        if extends is None or len(chain) > _CHAIN:
            return own
        target, file, at = _extends(extends, path)
        step = f"{file}#{target}"
        if step in chain or step == f"{path}#{name}":
            self.problems.append(Problem("reference", at, f"extends itself through {target!r}", subject=name))
            return own
        base = self._base(file, target, at, name, (*chain, f"{path}#{name}", step), path)
        return own if base is None else _without_extends(merge(base, own))

    def _base(self, file: str, target: str, at: Location, name: str, chain: tuple[str, ...], path: str) -> Value | None:
        if file not in self.loader.tree.paths:
            self.problems.append(
                Problem("reference", at, f"extends a service of {file}, which is not in the repository", subject=name)
            )
            return None
        if file != path:
            self.loader.used.add(file)
        document = self.loader.load(file)
        services = document.body.get("services") if document else None
        if not isinstance(services, Map) or target not in services.entries:
            where = "" if file == path else f" of {file}"
            self.problems.append(
                Problem("reference", at, f"extends {target!r}{where}, which does not exist", subject=name)
            )
            return None
        return self._extended(file, target, services.entries[target].value, chain)

    def _included(self, document: Document, chain: tuple[str, ...]) -> Iterator[Map]:
        value = document.body.get("include")
        for item in value.items if isinstance(value, List) else ():
            for text in _include_paths(item):
                if _REMOTE.search(text.text) or not text.known:
                    self.notes.append(f"{text.at}: included from elsewhere and not read")
                    continue
                path = _relative(document.path, text.text)
                if path not in self.loader.tree.paths:
                    self.problems.append(
                        Problem("reference", text.at, f"includes {text.text}, which is not in the repository")
                    )
                elif path in chain or len(chain) > _CHAIN:
                    self.problems.append(Problem("reference", text.at, f"includes itself through {text.text}"))
                else:
                    self.loader.used.add(path)
                    yield self._whole(path, (*chain, path))


_SECTIONS = frozenset({"services", "networks", "volumes", "secrets", "configs"})


def _services(body: Map) -> Iterator[Service]:
    services = body.get("services")
    if not isinstance(services, Map):
        return
    awaited = {
        dependency
        for _, entry in services
        if isinstance(entry.value, Map) and isinstance(depends := entry.value.get("depends_on"), Map)
        for dependency, condition in depends
        if isinstance(condition.value, Map) and condition.value.text("condition") == "service_completed_successfully"
    }
    needed = {d for _, e in services if isinstance(e.value, Map) for d in _keys(e.value.get("depends_on"))}
    for name, entry in services:
        if isinstance(entry.value, Map):
            task = name not in needed and _is_task(name, entry.value)
            yield Service(name, entry.key_at, entry.value, name in awaited or task)
        elif isinstance(entry.value, Text) and entry.value.value is None:
            yield Service(name, entry.key_at, Map({}, entry.key_at), name in awaited)


def _keys(value: Value | None) -> Iterator[str]:
    return iter(value.entries) if isinstance(value, Map) else iter(())


def _is_task(name: str, body: Map) -> bool:
    """By its name, where nothing says otherwise; that is what the trial goes by too."""
    lasting = any(
        body.get(*path) for path in (("restart",), ("deploy", "restart_policy"), ("ports",), ("healthcheck",))
    )
    return not lasting and images.sounds_like_a_task(name)


def _extends(value: Value, path: str) -> tuple[str, str, Location]:
    """Service, file and place of an `extends`."""
    if isinstance(value, Map):
        file = value.text("file")
        return value.text("service") or "", _relative(path, file) if file else path, value.at
    return (value.text if isinstance(value, Text) else ""), path, value.at


def _without_extends(value: Value) -> Value:
    if not isinstance(value, Map):
        return value
    return replace(value, entries={k: v for k, v in value if k != "extends"})


def _include_paths(item: Value) -> Iterator[Text]:
    if isinstance(item, Text):
        yield item
    elif isinstance(item, Map):
        path = item.get("path")
        for one in path.items if isinstance(path, List) else (path,):
            if isinstance(one, Text):
                yield one


def _relative(path: str, other: str) -> str:
    """A path written in a file, relative to the tree."""
    return posixpath.normpath(posixpath.join(posixpath.dirname(path), other))
