"""
A workflow or an action as values with positions. What is malformed is kept as a problem, not guessed at.

Source: https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from seatrial.domain import Location
from seatrial.inspectors.yaml_view import YamlView
from seatrial.text.yaml_tree import Mapping as MappingNode
from seatrial.text.yaml_tree import Scalar

from .expression import embedded

CONTROL = ("wait", "wait-all", "cancel", "parallel")
"""What a step may be besides `run` and `uses`: it starts, awaits or ends steps that run in the background."""


@dataclass(frozen=True)
class Step:
    """One step."""

    view: YamlView
    index: int
    grouped: bool = False
    """Whether it is part of a `parallel` group."""

    @property
    def at(self) -> Location:
        """Where it begins."""
        return self.view.at

    @property
    def run(self) -> YamlView:
        """Its script."""
        return self.view["run"]

    @property
    def uses(self) -> str:
        """The action, without its version."""
        return self.view["uses"].text.partition("@")[0].lower()

    @property
    def version(self) -> str:
        """The action's version."""
        return self.view["uses"].text.partition("@")[2]

    @property
    def local(self) -> str:
        """The folder of the repository whose action it uses, from the top; empty if it uses no such action."""
        text = self.view["uses"].text
        return posixpath.normpath(text) if text.startswith("./") else ""

    @property
    def inputs(self) -> YamlView:
        """What the action is given."""
        return self.view["with"]

    @property
    def controls(self) -> bool:
        """Whether it only starts, awaits or ends steps that run in the background."""
        return any(key in self.view for key in CONTROL)

    @property
    def id(self) -> str:
        """Its id."""
        return self.view["id"].text

    @property
    def name(self) -> str:
        """What to call it."""
        return self.view["name"].text or self.uses or f"step {self.index + 1}"


def _steps(view: YamlView) -> tuple[Step, ...]:
    found: list[Step] = []
    for item in view.items if view.is_list else ():
        group = item["parallel"]
        for step in group.items if group.is_list else (item,):
            found.append(Step(step, len(found), grouped=group.is_list))
    return tuple(found)


@dataclass(frozen=True)
class Job:
    """One job."""

    id: str
    key_at: Location
    view: YamlView

    @cached_property
    def steps(self) -> tuple[Step, ...]:
        """Its steps; those of a `parallel` group come in the order of the file."""
        return _steps(self.view["steps"])

    @property
    def needs(self) -> tuple[YamlView, ...]:
        """The jobs that it waits for."""
        return self.view["needs"].items

    @property
    def calls(self) -> str:
        """The workflow that it calls; empty if it has steps of its own."""
        return self.view["uses"].text

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
        view = self.root["jobs"]
        return tuple(Job(name, view.key_at(name), value) for name, (_, value) in view.entries.items())

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


def expressions(view: YamlView) -> Iterator[tuple[str, Location]]:
    """Every `${{ }}` in a text that is closed, with its place."""
    for found in embedded(view.text):
        if found.closed:
            yield found.body, view.place(found.start)
