"""What is asked of deployments over a running stack, and what was seen of them. No judgement here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from seatrial.lab.machine import Machine
from seatrial.lab.measure import ProbeFailure
from seatrial.system.base.revision import Revision


@dataclass(frozen=True, slots=True, kw_only=True)
class UpgradePlan:
    """What is asked."""

    base: Revision | None = None
    """The commit whose stack is updated; None: there is none."""
    budget: float = 60.0
    """Seconds for the update and the way back altogether; 0: neither."""
    declared_files: bool = False
    """Whether the configuration names the Compose files; otherwise each version has those that Compose takes."""
    asked: bool = True
    """Whether the check is asked at all."""
    reports: Path = Path()
    """Where our own reports are: no part of the head."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One question during a deployment."""

    service: str
    question: str
    share: float
    """Of good answers."""
    gap: float
    """Seconds of the longest time without a good answer."""
    last: ProbeFailure | None = None
    """How it failed at the end; None: it did not."""
    status: int = 0
    """Of HTTP, where that is how it failed."""

    @property
    def gone(self) -> bool:
        """Whether the new version has no such address any more, which is a change and not an outage."""
        return self.last is ProbeFailure.STATUS and 400 <= self.status < 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Deployment:
    """One deployment over a running stack."""

    seconds: float = 0.0
    """Until everything was up and answered."""
    limit: float = 0.0
    """Seconds that it had."""
    problems: tuple[tuple[str, str], ...] = ()
    """Service (empty: the stack as a whole) and what is wrong at the end."""
    asked: tuple[Asked, ...] = ()
    written: Mapping[str, int] = field(default_factory=dict)
    """By store: the markers that it had acknowledged so far."""
    lost: Mapping[str, int] = field(default_factory=dict)
    """By store: those of them that are missing now and were there before."""
    unread: tuple[str, ...] = ()
    """Stores that did not answer afterwards."""
    recreated: tuple[str, ...] = ()
    """Services of which containers were made anew."""
    machine: Machine = field(default_factory=Machine)

    @property
    def gap(self) -> float:
        """Seconds of the longest time in which some entry point did not answer."""
        return max((one.gap for one in self.asked if not one.gone), default=0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class UpgradeSeen:
    """All deployments over a running stack."""

    again: Deployment | None = None
    """The same version once more; None: that was not tried."""
    label: str = ""
    """The base, for people."""
    update: Deployment | None = None
    rollback: Deployment | None = None
    why_not: str = ""
    """Why the update was not tried, or proves nothing."""
    why_no_rollback: str = ""
    unkept: tuple[str, ...] = ()
    """Stores of which nothing shows whether they keep their data, and why."""
    stores: tuple[str, ...] = ()
    """Stores that were given markers, and what was asked for the application's own."""
    seconds: float = 0.0
