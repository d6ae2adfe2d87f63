"""What an inspector is. Adding one: a class with its rules, a place in `INSPECTORS`, its checks in the catalogue."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from seatrial.domain import Answer, Status, Tool
from seatrial.domain.progress import Say
from seatrial.inspectors.rules import Rules
from seatrial.settings import Settings
from seatrial.system.source import Tree

if TYPE_CHECKING:  # of the inspectors only the trial needs it, and its library takes a tenth of a second to load
    from seatrial.settings.backup import Backups
    from seatrial.settings.config import Chaos
    from seatrial.settings.load import Load
    from seatrial.system.base.revision import Revision


def ignore(text: str) -> None:
    """No listener."""
    del text


@dataclass(frozen=True, slots=True)
class Context:
    """What an inspector may look at. Read-only, so inspectors can run in any order and at the same time."""

    tree: Tree
    settings: Settings
    cache: Path
    """A directory that outlives the run, for what is expensive to make. Never for anything from the repository."""
    jobs: int = 1
    """Processors that the inspector may use."""
    chaos: Chaos | None = None
    """How the configuration wants the Compose stack tried; None: it says nothing of it."""
    load: Load | None = None
    """How the configuration wants the running stack loaded; None: it says nothing of it."""
    backups: Backups = ()
    """The repository's own commands for backups."""
    denied_licences: tuple[str, ...] = ()
    """SPDX names that the configuration does not want."""
    known_variables: tuple[str, ...] = ()
    """Globs for names of variables that need no documentation."""
    comments_in_history: bool = True
    """Whether allow comments in commits accept secrets; not in commits of a change that may not allow itself."""
    base: Revision | None = None
    """The commit that the tree is compared with, where there is one: the trial updates its stack to this one."""
    say: Say = ignore
    """For slow inspectors: receives what is being done, in a few words for people."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why an inspector's checks are not asked."""

    status: Status
    """`na` (nothing to ask), `skip` (by choice), `blocked` or `error` (cannot)."""
    text: str


def unless(found: object, unread: Collection[str], absent: str) -> Reason | None:
    """
    Why an inspector has nothing to do: the tree has nothing for it, read or not.

    It is the only way to `na` before anything is read. So no inspector forgets unreadable files.

    Args:
        found: something true if the tree has a file of the inspector's.
        unread: paths that may be such files and could not be read. An unread folder may hold anything.
        absent: the evidence: `no Dockerfile in the tree`.
    """
    return None if found or unread else Reason(Status.NA, absent)


class Inspector(Protocol):
    """Answers some of the catalogue's checks."""

    @property
    def rules(self) -> Rules:
        """All rules whose findings it reports, with their pages."""
        ...

    @property
    def name(self) -> str:
        """What to call it in logs and reports."""
        ...

    @property
    def per_file_inputs(self) -> tuple[str, ...] | None:
        """
        If each file is judged by itself: the paths of the files besides that decide how. None: files are seen together.

        A file that is the same in two trees then has the same findings. It is looked at once.
        """
        ...

    @property
    def live(self) -> bool:
        """
        Whether it runs the repository's code and measures time.

        Then it works alone, after the others, and never on the base of a change.
        """
        ...

    @property
    def checks(self) -> tuple[str, ...]:
        """The ids of the checks that it answers, each exactly once in every run."""
        ...

    def tools(self, context: Context) -> tuple[Tool, ...]:
        """The programs and data that its answers depend on, with versions."""
        ...

    def applies(self, context: Context) -> Reason | None:
        """Why it has nothing to do here; None if it does. Cheap: the plan asks it for every inspector."""
        ...

    def inspect(self, context: Context) -> Iterator[Answer]:
        """
        Answer the checks one by one; what was yielded before a failure is kept.

        Raises:
            InspectorError: the rest cannot be answered; the text is the reason.
        """
        ...
