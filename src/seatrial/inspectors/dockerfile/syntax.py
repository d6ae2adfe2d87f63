"""
A Dockerfile as stages and instructions, with lines. Nothing is evaluated but variables with a default.

Source: https://docs.docker.com/reference/dockerfile/
"""

from __future__ import annotations

import bisect
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from seatrial.domain import Location

from .lexing import (
    DockerfileLine,
    HereDocument,
    documents,
    escape_of,
    is_comment,
    lines_of,
    logical,
    unquoted,
    words_of,
)
from .mapped import Mapped
from .shell import Command, commands

_KEYWORDS = frozenset({
    "ADD", "ARG", "CMD", "COPY", "ENTRYPOINT", "ENV", "EXPOSE", "FROM", "HEALTHCHECK", "LABEL", "MAINTAINER",
    "ONBUILD", "RUN", "SHELL", "STOPSIGNAL", "USER", "VOLUME", "WORKDIR",
})  # fmt: skip
_HERE = frozenset({"RUN", "COPY", "ADD"})
_EXEC_FORM = frozenset({"RUN", "CMD", "ENTRYPOINT", "COPY", "ADD", "VOLUME", "SHELL", "HEALTHCHECK"})
_SHELLS = frozenset({"sh", "bash", "ash", "dash", "ksh", "zsh"})
_GAP = re.compile(r"[\t\v\f\r ]+")
_NAMED = re.compile(r"(?:\A|\s)as\s+(\S+)\s*\Z", re.IGNORECASE)
_VARIABLE = re.compile(r"\$(?:\{(\w+)(?::?[-+]([^}]*))?\}|(\w+))")
MAX_INSTRUCTIONS = 5_000
"""Beyond that the rest of a file is not looked at."""
MAX_TEXT = 256 * 1024
"""Characters of one instruction; a longer one is not looked at."""


@dataclass(frozen=True)
class Instruction:
    """One instruction."""

    keyword: str
    """In capitals; of `ONBUILD RUN x` it is `RUN`."""
    text: str
    """What follows it, on one line; flags and here-documents left out."""
    at: Location
    flags: tuple[str, ...] = ()
    """`--from=builder`, `--mount=...`."""
    heredoc: str = ""
    """The bodies of here-documents."""
    lines: tuple[tuple[int, str], ...] = field(default=(), repr=False)
    """Its physical lines with their numbers."""
    trigger: bool = False
    """Whether it is behind ONBUILD: it runs in the images that are built on this one."""
    source: Mapped = field(default_factory=Mapped, repr=False)
    """`text`, with places."""
    documents: tuple[HereDocument, ...] = field(default=(), repr=False)

    @cached_property
    def array(self) -> tuple[str, ...] | None:
        """The words of the exec form; None if it is the shell form, which JSON that is not valid is too."""
        text = self.text
        if self.keyword == "HEALTHCHECK":
            text = _GAP.sub(" ", text).partition(" ")[2]
        if self.keyword not in _EXEC_FORM or not text.startswith("["):
            return None
        try:
            words = json.loads(text)
        except (ValueError, RecursionError):
            return None
        return tuple(words) if isinstance(words, list) and all(isinstance(w, str) for w in words) else None

    @cached_property
    def words(self) -> tuple[str, ...]:
        """Its words, whichever form it has."""
        if self.array is not None:
            return self.array
        found = words_of(self.text)
        return tuple(self.text.split()) if found is None else tuple(unquoted(word) for _, word in found)

    @cached_property
    def feeds_data(self) -> bool:
        """Whether its here-documents are data of a program, and not what a shell runs."""
        if not self.documents:
            return False
        first = next(iter(commands(self.text)), None)
        return self.keyword != "RUN" or (first is not None and first.program not in _SHELLS)

    @cached_property
    def _script(self) -> Mapped:
        """What the shell gets, with places."""
        if not self.documents or self.feeds_data:
            return self.source
        return Mapped.joined([self.source, Mapped("\n"), *(d.body for d in self.documents)])

    @property
    def script(self) -> str:
        """What a RUN runs: here-documents are included where a shell runs them."""
        return " ".join(self.array) if self.array is not None else self._script.text

    @property
    def everything(self) -> str:
        """Its text and all its here-documents, for any purpose."""
        return " ".join(self.array) if self.array is not None else f"{self.text}\n{self.heredoc}".strip()

    @cached_property
    def commands(self) -> tuple[Command, ...]:
        """The commands of a RUN, CMD, ENTRYPOINT, in order; those inside of others come first."""
        if self.array is not None:
            return commands(self.array)
        return commands(self._script.text)

    def place(self, command: Command) -> Location:
        """Where a command begins."""
        place = self._script.place(command.at) if self.array is None and command.at >= 0 else None
        return Location(self.at.path, *place) if place else self.at

    def flag(self, name: str) -> str:
        """A flag's value; empty if it is not there."""
        return next((f.partition("=")[2] for f in self.flags if f.partition("=")[0] == f"--{name}"), "")

    def line_of(self, pattern: re.Pattern[str]) -> Location:
        """The physical line on which a pattern matches; the instruction's own if there is none."""
        for number, line in self.lines:
            if not is_comment(line) and (found := pattern.search(line)):
                return Location(self.at.path, number, found.start() + 1)
        return self.at

    def pairs(self) -> Iterator[tuple[str, str]]:
        """Names and values of ENV, ARG and LABEL; a name alone has an empty value."""
        if self.keyword in ("ENV", "LABEL") and self.words and "=" not in self.words[0]:
            name, _, value = _GAP.sub(" ", self.text, count=1).partition(" ")
            yield name, value.strip()
            return
        for word in self.words:
            name, _, value = word.partition("=")
            yield name, value


