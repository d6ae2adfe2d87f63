"""
One project from its files: `include`, `extends` and overrides.

Sources: https://github.com/compose-spec/compose-spec/blob/main/14-include.md and 13-merge.md beside it. Files outside
the tree and remote resources are never read.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass, field, replace

from seatrial.domain import Location

from .documents import FileProblem, Loader, Scope, onto
from .identity import frozen
from .merge import Merger
from .model_paths import ModelPath
from .paths import relative, with_contexts
from .tags import TaggedDocument, without
from .values import ComposeText, Entry, List, Map, Value

_REMOTE = re.compile(r"^(?:https?://|oci://|git@|ssh://|git://)|\.git(?:#|$)")
_CHAIN = 20
"""`include` and `extends` deeper than that are not followed."""
_FILES = 1000
"""Files that one project loads; a hostile tree could include the same ones over and over."""
_SECTIONS = frozenset({"services", "networks", "volumes", "secrets", "configs", "models", "jobs"})


@dataclass
class _Services:
    """The services of one file, each replaced by what it comes to once it is asked for."""

    path: str
    scope: Scope
    entries: dict[str, Entry]
    dropped: Set[ModelPath]
    """What the file takes away."""
    done: set[str] = field(default_factory=set)


@dataclass
class Assembly:
    """One project in the making."""

    loader: Loader
    problems: list[FileProblem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    loaded: set[str] = field(default_factory=set)
    """Every file that the project is made of."""
    judged: set[str] = field(default_factory=set)
    """Those of them that Compose judges as a whole; of a file that is extended it judges what is extended."""
    stages: list[Map] = field(default_factory=list)
    """What it is after each of its files, and each include after each of its own: Compose judges all of them."""
    _merger: Merger = field(default_factory=Merger)
    _bases: dict[tuple[str, Scope], _Services | None] = field(default_factory=dict)
    """The files that are extended."""
    _loaded: int = 0

    def project(self, files: Iterable[str], scope: Scope) -> Map:
        """The files in order as one project; what cannot be merged is a problem."""
        body = self.merged(files, scope)
        for clash in self._merger.clashes:
            name = clash.path[1] if len(clash.path) > 1 and clash.path[0] == "services" else ""
            message = f"{'.'.join(clash.path)} is of another kind than what it is merged with"
            self.problems.append(FileProblem("syntax", clash.at, message, "the same kind, or `!override`", name))
        return body

    def merged(self, files: Iterable[str], scope: Scope, chain: tuple[str, ...] = ()) -> Map:
        """The files in order, each with what it includes and extends; a later file wins."""
        body: Map | None = None
        for path in files:
            self._loaded += 1
            self.loaded.add(path)
            self.judged.add(path)
            document = self.loader.load(path, scope)
            for part in document.parts if document else ():
                own = self._whole(path, part, (*chain, path), scope)
                body = onto(body or Map({}, own.at), own, part.dropped, self._merger)
            body = body or Map({}, Location(path, 1, 1))
            self.stages.append(body)
        return with_contexts(body or Map({}, Location("", 1, 1)), scope.folder)

    def _whole(self, path: str, part: TaggedDocument, chain: tuple[str, ...], scope: Scope) -> Map:
        """A file's body with its includes and extensions."""
        body = part.body
        for included in self._included(path, body, chain, scope):
            body = self._import(included, body, part.dropped)
        entry = body.entries.get("services")
        if entry is None or not isinstance(entry.value, Map):
            return body
        services = _Services(path, scope, dict(entry.value.entries), part.dropped)
        for name in entry.value.entries:
            self._extend(services, name, chain)
        below = Entry(entry.key_at, replace(entry.value, entries=services.entries))
        return replace(body, entries={**body.entries, "services": below})

    def _import(self, included: Map, body: Map, dropped: Set[ModelPath]) -> Map:
        """A file's body with the resources of a project that it includes; where both have one, the file's wins."""
        entries = dict(body.entries)
        for section in _SECTIONS & set(included.entries):
            source, own = included.entries[section], entries.get(section)
            if not isinstance(source.value, Map):
                continue
            if own is None or not isinstance(own.value, Map):
                entries[section] = source
                continue
            resources = dict(source.value.entries)
            for name, entry in own.value:
                resources[name] = self._under(section, name, resources.get(name), entry, dropped)
            entries[section] = Entry(own.key_at, replace(own.value, entries=resources))
        return replace(body, entries=entries)

    def _under(self, section: str, name: str, below: Entry | None, own: Entry, dropped: Set[ModelPath]) -> Entry:
        if below is None or frozen(below.value) == frozen(own.value):
            return own
        base = without(below.value, dropped, (section, name))
        return Entry(own.key_at, self._merger.merge(base, own.value, (section, name)))

    def _extend(self, services: _Services, name: str, chain: tuple[str, ...]) -> Value:
        """A service on top of what it extends."""
        entry = services.entries[name]
        own = entry.value
        extends = own.get("extends") if isinstance(own, Map) and name not in services.done else None
        if extends is None or len(chain) > _CHAIN:
            return own
        services.done.add(name)
        target, file, at = _extends(extends, services.scope)
        base = self._base(services, target, file, at, name, (*chain, f"{services.path}#{name}"))
        if isinstance(base, Map) and isinstance(own, Map):
            below = without(base, services.dropped, ("services", name))
            merged = _without_extends(self._merger.merge(below, own, ("services", name)))
            services.entries[name] = Entry(entry.key_at, merged)
        return services.entries[name].value

    def _base(
        self, services: _Services, target: str, file: str, at: Location, name: str, chain: tuple[str, ...]
    ) -> Value | None:
        """The service that another one extends; None, with a problem, if there is none."""
        where = f" of {file}" if file and file != services.path else ""
        if file and file not in self.loader.tree.paths:
            message = f"extends a service of {file}, which is not in the repository"
            self.problems.append(FileProblem("reference", at, message, subject=name))
            return None
        found = self._file(file, services.scope) if file else services
        if found is None or target not in found.entries:
            message = f"extends {target!r}{where}, which does not exist"
            self.problems.append(FileProblem("reference", at, message, subject=name))
            return None
        if f"{found.path}#{target}" in chain:
            self.problems.append(FileProblem("reference", at, f"extends itself through {target!r}", subject=name))
            return None
        return self._extend(found, target, chain)

    def _file(self, file: str, scope: Scope) -> _Services | None:
        """The services of a file that is extended, without what it includes."""
        self.loader.used.add(file)
        self.loaded.add(file)
        # its paths start in its own folder, its variables are the project's
        inside = Scope(file.rpartition("/")[0], scope.variables)
        if (file, inside) not in self._bases:
            document = self.loader.load(file, inside)
            services = document.body.get("services") if document else None
            dropped = document.parts[-1].dropped if document and document.parts else frozenset()
            self._bases[file, inside] = (
                _Services(file, inside, dict(services.entries), dropped) if isinstance(services, Map) else None
            )
        return self._bases[file, inside]

    def _included(self, path: str, body: Map, chain: tuple[str, ...], scope: Scope) -> Iterator[Map]:
        value = body.get("include")
        for item in value.items if isinstance(value, List) else ():
            texts = list(_texts(item, "path"))
            if not texts:
                self.problems.append(FileProblem("reference", item.at, "has an include without `path`"))
            paths = [path for text in texts if (path := self._local(text, chain, scope))]
            if paths and len(paths) == len(texts):
                self.loader.used.update(paths)
                yield self.merged(paths, self._scope_of(item, paths[0], scope), chain)

    def _local(self, text: ComposeText, chain: tuple[str, ...], scope: Scope) -> str:
        """The path of an included file; empty, with a problem or a note, if it is not to be read."""
        if _REMOTE.search(text.text) or not text.known:
            self.notes.append(f"{text.at}: included from elsewhere and not read")
            return ""
        path = relative(scope.folder, text.text)
        if path not in self.loader.tree.paths:
            reason = self.loader.tree.unread.get(path)
            found = f"which cannot be read: {reason}" if reason else "which is not in the repository"
            self.problems.append(FileProblem("reference", text.at, f"includes {text.text}, {found}"))
        elif path in chain or len(chain) > _CHAIN:
            self.problems.append(FileProblem("reference", text.at, f"includes itself through {text.text}"))
        elif self._loaded >= _FILES:
            self.notes.append(f"{text.at}: not read, the project includes more than {_FILES:,} files")
        else:
            return path
        return ""

    def _scope_of(self, item: Value, first: str, outer: Scope) -> Scope:
        """The project that an include item makes of its files."""
        directory = item.text("project_directory") if isinstance(item, Map) else None
        folder = relative(outer.folder, directory) if directory else first.rpartition("/")[0]
        folder = "" if folder == "." else folder
        given = [relative(outer.folder, text.text) for text in _texts(item, "env_file") if isinstance(item, Map)]
        return self.loader.within(folder, given or (posixpath.join(folder, ".env"),), outer)


def _extends(value: Value, scope: Scope) -> tuple[str, str, Location]:
    """Service, file (empty: the same) and place of an `extends`."""
    if isinstance(value, Map):
        file = value.text("file")
        return value.text("service") or "", relative(scope.folder, file) if file else "", value.at
    return (value.text if isinstance(value, ComposeText) else ""), "", value.at


def _without_extends(value: Value) -> Value:
    if not isinstance(value, Map):
        return value
    return replace(value, entries={k: v for k, v in value if k != "extends"})


def _texts(item: Value, name: str) -> Iterator[ComposeText]:
    """A text, or the text or texts under a name of a mapping."""
    value = item.get(name) if isinstance(item, Map) else item if name == "path" else None
    for one in value.items if isinstance(value, List) else (value,):
        if isinstance(one, ComposeText) and one.text:
            yield one
