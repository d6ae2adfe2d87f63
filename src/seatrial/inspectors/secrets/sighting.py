"""What a form matched, and where: the name, the value and their surroundings."""

from __future__ import annotations

import re
from dataclasses import dataclass

from seatrial.inspectors.secrets.file_kinds import FileKind, file_kind, holds_labels, is_sample
from seatrial.inspectors.secrets.form import Form
from seatrial.inspectors.secrets.names import NameKind
from seatrial.inspectors.secrets.values import ValueKind, is_mixed

NEAR = 240
"""Characters before a match that are looked at."""


@dataclass(frozen=True, slots=True)
class PathContext:
    """What a path says about everything in the file."""

    path: str
    kind: FileKind
    embedded: bool = False
    """Whether the text is a string of a program that reads like a file of this kind."""

    @classmethod
    def of(cls, path: str, first: str = "") -> PathContext:
        """By the path, and the file's first line."""
        return cls(path, file_kind(path, first))

    @property
    def within(self) -> PathContext:
        """The same for configuration in a string of this file."""
        return PathContext(self.path, FileKind.CONFIG, embedded=True)

    @property
    def sample(self) -> bool:
        """Whether the file is of tests, documentation or examples."""
        return is_sample(self.path)

    @property
    def labels(self) -> bool:
        """Whether the file holds texts for people."""
        return holds_labels(self.path)


@dataclass(frozen=True, slots=True)
class Sighting:
    """A name and a value in the syntax of one form."""

    form: Form
    place: PathContext
    match: re.Match[str]
    name: str
    value: str
    start: int
    """Of the value, in the matched window."""
    extent: int
    """Characters from there to its end; more than the value's own if it is joined from several literals."""
    names: NameKind
    verdict: ValueKind
    rule: str
    """Without the family."""
    certain: bool = True
    """Whether the surroundings leave no other reading."""

    @property
    def mixed(self) -> bool:
        """Whether there are digits or signs among letters."""
        return is_mixed(self.value)

    @property
    def line(self) -> str:
        """The text of the line before the match, at most the last `NEAR` characters."""
        text, end = self.match.string, self.match.start()
        floor = max(0, end - NEAR)
        return text[max(text.rfind("\n", floor, end) + 1, floor) : end]


COMMENT = re.compile(r"^[ \t]*(?:#|//|/\*|\*|--|;|<!--|REM\b|%|\"\"\"|''')|[ \t](?:#|//)[ \t]", re.MULTILINE)
"""Where a comment begins, in most languages."""
