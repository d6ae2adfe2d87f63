"""
Gradle: build scripts in Groovy and Kotlin where they are literal, version catalogs, and lock files.

Scripts are programs. What is written literally is read; a script with dependencies of another form is named.
Sources: https://docs.gradle.org/current/userguide/declaring_dependencies.html,
https://docs.gradle.org/current/userguide/version_catalogs.html,
https://docs.gradle.org/current/userguide/dependency_locking.html
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from seatrial.domain import Location
from seatrial.inspectors.dependencies.model import Gathered, Listed, Manifest
from seatrial.inspectors.dependencies.text import MAX_LINE, Lines, table, toml
from seatrial.text import lines

from .java import ECOSYSTEM

_LOCKED = re.compile(r"^(?P<group>[\w.-]+):(?P<name>[\w.-]+):(?P<version>[\w.+-]+)=")
_CONFIGURATION = (
    r"(?:\w*(?:[iI]mplementation|[aA]pi|[cC]ompileOnly|[cC]ompileOnlyApi|[rR]untimeOnly|[aA]nnotationProcessor|[cC]ompile"
    r"|[rR]untime|[cC]lasspath|[kK]apt|[kK]sp|[dD]eveloperOnly|[pP]rovided|[dD]esugaring|[pP]rovidedRuntime)\w*)"
)
_CALL = re.compile(rf"^\s*(?:add\s*\(\s*)?[\"']?(?P<configuration>{_CONFIGURATION})[\"']?\s*[(,]?\s*(?P<what>.*)$")
_TEXT = re.compile(r"""(?P<quote>["'])(?P<text>(?:(?!(?P=quote)).)*)(?P=quote)""")
_COORDINATES = re.compile(r"^(?P<name>[\w.-]+:[\w.-]+)(?::(?P<version>[^:@!]+))?(?::[\w.-]+)?(?:@\w+|!!)?$")
_MAP = re.compile(r"""\b(group|name|version)\s*[:=]\s*["']([^"']*)["']""")
_PROPERTY = re.compile(
    r"""^(?:(?:project\.)?ext[.\[ ]|extra\[)?(?:(?:private )?(?:def|val|var|String|const val) )?"""
    r"""["']?(?P<name>\w+)["']?\]?"""
    r""" ?(?:by extra\(|[=:]) ?["']?(?P<value>[\w.+-]+)["']?\)?,?$"""
)
_PLUGIN = re.compile(
    r"""^\s*id\s*\(?\s*["'](?P<id>[\w.-]+)["'](?:\s*\))?(?:\s+version\s*\(?\s*["'](?P<version>[^"']+)["'])?"""
)
_REFERENCE = re.compile(r"\$\{?(?:project\.|rootProject\.|ext\.)*(\w+)\}?")
_EXACT = re.compile(r"\d[\w.-]*(?<![.+])|[A-Za-z][\w.-]*\d[\w.-]*")
_BLOCK_COMMENT = re.compile(r"/\*(?:[^*]|\*(?!/))*+(?:\*/|\Z)")
_OWN = ("project", "projects.", "files", "fileTree", "gradleApi", "localGroovy", "gradleTestKit", "kotlin(", "npm(")


def gradle_lock(manifest: Manifest) -> Listed:
    """`group:name:version=configurations`, a line each."""
    found = Gathered(manifest.path)
    for number, line in enumerate(lines.split(manifest.text), 1):
        if match := _LOCKED.match(line):
            at = Location(manifest.path, number, 1)
            found.package(ECOSYSTEM, f"{match['group']}:{match['name']}", match["version"], at)
        elif line.strip() and not line.startswith(("#", "empty=")):
            found.problem(f"line {number} is not an entry of a Gradle lock")
    return found.listed(lock=True)


def catalog(manifest: Manifest) -> Listed:
    """A version catalog: `libraries` and `plugins`, with `version.ref` resolved."""
    document = toml(manifest.text)
    places = Lines(manifest.path, manifest.text)
    found = Gathered(manifest.path)
    versions = table(document, "versions")
    for alias, entry in table(document, "libraries").items():
        name, version = _library(entry, versions)
        _add(name, version, places.key(alias), found)
    for alias, entry in table(document, "plugins").items():
        details = (
            entry if isinstance(entry, dict) else dict(zip(("id", "version"), str(entry).split(":"), strict=False))
        )
        plugin = str(details.get("id", ""))
        _add(f"{plugin}:{plugin}.gradle.plugin", _version(details.get("version"), versions), places.key(alias), found)
    return found.listed()


def _library(entry: Any, versions: Mapping[str, Any]) -> tuple[str, str]:
    if isinstance(entry, str):
        group, _, rest = entry.partition(":")
        name, _, version = rest.partition(":")
        return f"{group}:{name}", version
    if not isinstance(entry, dict):
        raise ValueError("a library is neither a text nor a table")  # noqa: TRY004 - the file's value is wrong
    name = str(entry.get("module") or f"{entry.get('group', '')}:{entry.get('name', '')}")
    return name, _version(entry.get("version"), versions)


def _version(entry: Any, versions: Mapping[str, Any]) -> str:
    """A version: a text, a reference, or a rich version of which `strictly` and `require` name one."""
    if isinstance(entry, dict) and "ref" in entry:
        entry = versions.get(str(entry["ref"]), "")
    if isinstance(entry, dict):
        entry = entry.get("strictly") or entry.get("require") or entry.get("prefer") or ""
    return str(entry or "").removesuffix("!!")


def _add(name: str, version: str, at: Location, found: Gathered) -> None:
    if _EXACT.fullmatch(version) and not version.startswith("latest."):
        found.package(ECOSYSTEM, name, version, at)
    else:
        found.range(ECOSYSTEM, name, version, at)


def script(manifest: Manifest) -> Listed:
    """build.gradle and build.gradle.kts: coordinates that are literal, or that name a property of the file."""
    found = Gathered(manifest.path)
    text = _BLOCK_COMMENT.sub(lambda m: re.sub(r"[^\n]", " ", m[0]), manifest.text)
    properties = _properties(manifest, text)
    depth, inside_block = 0, False
    for number, line in enumerate(lines.split(text), 1):
        if len(line) > MAX_LINE:
            found.problem(f"line {number} is longer than {MAX_LINE:,} characters")
            continue
        code = " ".join(re.sub(r"(?<![:\w])//.*$", "", line).split())
        if re.match(r"^(?:\w+\.)?(?:dependencies|constraints)\s*\{", code):
            inside_block, depth = True, 0 if not inside_block else depth
            _one_line(code, number, properties, found)
        elif inside_block:
            _declaration(code, number, properties, found)
        elif match := _PLUGIN.match(code):
            _plugin(match, Location(manifest.path, number, 1), found)
        if inside_block:
            depth += code.count("{") - code.count("}")
            inside_block = depth > 0
    return found.listed()


def _one_line(code: str, number: int, properties: Mapping[str, str], found: Gathered) -> None:
    body = code.partition("{")[2].rpartition("}")[0]
    for part in body.split(";"):
        _declaration(part, number, properties, found)


def _plugin(match: re.Match[str], at: Location, found: Gathered) -> None:
    if match["version"]:
        _add(f"{match['id']}:{match['id']}.gradle.plugin", match["version"], at, found)


def _properties(manifest: Manifest, text: str) -> dict[str, str]:
    """Texts that this script, gradle.properties and the scripts above assign."""
    known: dict[str, str] = {}
    texts = [text, *(t for _, t in manifest.above("gradle.properties", "build.gradle", "build.gradle.kts"))]
    for one in texts:
        for line in lines.split(one):
            if len(line) <= MAX_LINE and (match := _PROPERTY.match(" ".join(line.split()))):
                known.setdefault(match["name"], match["value"])
    return known


def _declaration(code: str, number: int, properties: Mapping[str, str], found: Gathered) -> None:
    call = _CALL.match(code)
    if call is None:
        return
    what = call["what"].strip()
    at = Location(found.path, number, 1)
    what = re.sub(r"^(?:platform|enforcedPlatform|testFixtures|enforced)\s*\(\s*", "", what)
    if not what or what.startswith(_OWN) or what.startswith(("{", "=")):
        if what.startswith(("kotlin(", "npm(")):
            found.problem(f"line {number} has a dependency in a form that is not read: {what[:60]}")
        return
    if what.startswith("libs."):
        return  # of the version catalog, which is read by itself
    pairs = dict(_MAP.findall(what))
    if {"group", "name"} <= pairs.keys():
        coordinates = f"{pairs['group']}:{pairs['name']}:{pairs.get('version', '')}".removesuffix(":")
        _coordinates(coordinates, number, properties, at, found)
        return
    texts = [m["text"] for m in _TEXT.finditer(what) if ":" in m["text"]]
    if not texts:
        found.problem(f"line {number} has a dependency in a form that is not read: {what[:60]}")
    for text in texts:
        _coordinates(text, number, properties, at, found)


def _coordinates(text: str, number: int, properties: Mapping[str, str], at: Location, found: Gathered) -> None:
    filled = _REFERENCE.sub(lambda m: properties.get(m[1], m[0]), text)
    match = _COORDINATES.match(filled)
    if match is None:
        found.problem(f"line {number} has a dependency in a form that is not read: {text[:60]}")
    elif "$" in (match["version"] or ""):
        found.elsewhere(ECOSYSTEM, match["name"], "its version is computed", at)
    else:
        _add(match["name"], match["version"] or "", at, found)
