"""What deployments over a running stack mean. Pure: thresholds and words, no clock, no engine."""

from __future__ import annotations

import enum
from collections.abc import Iterator
from dataclasses import dataclass

from seatrial.lab.judge import SUCCESS
from seatrial.lab.units import seconds

from .seen import Asked, Deployment, UpgradeSeen


class UpgradeFault(enum.StrEnum):
    """What is wrong with a deployment; `deployment/…` are the ids of the findings."""

    SECOND = "second-deploy-fails"
    DATA = "loses-data"
    FAILS = "update-fails"
    REQUESTS = "update-interrupts"
    ROLLBACK = "no-rollback"


class Part(enum.StrEnum):
    """What the check is about; each is right or wrong."""

    NOTHING = "deployment from nothing"
    AGAIN = "second deployment"
    UPDATE = "update to the head"
    DATA = "data in the stores"
    REQUESTS = "requests during the update"
    ROLLBACK = "rollback to the base"


@dataclass(frozen=True, slots=True)
class UpgradeComplaint:
    """A rule that does not hold."""

    fault: UpgradeFault
    part: Part
    service: str
    text: str


def complaints(seen: UpgradeSeen) -> Iterator[UpgradeComplaint]:
    """Everything that is wrong."""
    if seen.again is not None:
        for service, text in seen.again.problems:
            said = f"the second deployment of the same version fails: {text}"
            yield UpgradeComplaint(UpgradeFault.SECOND, Part.AGAIN, service, said)
        yield from _lost(seen.again, "a second deployment of the same version")
    if seen.update is not None:
        for service, text in seen.update.problems:
            said = f"the update from {seen.label} fails, although the head comes up from nothing: {text}"
            yield UpgradeComplaint(UpgradeFault.FAILS, Part.UPDATE, service, said)
        yield from _lost(seen.update, f"the update from {seen.label}")
        yield from _interrupted(seen.update)
    if seen.rollback is not None:
        for service, text in seen.rollback.problems:
            said = f"after the update {seen.label} does not come up again: {text}"
            yield UpgradeComplaint(UpgradeFault.ROLLBACK, Part.ROLLBACK, service, said)
        for store, number in seen.rollback.lost.items():
            said = f"the rollback to {seen.label} loses {number} of {seen.rollback.written[store]} acknowledged writes"
            yield UpgradeComplaint(UpgradeFault.ROLLBACK, Part.ROLLBACK, store, said)


def _lost(one: Deployment, what: str) -> Iterator[UpgradeComplaint]:
    for store, number in one.lost.items():
        text = f"{what} loses {number} of {one.written[store]} acknowledged writes"
        yield UpgradeComplaint(UpgradeFault.DATA, Part.DATA, store, text)


def _interrupted(update: Deployment) -> Iterator[UpgradeComplaint]:
    """Entry points and operations with too few good answers; on a busy machine, and after a failure, nothing."""
    if not update.machine.busy and not update.problems:
        for one in below(update):
            text = (
                f"{one.question}: {100 * one.share:.0f} % good during the update, {100 * SUCCESS:.0f} % are needed; "
                f"no good answer for {seconds(one.gap)}"
            )
            yield UpgradeComplaint(UpgradeFault.REQUESTS, Part.REQUESTS, one.service, text)


def below(one: Deployment) -> list[Asked]:
    """The questions with too few good answers."""
    return [a for a in one.asked if a.share < SUCCESS and not a.gone]


def _unsure(one: Deployment) -> bool:
    """Whether the machine may be why too few answers were good."""
    return one.machine.busy and bool(below(one))


def parts(seen: UpgradeSeen) -> tuple[list[Part], list[Part]]:
    """What was measured, and what was not although it applies."""
    measured = {
        Part.NOTHING: True,
        Part.AGAIN: seen.again is not None,
        Part.UPDATE: seen.update is not None,
        Part.REQUESTS: seen.update is not None and bool(seen.update.asked) and not _unsure(seen.update),
        Part.ROLLBACK: seen.rollback is not None,
    }
    update = seen.update
    read = update is not None and bool(update.written) and len(update.unread) < len(update.written)
    if seen.stores or seen.unkept or update is None or update.lost:
        measured[Part.DATA] = read
    if seen.again is not None and seen.again.lost:
        measured[Part.DATA] = True
    return [p for p, known in measured.items() if known], [p for p, known in measured.items() if not known]
