"""
A workflow or an action as values with positions. What is malformed is kept as a problem, not guessed at.

Source: https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax
"""

from __future__ import annotations

import posixpath
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from seatrial.domain import Location
from seatrial.text.yaml_tree import Mapping as MappingNode
from seatrial.text.yaml_tree import Node, Scalar, merged
from seatrial.text.yaml_tree import Sequence as SequenceNode

from .expression import embedded

_FRAGMENT = 24
"""Characters by which a place of a text is found again in the file."""


@dataclass(frozen=True)
class YamlView:
    """A node with its file: what rules ask for keys, texts and places."""

    path: str
    node: Node | None
    lines: Sequence[str] = field(default=(), repr=False, compare=False)
    """The lines of the file, for exact places within block texts; may be missing."""

    def _below(self, node: Node | None) -> YamlView:
        return YamlView(self.path, node, self.lines)

    @cached_property
    def entries(self) -> Mapping[str, tuple[Scalar, YamlView]]:
        """By key: the key's node, and the value."""
        if not isinstance(self.node, MappingNode):
            return {}
        return {key.value: (key, self._below(value)) for key, value in merged(self.node)}

    def __bool__(self) -> bool:
        """Whether it is there, null included."""
        return self.node is not None

    def __getitem__(self, key: str) -> YamlView:
        """The value of a key; an empty piece if it is not there."""
        return self.entries[key][1] if key in self.entries else self._below(None)

    def __contains__(self, key: str) -> bool:
        """Whether the key is there."""
        return key in self.entries

    @property
    def text(self) -> str:
        """A single value as written; empty if it is none."""
        return self.node.value if isinstance(self.node, Scalar) else ""

    @property
    def items(self) -> tuple[YamlView, ...]:
        """A list's items; a single value counts as a list of one."""
        if isinstance(self.node, SequenceNode):
            return tuple(self._below(item) for item in self.node.items)
        return (self,) if isinstance(self.node, Scalar) and self.node.value else ()

    @property
    def is_map(self) -> bool:
        """Whether it is a mapping."""
        return isinstance(self.node, MappingNode)

    @property
    def is_list(self) -> bool:
        """Whether it is a list."""
        return isinstance(self.node, SequenceNode)

    @property
    def is_null(self) -> bool:
        """Whether nothing is written there."""
        return isinstance(self.node, Scalar) and self.node.plain and self.node.value in ("", "~", "null")

    @property
    def at(self) -> Location:
        """Where it is."""
        if self.node is None:
            return Location(self.path, 1, 1)
        return Location(self.path, self.node.line, self.node.column)

    def key_at(self, key: str) -> Location:
        """Where a key is; the piece itself if it is not there."""
        if key not in self.entries:
            return self.at
        node = self.entries[key][0]
        return Location(self.path, node.line, node.column)

    def place(self, offset: int) -> Location:
        """Where a character of the text is; of a block text, the line if the file's lines are not known."""
        if not isinstance(self.node, Scalar):
            return self.at
        if self.lines and (exact := self._written.place(offset)):
            return Location(self.path, *exact)
        before = self.node.value[:offset]
        block = not self.node.plain and self.node.end_line > self.node.line + self.node.value.count("\n") - 1
        if "\n" in self.node.value.rstrip("\n") or (block and self.node.end_line > self.node.line):
            return Location(self.path, self.node.line + 1 + before.count("\n"), 1)
        return Location(self.path, self.node.line, self.node.column + offset)

    @cached_property
    def _written(self) -> _Written:
        return _Written(self.node, self.lines) if isinstance(self.node, Scalar) else _Written(None, ())

    def texts(self) -> Iterator[YamlView]:
        """Every single value below, itself included."""
        if isinstance(self.node, Scalar):
            yield self
        elif isinstance(self.node, SequenceNode):
            for item in self.node.items:
                yield from self._below(item).texts()
        else:
            for _, value in self.entries.values():
                yield from value.texts()


class _Written:
    """
    Where the characters of a text are in its file.

    The fragment at a place is looked for in the file as often as it comes before in the text, so folded lines and
    indentation do not matter. What is found is kept: a script may have thousands of places.
    """

    def __init__(self, node: Scalar | None, rows: Sequence[str]) -> None:
        self._value = node.value if node else ""
        self._first = node.line if node else 1
        region = list(rows[node.line - 1 : node.end_line]) if node else []
        if region and node:
            region[0] = " " * (node.column - 1) + region[0][node.column - 1 :]
        self._region = "\n".join(region)
        self._starts = [0]
        for row in region:
            self._starts.append(self._starts[-1] + len(row) + 1)
        self._known: dict[str, tuple[list[int], list[int]]] = {}

    def place(self, offset: int) -> tuple[int, int] | None:
        """Line and column in the file; None if the text is not written as it is read."""
        words = self._value[offset : offset + _FRAGMENT].split()
        if not words or self._value[offset].isspace():
            return None
        fragment = words[0]
        if fragment not in self._known:
            self._known[fragment] = (_all(self._value, fragment), _all(self._region, fragment))
        read, written = self._known[fragment]
        index = bisect_left(read, offset)
        if len(read) != len(written) or index >= len(read) or read[index] != offset:
            return None
        row = bisect_right(self._starts, written[index]) - 1
        return self._first + row, written[index] - self._starts[row] + 1


def _all(text: str, fragment: str) -> list[int]:
    """Every place of a fragment, also where it overlaps itself."""
    found = []
    at = text.find(fragment)
    while at >= 0:
        found.append(at)
        at = text.find(fragment, at + 1)
    return found


