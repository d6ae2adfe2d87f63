"""
Node.js: the locks of Yarn (classic and Berry), pnpm and Bun.

Sources: https://classic.yarnpkg.com/lang/en/docs/yarn-lock/, https://yarnpkg.com/features/protocols,
https://github.com/pnpm/spec/tree/master/lockfile, https://bun.com/docs/install/lockfile
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from seatrial.domain import Location
from seatrial.inspectors.dependencies.model import Gathered, Listed, Manifest
from seatrial.inspectors.dependencies.text import MAX_LINE, Lines, json_object, scalar, table, yaml_documents
from seatrial.text import lines
from seatrial.text.yaml_tree import Mapping as MappingNode
from seatrial.text.yaml_tree import YamlNode

from .node import ECOSYSTEM, EXACT, LOCAL, REGISTRY, dependency

_YARN_KEY = re.compile(r"^(?P<name>@?[^@\s]+)@(?P<wanted>.*)$")
_YARN_FIELD = re.compile(r'^\s{2,}"?(?P<key>version|resolved|resolution)"?:?\s+"?(?P<value>[^"\s]+)"?\s*$')
_PNPM_KEY = re.compile(r"^/?(?P<name>(?:@[^@/(]+/)?[^@/(]+)[@/](?P<version>\d[^(_/]*)")
_ELSEWHERE = re.compile(r"^(?:git(?:\+\w+)?|https?|ssh|github|gitlab|bitbucket)[:@]|^(?!@)[\w.-]+/[\w.-]+(?:#.*)?$")


def yarn_lock(manifest: Manifest) -> Listed:
    """Blocks that begin with `name@range` and hold a `version`; keys may be quoted, in both generations."""
    found = Gathered(manifest.path)
    for number, header, fields in _blocks(manifest.text):
        at = Location(manifest.path, number, 1)
        first = header.split(",", 1)[0].strip().strip("\"'")
        match = _YARN_KEY.match(first)
        if first == "__metadata" or match is None:
            if first != "__metadata":
                found.problem(f"line {number} is not an entry of a Yarn lock")
            continue
        _yarn_entry(match["name"], match["wanted"], fields, at, found)
    return found.listed(lock=True)


def _yarn_entry(name: str, wanted: str, fields: dict[str, str], at: Location, found: Gathered) -> None:
    version = fields.get("version", "")
    resolution = _YARN_KEY.match(fields.get("resolution", ""))
    if resolution:  # Berry says what an alias or a patch comes to
        name, wanted = resolution["name"], resolution["wanted"]
    if wanted.startswith("npm:") and "@" in wanted[5:]:
        name = wanted[4:].rpartition("@")[0]
    if wanted.startswith(LOCAL) and not wanted.endswith((".tgz", ".tar.gz")):
        found.own.add(name)
    elif _ELSEWHERE.match(wanted) and not wanted.startswith("npm:"):
        found.elsewhere(ECOSYSTEM, name, "from an address or version control", at)
    elif version:
        registry = REGISTRY.match(fields.get("resolved", ""))
        found.package(ECOSYSTEM, registry["name"] if registry else name, version, at)
    else:
        found.range(ECOSYSTEM, name, "", at)


def _blocks(text: str) -> Iterator[tuple[int, str, dict[str, str]]]:
    """The number of a block's first line, its header, and its own fields."""
    start, header, fields = 0, "", dict[str, str]()
    for number, line in enumerate(lines.split(text), 1):
        if len(line) > MAX_LINE:
            raise ValueError(f"line {number} is longer than {MAX_LINE:,} characters")
        if not line.strip() or line.startswith("#"):
            continue
        if not line[0].isspace():
            if header:
                yield start, header, fields
            start, header, fields = number, line.rstrip().removesuffix(":"), {}
        elif line.startswith("  ") and not line[2:3].isspace() and (match := _YARN_FIELD.match(line)):
            fields.setdefault(match["key"], match["value"])
    if header:
        yield start, header, fields


def pnpm_lock(manifest: Manifest) -> Listed:
    """The keys of `packages`, in every document: `/name/1.2.3`, `/name@1.2.3`, `name@1.2.3`, peers in brackets."""
    found = Gathered(manifest.path)
    for document in yaml_documents(manifest.text):
        if not isinstance(document, MappingNode):
            raise ValueError("a document is not a mapping")  # noqa: TRY004 - what is wrong is the file's value
        packages = document.get("packages")
        for key, entry in packages.entries if isinstance(packages, MappingNode) else ():
            _pnpm_entry(key.value, entry, Location(manifest.path, key.line, key.column), found)
    return found.listed(lock=True, once=True, tells_upkeep=True)


def _pnpm_entry(key: str, entry: YamlNode, at: Location, found: Gathered) -> None:
    match = _PNPM_KEY.match(key)
    named, version = scalar(entry, "name"), scalar(entry, "version")
    if match:
        found.package(ECOSYSTEM, match["name"], match["version"], at, abandoned=scalar(entry, "deprecated"))
    elif "file:" in key or "link:" in key or "workspace:" in key:
        found.own.add(named or key.partition("@")[0])
    else:
        name = named or re.split(r"(?<=.)@", key.removeprefix("/"), maxsplit=1)[0]
        reason = f"from an address or version control{f' ({version})' if version else ''}"
        found.elsewhere(ECOSYSTEM, name, reason, at)


def bun_lock(manifest: Manifest) -> Listed:
    """`packages`: a list for each, whose first item is `name@version`."""
    document = json_object(manifest.text, comments=True)
    places = Lines(manifest.path, manifest.text)
    found = Gathered(manifest.path)
    for member in table(document, "workspaces").values():
        found.own.add(str(table({"m": member}, "m").get("name", "")))
    for key, entry in table(document, "packages").items():
        if not isinstance(entry, list) or not entry:
            raise ValueError(f"the entry of {key[:60]} is not a list")
        match = _YARN_KEY.match(str(entry[0]))
        if match is None:
            raise ValueError(f"the entry of {key[:60]} names no package")
        at = places.next(f'"{key}"')
        if match["wanted"].startswith(LOCAL):
            found.own.add(match["name"])
        elif EXACT.match(match["wanted"]):
            found.package(ECOSYSTEM, match["name"], match["wanted"], at)
        else:
            dependency(match["name"], match["wanted"], at, found)
    return found.listed(lock=True, once=True)
