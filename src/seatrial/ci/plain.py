"""A terminal, or a CI system without an implementation: nothing is known of a change, and nothing is published."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import ClassVar

from seatrial.domain.ci_systems import System
from seatrial.report import Outcome
from seatrial.settings import Settings
from seatrial.system.base.store import UNSHALLOW, FullHistory, Remote

from .host import Change, FirstStage, PrintLine, folder_in
from .results import PublishResult


class Plain:
    """
    The least that a host does, and what the implementation of a CI system starts from.

    Args:
        environ: the process's environment.
    """

    system: ClassVar[System] = System.PLAIN
    second_stage_job: ClassVar[str] = ""
    starter: ClassVar[Mapping[str, str]] = {}
    full_history: ClassVar[FullHistory] = UNSHALLOW

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ

    @classmethod
    def is_here(cls, environ: Mapping[str, str]) -> bool:
        """Always: it is the last one that is asked."""
        del environ
        return True

    @property
    def change(self) -> Change | None:
        """Unknown."""
        return None

    @property
    def may_try(self) -> bool:
        """No: a terminal is the user's own machine."""
        return False

    @property
    def remote(self) -> Remote | None:
        """None: a clone's own configuration is part of the surveyed tree."""
        return None

    @property
    def debug(self) -> bool:
        """Never."""
        return False

    @property
    def workspace(self) -> Path | None:
        """The checkout; None if unknown."""
        return None

    def folder(self, path: Path) -> str:
        """A directory's path in the checkout, with `/`; empty for the checkout itself, and for one elsewhere."""
        return "" if self.workspace is None else folder_in(self.workspace, path)

    def hush(self, say: PrintLine) -> None:
        """Nothing: a terminal takes no orders from lines."""
        del say

    def mask(self, say: PrintLine) -> None:
        """Nothing: there is no token."""
        del say

    def group(self, title: str, say: PrintLine) -> AbstractContextManager[None]:
        """Nothing is folded."""
        del title, say
        return nullcontext()

    def complain(self, message: str, remedy: str, say: PrintLine) -> None:
        """Nothing: the command line has printed it."""
        del message, remedy, say

    def reports(self, outcome: Outcome) -> Mapping[str, Callable[[], str]]:
        """None."""
        del outcome
        return {}

    def publish(self, outcome: Outcome, written: Mapping[str, Path], say: PrintLine) -> PublishResult:
        """Nothing: the reports are files."""
        del outcome, written, say
        return PublishResult()

    def second_stage(self, chosen: Settings) -> FirstStage | None:
        """None."""
        del chosen
        return None

    def comment_on(self, outcome: Outcome, chosen: Settings, say: PrintLine) -> PublishResult:
        """Nothing."""
        del outcome, chosen, say
        return PublishResult()
