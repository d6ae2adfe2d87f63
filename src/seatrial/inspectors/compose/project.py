"""
From the files of a tree to the projects that Compose would run: bases with their overrides, overlays, `include`
and `extends`.

Files outside the tree and remote resources are never read; what cannot be resolved is a problem with a place.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from seatrial.domain import Location
from seatrial.system.source import Tree
from seatrial.text import images
from seatrial.text.globs import Globs

from . import built, together
from .assembly import Assembly
from .documents import BASES, Document, FileProblem, Loader
from .interpolate import Variables
from .overlays import is_overlay
from .paths import relative
from .service import ServiceConfig
from .values import ComposeText, Map, Value, every_text

PATTERNS = ("compose*.yml", "compose*.yaml", "docker-compose*.yml", "docker-compose*.yaml")
_OVERRIDES = tuple(re.sub(r"(\.ya?ml)$", r".override\1", base) for base in BASES)


@dataclass(frozen=True)
class ComposeProject:
    """What Compose would run from some files together."""

    files: tuple[str, ...]
    """Base first."""
    services: tuple[ServiceConfig, ...]
    body: Map
    problems: tuple[FileProblem, ...] = ()
    notes: tuple[str, ...] = ()
    whole: bool = True
    """Whether it can be started as it is; an overlay without its base cannot."""
    paths: frozenset[str] = field(default=frozenset(), repr=False)
    """Every path of the repository."""
    loaded: frozenset[str] = frozenset()
    """Every file that it is made of: `files`, and what they include and extend."""
    judged: frozenset[str] = frozenset()
    """Those that Compose judges as a whole; of a file that is only extended it judges what is extended."""
    stages: tuple[Map, ...] = field(default=(), repr=False)
    """What it is after each of `files`, and what each include is after each of its own."""

    def section(self, name: str) -> Map | None:
        """A top-level mapping such as `networks`."""
        value = self.body.get(name)
        return value if isinstance(value, Map) else None

    def texts(self) -> Iterator[tuple[str, ComposeText]]:
        """Every single value with the name of its section; Compose fills variables into extensions (`x-`) too."""
        return ((key, text) for key, entry in self.body for text in every_text(entry.value))


@dataclass(frozen=True)
class ProjectSurvey:
    """Every Compose file of a tree."""

    projects: tuple[ComposeProject, ...]
    documents: Mapping[str, Document]
    problems: tuple[FileProblem, ...]
    """Of files that could not be read."""
    files: int
    given: frozenset[str] = frozenset()
    """Variables that environment files of includes set."""
    flaws: tuple[FileProblem, ...] = ()
    """Of files that could be read: no services, a service that cannot start."""


def compose_files(tree: Tree) -> list[str]:
    """The files with a name of Compose; what lies in a directory with such a name is none."""
    return [f.path for f in tree.matching(PATTERNS) if Globs(PATTERNS).match(posixpath.basename(f.path))]


def unopened(tree: Tree) -> dict[str, str]:
    """Files with a name of Compose that the tree has and that cannot be opened, each with the reason."""
    names = Globs(PATTERNS)
    return {path: why for path, why in tree.unread.items() if names.match(posixpath.basename(path))}


def survey(tree: Tree) -> ProjectSurvey:
    """Read every Compose file of the tree and put the projects together."""
    loader = Loader(tree)
    paths = compose_files(tree)
    for path in paths:
        loader.load(path)
    readable = [p for p in paths if p in loader.documents]
    groups = list(_groups(readable, loader, together.said(tree, readable)))
    projects = [_project(files, loader) for files in groups]
    standing = [p for p in projects if not set(p.files) <= loader.used or posixpath.basename(p.files[0]) in BASES]
    return ProjectSurvey(
        tuple(standing),
        dict(loader.documents),
        tuple(loader.broken.values()),
        len(paths),
        frozenset(loader.given),
        (*loader.flaws.values(), *_incomplete(standing)),
    )


def _groups(paths: Iterable[str], loader: Loader, said: Sequence[tuple[str, ...]]) -> Iterator[tuple[str, ...]]:
    """
    The files that belong together: a base with its override, then each overlay on that, then the others alone.

    It is what the repository uses together. A file that is never named first is not judged alone.
    """
    overlays = {path for group in said for path in group[1:]} - {group[0] for group in said}

    def over(path: str, base: str) -> bool:
        return is_overlay(loader.documents[path].body, loader.documents[base].body)

    by_folder: dict[str, list[str]] = {}
    for path in paths:
        by_folder.setdefault(posixpath.dirname(path), []).append(path)
    for folder, members in sorted(by_folder.items()):
        base = _first(folder, BASES, members)
        override = _first(folder, _OVERRIDES, members) if base else None
        if base:
            yield (base, override) if override else (base,)
        for path in members:
            if path not in (base, override, *overlays):
                yield (base, path) if base and over(path, base) else (path,)
    yield from (group for group in said if overlays.intersection(group))


def _first(folder: str, names: Iterable[str], members: list[str]) -> str | None:
    return next((path for name in names if (path := posixpath.join(folder, name)) in members), None)


_TOP_LEVEL = frozenset(
    {"services", "name", "version", "include", "networks", "volumes", "secrets", "configs", "models"}
)


def _incomplete(projects: Iterable[ComposeProject]) -> Iterator[FileProblem]:
    """Services of a base that have neither image nor build, with any overlay of the tree."""
    by_base: dict[str, list[ComposeProject]] = {}
    for project in projects:
        by_base.setdefault(project.files[0], []).append(project)
    for base, variants in by_base.items():
        if posixpath.basename(base) not in BASES:
            continue
        known = all(name in _TOP_LEVEL or name.startswith("x-") for p in variants for name, _ in p.body)
        if known and not any(p.services or p.notes or p.problems for p in variants):
            yield FileProblem("syntax", Location(base, 1, 1), "has no services", "a service under `services:`")
        complete = {s.name for p in variants for s in p.services if s.complete}
        for service in variants[0].services:
            if service.name in complete or service.get("extends") or service.body.at == service.at:
                continue
            message = f"{service.name}: has neither an image nor a build"
            yield FileProblem("syntax", service.at, message, "`image:` or `build:`", service.name)


def _project(files: tuple[str, ...], loader: Loader) -> ComposeProject:
    """What the files come to together."""
    assembly = Assembly(loader)
    body = assembly.project(files, loader.scope(files[0]))
    services = tuple(built.checked(loader.tree, _services(body)))
    for service in services:
        _read_environment(service, loader, loader.scope(files[0]).named())
    whole = all(service.complete for service in services) and bool(services)
    return ComposeProject(
        files,
        services,
        body,
        tuple(assembly.problems),
        tuple(assembly.notes),
        whole,
        loader.tree.paths,
        frozenset(assembly.loaded),
        frozenset(assembly.judged),
        tuple(assembly.stages),
    )


def _read_environment(service: ServiceConfig, loader: Loader, variables: Variables) -> None:
    """The environment files of a service, for what Compose refuses in them."""
    for item in service.items("env_file"):
        path = item.text("path") if isinstance(item, Map) and item.get("format") is None else None
        if path:
            loader.environment(relative(posixpath.dirname(item.at.path), path), variables)


def _services(body: Map) -> Iterator[ServiceConfig]:
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
            yield ServiceConfig(name, entry.key_at, entry.value, name in awaited or task)
        elif isinstance(entry.value, ComposeText) and entry.value.value is None:
            yield ServiceConfig(name, entry.key_at, Map({}, entry.key_at), name in awaited)


def _keys(value: Value | None) -> Iterator[str]:
    return iter(value.entries) if isinstance(value, Map) else iter(())


def _is_task(name: str, body: Map) -> bool:
    """By its name, where nothing says otherwise; that is what the trial goes by too."""
    lasting = any(
        body.get(*path) for path in (("restart",), ("deploy", "restart_policy"), ("ports",), ("healthcheck",))
    )
    return not lasting and images.sounds_like_a_task(name)
