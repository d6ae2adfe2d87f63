"""
.NET: packages.lock.json, project files, central versions and packages.config.

Source: https://learn.microsoft.com/nuget/consume-packages/package-references-in-project-files
"""

from __future__ import annotations

import json
import re

from seatrial.domain import Location
from seatrial.inspectors.dependencies.model import Listed, Open, Package
from seatrial.inspectors.dependencies.text import Lines

_REFERENCE = re.compile(
    r"<(?:PackageReference|PackageVersion|package)\s+(?=[^>]*(?:Include|id)\s*=\s*\"(?P<name>[\w.-]+)\")"
    r"(?=[^>]*\s[vV]ersion\s*=\s*\"(?P<version>[^\"]+)\")"
)
_EXACT = re.compile(r"^\[?\d+(?:\.\d+){1,3}(?:-[\w.]+)?\]?$")


def packages_lock(path: str, text: str) -> Listed:
    """`dependencies`, by framework."""
    document = json.loads(text)
    if not isinstance(document, dict):
        raise ValueError("is no JSON object")  # noqa: TRY004 - what is wrong is the value of the file
    lines = Lines(path, text)
    found: dict[tuple[str, str], Package] = {}
    for entries in (document.get("dependencies") or {}).values():
        for name, entry in entries.items():
            if entry.get("resolved"):
                one = Package("NuGet", name, str(entry["resolved"]), lines.next(f'"{name}"'))
                found.setdefault((name, one.version), one)
    return Listed(path, tuple(found.values()), lock=True)


def project(path: str, text: str) -> Listed:
    """References with a version; a plain version is the lowest that NuGet takes, and the one that it takes."""
    packages: list[Package] = []
    open_: list[Open] = []
    for match in _REFERENCE.finditer(text):
        at = Location(path, text.count("\n", 0, match.start()) + 1, 1)
        version = match["version"]
        if _EXACT.match(version):
            packages.append(Package("NuGet", match["name"], version.strip("[]"), at))
        elif "$(" not in version:
            open_.append(Open("NuGet", match["name"], version, at))
    return Listed(path, tuple(packages), tuple(open_))
