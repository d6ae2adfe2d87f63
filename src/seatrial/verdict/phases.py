"""
Phases: the labels A to L that a repository gives to its checks, each with a score of its own.

    score of a phase = 10 * passed / (passed + failed)

A phase counts checks and weighs none of them. It shows how far a piece of work is; score and gate do not depend on it.
Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from seatrial.domain import Status
from seatrial.domain.errors import UsageError
from seatrial.domain.phase import Phase
from seatrial.settings import covers

from .score import CheckScore, Score


@dataclass(frozen=True, slots=True)
class PhaseScore:
    """What the checks of one phase come to."""

    phase: Phase
    passed: int
    failed: int
    """Checks that were measured and did not pass; flaky ones among them."""
    unmeasured: int
    """Checks that apply and were not measured. They count neither as passed nor as failed."""

    @property
    def score(self) -> Fraction | None:
        """0..10; None if no check of the phase was measured."""
        measured = self.passed + self.failed
        return Fraction(10 * self.passed, measured) if measured else None


def of(phases: Iterable[Phase], number: Score) -> tuple[PhaseScore, ...]:
    """The scores of the phases, by label."""
    return tuple(_scored(phase, number.checks) for phase in sorted(phases, key=lambda phase: phase.label))


def _scored(phase: Phase, checks: Iterable[CheckScore]) -> PhaseScore:
    mine = [c.answer.status for c in checks if any(covers(name, c.check.id) for name in phase.checks)]
    passed, measured = mine.count(Status.PASS), sum(status.measured for status in mine)
    return PhaseScore(phase, passed, measured - passed, sum(status.applicable for status in mine) - measured)


def verify(phases: Iterable[Phase], known: Iterable[str]) -> None:
    """
    Refuse phases that cannot be counted.

    Args:
        phases: as the configuration has them.
        known: the ids of the model's checks.

    Raises:
        UsageError: a phase names a check that does not exist, or two phases share one.
    """
    known = tuple(known)
    owners: dict[str, str] = {}
    for phase in phases:
        for name in phase.checks:
            covered = [check for check in known if covers(name, check)]
            if not covered:
                raise UsageError(f"there is no check {name!r}", remedy="`seatrial plan` lists the checks")
            for check in covered:
                if owners.setdefault(check, phase.label) != phase.label:
                    raise UsageError(
                        f"{check} is in the phases {owners[check]} and {phase.label}", remedy="leave it in one of them"
                    )


def described(phases: Iterable[Phase]) -> Mapping[str, str]:
    """By label: what a phase holds, for people."""
    return {p.label: f"{p.title}: {', '.join(p.checks)}" if p.title else ", ".join(p.checks) for p in phases}
