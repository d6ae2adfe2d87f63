"""PHP: composer.json and composer.lock. Source: https://getcomposer.org/doc/04-schema.md"""

from __future__ import annotations

import re

from seatrial.inspectors.dependencies.model import Gathered, Listed, Manifest
from seatrial.inspectors.dependencies.text import Lines, array, json_object, table

ECOSYSTEM = "Packagist"
_EXACT = re.compile(r"[=v]*(\d+(?:\.\d+){1,3}(?:-[\w.]+)?)")


def composer_lock(manifest: Manifest) -> Listed:
    """`packages` and `packages-dev`."""
    document = json_object(manifest.text)
    places = Lines(manifest.path, manifest.text)
    found = Gathered(manifest.path)
    for entry in (*array(document, "packages"), *array(document, "packages-dev")):
        name, version = str(entry["name"]), str(entry.get("version", "")).removeprefix("v")
        at = places.next(f'"name": "{name}"')
        told = entry.get("abandoned")
        instead = f"use {told} instead" if isinstance(told, str) else "choose another package" if told else ""
        if table(entry, "dist").get("type") == "path":
            found.own.add(name.lower())
        elif version[:1].isdigit():
            licence = " OR ".join(map(str, entry.get("license") or ()))
            found.package(ECOSYSTEM, name, version, at, licence=licence, abandoned=instead)
        else:
            found.elsewhere(ECOSYSTEM, name, "from a branch", at)
    return found.listed(lock=True, tells_upkeep=True)


def composer_json(manifest: Manifest) -> Listed:
    """`require` and `require-dev`, without PHP, its extensions and Composer itself."""
    document = json_object(manifest.text)
    places = Lines(manifest.path, manifest.text)
    found = Gathered(manifest.path)
    for section in ("require", "require-dev"):
        for name, wanted in table(document, section).items():
            if "/" not in name:
                continue  # php, ext-*, lib-*, composer-plugin-api
            at = places.next(f'"{name}"')
            version = str(wanted).strip()
            if match := _EXACT.fullmatch(version):
                found.package(ECOSYSTEM, name, match[1], at)
            elif version.startswith("dev-"):
                found.elsewhere(ECOSYSTEM, name, "from a branch", at)
            else:
                found.range(ECOSYSTEM, name, version, at)
    return found.listed()
