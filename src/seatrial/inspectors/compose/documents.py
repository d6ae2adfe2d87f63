"""The Compose files of a tree, read and parsed, each with the variables of the project that loads it."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable
from dataclasses import dataclass, field

from seatrial.domain import Location
from seatrial.encoding import CONFLICT
from seatrial.inspectors.reading import read
from seatrial.source import Tree
from seatrial.yaml_tree import Mapping as MappingNode
from seatrial.yaml_tree import Node, Scalar, YamlError, load_all

from .interpolate import Variables, dotenv
from .merge import canonical_body, merge_maps
from .paths import rebased
from .values import Map, from_node

BASES = ("compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml")
"""Names of files that Compose finds by itself."""
_LIMIT = 4 * 1024 * 1024
"""Bytes of one Compose file; a larger one is not judged."""


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
    """The first YAML document."""
    body: Map
    """All YAML documents merged in order, with variables filled in."""
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
    broken: dict[str, Problem] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)
    """Files that others include or extend: they are judged there, unless their name says that they stand alone."""
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
            body = _body((document.node, *document.later), path, scope)
            self._scoped[path, scope] = Document(path, document.node, body, document.later)
        return self._scoped[path, scope]

    def scope(self, path: str) -> Scope:
        """The scope of a file that is a project of its own: its folder, with the `.env` beside it."""
        folder = posixpath.dirname(path)
        return self.within(folder, (posixpath.join(folder, ".env"),))

    def within(self, folder: str, env_files: Iterable[str], outer: Scope | None = None) -> Scope:
        """A scope from environment files. A later file wins over an earlier one, and the outer project over all."""
        variables: dict[str, str] = {}
        for path in env_files:
            variables |= self._environment(path)
        if outer:
            self.given.update(variables)
        return Scope(folder, tuple((variables | (dict(outer.variables) if outer else {})).items()))

    def _read(self, path: str) -> None:
        start = Location(path, 1, 1)
        found = read(self.tree, path, _LIMIT)
        if found.text is None or found.reason == CONFLICT:
            what = f"cannot be read: {found.reason}"
            expected = "resolve the conflict" if found.reason == CONFLICT else "a Compose file as text"
            self.broken[path] = Problem("syntax", start, what, expected)
            return
        try:
            parsed = load_all(found.text)
        except YamlError as error:
            at = Location(path, error.line, error.column)
            self.broken[path] = Problem("syntax", at, f"is not valid YAML: {error.message}", error.expected)
            return
        nodes = tuple(node for node in parsed if not _nothing(node))
        mappings = tuple(node for node in nodes if isinstance(node, MappingNode))
        if not nodes and self._has_base(path):
            node = MappingNode(1, 1, 1, 1)
            self.documents[path] = Document(path, node, Map({}, start))
        elif not mappings:
            what = "must be a mapping" if nodes else "is empty"
            self.broken[path] = Problem("syntax", start, what, "a mapping with `services:`")
        elif len(mappings) < len(nodes):
            self.broken[path] = Problem("syntax", start, "has a YAML document that is not a mapping", "only mappings")
        else:
            body = _body(mappings, path, self.scope(path))
            self.documents[path] = Document(path, mappings[0], body, mappings[1:])

    def _has_base(self, path: str) -> bool:
        """Whether a file is an overlay of another: an overlay may hold comments only."""
        folder, name = posixpath.split(path)
        return name not in BASES and any(posixpath.join(folder, base) in self.tree.paths for base in BASES)

    def _environment(self, path: str) -> Variables:
        if path not in self.tree.paths:
            return {}
        return dotenv(read(self.tree, path, _LIMIT).text or "")


def _nothing(node: Node) -> bool:
    return isinstance(node, Scalar) and node.plain and node.value in ("", "~", "null")


def _body(nodes: Iterable[MappingNode], path: str, scope: Scope) -> Map:
    """The YAML documents of a file, merged in order as Compose does."""
    variables = scope.named()
    bodies = [body for node in nodes if isinstance(body := from_node(node, path, variables), Map)]
    whole = bodies[0]
    for later in bodies[1:]:
        whole = merge_maps(canonical_body(whole), canonical_body(later))
    return whole if scope.folder == posixpath.dirname(path) else rebased(whole, scope.folder)
