"""
Rust: Cargo.toml and Cargo.lock.

Sources: https://doc.rust-lang.org/cargo/reference/specifying-dependencies.html,
https://doc.rust-lang.org/cargo/guide/cargo-toml-vs-cargo-lock.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from seatrial.domain import Location
from seatrial.inspectors.dependencies.model import Gathered, Listed, Manifest
from seatrial.inspectors.dependencies.text import Lines, array, lines_of, table, toml

ECOSYSTEM = "crates.io"
_KINDS = ("dependencies", "dev-dependencies", "build-dependencies", "dev_dependencies", "build_dependencies")
_EXACT = re.compile(r"^=\s*(\d+\.\d+\.\d+(?:[-+][\w.+-]+)?)$")


def cargo_lock(manifest: Manifest) -> Listed:
    """`[[package]]`; those without a source are the workspace's own."""
    entries = array(toml(manifest.text), "package")
    places = list(lines_of(manifest.path, manifest.text, r"\s*\[\[\s*package\s*\]\]"))
    places += [Location(manifest.path, 0, 1)] * (len(entries) - len(places))
    found = Gathered(manifest.path)
    for entry, header in zip(entries, places, strict=False):
        at = Location(manifest.path, header.line + 1, 1)
        name, source = str(entry["name"]), str(entry.get("source", ""))
        if not source:
            found.own.add(name)
        elif source.startswith(("registry+", "sparse+")):
            found.package(ECOSYSTEM, name, str(entry["version"]), at)
        else:
            found.elsewhere(ECOSYSTEM, name, "from version control", at)
    return found.listed(lock=True)


def cargo_toml(manifest: Manifest) -> Listed:
    """All dependencies that a crate or workspace declares; `1.2.3` is a range to Cargo, `=1.2.3` is not."""
    document = toml(manifest.text)
    places = Lines(manifest.path, manifest.text)
    found = Gathered(manifest.path)
    shared = _shared(manifest, document)
    for name, entry in _declared(document):
        inherits = isinstance(entry, dict) and entry.get("workspace") is True
        what = shared.get(name, {}) if inherits else entry
        details = what if isinstance(what, dict) else {"version": what}
        _dependency(str(details.get("package") or name), details, places.key(name), found)
    return found.listed()


def _declared(document: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for part in (document, *table(document, "target").values(), table(document, "workspace")):
        for kind in _KINDS:
            yield from table(part, kind).items()


def _shared(manifest: Manifest, document: Mapping[str, Any]) -> dict[str, Any]:
    """What the workspace's root says of dependencies that its members inherit; the nearest root wins."""
    shared = table(document, "workspace", "dependencies")
    for _, text in manifest.above("Cargo.toml"):
        try:
            shared = table(toml(text), "workspace", "dependencies") | shared
        except (ValueError, RecursionError):
            continue
    return shared


def _dependency(name: str, details: Mapping[str, Any], at: Location, found: Gathered) -> None:
    version = str(details.get("version") or "")
    if details.get("git"):
        found.elsewhere(ECOSYSTEM, name, "from version control", at)
    elif details.get("path"):
        pass  # built from the folder, whatever version the registry has
    elif match := _EXACT.match(version.strip()):
        found.package(ECOSYSTEM, name, match[1], at)
    else:
        found.range(ECOSYSTEM, name, version, at)


def members(document: Mapping[str, Any]) -> tuple[list[str], list[str]]:
    """The globs of a workspace's members, and of the folders that it excludes."""
    return [str(m) for m in array(document, "workspace", "members")], [
        str(m) for m in array(document, "workspace", "exclude")
    ]
