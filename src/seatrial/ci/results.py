"""What became of publishing a run, whichever system it was published on."""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeVar

from seatrial.domain.errors import Error
from seatrial.text.wording import sentence

T = TypeVar("T")


class ApiError(Error):
    """The CI system did not do what was asked. The text is one line: what, why, and what to do about it."""


class TokenRefused(ApiError):  # noqa: N818 - it says what is the case
    """The token may not do it, or may not even see it."""


class Ambiguous(ApiError):  # noqa: N818 - it says what is the case
    """It is unknown whether a request that must not be repeated took effect."""


class PostedAction(enum.Enum):
    """What was done about the comment, as the command line says it."""

    CREATED = "created"
    EDITED = "edited"
    UNCHANGED = "unchanged"
    NONE = "not written"


@dataclass(frozen=True, slots=True)
class Posted:
    """What became of the comment."""

    action: PostedAction
    url: str = ""
    notice: str = ""
    """Why there is none, or why it was left alone, in a sentence; empty if that is as it was asked."""


NO_COMMENT = Posted(PostedAction.NONE)


@dataclass(frozen=True, slots=True)
class PublishResult:
    """What became of publishing a run."""

    lines: tuple[str, ...] = ()
    """For standard output, in the system's own syntax."""
    comment: Posted = NO_COMMENT
    problems: tuple[str, ...] = ()
    """What a reader of the log should know, a sentence each; the lines have them too."""
    failed: bool = False
    """Whether something that was asked for could not be done."""


class Attempts:
    """Tries one thing after the other, and collects what goes wrong: each costs itself only."""

    def __init__(self) -> None:
        self.problems: list[str] = []
        self.failed = False

    def add(self, problem: str) -> None:
        """Note a problem, a sentence; an empty one is none."""
        if problem:
            self.problems.append(problem)

    def attempt(self, what: str, call: Callable[[], T], otherwise: T) -> T:
        """What the call gives; what went wrong is collected, and something else is given."""
        try:
            return call()
        except ApiError as error:
            self.problems.append(sentence(str(error)))
        except Exception as bug:  # noqa: BLE001 - the rest must still be published, and the verdict does not change
            self.problems.append(f"Internal error with {what}: {type(bug).__name__}; please report it.")
        self.failed = True
        return otherwise

    def result(self, posted: Posted, lines: Iterable[str], shown: Callable[[str], str]) -> PublishResult:
        """
        The result.

        Args:
            posted: what became of the comment.
            lines: for standard output.
            shown: makes a line of a problem.
        """
        return PublishResult((*lines, *map(shown, self.problems)), posted, tuple(self.problems), self.failed)
