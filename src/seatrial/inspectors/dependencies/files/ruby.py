"""Ruby: Gemfile.lock. Source: https://bundler.io/man/gemfile.5.html"""

from __future__ import annotations

import re

from seatrial.domain import Location
from seatrial.inspectors.dependencies.model import Listed, Package

_SPEC = re.compile(r"^ {4}(?P<name>[\w.-]+) \((?P<version>[^)\s]+)\)$")
_PLATFORM = re.compile(r"-(?:x86|x64|arm|aarch64|java|universal|mswin|mingw|ruby)[\w-]*$")


def gemfile_lock(path: str, text: str) -> Listed:
    """The `specs` of the section GEM, four spaces deep; gems of git and of paths are the repository's own."""
    found: dict[tuple[str, str], Package] = {}
    section = ""
    for number, line in enumerate(text.splitlines(), 1):
        if line and not line[0].isspace():
            section = line.strip()
        elif section == "GEM" and (match := _SPEC.match(line)):
            version = _PLATFORM.sub("", match["version"])
            one = Package("RubyGems", match["name"], version, Location(path, number, 5))
            found.setdefault((one.name, version), one)
    return Listed(path, tuple(found.values()), lock=True)