CONTROL = ("wait", "wait-all", "cancel", "parallel")
"""What a step may be besides `run` and `uses`: it starts, awaits or ends steps that run in the background."""


@dataclass(frozen=True)
class Step:
    """One step."""

    piece: YamlView
    index: int
    grouped: bool = False
    """Whether it is part of a `parallel` group."""

    @property
    def at(self) -> Location:
        """Where it begins."""
        return self.piece.at

    @property
    def run(self) -> YamlView:
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
    def local(self) -> str:
        """The folder of the repository whose action it uses, from the top; empty if it uses no such action."""
        text = self.piece["uses"].text
        return posixpath.normpath(text) if text.startswith("./") else ""

    @property
    def inputs(self) -> YamlView:
        """What the action is given."""
        return self.piece["with"]

    @property
    def controls(self) -> bool:
        """Whether it only starts, awaits or ends steps that run in the background."""
        return any(key in self.piece for key in CONTROL)

    @property
    def id(self) -> str:
        """Its id."""
        return self.piece["id"].text

    @property
    def name(self) -> str:
        """What to call it."""
        return self.piece["name"].text or self.uses or f"step {self.index + 1}"


def _steps(piece: YamlView) -> tuple[Step, ...]:
    found: list[Step] = []
    for item in piece.items if piece.is_list else ():
        group = item["parallel"]
        for step in group.items if group.is_list else (item,):
            found.append(Step(step, len(found), grouped=group.is_list))
    return tuple(found)


@dataclass(frozen=True)
class Job:
    """One job."""

    id: str
    key_at: Location
    piece: YamlView

    @cached_property
    def steps(self) -> tuple[Step, ...]:
        """Its steps; those of a `parallel` group come in the order of the file."""
        return _steps(self.piece["steps"])

    @property
    def needs(self) -> tuple[YamlView, ...]:
        """The jobs that it waits for."""
        return self.piece["needs"].items

    @property
    def calls(self) -> str:
        """The workflow that it calls; empty if it has steps of its own."""
        return self.piece["uses"].text

    @property
    def local(self) -> str:
        """The path of the workflow of this repository that it calls; empty if it calls none."""
        return posixpath.normpath(self.calls) if self.calls.startswith("./") else ""


@dataclass(frozen=True, eq=False)
class WorkflowFiles:
    """The workflows and actions of a repository, to see into what is used from it."""

    workflows: dict[str, Workflow] = field(default_factory=dict)
    """By path."""
    actions: dict[str, Action] = field(default_factory=dict)
    """By folder."""

    def callers(self, path: str) -> Iterator[Workflow]:
        """The workflows that call one of them, through others too."""
        seen, pending = {path}, [path]
        while pending:
            wanted = pending.pop()
            for one in self.workflows.values():
                if one.path not in seen and any(job.local == wanted for job in one.jobs):
                    seen.add(one.path)
                    pending.append(one.path)
                    yield one


@dataclass(frozen=True)
class Workflow:
    """One file of `.github/workflows`."""

    path: str
    root: YamlView
    paths: frozenset[str] = field(default=frozenset(), repr=False)
    """Every path of the repository."""
    project: WorkflowFiles = field(default_factory=WorkflowFiles, repr=False)
    """What else of the repository takes part."""

    @cached_property
    def jobs(self) -> tuple[Job, ...]:
        """Its jobs."""
        piece = self.root["jobs"]
        return tuple(Job(name, piece.key_at(name), value) for name, (_, value) in piece.entries.items())

    @cached_property
    def events(self) -> Mapping[str, YamlView]:
        """What starts it, with each event's settings."""
        on = self.root["on"]
        if on.is_map:
            return {name: value for name, (_, value) in on.entries.items()}
        return {item.text: YamlView(self.path, None) for item in on.items if item.text}

    @cached_property
    def causes(self) -> frozenset[str]:
        """The events whose rights its jobs run with: its own, and those of the workflows that call it."""
        own = set(self.events)
        if "workflow_call" in own:
            own.update(event for caller in self.project.callers(self.path) for event in caller.events)
        return frozenset(own)

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
        """Where an event is."""
        on = self.root["on"]
        if on.is_map:
            return on.key_at(name)
        return next((item.at for item in on.items if item.text == name), on.at)


@dataclass(frozen=True)
class Action:
    """An `action.yml`."""

    path: str
    root: YamlView
    paths: frozenset[str] = field(default=frozenset(), repr=False)
    project: WorkflowFiles = field(default_factory=WorkflowFiles, repr=False)

    @property
    def folder(self) -> str:
        """Its folder from the top; `.` for the top itself."""
        return posixpath.dirname(self.path) or "."

    @cached_property
    def steps(self) -> tuple[Step, ...]:
        """The steps of a composite action."""
        return _steps(self.root["runs"]["steps"])

    @cached_property
    def as_workflow(self) -> Workflow:
        """Its steps as those of the only job of a workflow, for rules that judge steps."""
        runs = self.root["runs"]
        at = (1, 1, 1, 1)
        job = MappingNode(*at, "", ((Scalar(*at, "", "runs"), runs.node),) if runs.node else ())
        root = MappingNode(*at, "", ((Scalar(*at, "", "jobs"), job),))
        return Workflow(self.path, replace(self.root, node=root), self.paths, self.project)


def expressions(piece: YamlView) -> Iterator[tuple[str, Location]]:
    """Every `${{ }}` in a text that is closed, with its place."""
    for found in embedded(piece.text):
        if found.closed:
            yield found.body, piece.place(found.start)
