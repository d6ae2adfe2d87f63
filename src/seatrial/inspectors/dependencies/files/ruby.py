"""
Ruby: Gemfile, gemspecs and Gemfile.lock.

Gemfiles and gemspecs are programs: calls with literal arguments are read, others named. Sources:
https://bundler.io/man/gemfile.5.html, https://guides.rubygems.org/specification-reference/
"""

from __future__ import annotations

import re

from seatrial.domain import Location
from seatrial.inspectors.dependencies.model import Gathered, Listed, Manifest
from seatrial.inspectors.dependencies.text import MAX_LINE
from seatrial.text import lines

ECOSYSTEM = "RubyGems"
_SPEC = re.compile(r"^ {4}(?P<name>[\w.-]+) \((?P<version>[^)\s]+)\)$")
_PLATFORM = re.compile(r"-(?:x86|x64|arm|aarch64|java|universal|mswin|mingw|ruby)[\w-]*$")
_GEM = re.compile(r"^\s*gem[ (]\s*(?P<arguments>.*)$")
_DEPENDENCY = re.compile(r"^\s*\w+\.add(?:_runtime|_development)?_dependency[ (]\s*(?P<arguments>.*)$")
_TEXT = re.compile(r"""^(?P<quote>["'])(?P<text>[^"'#]*)(?P=quote)\s*,?\s*""")
_EXACT = re.compile(r"=?\s*(\d[\w.-]*)")
_ELSEWHERE = re.compile(r"(?:\b(?:git|github|gist|bitbucket):|:(?:git|github|gist|bitbucket)\s*=>)")
_LOCAL = re.compile(r"(?:\bpath:|:path\s*=>)")


def gemfile_lock(manifest: Manifest) -> Listed:
    """The `specs`, four spaces deep: GEM is the registry, GIT version control, PATH the repository's own."""
    found = Gathered(manifest.path)
    section = ""
    for number, line in enumerate(lines.split(manifest.text), 1):
        if line and not line[0].isspace():
            section = line.strip()
        elif match := _SPEC.match(line):
            at = Location(manifest.path, number, 5)
            if section == "GEM":
                found.package(ECOSYSTEM, match["name"], _PLATFORM.sub("", match["version"]), at)
            elif section == "GIT":
                found.elsewhere(ECOSYSTEM, match["name"], "from version control", at)
            elif section == "PATH":
                found.own.add(match["name"])
    return found.listed(lock=True, once=True)


def gemfile(manifest: Manifest) -> Listed:
    """Calls of `gem`."""
    found = Gathered(manifest.path)
    block = ""  # of `git`, `github` or `path`
    for number, line in enumerate(lines.split(manifest.text), 1):
        code = "" if line.lstrip().startswith("#") or len(line) > MAX_LINE else line
        at = Location(manifest.path, number, 1)
        if match := re.match(r"^\s*(git|github|path)\b.*\bdo\b", code):
            block = match[1]
        elif re.match(r"^\s*end\b", code):
            block = ""
        elif re.match(r"^\s*eval_gemfile\b", code):
            found.problem(f"line {number} includes another file by `eval_gemfile`")
        elif match := _GEM.match(code):
            _call(match["arguments"], block, at, found)
    return found.listed()


def gemspec(manifest: Manifest) -> Listed:
    """Calls of `add_dependency` and its kin."""
    found = Gathered(manifest.path)
    for number, line in enumerate(lines.split(manifest.text), 1):
        if len(line) <= MAX_LINE and (match := _DEPENDENCY.match(line)):
            _call(match["arguments"], "", Location(manifest.path, number, 1), found)
    return found.listed()


def _call(arguments: str, block: str, at: Location, found: Gathered) -> None:
    texts: list[str] = []
    rest = arguments
    while match := _TEXT.match(rest):
        texts.append(match["text"])
        rest = rest[match.end() :]
    if not texts:
        found.problem(f"line {at.line} has a dependency that is computed")
    elif block == "path" or _LOCAL.search(rest):
        found.own.add(texts[0])
    elif block or _ELSEWHERE.search(rest):
        found.elsewhere(ECOSYSTEM, texts[0], "from version control", at)
    elif len(texts) == 2 and (exact := _EXACT.fullmatch(texts[1])):
        found.package(ECOSYSTEM, texts[0], exact[1], at)
    else:
        found.range(ECOSYSTEM, texts[0], ", ".join(texts[1:]), at)
