"""
Java: Maven's pom.xml (with its own properties) and Gradle's lock files.

Sources: https://maven.apache.org/pom.html, https://docs.gradle.org/current/userguide/dependency_locking.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.parsers import expat

from seatrial.domain import Location
from seatrial.inspectors.dependencies.model import Listed, Open, Package

_DEPTH = 40
_LOCKED = re.compile(r"^(?P<group>[\w.-]+):(?P<name>[\w.-]+):(?P<version>[\w.+-]+)=")
_PROPERTY = re.compile(r"\$\{([\w.-]+)\}")


@dataclass
class _Pom:
    """What expat's events build: dependencies with their lines, and properties."""

    way: list[str] = field(default_factory=list)
    text: str = ""
    properties: dict[str, str] = field(default_factory=dict)
    current: dict[str, str] | None = None
    line: int = 0
    found: list[tuple[dict[str, str], int, bool]] = field(default_factory=list)

    def start(self, name: str, _attributes: dict[str, str], line: int) -> None:
        self.way.append(name.rpartition(":")[2])
        self.text = ""
        if len(self.way) > _DEPTH:
            raise ValueError(f"is nested more than {_DEPTH} levels deep")
        if self.way[-1] in ("dependency", "plugin", "parent") and self.current is None:
            self.current, self.line = {}, line

    def end(self, name: str) -> None:
        tag = name.rpartition(":")[2]
        if self.current is not None and tag in ("groupId", "artifactId", "version", "scope") and len(self.way) > 1:
            if self.way[-2] in ("dependency", "plugin", "parent"):
                self.current[tag] = self.text.strip()
        elif tag in ("dependency", "parent") and self.current is not None:
            managed = "dependencyManagement" in self.way
            if tag == "parent" and len(self.way) == 2:
                self.properties.setdefault("project.parent.version", self.current.get("version", ""))
                self.properties.setdefault("project.groupId", self.current.get("groupId", ""))
                self.properties.setdefault("project.version", self.current.get("version", ""))
            self.found.append((self.current, self.line, managed))
            self.current = None
        elif tag == "plugin":
            self.current = None
        elif len(self.way) == 3 and self.way[1] == "properties":
            self.properties[tag] = self.text.strip()
        elif len(self.way) == 2 and tag in ("version", "groupId"):
            self.properties[f"project.{tag}"] = self.text.strip()
        self.way.pop()


def pom(path: str, text: str) -> Listed:
    """Dependencies with a version, from the file itself or from its `dependencyManagement`."""
    read = _Pom()
    parser = expat.ParserCreate()
    parser.StartElementHandler = lambda name, attributes: read.start(name, attributes, parser.CurrentLineNumber)
    parser.EndElementHandler = read.end

    def characters(data: str) -> None:
        read.text += data

    def refuse(*_: object) -> None:
        raise ValueError("has a document type, which a POM has not")

    parser.CharacterDataHandler = characters
    parser.StartDoctypeDeclHandler = refuse
    try:
        parser.Parse(text, True)
    except expat.ExpatError as error:
        raise ValueError(f"is not valid XML: {error}") from None
    packages: list[Package] = []
    open_: list[Open] = []
    managed = {_name(d): d.get("version", "") for d, _, is_managed in read.found if is_managed}
    for one, line, is_managed in read.found:
        name = _filled(_name(one), read)
        version = _filled(one.get("version") or managed.get(_name(one), ""), read)
        at = Location(path, line, 1)
        if re.match(r"\d|[\w.-]+$", version) and "${" not in version and "[" not in version and version:
            packages.append(Package("Maven", name, version, at))
        elif not is_managed:
            open_.append(Open("Maven", name, version, at))
    return Listed(path, tuple(packages), tuple(open_))


def _name(one: dict[str, str]) -> str:
    return f"{one.get('groupId', '')}:{one.get('artifactId', '')}"


def _filled(text: str, read: _Pom) -> str:
    for _ in range(5):
        text = _PROPERTY.sub(lambda m: read.properties.get(m[1], m[0]), text)
    return text


def gradle_lock(path: str, text: str) -> Listed:
    """`group:name:version=configurations`, a line each."""
    return Listed(path, tuple(_locked(path, text)), lock=True)


def _locked(path: str, text: str) -> Iterator[Package]:
    for number, line in enumerate(text.splitlines(), 1):
        if match := _LOCKED.match(line):
            yield Package("Maven", f"{match['group']}:{match['name']}", match["version"], Location(path, number, 1))
