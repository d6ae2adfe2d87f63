"""
Node.js: package.json, and the locks of npm (versions 1 to 3), Yarn (classic and Berry) and pnpm.

Sources: npm's documentation of package-lock.json, Yarn's and pnpm's own lock files.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from seatrial.domain import Location
from seatrial.inspectors.dependencies.model import Listed, Open, Package
from seatrial.inspectors.dependencies.text import Lines
from seatrial.yaml_tree import Mapping as MappingNode
from seatrial.yaml_tree import YamlError, load_all

_ECOSYSTEM = "npm"
_EXACT = re.compile(r"^=?v?\d+\.\d+\.\d+(?:[-+][\w.+-]+)?$")
_YARN_KEY = re.compile(r'^"?(@?[^@"\s,]+)@')
_YARN_VERSION = re.compile(r'^\s+version:?\s+"?([^"\s]+)"?')
_PNPM_KEY = re.compile(r"^/?(@?[^@(]+?)[@/](\d[^(/_]*)")


def package_json(path: str, text: str) -> Listed:
    """The dependencies of a package that has no lock: ranges, nearly always."""
    document = _object(text)
    lines = Lines(path, text)
    packages: list[Package] = []
    open_: list[Open] = []
    for section in ("dependencies", "optionalDependencies"):
        entries = document.get(section)
        for name, wanted in entries.items() if isinstance(entries, dict) else ():
            if not isinstance(wanted, str) or re.match(
                r"(?:file|link|workspace|git|https?|portal):|[\w-]+/[\w-]+", wanted
            ):
                continue
            at = lines.next(f'"{name}"')
            if _EXACT.match(wanted):
                packages.append(Package(_ECOSYSTEM, name, wanted.lstrip("=v"), at))
            else:
                open_.append(Open(_ECOSYSTEM, name, wanted, at))
    return Listed(path, tuple(packages), tuple(open_))


def package_lock(path: str, text: str) -> Listed:
    """`packages` of versions 2 and 3, else the nested `dependencies` of version 1."""
    document = _object(text)
    lines = Lines(path, text)
    found = _version_2(document, lines) if isinstance(document.get("packages"), dict) else _version_1(document, lines)
    return Listed(path, tuple(found), lock=True)


def _version_2(document: Mapping[str, Any], lines: Lines) -> Iterator[Package]:
    for key, entry in document["packages"].items():
        if not key or not isinstance(entry, dict) or entry.get("link") or "node_modules/" not in key:
            continue
        name = str(entry.get("name") or key.rpartition("node_modules/")[2])
        if entry.get("version") and not str(entry.get("resolved", "")).startswith(("file:", "git")):
            licence = entry.get("license")
            at = lines.next(f'"{key}"')
            told = entry.get("deprecated")
            yield Package(
                _ECOSYSTEM, name, str(entry["version"]), at, licence if isinstance(licence, str) else "",
                told if isinstance(told, str) else "",
            )  # fmt: skip


def _version_1(document: Mapping[str, Any], lines: Lines) -> Iterator[Package]:
    pending = [document.get("dependencies") or {}]
    while pending:
        for name, entry in pending.pop(0).items():
            if not isinstance(entry, dict):
                continue
            if re.match(r"\d", str(entry.get("version", ""))):
                yield Package(_ECOSYSTEM, name, str(entry["version"]), lines.next(f'"{name}"'))
            if isinstance(entry.get("dependencies"), dict):
                pending.append(entry["dependencies"])


def yarn_lock(path: str, text: str) -> Listed:
    """Blocks that begin with `name@range` and hold a `version`; the same line form in both generations."""
    found: list[Package] = []
    name, at = "", Location(path, 1, 1)
    for number, line in enumerate(text.splitlines(), 1):
        if line and not line[0].isspace() and not line.startswith("#"):
            match = _YARN_KEY.match(line)
            local = "@workspace:" in line or "@file:" in line or "@link:" in line or "@patch:" in line
            alias = re.search(r"@npm:(@?[^@\"\s,]+)@", line)
            name = "" if local or match is None else alias[1] if alias else match[1]
            at = Location(path, number, 1)
        elif name and (match := _YARN_VERSION.match(line)):
            found.append(Package(_ECOSYSTEM, name, match[1], at))
            name = ""
    return Listed(path, tuple(found), lock=True)


def pnpm_lock(path: str, text: str) -> Listed:
    """The keys of `packages`: `/name/1.2.3`, `/name@1.2.3` or `name@1.2.3`, with peers in brackets."""
    try:
        nodes = load_all(text)
    except YamlError as error:
        raise ValueError(f"is not valid YAML: {error.message}") from None
    packages = nodes[0].get("packages") if nodes and isinstance(nodes[0], MappingNode) else None
    found: dict[tuple[str, str], Package] = {}
    for key, _ in packages.entries if isinstance(packages, MappingNode) else ():
        if match := _PNPM_KEY.match(key.value):
            one = Package(_ECOSYSTEM, match[1], match[2], Location(path, key.line, key.column))
            found.setdefault((one.name, one.version), one)
    return Listed(path, tuple(found.values()), lock=True)


def _object(text: str) -> dict[str, Any]:
    document = json.loads(text)
    if not isinstance(document, dict):
        raise ValueError("is no JSON object")  # noqa: TRY004 - what is wrong is the value of the file
    return document
