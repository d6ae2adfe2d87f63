"""
Go: go.mod, which since Go 1.17 names every module that takes part in the build.

Source: https://go.dev/ref/mod#go-mod-file
"""

from __future__ import annotations

import re

from seatrial.domain import Location
from seatrial.inspectors.dependencies.model import Listed, Package

_REQUIRE = re.compile(r"^\s*(?:require\s+)?(?P<name>[\w.~-]+\.[\w./~-]+)\s+v(?P<version>[\w.+-]+)")
_REPLACE = re.compile(r"^\s*(?:replace\s+)?(?P<old>\S+)(?:\s+v\S+)?\s+=>\s+(?P<new>\S+)(?:\s+v(?P<version>\S+))?")
_GO = re.compile(r"^(?:go|toolchain go)\s*(?P<version>\d+\.\d+(?:\.\d+)?)")


def go_mod(path: str, text: str) -> Listed:
    """`require`, with `replace` applied; the language's version stands for its standard library."""
    found: dict[str, Package] = {}
    replaced: dict[str, tuple[str, str]] = {}
    block = ""
    for number, line in enumerate(text.splitlines(), 1):
        code = line.partition("//")[0].rstrip()
        if match := re.match(r"^(require|replace|exclude|retract|tool|ignore)\s*\($", code.strip()):
            block = match[1]
            continue
        if code.strip() == ")":
            block = ""
            continue
        at = Location(path, number, len(code) - len(code.lstrip()) + 1)
        if "=>" in code and (match := _REPLACE.match(code)):
            replaced[match["old"]] = (match["new"], match["version"] or "")
        elif (block == "require" or code.startswith("require ")) and (match := _REQUIRE.match(code)):
            found[match["name"]] = Package("Go", match["name"], match["version"], at)
        elif (match := _GO.match(code)) and match["version"].count(".") == 2:
            found["stdlib"] = Package("Go", "stdlib", match["version"], at)
    for old, (new, version) in replaced.items():
        if old in found:
            one = found.pop(old)
            if version:
                found[new] = Package("Go", new, version, one.at)
    return Listed(path, tuple(found.values()), lock=True)
