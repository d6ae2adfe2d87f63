"""
Node.js: package.json, with the catalogs of pnpm, Yarn and Bun, and npm's locks (versions 1 to 3).

Sources: https://docs.npmjs.com/cli/configuring-npm/package-json, https://docs.npmjs.com/cli/configuring-npm/package-lock-json,
https://pnpm.io/catalogs, https://bun.com/docs/install/catalogs, https://yarnpkg.com/protocols
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from seatrial.domain import Location
from seatrial.inspectors.dependencies.model import Gathered, Listed, Manifest
from seatrial.inspectors.dependencies.text import Lines, children, json_object, table, yaml_documents
from seatrial.text.yaml_tree import Scalar

ECOSYSTEM, JSR = "npm", "JSR"
EXACT = re.compile(r"^=?\s*v?(\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?(?:\+[0-9A-Za-z.-]+)?)$")
ALIAS = re.compile(r"^npm:(?P<name>@?[^@\s]+)(?:@(?P<wanted>.*))?$")
LOCAL = ("file:", "link:", "portal:", "workspace:", "./", "../", "~/", "/")
_ADDRESS = re.compile(
    r"^(?:git(?:\+\w+)?|https?|ssh|github|gitlab|bitbucket|gist):|^git@|^(?!@)[\w.-]+/[\w.-]+(?:#.*)?$"
)
_TARBALL = re.compile(r"^https?://[^?#]*/(?P<file>[\w.-]+?)-(?P<version>\d+\.\d+\.\d+(?:-[\w.]+)?)\.tgz(?:[?#].*)?$")
REGISTRY = re.compile(
    r"^https?://(?:registry\.npmjs\.org|registry\.yarnpkg\.com|[^/]+)/(?:[^?#]*?/)??"
    r"(?P<name>(?:@[\w.-]+/)?[\w.-]+)/-/(?:@[\w.-]+/)?[\w.-]+\.tgz"
)
_SECTIONS = ("dependencies", "devDependencies", "optionalDependencies", "peerDependencies")


def package_json(manifest: Manifest) -> Listed:
    """All dependencies that a package declares; ranges, nearly always."""
    document = json_object(manifest.text)
    places = Lines(manifest.path, manifest.text)
    found = Gathered(manifest.path)
    optional = {
        n for n, meta in table(document, "peerDependenciesMeta").items() if table({"m": meta}, "m").get("optional")
    }
    elsewhere = {n for section in _SECTIONS[:3] for n in table(document, section)}
    for section in _SECTIONS:
        for name, wanted in table(document, section).items():
            if section == "peerDependencies":
                if name not in optional and name not in elsewhere:
                    found.provided(ECOSYSTEM, name, places.next(f'"{name}"'))
                continue
            wanted_text = str(wanted)
            if wanted_text.startswith("catalog:"):
                wanted_text = _from_catalog(manifest, name, wanted_text[8:])
            dependency(name, wanted_text, places.next(f'"{name}"'), found)
    return found.listed()


def installed(manifest: Manifest) -> Listed:
    """The package.json of an installed package that is committed: the package itself, not what it asks for."""
    document = json_object(manifest.text)
    found = Gathered(manifest.path)
    name, version = str(document.get("name") or ""), str(document.get("version") or "")
    if name and version:
        licence = document.get("license")
        found.package(
            ECOSYSTEM, name, version, Lines(manifest.path, manifest.text).next('"version"'),
            licence=licence if isinstance(licence, str) else "",
        )  # fmt: skip
    return found.listed()


def dependency(name: str, wanted: str, at: Location, found: Gathered) -> None:
    """One dependency in any form that package managers take."""
    wanted = wanted.strip()
    if match := ALIAS.match(wanted):
        name, wanted = match["name"], match["wanted"] or ""
    if wanted.startswith("jsr:") or name.startswith("@jsr/"):
        found.elsewhere(JSR, name, "OSV has no data of JSR's packages", at)
    elif wanted.startswith(LOCAL) and not wanted.endswith((".tgz", ".tar.gz")):
        return  # the repository's own
    elif wanted.startswith("patch:"):
        match = re.match(r"patch:(?P<name>@?[^@]+)@(?:npm(?::|%3A))?(?P<wanted>[^#]*)", wanted)
        dependency(match["name"] if match else name, match["wanted"] if match else "", at, found)
    elif match := _TARBALL.match(wanted):
        registry = REGISTRY.match(wanted)
        found.package(ECOSYSTEM, registry["name"] if registry else name, match["version"], at)
    elif _ADDRESS.match(wanted):
        found.elsewhere(ECOSYSTEM, name, "from an address or version control", at)
    elif match := EXACT.match(wanted):
        found.package(ECOSYSTEM, name, match[1], at)
    else:
        found.range(ECOSYSTEM, name, wanted, at)


def _from_catalog(manifest: Manifest, name: str, catalog: str) -> str:
    """What a `catalog:` reference means; itself if it cannot be resolved."""
    wanted = catalog or "default"
    for path, text in manifest.above("pnpm-workspace.yaml", ".yarnrc.yml", "package.json"):
        entries = _json_catalogs(text) if path.endswith(".json") else _yaml_catalogs(text)
        if (wanted, name) in entries:
            return entries[wanted, name]
    own = _json_catalogs(manifest.text)
    return own.get((wanted, name), f"catalog:{catalog}")


@lru_cache(maxsize=64)
def _yaml_catalogs(text: str) -> dict[tuple[str, str], str]:
    found: dict[tuple[str, str], str] = {}
    try:
        documents = yaml_documents(text)
    except ValueError:
        return found
    for document in documents:
        named = [("default", children(document, "catalog"))]
        for key, node in children(document, "catalogs"):
            named.append((key.value, getattr(node, "entries", ())))
        for catalog, entries in named:
            found |= {(catalog, k.value): v.value for k, v in entries if isinstance(v, Scalar)}
    return found


@lru_cache(maxsize=64)
def _json_catalogs(text: str) -> dict[tuple[str, str], str]:
    try:
        document = json_object(text)
    except (ValueError, RecursionError):
        return {}
    found: dict[tuple[str, str], str] = {}
    for place in (document, table(document, "workspaces")):
        for catalog, entries in (("default", table(place, "catalog")), *table(place, "catalogs").items()):
            found |= {(catalog, str(n)): str(w) for n, w in table({"e": entries}, "e").items()}
    return found


def package_lock(manifest: Manifest) -> Listed:
    """`packages` of versions 2 and 3, else the nested `dependencies` of version 1."""
    document = json_object(manifest.text)
    places = Lines(manifest.path, manifest.text)
    found = Gathered(manifest.path)
    has_packages = isinstance(document.get("packages"), dict)
    if has_packages:
        _version_2(document["packages"], places, found)
    else:
        _version_1(document, places, found)
    return found.listed(lock=True, tells_upkeep=has_packages)


def _version_2(entries: Mapping[str, Any], places: Lines, found: Gathered) -> None:
    for key, entry in entries.items():
        if not isinstance(entry, dict):
            raise ValueError(f"the entry of {key[:60]} is not an object")  # noqa: TRY004 - the file's value is wrong
        name = str(entry.get("name") or key.rpartition("node_modules/")[2])
        if not key or entry.get("link") or "node_modules/" not in f"/{key}":
            found.own.add(name)
            continue
        at = places.next(f'"{key}"')
        resolved, version = str(entry.get("resolved", "")), str(entry.get("version", ""))
        if resolved.startswith(("git", "ssh:")):
            found.elsewhere(ECOSYSTEM, name, "from version control", at)
        elif version:
            licence, told = entry.get("license"), entry.get("deprecated")
            found.package(
                ECOSYSTEM, name, version, at,
                licence=licence if isinstance(licence, str) else "", abandoned=told if isinstance(told, str) else "",
            )  # fmt: skip
        else:
            found.range(ECOSYSTEM, name, "", at)


def _version_1(document: Mapping[str, Any], places: Lines, found: Gathered) -> None:
    pending = [table(document, "dependencies")]
    while pending:
        for name, entry in pending.pop(0).items():
            if not isinstance(entry, dict):
                raise ValueError(f"the entry of {name[:60]} is not an object")  # noqa: TRY004 - as above
            version = str(entry.get("version", ""))
            if version.startswith("file:") and not version.endswith((".tgz", ".tar.gz")):
                found.own.add(name)
            else:
                dependency(name, version, places.next(f'"{name}"'), found)
            pending.append(table(entry, "dependencies"))


def workspaces(document: Mapping[str, Any]) -> Iterator[str]:
    """The globs of a package.json's workspaces, in both of its forms."""
    declared = document.get("workspaces")
    if isinstance(declared, dict):
        declared = declared.get("packages")
    yield from (str(one) for one in declared or () if isinstance(declared, list))