@dataclass(frozen=True)
class BuildStage:
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
        """The one that holds for the image; a trigger (ONBUILD) holds for the images that are built on it."""
        found = [i for i in self.all(keyword) if not i.trigger]
        return found[-1] if found else None


@dataclass(frozen=True)
class Dockerfile:
    """One file."""

    path: str
    stages: tuple[BuildStage, ...]
    arguments: tuple[Instruction, ...] = ()
    """ARG before the first FROM."""
    context: frozenset[str] = frozenset()
    """Every path of the repository."""
    harmless: frozenset[str] = frozenset()
    """Paths of the repository with the name of a credential file without a credential."""
    unread: str = ""
    """Why a part of the file is not judged: it is cut off, or a line is not an instruction. Empty if all is."""

    @property
    def instructions(self) -> Iterator[Instruction]:
        """Every instruction but FROM."""
        yield from self.arguments
        for stage in self.stages:
            yield from stage.instructions

    @property
    def final(self) -> BuildStage | None:
        """What the image is made of."""
        return self.stages[-1] if self.stages else None

    def lineage(self, stage: BuildStage) -> tuple[BuildStage, ...]:
        """A stage and the earlier ones that it is built on, itself first."""
        chain, seen = [stage], {id(stage)}
        while (base := self._named.get(chain[-1].base.lower())) is not None:
            if id(base) in seen:
                break
            seen.add(id(base))
            chain.append(base)
        return tuple(chain)

    @cached_property
    def _named(self) -> Mapping[str, BuildStage]:
        """The first stage of each name: a file may have thousands."""
        return {stage.name: stage for stage in reversed(self.stages) if stage.name}

    @cached_property
    def _shipped(self) -> tuple[BuildStage, ...]:
        return self.lineage(self.final) if self.final else ()

    @cached_property
    def _shipped_ones(self) -> frozenset[int]:
        return frozenset(id(stage) for stage in self._shipped)

    def shipped(self) -> tuple[BuildStage, ...]:
        """The stages whose files are in the final image."""
        return self._shipped

    def is_shipped(self, stage: BuildStage) -> bool:
        """Whether a stage's files are in the final image."""
        return id(stage) in self._shipped_ones

    def stage_at(self, line: int) -> BuildStage | None:
        """The stage that a line is in."""
        at = bisect.bisect_right(self.stages, line, key=lambda stage: stage.at.line)
        return self.stages[at - 1] if at else None

    def root_image(self, stage: BuildStage) -> str:
        """The image of others that a stage is built on in the end."""
        return self.lineage(stage)[-1].base

    def is_stage(self, name: str) -> bool:
        """Whether a stage has that name."""
        return name.lower() in self._named


def parse(path: str, text: str, context: frozenset[str] = frozenset()) -> Dockerfile:
    """
    A file's stages. What is not an instruction is passed over, and named in `unread`.

    Args:
        path: in the tree.
        text: its contents.
        context: every path of the repository.
    """
    defaults: dict[str, str] = {}
    arguments: list[Instruction] = []
    stages: list[BuildStage] = []
    current: list[Instruction] = []
    source = _DockerfileText(path, lines_of(text))
    for instruction in source.instructions():
        if instruction.keyword == "FROM" and not instruction.trigger:
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
    unread = source.problem or ("" if stages else "no FROM" if arguments else "no instruction")
    return Dockerfile(path, tuple(stages), tuple(arguments), context, unread=unread)


