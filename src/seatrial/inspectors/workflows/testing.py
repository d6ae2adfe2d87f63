"""
Whether commands run tests: by a test runner, by a script, or by a target or script of a build tool that leads to one.

`bash scripts/ci.sh`, `make ci`, `npm run verify` and `just check` are read where the tree has what they name. A script
whose name says that it tests counts as it is: `scripts/tests-start.sh`.
"""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from seatrial.lines import split
from seatrial.source import Tree

from .purpose import TESTS

_DEPTH = 4
"""Scripts that call scripts deeper than that are not followed."""
_SIZE = 256 * 1024
"""Bytes of a script; a larger one is not read."""
_COMMENT = re.compile(r"^[ \t]*#.*$", re.MULTILINE)
_NAMED = (
    r"[^\n;&|]{0,80}?(?<![\w-])(?<!group )(?<!extra )(?<!with )(?<!only )(?<!features )"
    r"(?:unit|integration|e2e)?[-:_]?(?:tests?|spec)(?![\w/])(?:[:_-]\w+)*"
)
"""A word that names tests, unless it is a group of dependencies."""
_BUILTIN = re.compile(
    rf"\b(?:pdm|poetry|hatch|uv|rye|pixi|mise|lerna)\s+run\s{_NAMED}|\b(?:pdm|hatch|mise|dagger\s+call)\s+tests?\b"
    rf"|\b(?:poe|invoke|inv|just|task|mage|deno|flutter|dart|sbt|lein|stack|cabal|nx|turbo|moon|composer|artisan|rails"
    rf"|rushx?|xcodebuild|bazelisk|zig\s+build|forge|hardhat|truffle|crystal|dune)\s{_NAMED}"
    r"|\bearthly\s[^\n]{0,80}\+[\w-]*test"
    r"|(?:^|[\s;&|\"'])(?:cypress|playwright|karma|mocha|ava|jasmine|bats|behave|robot|newman|k6\s+run|cucumber|minitest"
    r"|Invoke-Pester|prove|kuttl\s+test|helm\s+unittest|molecule\s+test)(?=[\s;&|]|$)",
    re.MULTILINE,
)
"""Build tools with a target that is named for tests, and further test runners."""
_SCRIPT = re.compile(
    r"(?<![\w./-])(?:(?:\./)?(?P<path>(?:[\w.-]+/){0,8}[\w.-]+\.(?:sh|bash|zsh|py|ps1|js|mjs|cjs|ts|rb|pl|php|bat|cmd))"
    r"|\./(?P<bare>(?:[\w.-]+/){0,8}[\w-]+))(?![\w/])"
)
_PLAIN = re.compile(r"(?:^|[\s;&|])(?P<path>(?:bin|script|scripts|ci|tools|hack|dev)/[\w./-]+)")
"""A script without a suffix in a folder of scripts: `script/cibuild`, `hack/verify`."""
_SAYS_TESTS = re.compile(r"(?:^|[/_.-])(?:run)?(?:unit|integration|e2e|smoke)?[-_]?tests?(?:[_.-]|$)", re.IGNORECASE)
_MAKE = re.compile(r"\b(?P<tool>make|gmake|just|task)\b(?P<words>(?:[ \t]+[^\s;&|]+){0,12})")
_TARGET = re.compile(r"^(?P<names>[\w.%/ \t\"'=*+$()-]{1,200}?)[ \t]*::?(?!=)(?P<needs>[^\n]*)$")
_NPM = re.compile(
    r"\b(?:(?:npm|pnpm|bun)\s+run(?:-script)?|(?:pnpm|yarn|bun)(?:\s+run)?)\s+(?:-\S+\s+)*(?P<name>[\w:.-]+)"
)
_SUBTASK = re.compile(r"^-?[ \t]*task:[ \t]*([\w:-]{1,80}).*")
"""A Taskfile's command that runs another task."""
_MAKEFILES = ("Makefile", "makefile", "GNUmakefile")
_RECIPES = {"just": ("justfile", "Justfile", ".justfile"), "task": ("Taskfile.yml", "Taskfile.yaml")}


