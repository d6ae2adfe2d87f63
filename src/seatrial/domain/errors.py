"""
Our exceptions, and the exit code that each leads to.

* Error
  x UsageError        2   the options or the configuration make no sense
  x InspectorError    -   a check could not be answered; the survey records it as `error`
* anything else       4   a bug of ours

Exit 0 and 1 come from the gate, 3 from an inconclusive one, 130 from Ctrl-C.
"""

from __future__ import annotations

import enum


class ExitCode(enum.IntEnum):
    """What the process says to its caller. The texts are printed in the README; they never change meaning."""

    PASSED = 0
    CLOSED = 1
    USAGE = 2
    INCONCLUSIVE = 3
    BUG = 4
    INTERRUPTED = 130

    @property
    def meaning(self) -> str:
        """One line for people."""
        return _MEANING[self]


_MEANING = {
    ExitCode.PASSED: "the gate is open",
    ExitCode.CLOSED: "the gate is closed: the repository does not meet the configured conditions",
    ExitCode.USAGE: "bad options or configuration; nothing was surveyed",
    ExitCode.INCONCLUSIVE: "inconclusive: an answer that the gate needs is missing",
    ExitCode.BUG: "a bug in Seatrial, printed with a report to paste",
    ExitCode.INTERRUPTED: "interrupted",
}


class Error(Exception):
    """Anything we raise on purpose. The message is one clear line for the user."""


class UsageError(Error):
    """
    The user asked for something impossible.

    Args:
        message: what is wrong.
        where: `path:line:column` or an option's name; empty if neither helps.
        remedy: what to do about it.
    """

    def __init__(self, message: str, *, where: str = "", remedy: str = "") -> None:
        self.message, self.where, self.remedy = message, where, remedy
        super().__init__(": ".join(part for part in (where, message) if part))


class InspectorError(Error):
    """A question could not be answered; the text is the reason shown in every report."""
