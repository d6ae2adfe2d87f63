"""
Deno: deno.json(c) and deno.lock. What comes from npm is read, JSR's packages and remote modules are named.

Source: https://docs.deno.com/runtime/fundamentals/modules/
"""

from __future__ import annotations

import re

from seatrial.domain import Location
from seatrial.inspectors.dependencies.model import Gathered, Listed, Manifest
from seatrial.inspectors.dependencies.text import Lines, json_object, table

from .node import ECOSYSTEM, EXACT, JSR

_SPECIFIER = re.compile(r"^(?P<kind>npm|jsr):/?(?P<name>(?:@[^@/]+/)?[^@/]+)(?:@(?P<wanted>[^/_]*))?")
_LOCKED = re.compile(r"^(?P<name>(?:@[^@/]+/)?[^@/]+)@(?P<version>\d[^_]*)")
_NO_JSR = "OSV has no data of JSR's packages"


def deno_json(manifest: Manifest) -> Listed:
    """`imports` and `scopes`."""
    document = json_object(manifest.text, comments=True)
    places = Lines(manifest.path, manifest.text)
    found = Gathered(manifest.path)
    for imports in (table(document, "imports"), *table(document, "scopes").values()):
        for address in table({"i": imports}, "i").values():
            _import(str(address), places.next(f'"{address}"'), found)
    return found.listed()


def _import(address: str, at: Location, found: Gathered) -> None:
    match = _SPECIFIER.match(address)
    if match is None:
        if address.startswith(("https:", "http:")):
            found.elsewhere("Deno", address[:100], "a module by its address", at)
    elif match["kind"] == "jsr":
        found.elsewhere(JSR, match["name"], _NO_JSR, at)
    elif exact := EXACT.match(match["wanted"] or ""):
        found.package(ECOSYSTEM, match["name"], exact[1], at)
    else:
        found.range(ECOSYSTEM, match["name"], match["wanted"] or "", at)


def deno_lock(manifest: Manifest) -> Listed:
    """`npm`, `jsr` and `remote`, at the top (versions 4 and later) or below `packages` (2 and 3)."""
    document = json_object(manifest.text)
    places = Lines(manifest.path, manifest.text)
    found = Gathered(manifest.path)
    old = table(document, "packages")
    npm = table(document, "npm") or table(old, "npm")
    if isinstance(npm.get("packages"), dict):  # version 2
        npm = table(npm, "packages")
    for key in npm:
        at = places.next(f'"{key}"')
        if match := _LOCKED.match(key):
            found.package(ECOSYSTEM, match["name"], match["version"], at)
        else:
            found.elsewhere(ECOSYSTEM, key, "an entry without a version", at)
    for key in table(document, "jsr") or table(old, "jsr"):
        found.elsewhere(JSR, key, _NO_JSR, places.next(f'"{key}"'))
    for address in table(document, "remote"):
        found.elsewhere("Deno", address[:100], "a module by its address", places.next(f'"{address}"'))
    return found.listed(lock=True, once=True)
