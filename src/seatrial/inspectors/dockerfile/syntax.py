"""
A Dockerfile as stages and instructions, with lines. Nothing is evaluated but variables with a default.

Source: https://docs.docker.com/reference/dockerfile/
"""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from seatrial.domain import Location

_DIRECTIVE = re.compile(r"#\s*(syntax|escape|check)\s*=\s*(\S+)", re.IGNORECASE)
_HEREDOC = re.compile(r"<<(-?)\s*([\"']?)(\w+)\2")
_FLAG = re.compile(r"--[a-z][\w-]*(?:=\S*)?(?=\s|$)")
_NAMED = re.compile(r"\s+as\s+(\S+)\s*$", re.IGNORECASE)
_VARIABLE = re.compile(r"\$(?:\{(\w+)(?::?[-+]([^}]*))?\}|(\w+))")
MAX_INSTRUCTIONS = 5_000
"""Beyond that the rest of a file is not looked at."""


@dataclass(frozen=True)
class Instruction:
    """One instruction."""

    keyword: str
    """In capitals."""
    text: str
    """What follows it, on one line; flags and here-documents left out."""
    at: Location
    flags: tuple[str, ...] = ()
    """`--from=builder`, `--mount=...`."""
    heredoc: str = ""
    """The bodies of here-documents."""
    lines: tuple[tuple[int, str], ...] = field(default=(), repr=False)
    """Its physical lines with their numbers."""

    @cached_property
    def array(self) -> tuple[str, ...] | None:
        """The words of the exec form; None if it is the shell form."""
        if not self.text.startswith("["):
            return None
        try:
            words = json.loads(self.text)
        except ValueError:
            return None
        return tuple(map(str, words)) if isinstance(words, list) else None

    @cached_property
    def words(self) -> tuple[str, ...]:
        """Its words, whichever form it has."""
        if self.array is not None:
            return self.array
        try:
            return tuple(shlex.split(self.text))
        except ValueError:
            return tuple(self.text.split())

    @property
    def script(self) -> str:
        """What a RUN runs, here-documents included."""
        return " ".join(self.array) if self.array is not None else f"{self.text}\n{self.heredoc}".strip()

    def flag(self, name: str) -> str:
        """A flag's value; empty if it is not there."""
        return next((f.partition("=")[2] for f in self.flags if f.partition("=")[0] == f"--{name}"), "")

    def line_of(self, pattern: re.Pattern[str]) -> Location:
        """The physical line on which a pattern stands; the instruction's own if it is none."""
        for number, line in self.lines:
            if found := pattern.search(line):
                return Location(self.at.path, number, found.start() + 1)
        return self.at

    def pairs(self) -> Iterator[tuple[str, str]]:
        """Names and values of ENV, ARG and LABEL; a name alone has an empty value."""
        if self.keyword == "ENV" and "=" not in self.text.split(None, 1)[0:1].__str__():
            name, _, value = self.text.partition(" ")
            yield name, value.strip()
            return
        for word in self.words:
            name, _, value = word.partition("=")
            yield name, value


@dataclass(frozen=True)
class Stage:
    """From one FROM to the next."""

    base: str
    """The image, or an earlier stage's name; variables with a default are filled in."""
    name: str
    at: Location
    instructions: tuple[Instruction, ...]
    platform: str = ""

    def all(self, *keywords: str) -> Iterator[Instruction]:
        """The instructions with one of these keywords."""
        return (i for i in self.instructions if i.keyword in keywords)

    def last(self, keyword: str) -> Instruction | None:
        """The one that holds."""
        found = list(self.all(keyword))
        return found[-1] if found else None


@dataclass(frozen=True)
class Dockerfile:
    """One file."""

    path: str
    stages: tuple[Stage, ...]
    arguments: tuple[Instruction, ...] = ()
    """ARG before the first FROM."""
    context: frozenset[str] = frozenset()
    """Every path of the repository."""

    @property
    def final(self) -> Stage | None:
        """What the image is made of."""
        return self.stages[-1] if self.stages else None

    def lineage(self, stage: Stage) -> tuple[Stage, ...]:
        """A stage and the earlier ones that it is built on, itself first."""
        chain, seen = [stage], {id(stage)}
        while (base := next((s for s in self.stages if s.name and s.name == chain[-1].base.lower()), None)) is not None:
            if id(base) in seen:
                break
            seen.add(id(base))
            chain.append(base)
        return tuple(chain)

    def shipped(self) -> tuple[Stage, ...]:
        """The stages whose files are in the final image."""
        return self.lineage(self.final) if self.final else ()

    def root_image(self, stage: Stage) -> str:
        """The image of others that a stage is built on in the end."""
        return self.lineage(stage)[-1].base

    def is_stage(self, name: str) -> bool:
        """Whether a stage has that name."""
        return any(s.name == name.lower() for s in self.stages)


