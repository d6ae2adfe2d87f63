"""
A workflow or an action as values with positions. What is malformed is kept as a problem, not guessed at.

Source: https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from seatrial.domain import Location
from seatrial.yaml_tree import Mapping as MappingNode
from seatrial.yaml_tree import Node, Scalar, Sequence, merged

EXPRESSION = re.compile(r"\$\{\{(.*?)\}\}", re.DOTALL)


@dataclass(frozen=True)
class Piece:
    """A node with its file: what rules ask for keys, texts and places."""

    path: str
    node: Node | None

    @cached_property
    def entries(self) -> Mapping[str, tuple[Scalar, Piece]]:
        """By key: the key's node, and the value."""
        if not isinstance(self.node, MappingNode):
            return {}
        return {key.value: (key, Piece(self.path, value)) for key, value in merged(self.node)}

    def __bool__(self) -> bool:
        """Whether it is there, null included."""
        return self.node is not None

    def __getitem__(self, key: str) -> Piece:
        """The value of a key; an empty piece if it is not there."""
        return self.entries[key][1] if key in self.entries else Piece(self.path, None)

    def __contains__(self, key: str) -> bool:
        """Whether the key is there."""
        return key in self.entries

    @property
    def text(self) -> str:
        """A single value as written; empty if it is none."""
        return self.node.value if isinstance(self.node, Scalar) else ""

    @property
    def items(self) -> tuple[Piece, ...]:
        """A list's items; a single value counts as a list of one."""
        if isinstance(self.node, Sequence):
            return tuple(Piece(self.path, item) for item in self.node.items)
        return (self,) if isinstance(self.node, Scalar) and self.node.value else ()

    @property
    def is_map(self) -> bool:
        """Whether it is a mapping."""
        return isinstance(self.node, MappingNode)

    @property
    def is_list(self) -> bool:
        """Whether it is a list."""
        return isinstance(self.node, Sequence)

    @property
    def is_null(self) -> bool:
        """Whether nothing is written there."""
        return isinstance(self.node, Scalar) and self.node.plain and self.node.value in ("", "~", "null")

    @property
    def at(self) -> Location:
        """Where it stands."""
        if self.node is None:
            return Location(self.path, 1, 1)
        return Location(self.path, self.node.line, self.node.column)

    def key_at(self, key: str) -> Location:
        """Where a key stands; the piece itself if it is not there."""
        if key not in self.entries:
            return self.at
        node = self.entries[key][0]
        return Location(self.path, node.line, node.column)

    def place(self, offset: int) -> Location:
        """Where a character of the text stands; of a block text, the line."""
        if not isinstance(self.node, Scalar):
            return self.at
        before = self.node.value[:offset]
        block = not self.node.plain and self.node.end_line > self.node.line + self.node.value.count("\n") - 1
        if "\n" in self.node.value.rstrip("\n") or (block and self.node.end_line > self.node.line):
            return Location(self.path, self.node.line + 1 + before.count("\n"), 1)
        return Location(self.path, self.node.line, self.node.column + offset)

    def texts(self) -> Iterator[Piece]:
        """Every single value below, itself included."""
        if isinstance(self.node, Scalar):
            yield self
        elif isinstance(self.node, Sequence):
            for item in self.node.items:
                yield from Piece(self.path, item).texts()
        else:
            for _, value in self.entries.values():
                yield from value.texts()


@dataclass(frozen=True)
class Step:
    """One step."""

    piece: Piece
    index: int

    @property
    def at(self) -> Location:
        """Where it begins."""
        return self.piece.at

    @property
    def run(self) -> Piece:
        """Its script."""
        return self.piece["run"]

    @property
    def uses(self) -> str:
        """The action, without its version."""
        return self.piece["uses"].text.partition("@")[0].lower()

    @property
    def version(self) -> str:
        """The action's version."""
        return self.piece["uses"].text.partition("@")[2]

    @property
    def inputs(self) -> Piece:
        """What the action is given."""
        return self.piece["with"]

    @property
    def id(self) -> str:
        """Its id."""
        return self.piece["id"].text

    @property
    def name(self) -> str:
        """What to call it."""
        return self.piece["name"].text or self.uses or f"step {self.index + 1}"


@dataclass(frozen=True)
class Job:
    """One job."""

    id: str
    key_at: Location
    piece: Piece

    @cached_property
    def steps(self) -> tuple[Step, ...]:
        """Its steps; those that run side by side (`parallel`) stand in the order of the file."""
        items = self.piece["steps"].items if self.piece["steps"].is_list else ()
        flat = [step for item in items for step in (item["parallel"].items if item["parallel"].is_list else (item,))]
        return tuple(Step(item, n) for n, item in enumerate(flat))

    @property
    def needs(self) -> tuple[Piece, ...]:
        """The jobs that it waits for."""
        return self.piece["needs"].items

    @property
    def calls(self) -> str:
        """The workflow that it calls; empty if it has steps of its own."""
        return self.piece["uses"].text


@dataclass(frozen=True)
class Workflow:
    """One file of `.github/workflows`."""

    path: str
    root: Piece
    paths: frozenset[str] = field(default=frozenset(), repr=False)
    """Every path of the repository."""

    @cached_property
    def jobs(self) -> tuple[Job, ...]:
        """Its jobs."""
        piece = self.root["jobs"]
        return tuple(Job(name, piece.key_at(name), value) for name, (_, value) in piece.entries.items())

    @cached_property
    def events(self) -> Mapping[str, Piece]:
        """What starts it, with each event's settings."""
        on = self.root["on"]
        if on.is_map:
            return {name: value for name, (_, value) in on.entries.items()}
        return {item.text: Piece(self.path, None) for item in on.items}

    @property
    def name(self) -> str:
        """What to call it."""
        return self.root["name"].text or self.path.rpartition("/")[2]

    def steps(self) -> Iterator[tuple[Job, Step]]:
        """Every step with its job."""
        for job in self.jobs:
            for step in job.steps:
                yield job, step

    def event_at(self, name: str) -> Location:
        """Where an event stands."""
        on = self.root["on"]
        if on.is_map:
            return on.key_at(name)
        return next((item.at for item in on.items if item.text == name), on.at)


@dataclass(frozen=True)
class Action:
    """An `action.yml`."""

    path: str
    root: Piece
    paths: frozenset[str] = field(default=frozenset(), repr=False)

    @cached_property
    def steps(self) -> tuple[Step, ...]:
        """The steps of a composite action."""
        steps = self.root["runs"]["steps"]
        return tuple(Step(item, n) for n, item in enumerate(steps.items if steps.is_list else ()))


def expressions(piece: Piece) -> Iterator[tuple[str, Location]]:
    """Every `${{ }}` in a text, with its place."""
    for match in EXPRESSION.finditer(piece.text):
        yield match[1].strip(), piece.place(match.start())
