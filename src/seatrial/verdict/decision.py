"""What the gate says: the state of each condition, and what follows from all of them. Pure."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from seatrial.domain.errors import ExitCode
from seatrial.text.wording import listed

NAMED = 3
"""A sentence gives at most so many names; the reports list them all."""


class State(enum.StrEnum):
    """What is known of one condition."""

    GO = "GO"
    NO_GO = "NO-GO"
    UNKNOWN = "UNKNOWN"
    """An answer that it needs is missing."""


class Decision(enum.StrEnum):
    """What the gate says."""

    PASSED = "PASSED"
    CLOSED = "CLOSED"
    INCONCLUSIVE = "INCONCLUSIVE"


@dataclass(frozen=True, slots=True)
class Condition:
    """One thing that the gate asks for."""

    name: str
    """For machines; never changes."""
    state: State
    threshold: str
    """What is asked for, for people: `at least 80.0`."""
    actual: str
    """What there is, in the same terms."""
    sentence: str
    """Both in one plain sentence."""
    brief: str = ""
    """Of one that is not met: why, in a few words."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was decided, and on what."""

    decision: Decision
    conditions: tuple[Condition, ...]
    """All of them, met or not."""
    enforced: bool = True
    """False if a closed gate fails nothing (`fail_on: never`)."""

    @property
    def passed(self) -> bool:
        """Whether the gate is open."""
        return self.decision is Decision.PASSED

    @property
    def brief(self) -> str:
        """The decision and why, in a few words: `gate open`, `gate closed: 1 critical`."""
        why = [c.brief for state in (State.NO_GO, State.UNKNOWN) for c in self.conditions if c.state is state]
        said = {
            Decision.PASSED: "gate open",
            Decision.CLOSED: "gate closed",
            Decision.INCONCLUSIVE: "gate inconclusive",
        }[self.decision]
        return f"{said}: {listed(why, NAMED)}" if why else said

    @property
    def exit_code(self) -> ExitCode:
        """
        What the process says to its caller. An answer that we owe is never a pass, in any mode.

        Where nothing is enforced only such an answer counts, beside findings as without them: a change that mends a
        finding turns no green job red.
        """
        if self.enforced:
            return _EXIT_CODES[self.decision]
        missing = any(condition.state is State.UNKNOWN for condition in self.conditions)
        return ExitCode.INCONCLUSIVE if missing else ExitCode.PASSED

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why the gate is not open, a sentence each: what is wrong, then what is missing. Empty if it is open."""
        return tuple(c.sentence for state in (State.NO_GO, State.UNKNOWN) for c in self.conditions if c.state is state)


_EXIT_CODES = {
    Decision.PASSED: ExitCode.PASSED,
    Decision.CLOSED: ExitCode.CLOSED,
    Decision.INCONCLUSIVE: ExitCode.INCONCLUSIVE,
}


def counted(number: int, one: str, many: str = "") -> str:
    """`1 waiver`, `2 waivers`: without a verb, it reads well before a participle."""
    return f"{number} {one if number == 1 else many or one + 's'}"