def parse(path: str, text: str, context: frozenset[str] = frozenset()) -> Dockerfile:
    """
    A file's stages. What is no instruction is passed over: hadolint reports it.

    Args:
        path: in the tree.
        text: its contents.
        context: every path of the repository.
    """
    defaults: dict[str, str] = {}
    arguments: list[Instruction] = []
    stages: list[Stage] = []
    current: list[Instruction] = []
    for instruction in _instructions(path, text):
        if instruction.keyword == "FROM":
            _close(stages, current)
            current = []
            stages.append(_stage(instruction, defaults))
        elif stages:
            current.append(instruction)
        else:
            arguments.append(instruction)
            if instruction.keyword == "ARG":
                defaults |= dict(instruction.pairs())
    _close(stages, current)
    return Dockerfile(path, tuple(stages), tuple(arguments), context)


def _close(stages: list[Stage], instructions: Sequence[Instruction]) -> None:
    if stages:
        one = stages[-1]
        stages[-1] = Stage(one.base, one.name, one.at, tuple(instructions), one.platform)


def _stage(instruction: Instruction, defaults: dict[str, str]) -> Stage:
    named = _NAMED.search(instruction.text)
    image = _NAMED.sub("", instruction.text).strip()
    base = _VARIABLE.sub(lambda m: defaults.get(m[1] or m[3]) or m[2] or m[0], image)
    return Stage(base, named[1].lower() if named else "", instruction.at, (), instruction.flag("platform"))


def _instructions(path: str, text: str) -> Iterator[Instruction]:
    lines = text.splitlines()
    escape, at, count = _escape(lines), 0, 0
    while at < len(lines) and count < MAX_INSTRUCTIONS:
        line = lines[at]
        if not line.strip() or line.lstrip().startswith("#"):
            at += 1
            continue
        first, logical, at = at, *_logical(lines, at, escape)
        keyword, _, rest = logical.strip().partition(" ")
        bodies: list[str] = []
        if keyword.upper() in ("RUN", "COPY", "ADD"):
            for dash, _, word in _HEREDOC.findall(rest):
                body, at = _heredoc(lines, at, word, bool(dash))
                bodies.append(body)
        flags, rest = _flags(rest.strip())
        column = len(lines[first]) - len(lines[first].lstrip()) + 1
        numbered = tuple((n + 1, lines[n]) for n in range(first, min(at, len(lines))))
        yield Instruction(
            keyword.upper(), rest, Location(path, first + 1, column), tuple(flags), "\n".join(bodies), numbered
        )
        count += 1


def _escape(lines: Sequence[str]) -> str:
    for line in lines:
        found = _DIRECTIVE.match(line.strip())
        if not found:
            break
        if found[1].lower() == "escape" and found[2] in ("`", "\\"):
            return found[2]
    return "\\"


def _logical(lines: Sequence[str], at: int, escape: str) -> tuple[str, int]:
    """One instruction's text, continued lines joined; and the index of the line after it."""
    parts: list[str] = []
    while at < len(lines):
        line = lines[at].rstrip()
        at += 1
        if parts and (not line.strip() or line.lstrip().startswith("#")):
            continue  # comments and empty lines inside an instruction are no part of it
        if line.endswith(escape):
            parts.append(line[: -len(escape)])
            continue
        parts.append(line)
        break
    return " ".join(part.strip() for part in parts), at


def _heredoc(lines: Sequence[str], at: int, word: str, dash: bool) -> tuple[str, int]:
    body: list[str] = []
    while at < len(lines):
        line = lines[at]
        at += 1
        if (line.lstrip("\t") if dash else line) == word:
            break
        body.append(line)
    return "\n".join(body), at


def _flags(text: str) -> tuple[list[str], str]:
    flags = []
    while found := _FLAG.match(text):
        flags.append(found[0])
        text = text[found.end() :].lstrip()
    return flags, text
