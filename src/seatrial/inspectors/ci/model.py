"""What pipelines do, on any system: one job of any continuous integration system."""

from __future__ import annotations

import enum
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from seatrial.domain import Location
from seatrial.domain.extent import Extent
from seatrial.inspectors.whole import Whole
from seatrial.inspectors.yaml_view import YamlView


class CiSystem(enum.StrEnum):
    """A system that runs pipelines, by the name of its maker."""

    GITHUB = "GitHub Actions"
    GITLAB = "GitLab CI"
    JENKINS = "Jenkins"
    CIRCLECI = "CircleCI"
    AZURE = "Azure Pipelines"
    WOODPECKER = "Woodpecker"
    BUILDKITE = "Buildkite"
    DRONE = "Drone"
    TRAVIS = "Travis CI"
    BITBUCKET = "Bitbucket Pipelines"


class Trigger(enum.Flag):
    """What starts a job."""

    NONE = 0
    PULL_REQUEST = enum.auto()
    """
    A change before it is merged: a pull or merge request, a merge queue, or every push where a system has no other
    event.
    """
    ANY_PUSH = enum.auto()
    """A push to any branch; changes from forks are not among them."""
    PUSH = enum.auto()
    """A push to some branches."""
    TAG = enum.auto()
    SCHEDULE = enum.auto()
    MANUAL = enum.auto()


@dataclass(frozen=True, slots=True)
class PipelineJob:
    """One job of a pipeline."""

    system: CiSystem
    at: Location
    name: str
    triggers: Trigger
    commands: str = field(default="", repr=False)
    """What it runs, with the scripts of the repository that it calls."""
    uses: tuple[str, ...] = ()
    """Ready-made steps by name: actions, templates, orbs, tasks, plugins; without version, in lower case."""
    unseen: tuple[str, ...] = ()
    """What it runs that lies outside of the repository: a workflow or a template of another one."""
    environment: str = ""
    """The place that it deploys to, if it names one."""

    @property
    def before_merge(self) -> bool:
        """Whether it runs before a change is merged."""
        return Trigger.PULL_REQUEST in self.triggers


@dataclass(frozen=True)
class CiFile:
    """One file that a system reads."""

    whole: Whole
    path: str
    text: str
    documents: tuple[YamlView, ...] = ()
    """The YAML documents, where the system's files are YAML."""

    @property
    def root(self) -> YamlView:
        """The first document."""
        return self.documents[0] if self.documents else YamlView(self.path, None)


class PipelineReader(Protocol):
    """What a system's module offers."""

    SYSTEM: CiSystem
    PATHS: re.Pattern[str]
    """The files that it reads, from the top of the repository."""
    YAML: bool
    jobs: Callable[[CiFile], Iterator[PipelineJob]]


@dataclass(frozen=True)
class Pipelines:
    """Every pipeline of a repository."""

    jobs: tuple[PipelineJob, ...] = ()
    files: tuple[str, ...] = ()
    unread: Mapping[str, str] = field(default_factory=dict)
    """By path: why a file of a system could not be read."""

    @property
    def systems(self) -> tuple[CiSystem, ...]:
        """The systems that have jobs."""
        return tuple(dict.fromkeys(job.system for job in self.jobs))

    @property
    def extent(self) -> Extent:
        """Every file of every system."""
        return Extent.of(self.files, self.unread, unit="CI file")