def filled(text: str, values: Mapping[str, str]) -> str:
    """A text with the variables that have a known value filled in; a default counts where there is none."""
    return _VARIABLE.sub(lambda m: values.get(m[1] or m[3]) or m[2] or m[0], text)


def _close(stages: list[BuildStage], instructions: Sequence[Instruction]) -> None:
    if stages:
        stages[-1] = replace(stages[-1], instructions=tuple(instructions))


def _stage(instruction: Instruction, defaults: dict[str, str]) -> BuildStage:
    named = _NAMED.search(instruction.text)
    image = _NAMED.sub("", instruction.text).strip()
    name = named[1].lower() if named else ""
    return BuildStage(filled(image, defaults), name, instruction.at, (), instruction.flag("platform"))


class _DockerfileText:
    """The instructions of a file, and the first reason why not all of it could be read."""

    def __init__(self, path: str, lines: list[DockerfileLine]) -> None:
        self._path, self._lines, self._escape = path, lines, escape_of(lines)
        self.problem = ""

    def _note(self, problem: str) -> None:
        self.problem = self.problem or problem

    def instructions(self) -> Iterator[Instruction]:
        """Each, in order."""
        at, count = 0, 0
        while at < len(self._lines):
            line = self._lines[at]
            if not line.text.strip() or is_comment(line.text):
                at += 1
                continue
            if count == MAX_INSTRUCTIONS:
                self._note(f"more than {MAX_INSTRUCTIONS:,} instructions")
                return
            first = at
            text, at, cut = logical(self._lines, at, self._escape)
            if cut:
                self._note("cut off: the last line announces another one")
            one, at = self._instruction(text, first, at)
            count += 1
            if one is not None:
                yield one

    def _instruction(self, text: Mapped, first: int, at: int) -> tuple[Instruction | None, int]:
        text = text.after(0)
        keyword, rest = _keyword(text)
        trigger = keyword == "ONBUILD"
        if trigger:
            keyword, rest = _keyword(rest)
        number = self._lines[first].number
        if keyword not in _KEYWORDS:
            self._note(f"line {number} is not an instruction")
            return None, at
        place = text.place(0)
        flags, rest = _flags(rest, self._escape)
        one = Instruction(
            keyword, rest.text, Location(self._path, *(place or (number, 1))), flags, trigger=trigger, source=rest
        )
        found: tuple[HereDocument, ...] = ()
        if keyword in _HERE and one.array is None:
            found, at, ended = documents(self._lines, at, rest.text)
            if not ended:
                self._note(f"cut off: a here-document of line {number} has no end")
        if len(rest.text) + sum(len(d.body.text) for d in found) > MAX_TEXT:
            self._note(f"the instruction of line {number} is longer than {MAX_TEXT // 1024} KiB")
            return None, at
        numbered = tuple((line.number, line.text) for line in self._lines[first:at])
        bodies = "\n".join(d.body.text.removesuffix("\n") for d in found)
        return replace(one, heredoc=bodies, lines=numbered, documents=found), at


def _keyword(text: Mapped) -> tuple[str, Mapped]:
    """The first word in capitals, and what follows it."""
    gap = _GAP.search(text.text)
    if gap is None:
        return text.text.strip().upper(), Mapped()
    return text.text[: gap.start()].upper(), text.after(gap.end())


def _flags(rest: Mapped, escape: str) -> tuple[tuple[str, ...], Mapped]:
    """The words at the beginning that begin with `--`, and what follows them."""
    text, flags, at = rest.text, list[str](), 0
    while text.startswith("--", at):
        flag, at = _flag(text, at, escape)
        while at < len(text) and text[at].isspace():
            at += 1
        if flag == "--":
            break
        flags.append(flag)
    return tuple(flags), rest.after(at) if at else rest


def _flag(text: str, at: int, escape: str) -> tuple[str, int]:
    """A word without quotes and escapes, and the index after it."""
    out: list[str] = []
    quote = ""
    while at < len(text) and (quote or not text[at].isspace()):
        character = text[at]
        at += 1
        if character == escape:
            out.append(text[at : at + 1])
            at += 1
        elif character == quote:
            quote = ""
        elif not quote and character in "'\"":
            quote = character
        else:
            out.append(character)
    return "".join(out), min(at, len(text))
