"""What would be asked of this tree, what not, and why. Pure but for the inspectors' cheap `applies`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from seatrial.domain import Answer, Status
from seatrial.domain.errors import UsageError
from seatrial.settings import covers
from seatrial.verdict.catalogue import Catalogue

from .base import Context, Inspector, Reason


@dataclass(frozen=True, slots=True)
class PlannedCheck:
    """One check of the catalogue: asked of an inspector, or not asked for a reason."""

    check: str
    inspector: Inspector | None
    reason: Reason | None = None

    @property
    def asked(self) -> bool:
        """Whether the survey will ask it."""
        return self.inspector is not None and self.reason is None

    def unasked(self) -> Answer:
        """
        The answer of a check that is not asked.

        Raises:
            ValueError: it is asked.
        """
        if self.reason is None:
            raise ValueError(f"{self.check} is asked")
        return Answer(self.check, self.reason.status, reason=self.reason.text)


@dataclass(frozen=True, slots=True)
class SurveyPlan:
    """The whole survey before it starts."""

    steps: tuple[PlannedCheck, ...]

    @property
    def inspectors(self) -> tuple[Inspector, ...]:
        """Those with something to do, each once, in their order."""
        wanted: dict[str, Inspector] = {}
        for step in self.steps:
            if step.asked and step.inspector is not None:
                wanted.setdefault(step.inspector.name, step.inspector)
        return tuple(wanted.values())

    @property
    def asked(self) -> frozenset[str]:
        """The ids of the checks that will be asked."""
        return frozenset(s.check for s in self.steps if s.asked)


def make(
    catalogue: Catalogue, inspectors: Sequence[Inspector], context: Context, disabled: Mapping[str, str]
) -> SurveyPlan:
    """
    Decide, for every check of the catalogue, whether it is asked.

    Args:
        catalogue: the model's checks.
        inspectors: who could answer.
        context: what they would look at.
        disabled: checks or families that the configuration turns off, with the reason given there.

    Raises:
        UsageError: `only`, `skip` or `disabled` names a check that does not exist.
    """
    known = [c.id for c in catalogue.checks]
    for name in (*context.settings.only, *context.settings.skip, *disabled):
        if not any(covers(name, check) for check in known):
            raise UsageError(f"there is no check {name!r}", remedy="`seatrial plan` lists the checks")
    by_check = {check: inspector for inspector in inspectors for check in inspector.checks}
    not_applicable = {i.name: i.applies(context) for i in inspectors}

    def step(check: str) -> PlannedCheck:
        inspector = by_check.get(check)
        absent = not_applicable[inspector.name] if inspector else _UNANSWERABLE
        if absent is not None and absent.status is Status.NA:
            return PlannedCheck(
                check, inspector, absent
            )  # there is nothing that anybody could have chosen to leave out
        return PlannedCheck(check, inspector, _choice(check, context, disabled) or absent)

    return SurveyPlan(tuple(step(check) for check in known))


_UNANSWERABLE = Reason(Status.ERROR, "nothing in this installation answers the check")


def _choice(check: str, context: Context, disabled: Mapping[str, str]) -> Reason | None:
    settings = context.settings
    for name, why in disabled.items():
        if covers(name, check):
            return Reason(Status.SKIP, f"turned off in the configuration: {why}")
    if settings.skips(check):
        return Reason(Status.SKIP, "turned off by `skip`")
    if not settings.asks_for(check):
        return Reason(Status.SKIP, "not among `only`")
    return None
