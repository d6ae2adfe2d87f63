"""
What Seatrial needs of the place that it runs in.

A CI system says what change a job is about, and takes the results in its own ways. Both are behind this protocol, so
nothing else knows which system it is. `plain.Plain` has all of it for a terminal; a system overrides what it offers.
Everything that comes from the environment is untrusted text: a host checks the kind of each value that it passes on.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Protocol

from seatrial.domain.ci_systems import System
from seatrial.report import Outcome
from seatrial.settings import Settings
from seatrial.system.base.store import FullHistory, Remote

from .results import PublishResult

PrintLine = Callable[[str], None]
"""Prints one line on standard output, at once."""


class Origin(enum.Enum):
    """How a change came to a job."""

    PROPOSAL = enum.auto()
    """It is not in yet, and an author asks for it: a pull or merge request, a merge queue."""
    PUSH = enum.auto()
    OTHER = enum.auto()
    """A schedule, a release, a manual run, or an event that says nothing of a change."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What a job is about."""

    origin: Origin
    event: str
    """The system's own word for what started the job."""
    base: str = ""
    """The commit that the change goes on top of, or that it replaced; empty if unknown."""
    base_ref: str = ""
    """The name of the base branch."""
    head: str = ""
    """The change's own last commit."""
    default_branch: str = ""
    own_code: bool = False
    """Whether the event says that the code is the repository's own. Then it may be run without being asked for."""
    by_maintainer: bool = False
    """Whether the author of the change has write access."""


@dataclass(frozen=True, slots=True)
class FirstStage:
    """The run whose report a second stage comments on."""

    passed: bool
    conclusion: str
    """The system's own word for how it ended; empty if unknown."""


class Host(Protocol):
    """One job of a CI system, or a terminal."""

    system: ClassVar[System]
    second_stage_job: ClassVar[str]
    """The kind of job that `seatrial comment` works in; empty if the system has none."""
    starter: ClassVar[Mapping[str, str]]
    """What `seatrial init` writes for the system: the file, and the template that it comes from."""
    full_history: ClassVar[FullHistory]
    """How a job gets the commits that a shallow clone lacks."""

    def __init__(self, environ: Mapping[str, str]) -> None: ...

    @classmethod
    def is_here(cls, environ: Mapping[str, str]) -> bool:
        """Whether the environment shows this system."""
        ...

    @property
    def change(self) -> Change | None:
        """What the job is about; None if the system says nothing of it."""
        ...

    @property
    def may_try(self) -> bool:
        """Whether the trial may run by itself: the code is the repository's own, and jobs have a Docker engine."""
        ...

    @property
    def remote(self) -> Remote | None:
        """Where missing commits can be fetched."""
        ...

    @property
    def debug(self) -> bool:
        """Whether the job is run with more output."""
        ...

    def folder(self, path: Path) -> str:
        """A directory's path in the checkout, with `/`; empty for the checkout itself, and for one elsewhere."""
        ...

    def hush(self, say: PrintLine) -> None:
        """Before the first line: keep the system from reading orders in what a report quotes."""
        ...

    def mask(self, say: PrintLine) -> None:
        """Have the system hide the job's token in its log."""
        ...

    def group(self, title: str, say: PrintLine) -> AbstractContextManager[None]:
        """Fold what is printed meanwhile in the job's log."""
        ...

    def complain(self, message: str, remedy: str, say: PrintLine) -> None:
        """Show where people look first what ended a run before there was a verdict."""
        ...

    def reports(self, outcome: Outcome) -> Mapping[str, Callable[[], str]]:
        """Report files in the system's own formats, by name, each with its renderer."""
        ...

    def publish(self, outcome: Outcome, written: Mapping[str, Path], say: PrintLine) -> PublishResult:
        """
        Comment, annotate, fill summary and outputs. What fails is a problem of the result, never an exception.

        Args:
            outcome: the run.
            written: the report files by name; those that could not be written are missing.
            say: prints a line.
        """
        ...

    def second_stage(self, chosen: Settings) -> FirstStage | None:
        """
        The run that this job comments on; None if the job is not a second stage.

        Raises:
            UsageError: it is one, and the options make no sense for it.
        """
        ...

    def comment_on(self, outcome: Outcome, chosen: Settings, say: PrintLine) -> PublishResult:
        """In a second stage: comment on a report that another run left behind, and do nothing else."""
        ...


def folder_in(workspace: Path, path: Path) -> str:
    """A directory's path in a checkout, with `/`; empty for the checkout itself, and for a directory elsewhere."""
    root, workspace = path.resolve(), workspace.resolve()
    inside = root != workspace and root.is_relative_to(workspace)
    return root.relative_to(workspace).as_posix() if inside else ""