@dataclass(frozen=True)
class Follower:
    """Follows commands into the scripts of a tree."""

    tree: Tree

    def command(self, text: str, folder: str = "", depth: int = _DEPTH) -> bool:
        """Whether a script runs tests, itself or by what it calls."""
        text = _COMMENT.sub("", text)
        if TESTS.search(text) or _BUILTIN.search(text):
            return True
        if depth <= 0:
            return False
        return any(_SAYS_TESTS.search(name) for name in _scripts(text)) or any(
            self.command(more, where, depth - 1) for more, where in self._called(text, folder)
        )

    def _called(self, text: str, folder: str) -> Iterator[tuple[str, str]]:
        """The texts of what a script calls, each with the folder that it runs in."""
        for name in _scripts(text):
            for base in dict.fromkeys((folder, "")):
                path = posixpath.normpath(posixpath.join(base, name))
                if found := self._text(path):
                    yield found, folder
                    break
        for match in _MAKE.finditer(text):
            words = [word for word in match["words"].split() if not word.startswith("-") and "=" not in word]
            names = _MAKEFILES if "make" in match["tool"] else _RECIPES[match["tool"]]
            recipes = next((found for name in names if (found := self._text(posixpath.join(folder, name)))), "")
            for target in words or [""]:
                yield _recipe(recipes, target), folder
        for match in _NPM.finditer(text):
            if script := self._packages(folder).get(match["name"]):
                yield script, folder

    def _packages(self, folder: str) -> dict[str, str]:
        """The scripts of a package.json."""
        try:
            scripts = json.loads(self._text(posixpath.join(folder, "package.json")) or "{}").get("scripts")
        except (ValueError, AttributeError, RecursionError):
            return {}
        found = scripts.items() if isinstance(scripts, dict) else ()
        return {str(name): text for name, text in found if isinstance(text, str)}

    @cached_property
    def _sizes(self) -> dict[str, int]:
        return {file.path: file.size for file in self.tree.files}

    def _text(self, path: str) -> str:
        """A file's text; empty if it is not there, or is not to be read."""
        if self._sizes.get(path, _SIZE + 1) > _SIZE:
            return ""
        try:
            return self.tree.text(path) or ""
        except OSError:
            return ""


def _scripts(text: str) -> Iterator[str]:
    """The paths of the scripts that a script calls."""
    for match in _SCRIPT.finditer(text):
        yield match["path"] or match["bare"]
    for match in _PLAIN.finditer(text):
        yield match["path"]


def _recipe(text: str, wanted: str, depth: int = _DEPTH) -> str:
    """
    The commands of a target of a make file, justfile or Taskfile, with those of what it depends on.

    Args:
        text: of the file.
        wanted: the target; empty: the first one.
        depth: how many dependencies deep.
    """
    commands: list[str] = []
    needed: list[str] = []
    at: int | None = None
    """How far the target's heading is indented, while its block lasts."""
    for line in split(text):
        indent = len(line) - len(line.lstrip())
        if at is not None and line.strip() and indent <= at:
            at = None
        if at is not None:
            commands.append(_SUBTASK.sub(r"task \1", line.strip().lstrip("@-")))
        elif (match := _TARGET.match(line.strip())) and _is_heading(match["names"].split(), wanted, commands, needed):
            at = indent
            needed += match["needs"].partition("#")[0].split()
    if depth > 0:
        commands += [_recipe(text, need, depth - 1) for need in needed[:20] if need != wanted]
    return "\n".join(commands)


def _is_heading(names: list[str], wanted: str, commands: list[str], needed: list[str]) -> bool:
    """Whether a line with these names before its colon begins the wanted target."""
    if wanted:
        return wanted in names
    return not commands and not needed and not names[0].startswith(".")
