"""
Go: go.mod, which since Go 1.17 names every module that takes part in the build.

Source: https://go.dev/ref/mod#go-mod-file
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from seatrial.domain import Location
from seatrial.inspectors.dependencies.model import Gathered, Listed, Manifest, inside
from seatrial.text import lines

ECOSYSTEM = "Go"
_REQUIRE = re.compile(r'^\s*(?:require\s+)?"?(?P<name>[\w~-]+\.[\w./~!-]+)"?\s+v(?P<version>[\w.+-]+)')
_REPLACE = re.compile(
    r'^\s*(?:replace\s+)?"?(?P<old>[^\s"]+)"?(?:\s+v(?P<only>\S+))?\s+=>\s+"?(?P<new>[^\s"]+)"?(?:\s+v(?P<version>\S+))?'
)
_GO = re.compile(r"^(?:go|toolchain go)\s*(?P<version>\d+\.\d+(?:\.\d+)?)")
_BLOCK = re.compile(r"^(\w+)\s*\($")


def _statements(text: str) -> Iterator[tuple[int, str, str]]:
    """The number of each line, the directive that it belongs to, and its code without the comment."""
    block = ""
    for number, line in enumerate(lines.split(text), 1):
        code = line.partition("//")[0].rstrip()
        if match := _BLOCK.match(code.strip()):
            block = match[1]
        elif code.strip() == ")":
            block = ""
        elif code.strip():
            yield number, block or code.split(maxsplit=1)[0], code


def _broken(text: str) -> str:
    """Why a go.mod is not whole: each has a `module`, and every block ends (https://go.dev/ref/mod#go-mod-file)."""
    code = [line.partition("//")[0].strip() for line in lines.split(text)]
    if not any(re.match(r"module(?:\s|\()", line) for line in code):
        return "it has no `module` line"
    opened = sum(bool(_BLOCK.match(line)) for line in code)
    return "a block is not closed: the file is cut off" if opened > code.count(")") else ""


def go_mod(manifest: Manifest) -> Listed:
    """`require`, with `replace` applied; the language's version is that of its standard library."""
    found = Gathered(manifest.path)
    required: dict[str, tuple[str, Location]] = {}
    replaced: list[re.Match[str]] = []
    for number, directive, code in _statements(manifest.text):
        at = Location(manifest.path, number, len(code) - len(code.lstrip()) + 1)
        if directive == "replace" and (match := _REPLACE.match(code)):
            replaced.append(match)
        elif directive == "require" and (match := _REQUIRE.match(code)):
            required[match["name"]] = match["version"], at
        elif directive in ("require", "replace"):
            found.problem(f"line {number} is not a module with its version")
        elif (match := _GO.match(code)) and match["version"].count(".") == 2:
            required["stdlib"] = match["version"], at
    if reason := _broken(manifest.text):
        found.problem(reason)
    for match in [*replaced, *_work_replacements(manifest)]:
        old = required.get(match["old"])
        if old and match["only"] in (None, old[0]):
            del required[match["old"]]
            if match["version"]:
                required[match["new"]] = match["version"], old[1]
            elif inside(manifest.folder, match["new"]) is None:
                found.elsewhere(ECOSYSTEM, match["old"], "replaced by a folder outside the tree", old[1])
    for name, (version, at) in required.items():
        found.package(ECOSYSTEM, name, version, at)
    return found.listed(lock=True)


def _work_replacements(manifest: Manifest) -> Iterator[re.Match[str]]:
    for path, text in manifest.above("go.work"):
        folder = path.rpartition("/")[0]
        if any(inside(folder, used) in (manifest.folder, manifest.folder or ".") for used in uses(text)):
            for _, directive, code in _statements(text):
                if directive == "replace" and (match := _REPLACE.match(code)):
                    yield match


def uses(text: str) -> Iterator[str]:
    """The modules of a go.work."""
    for _, directive, code in _statements(text):
        if directive == "use":
            yield code.strip().removeprefix("use").strip().strip('"')


def go_work(manifest: Manifest) -> Listed:
    """A workspace declares no dependency; a module that it uses and that the tree lacks is named."""
    found = Gathered(manifest.path)
    for number, directive, code in _statements(manifest.text):
        if directive == "use":
            module = code.strip().removeprefix("use").strip().strip('"')
            path = inside(manifest.folder, f"{module}/go.mod")
            if path not in manifest.paths:
                found.elsewhere(ECOSYSTEM, module, "its go.mod is not in the tree", Location(manifest.path, number, 1))
    return found.listed()
