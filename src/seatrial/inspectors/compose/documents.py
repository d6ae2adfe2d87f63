"""The Compose files of a tree, read and parsed, each with the variables of the project that loads it."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Set
from dataclasses import dataclass, field

from seatrial.domain import Location
from seatrial.inspectors.reading import read
from seatrial.system.source import Tree
from seatrial.text.encoding import CONFLICT
from seatrial.text.yaml_tree import Mapping as MappingNode
from seatrial.text.yaml_tree import Scalar, YamlError, YamlNode, load_all

from .canonical import canonical
from .dotenv import DotenvError, parse
from .interpolate import Variables
from .merge import Merger
from .model_paths import ModelPath
from .paths import rebased
from .tags import TaggedDocument, part, without
from .values import Map, from_node

BASES = ("compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml")
"""Names of files that Compose finds by itself."""
_LIMIT = 4 * 1024 * 1024
"""Bytes of one Compose file; a larger one is not judged."""


@dataclass(frozen=True, slots=True)
class FileProblem:
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
    """The first YAML document."""
    body: Map
    """All YAML documents merged in order, with variables filled in."""
    parts: tuple[TaggedDocument, ...] = ()
    """The YAML documents one by one."""
    later: tuple[MappingNode, ...] = ()
    """YAML documents after the first."""


@dataclass(frozen=True, slots=True)
class Scope:
    """What a project gives to a file that it loads."""

    folder: str
    """The project directory: relative paths start there."""
    variables: tuple[tuple[str, str], ...] = ()

    def named(self) -> Variables:
        """The variables by name."""
        return dict(self.variables)


@dataclass
class Loader:
    """Parses each file once."""

    tree: Tree
    documents: dict[str, Document] = field(default_factory=dict)
    """Every file that could be read, as its own project would load it."""
    broken: dict[str, FileProblem] = field(default_factory=dict)
    flaws: dict[str, FileProblem] = field(default_factory=dict)
    """Environment files that Compose refuses."""
    used: set[str] = field(default_factory=set)
    """Files that others include or extend: they are judged there, unless their name says that they are complete."""
    given: set[str] = field(default_factory=set)
    """Variables that environment files of includes set."""
    _scoped: dict[tuple[str, Scope], Document] = field(default_factory=dict)

    def load(self, path: str, scope: Scope | None = None) -> Document | None:
        """A file's document; None if it is broken or empty. Without a scope the file is a project of its own."""
        if path not in self.documents and path not in self.broken:
            self._read(path)
        document = self.documents.get(path)
        if document is None or scope is None or scope == self.scope(path):
            return document
        if (path, scope) not in self._scoped:
            self._scoped[path, scope] = _document((document.node, *document.later), path, scope)
        return self._scoped[path, scope]

    def scope(self, path: str) -> Scope:
        """The scope of a file that is a project of its own: its folder, with the `.env` beside it."""
        folder = posixpath.dirname(path)
        return self.within(folder, (posixpath.join(folder, ".env"),))

    def within(self, folder: str, env_files: Iterable[str], outer: Scope | None = None) -> Scope:
        """A scope from environment files. A later file wins over an earlier one, and the outer project over all."""
        variables: dict[str, str] = {}
        above = dict(outer.variables) if outer else {}
        for path in env_files:
            variables |= self.environment(path, variables | above)
        if outer:
            self.given.update(variables)
        return Scope(folder, tuple((variables | above).items()))

    def _read(self, path: str) -> None:
        start = Location(path, 1, 1)
        found = read(self.tree, path, _LIMIT)
        if found.text is None or found.reason == CONFLICT:
            what = f"cannot be read: {found.reason}"
            expected = "resolve the conflict" if found.reason == CONFLICT else "a Compose file as text"
            self.broken[path] = FileProblem("syntax", start, what, expected)
            return
        try:
            parsed = load_all(found.text)
        except YamlError as error:
            at = Location(path, error.line, error.column)
            self.broken[path] = FileProblem("syntax", at, f"is not valid YAML: {error.message}", error.expected)
            return
        nodes = tuple(node for node in parsed if not _nothing(node))
        mappings = tuple(node for node in nodes if isinstance(node, MappingNode))
        if not nodes and self._has_base(path):
            node = MappingNode(1, 1, 1, 1)
            self.documents[path] = Document(path, node, Map({}, start))
        elif not mappings:
            what = "must be a mapping" if nodes else "is empty"
            self.broken[path] = FileProblem("syntax", start, what, "a mapping with `services:`")
        elif len(mappings) < len(nodes):
            self.broken[path] = FileProblem(
                "syntax", start, "has a YAML document that is not a mapping", "only mappings"
            )
        else:
            self.documents[path] = _document(mappings, path, self.scope(path))

    def _has_base(self, path: str) -> bool:
        """Whether a file is an overlay of another: an overlay may hold comments only."""
        folder, name = posixpath.split(path)
        return name not in BASES and any(posixpath.join(folder, base) in self.tree.paths for base in BASES)

    def environment(self, path: str, outer: Variables) -> Variables:
        """The variables of an environment file; what Compose refuses in it is a flaw."""
        if path not in self.tree.paths:
            return {}
        try:
            return parse(read(self.tree, path, _LIMIT).text or "", outer)
        except DotenvError as error:
            expected = "`NAME=value` on each line, as Compose reads it"
            self.flaws[path] = FileProblem("syntax", Location(path, error.line, 1), error.message, expected)
            return {}


def _nothing(node: YamlNode) -> bool:
    return isinstance(node, Scalar) and node.plain and node.value in ("", "~", "null")


def _document(nodes: tuple[MappingNode, ...], path: str, scope: Scope) -> Document:
    """A file as a project loads it."""
    variables = scope.named()
    bodies = [body for node in nodes if isinstance(body := from_node(node, path, variables), Map)]
    if scope.folder != posixpath.dirname(path):
        bodies = [rebased(body, scope.folder) for body in bodies]
    parts = tuple(map(part, bodies))
    return Document(path, nodes[0], together(parts, Merger()), parts, nodes[1:])


def together(parts: Iterable[TaggedDocument], merger: Merger) -> Map:
    """What YAML documents come to in order, without what they include and extend."""
    whole = Map({}, Location("", 1, 1))
    for one in parts:
        whole = onto(whole, one.body, one.dropped, merger)
    return whole


def onto(base: Map, over: Map, dropped: Set[ModelPath], merger: Merger) -> Map:
    """A file's body on top of the canonical body of those before it, less the paths that it removes."""
    merged = canonical(merger.merge(without(base, dropped), over))
    return merged if isinstance(merged, Map) else over
