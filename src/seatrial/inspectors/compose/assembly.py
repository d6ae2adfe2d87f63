"""
One project from its files: `include`, `extends` and overrides.

Sources: https://github.com/compose-spec/compose-spec/blob/main/14-include.md and 13-merge.md beside it. Files outside
the tree and remote resources are never read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from seatrial.domain import Location

from .documents import Document, Loader, Problem, Scope
from .merge import canonical, merge, merge_maps
from .paths import relative
from .values import Entry, List, Map, Text, Value

_REMOTE = re.compile(r"^(?:https?://|oci://|git@|ssh://|git://)|\.git(?:#|$)")
_CHAIN = 20
"""`include` and `extends` deeper than that are not followed."""
_FILES = 1000
"""Files that one project loads; a hostile tree could include the same ones over and over."""
_SECTIONS = frozenset({"services", "networks", "volumes", "secrets", "configs", "models"})


@dataclass
class Assembly:
    """One project in the making."""

    loader: Loader
    problems: list[Problem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    loads: set[str] = field(default_factory=set)
    """Every file that it is made of."""
    _loaded: int = 0

    def merged(self, files: Iterable[str], scope: Scope, chain: tuple[str, ...] = ()) -> Map:
        """The files in order, each with what it includes and extends; a later file wins."""
        bodies = [self._whole(path, (*chain, path), scope) for path in files]
        body = bodies[0]
        for over in bodies[1:]:
            body = merge_maps(body, over)
        return body

    def _whole(self, path: str, chain: tuple[str, ...], scope: Scope) -> Map:
        """A file's body with its includes and extensions."""
        self._loaded += 1
        self.loads.add(path)
        document = self.loader.load(path, scope)
        if document is None:
            return Map({}, Location(path, 1, 1))
        body = self._with_services(document, chain, scope)
        for included in self._included(document, chain, scope):
            body = merge_maps(Map({k: v for k, v in included if k in _SECTIONS}, included.at), body)
        return body

    def _with_services(self, document: Document, chain: tuple[str, ...], scope: Scope) -> Map:
        services = document.body.get("services")
        if not isinstance(services, Map):
            return document.body
        extended = {
            name: Entry(entry.key_at, self._extended(document.path, name, entry.value, chain, scope))
            for name, entry in services
        }
        entry = document.body.entries["services"]
        below = Entry(entry.key_at, Map(extended, services.at, services.tag))
        return Map({**document.body.entries, "services": below}, document.body.at)

    def _extended(self, path: str, name: str, value: Value, chain: tuple[str, ...], scope: Scope) -> Value:
        """A service on top of what it extends."""
        if not isinstance(value, Map):
            return value
        own = canonical(value)
        extends = own.get("extends")
        if extends is None or len(chain) > _CHAIN:
            return own
        target, file, at = _extends(extends, path, scope)
        step = f"{file}#{target}"
        if step in chain or step == f"{path}#{name}":
            self.problems.append(Problem("reference", at, f"extends itself through {target!r}", subject=name))
            return own
        base = self._base(file, target, at, name, (*chain, f"{path}#{name}", step), path, scope)
        return own if base is None else _without_extends(merge(base, own))

    def _base(
        self, file: str, target: str, at: Location, name: str, chain: tuple[str, ...], path: str, scope: Scope
    ) -> Value | None:
        if file not in self.loader.tree.paths:
            self.problems.append(
                Problem("reference", at, f"extends a service of {file}, which is not in the repository", subject=name)
            )
            return None
        if file != path:
            self.loader.used.add(file)
            self.loads.add(file)
            # its paths start in its own folder, its variables are the project's
            scope = Scope(file.rpartition("/")[0], scope.variables)
        document = self.loader.load(file, scope)
        services = document.body.get("services") if document else None
        if not isinstance(services, Map) or target not in services.entries:
            where = "" if file == path else f" of {file}"
            self.problems.append(
                Problem("reference", at, f"extends {target!r}{where}, which does not exist", subject=name)
            )
            return None
        return self._extended(file, target, services.entries[target].value, chain, scope)

    def _included(self, document: Document, chain: tuple[str, ...], scope: Scope) -> Iterator[Map]:
        value = document.body.get("include")
        for item in value.items if isinstance(value, List) else ():
            texts = list(_texts(item, "path"))
            if not texts:
                self.problems.append(Problem("reference", item.at, "has an include without `path`"))
            paths = [path for text in texts if (path := self._local(text, chain, scope))]
            if paths and len(paths) == len(texts):
                self.loader.used.update(paths)
                yield self.merged(paths, self._scope_of(item, paths[0], scope), chain)

    def _local(self, text: Text, chain: tuple[str, ...], scope: Scope) -> str:
        """The path of an included file; empty, with a problem or a note, if it is not to be read."""
        if _REMOTE.search(text.text) or not text.known:
            self.notes.append(f"{text.at}: included from elsewhere and not read")
            return ""
        path = relative(scope.folder, text.text)
        if path not in self.loader.tree.paths:
            reason = self.loader.tree.unread.get(path)
            found = f"which cannot be read: {reason}" if reason else "which is not in the repository"
            self.problems.append(Problem("reference", text.at, f"includes {text.text}, {found}"))
        elif path in chain or len(chain) > _CHAIN:
            self.problems.append(Problem("reference", text.at, f"includes itself through {text.text}"))
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
        return self.loader.within(folder, given or (f"{folder}/.env".lstrip("/"),), outer)


def _extends(value: Value, path: str, scope: Scope) -> tuple[str, str, Location]:
    """Service, file and place of an `extends`."""
    if isinstance(value, Map):
        file = value.text("file")
        return value.text("service") or "", relative(scope.folder, file) if file else path, value.at
    return (value.text if isinstance(value, Text) else ""), path, value.at


def _without_extends(value: Value) -> Value:
    if not isinstance(value, Map):
        return value
    return replace(value, entries={k: v for k, v in value if k != "extends"})


def _texts(item: Value, name: str) -> Iterator[Text]:
    """A text, or the text or texts under a name of a mapping."""
    value = item.get(name) if isinstance(item, Map) else item if name == "path" else None
    for one in value.items if isinstance(value, List) else (value,):
        if isinstance(one, Text) and one.text:
            yield one
