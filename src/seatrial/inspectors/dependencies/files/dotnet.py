"""
.NET: packages.lock.json, project files with central versions, packages.config, local tools, and Paket's lock.

Sources: https://learn.microsoft.com/nuget/consume-packages/package-references-in-project-files,
https://learn.microsoft.com/nuget/consume-packages/central-package-management,
https://fsprojects.github.io/Paket/lock-file.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from seatrial.domain import Location
from seatrial.inspectors.dependencies.model import Gathered, Listed, Manifest, normal
from seatrial.inspectors.dependencies.text import Lines, json_object, table
from seatrial.text import lines

from .xml import Element, read

ECOSYSTEM = "NuGet"
_EXACT = re.compile(r"\[?\s*(\d+(?:\.\d+){0,3}(?:-[\w.-]+)?(?:\+[\w.-]+)?)\s*\]?")
_PROPERTY = re.compile(r"\$\(([\w.]+)\)")
_REFERENCES = ("PackageReference", "GlobalPackageReference", "PackageDownload", "package")
_PAKET = re.compile(r"^ {4}(?P<name>[\w.-]+) \((?P<version>[^)\s]+)\)")


def packages_lock(manifest: Manifest) -> Listed:
    """`dependencies`, by framework."""
    places = Lines(manifest.path, manifest.text)
    found = Gathered(manifest.path)
    for entries in table(json_object(manifest.text), "dependencies").values():
        for name, entry in table({"e": entries}, "e").items():
            details = table({"e": entry}, "e")
            if str(details.get("type", "")).lower() == "project":
                found.own.add(normal(ECOSYSTEM, name))
            elif details.get("resolved"):
                found.package(ECOSYSTEM, name, str(details["resolved"]), places.next(f'"{name}"'))
            else:
                found.range(ECOSYSTEM, name, str(details.get("requested", "")), places.next(f'"{name}"'))
    return found.listed(lock=True, once=True)


def project(manifest: Manifest) -> Listed:
    """References with a version; a plain version is the lowest that NuGet takes, and the one that it takes."""
    root = read(manifest.text)
    above = list(_above(manifest))
    properties = _properties([root, *above])
    central = _central(above)
    found = Gathered(manifest.path)
    for one in root.every(*_REFERENCES):
        name = _attribute(one, "Include") or _attribute(one, "Update") or _attribute(one, "id")
        version = _attribute(one, "VersionOverride") or _attribute(one, "Version") or central.get(name.lower(), "")
        if name:
            _add(name, _filled(version, properties), Location(manifest.path, one.line, 1), found)
    return found.listed()


def central_versions(manifest: Manifest) -> Listed:
    """Directory.Packages.props: `PackageVersion` and `GlobalPackageReference`."""
    root = read(manifest.text)
    properties = _properties([root, *_above(manifest)])
    found = Gathered(manifest.path)
    for one in root.every("PackageVersion", *_REFERENCES):
        if name := _attribute(one, "Include") or _attribute(one, "Update"):
            version = _filled(_attribute(one, "Version"), properties)
            _add(name, version, Location(manifest.path, one.line, 1), found)
    return found.listed()


def _above(manifest: Manifest) -> Iterator[Element]:
    for _, text in manifest.above("Directory.Packages.props", "Directory.Build.props", "Directory.Build.targets"):
        try:
            yield read(text)
        except ValueError:
            continue  # it is a manifest itself where it declares versions, and is named as one


def _properties(roots: list[Element]) -> dict[str, str]:
    known: dict[str, str] = {}
    for root in roots:
        for group in root.every("PropertyGroup"):
            for one in group.children:
                known.setdefault(one.name, one.text.strip())
    return known


def _central(roots: list[Element]) -> dict[str, str]:
    known: dict[str, str] = {}
    for root in roots:
        for one in root.every("PackageVersion"):
            known.setdefault(_attribute(one, "Include").lower(), _attribute(one, "Version"))
    return known


def _attribute(one: Element, name: str) -> str:
    """An attribute, in any case, or the child element that replaces it."""
    for key, value in one.attributes.items():
        if key.lower() == name.lower():
            return value.strip()
    return one.value(name)


def _filled(text: str, properties: dict[str, str]) -> str:
    for _ in range(5):
        text = _PROPERTY.sub(lambda m: properties.get(m[1], m[0])[:200], text)[:1000]
    return text


def _add(name: str, version: str, at: Location, found: Gathered) -> None:
    if match := _EXACT.fullmatch(version):
        found.package(ECOSYSTEM, name, match[1], at)
    elif "$(" in version or "@(" in version:
        found.elsewhere(ECOSYSTEM, name, "its version is computed", at)
    else:
        found.range(ECOSYSTEM, name, version, at)


def tools(manifest: Manifest) -> Listed:
    """dotnet-tools.json: each tool at one version."""
    places = Lines(manifest.path, manifest.text)
    found = Gathered(manifest.path)
    for name, entry in table(json_object(manifest.text), "tools").items():
        _add(name, str(table({"e": entry}, "e").get("version", "")), places.next(f'"{name}"'), found)
    return found.listed()


def paket_lock(manifest: Manifest) -> Listed:
    """The section NUGET of each group; GITHUB, GIT and HTTP come from elsewhere."""
    found = Gathered(manifest.path)
    section = ""
    for number, line in enumerate(lines.split(manifest.text), 1):
        if line and not line[0].isspace():
            section = line.strip()
        elif match := _PAKET.match(line):
            at = Location(manifest.path, number, 5)
            if section == "NUGET":
                found.package(ECOSYSTEM, match["name"], match["version"], at)
            elif section in ("GITHUB", "GIST", "GIT", "HTTP"):
                found.elsewhere(ECOSYSTEM, match["name"], "from an address or version control", at)
    return found.listed(lock=True, once=True)
