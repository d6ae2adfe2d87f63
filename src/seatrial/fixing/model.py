"""What a fix is: some edits of one file, for one finding."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

from seatrial.domain import Finding
from seatrial.domain.patches import FixSafety
from seatrial.inspectors.compose.project import ComposeProject, ProjectSurvey, survey
from seatrial.inspectors.compose.service import ServiceConfig
from seatrial.system.source import Tree
from seatrial.text.encoding import decode, is_utf8
from seatrial.text.yaml_tree import YamlError

from .edits import Edit, EditedText
from .yaml_file import YamlEdit, YamlFile


class FixSources:
    """The files of a tree as fixes read them, each once."""

    def __init__(self, tree: Tree) -> None:
        self.tree = tree
        self._texts: dict[str, str | None] = {}

    def text(self, path: str) -> str | None:
        """A file's text; None where it could not be written back as it is: no UTF-8, a byte order mark, no file."""
        if path not in self._texts:
            self._texts[path] = self._read(path)
        return self._texts[path]

    def _read(self, path: str) -> str | None:
        if path not in self.tree.paths:
            return None
        try:
            data = self.tree.read(path)
        except OSError:
            return None
        return None if not is_utf8(data) or data.startswith(b"\xef\xbb\xbf") else decode(data)

    @cached_property
    def compose(self) -> ProjectSurvey:
        """The Compose projects of the tree."""
        return survey(self.tree)

    def services(self, path: str, name: str) -> Iterator[tuple[ComposeProject, ServiceConfig]]:
        """A service in every project that a file belongs to."""
        for project in self.compose.projects:
            if path in project.files or any(s.at.path == path for s in project.services):
                yield from ((project, s) for s in project.services if s.name == name)


@dataclass(frozen=True)
class FixTarget:
    """A finding, and the file that it is in."""

    finding: Finding
    sources: FixSources
    source: str
    """The file's text."""

    @property
    def path(self) -> str:
        """Of the file."""
        return self.finding.location.path

    @cached_property
    def text(self) -> EditedText:
        """The file's text with offsets."""
        return EditedText(self.source)

    @cached_property
    def yaml(self) -> YamlFile | None:
        """The file as YAML; None if it is not one document with a mapping."""
        try:
            return YamlFile(self.source)
        except YamlError:
            return None

    @property
    def names(self) -> Sequence[str]:
        """The services, jobs or other things inside the file that the finding is about."""
        return [name for name in self.finding.subject.split(", ") if name]


_GROUPS = ("services", "jobs")
"""Keys whose keys are the names of things."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a fix would change."""

    edits: tuple[Edit, ...] = ()
    changes: tuple[YamlEdit, ...] = ()
    """Edits of a YAML file, with what they make of it."""
    safety: FixSafety | None = None
    """If it is not that of the fixer."""
    path: str = ""
    """The file, if it is not the finding's; one that does not exist is made."""

    @property
    def names(self) -> tuple[str, ...]:
        """The services or jobs that it changes."""
        return tuple(dict.fromkeys(str(c.path[1]) for c in self.changes if len(c.path) > 1 and c.path[0] in _GROUPS))

    @property
    def all_edits(self) -> tuple[Edit, ...]:
        """Of either kind."""
        return (*self.edits, *(change.edit for change in self.changes))


class MakeFix(Protocol):
    """Writes the fix of a finding; None where this occurrence cannot be fixed by a program."""

    def __call__(self, target: FixTarget, /) -> Proposal | None:
        """The proposal."""
        ...


@dataclass(frozen=True, slots=True)
class Fixer:
    """How the findings of one rule are fixed."""

    rule: str
    title: str
    """In the imperative, for people: `add a healthcheck`."""
    safety: FixSafety
    make: MakeFix


def in_yaml(write: Callable[[FixTarget, YamlFile], Iterator[YamlEdit | None]]) -> MakeFix:
    """A fix of a YAML file from a function that yields its changes; those that cannot be made are left out."""

    def make(target: FixTarget, /) -> Proposal | None:
        changes = tuple(c for c in write(target, target.yaml) if c is not None) if target.yaml else ()
        return Proposal(changes=changes) if changes else None

    return make
