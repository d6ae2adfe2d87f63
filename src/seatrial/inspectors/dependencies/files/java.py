"""
Java: Maven's pom.xml, with properties, management and parents as far as they are in the tree.

Source: https://maven.apache.org/pom.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from seatrial.domain import Location
from seatrial.inspectors.dependencies.model import Gathered, Listed, Manifest, inside

from .xml import Element, read

ECOSYSTEM = "Maven"
_PROPERTY = re.compile(r"\$\{([\w.-]+)\}")
_VERSION = re.compile(r"\d[\w.+-]*|[A-Za-z][\w.+-]*\d[\w.+-]*")
_PARENTS = 10


@dataclass
class _Pom:
    """A POM with what it inherits: the nearest definition wins."""

    properties: dict[str, str] = field(default_factory=dict)
    managed: dict[str, str] = field(default_factory=dict)
    unknown: list[str] = field(default_factory=list)
    """Parents and BOMs that are not in the tree."""

    def filled(self, text: str) -> str:
        """A text with its properties replaced, as far as they are known; length and rounds are bounded."""
        for _ in range(5):
            text = _PROPERTY.sub(lambda m: self.properties.get(m[1], m[0])[:200], text)[:1000]
        return text


def pom(manifest: Manifest) -> Listed:
    """Dependencies, plugins, extensions and the parent; a version may be managed by a parent or a BOM."""
    root = _project(manifest.text)
    inherited = _Pom()
    _inherit(manifest, root, manifest.path, inherited, 0)
    found = Gathered(manifest.path)
    for one in _used(root):
        name = inherited.filled(_name(one))
        at = Location(manifest.path, one.line, 1)
        version = inherited.filled(one.value("version") or inherited.managed.get(name, ""))
        if one.name == "parent" and _parent_path(manifest, manifest.path, one):
            continue  # the repository's own
        if inherited.filled(one.value("scope")) == "system":
            found.elsewhere(ECOSYSTEM, name, "from a file of the system", at)
        elif _VERSION.fullmatch(version):
            found.package(ECOSYSTEM, name, version, at)
        elif version or one.name != "plugin":
            _unknown(name, version, inherited, at, found)
        else:
            found.elsewhere(ECOSYSTEM, name, "a plugin without a version", at)
    return found.listed()


def _unknown(name: str, version: str, inherited: _Pom, at: Location, found: Gathered) -> None:
    if inherited.unknown and (not version or "${" in version):
        found.elsewhere(ECOSYSTEM, name, f"its version is in {inherited.unknown[0]}, which is not in the tree", at)
    else:
        found.range(ECOSYSTEM, name, version, at)


def _project(text: str) -> Element:
    root = read(text)
    if root.name != "project":
        raise ValueError("its root is not `project`")
    return root


def _used(root: Element) -> Iterator[Element]:
    """Every element that brings an artifact."""
    for scope in (root, *root.at("profiles", "profile")):
        yield from scope.at("parent")
        yield from scope.at("dependencyManagement", "dependencies", "dependency")
        yield from scope.at("dependencies", "dependency")
        for plugins in (("build", "plugins"), ("build", "pluginManagement", "plugins"), ("reporting", "plugins")):
            for plugin in scope.at(*plugins, "plugin"):
                yield plugin
                yield from plugin.at("dependencies", "dependency")
        yield from scope.at("build", "extensions", "extension")


def _name(one: Element) -> str:
    group = one.value("groupId") or ("org.apache.maven.plugins" if one.name == "plugin" else "")
    return f"{group}:{one.value('artifactId')}"


def _inherit(manifest: Manifest, root: Element, path: str, into: _Pom, depth: int) -> None:
    parent = root.child("parent")
    for key in ("groupId", "artifactId", "version"):
        text = root.value(key) or (parent.value(key) if parent else "")
        into.properties.setdefault(f"project.{key}", text)
        into.properties.setdefault(f"pom.{key}", text)
        if parent:
            into.properties.setdefault(f"project.parent.{key}", parent.value(key))
    for properties in root.at("properties"):
        for one in properties.children:
            into.properties.setdefault(one.name, one.text.strip())
    above = _parent_path(manifest, path, parent) if parent else None
    if parent and (above is None or depth >= _PARENTS):
        into.unknown.append(_name(parent))
    elif above is not None and (text_above := manifest.neighbour(above)) is not None:
        _inherit(manifest, _project(text_above), above, into, depth + 1)
    for one in root.at("dependencyManagement", "dependencies", "dependency"):
        into.managed.setdefault(into.filled(_name(one)), one.value("version"))
        if one.value("scope") == "import":
            into.unknown.append(into.filled(_name(one)))


def _parent_path(manifest: Manifest, path: str, parent: Element) -> str | None:
    """Where a parent is in the tree: by `relativePath`, else `../pom.xml`, if it has the parent's name."""
    relative = parent.child("relativePath")
    reference = relative.text.strip() if relative is not None else "../pom.xml"
    where = inside(path.rpartition("/")[0], reference) if reference else None
    if where is None:
        return None
    for candidate in (where, f"{where}/pom.xml"):
        text = manifest.neighbour(candidate) if candidate in manifest.paths and candidate != path else None
        if text is not None:
            try:
                return candidate if _project(text).value("artifactId") == parent.value("artifactId") else None
            except ValueError:
                return None
    return None
