"""
What a fault is: a context in which something is broken on purpose. Adding one: a file here.
All that the lab needs to know of it is in its file; no other module may know a fault by its name.

Entering injects, leaving undoes and verifies. What is yielded proves that the fault is on: an experiment whose fault
could not be proven says nothing about the stack.
"""

from __future__ import annotations

import enum
import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any, Protocol

from seatrial.domain.errors import UsageError
from seatrial.lab import units
from seatrial.lab.capabilities import Capabilities
from seatrial.lab.engine import FAILURES, DockerEngine, LabError, one_line
from seatrial.lab.events import Events
from seatrial.lab.model import Service
from seatrial.lab.probes import Probe
from seatrial.lab.stack import RunningProject
from seatrial.text.numerals import whole

EXPIRY = 5.0
"""Seconds beyond its duration after which the kernel itself ends a fault, even if we are gone."""


class NotProven(LabError):  # noqa: N818 - it says what is the case
    """The fault was asked for, and nothing shows that it was on."""


class NotUndone(LabError):  # noqa: N818
    """The fault could not be undone, or it is unknown whether it was."""


class Expectation(enum.StrEnum):
    """What may be expected of the stack meanwhile."""

    INSTANT = "instant"
    """It happens at once and is over; the stack has to come back by itself."""
    OUTAGE = "outage"
    """A service is away for a time; what needs it may refuse, and has to recover."""
    DEGRADE = "degrade"
    """A service is worse for a time; the stack has to go on working."""


class End(enum.Enum):
    """How a fault itself ends the target's container, so that the service is not blamed for it."""

    NOTHING = enum.auto()
    """It does not: each death is the service's own."""
    ORDERED = enum.auto()
    """The engine stops or removes it because we say so, perhaps several times."""
    KILLED = enum.auto()
    """Its main process is killed once; each further death is the service's own."""
    OUT_OF_MEMORY = enum.auto()
    """The same by the kernel, for want of memory."""
    FILLED = enum.auto()
    """It does not, but the kernel first kills our own process beside it, and the engine reports that."""


class Aspect(enum.StrEnum):
    """What an experiment shows, in a few words. Those before `FROZEN` are in every plan, as far as they apply."""

    CRASH = "whether it comes back after a crash"
    RENEWAL = "whether it survives a deployment"
    FLAP = "whether its clients connect again"
    CUT = "what others do when they cannot reach it"
    NETWORK = "what a bad network to it costs"
    PROCESSOR = "whether it works on a busy processor"
    CROWD = "whether it serves more users than usual"
    AWAY = "what others do while it is gone"
    FROZEN = "what others do while it does not answer"
    MEMORY = "whether it works while memory is short"
    DISK = "whether it works on a slow or full disk"
    NAMES = "what it does when names do not resolve"
    CLOCK = "whether it works with a wrong clock"


ESSENTIAL = tuple(Aspect)[: tuple(Aspect).index(Aspect.FROZEN)]
"""What a plan shows first, in this order."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of a fault."""

    kind: str
    """A kind of `units`, `count`, or `word`."""
    default: str
    meaning: str
    words: tuple[str, ...] = ()

    def parse(self, value: object, where: str) -> Any:
        """
        The value in base units.

        Raises:
            UsageError: it is none, or has no unit.
        """
        text = str(value)
        if self.kind == "count":
            number = whole(text)
            if isinstance(value, bool) or number is None or not 1 <= number <= 10_000:
                raise UsageError(f"{text!r} is not a whole number from 1 to 10,000", where=where)
            return number
        if self.kind == "word":
            if self.words and text not in self.words:
                raise UsageError(f"{text!r} is none of {', '.join(self.words)}", where=where)
            return text
        if self.kind == "cores":
            return _cores(text, where)
        return units.parse(self.kind, text, where=where)


def _cores(text: str, where: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not 0.01 <= value <= 256:
        raise UsageError(f"{text!r} is not a number of cores from 0.01 to 256", where=where)
    return value


@dataclass(frozen=True)
class FaultContext:
    """What a fault works with."""

    engine: DockerEngine
    project: RunningProject
    image: str
    """Ours, for sidecars."""
    capabilities: Capabilities
    events: Events
    probes: Mapping[str, Probe]
    seed: int = 1
    work: Mapping[str, tuple[Probe, ...]] = field(default_factory=dict)
    """By service: questions that make it work, as far as any were found."""

    def inspect(self, service: str) -> Mapping[str, Any]:
        """
        The service's container as the engine sees it now.

        Raises:
            LabError: it is gone.
        """
        container = self.project.container(service)
        try:
            attributes: Mapping[str, Any] = self.engine.client.api.inspect_container(container.id)
        except FAILURES as error:
            raise LabError(f"{service} cannot be inspected: {one_line(error)}") from None
        return attributes

    def act(self, what: str, call: Callable[[], object]) -> None:
        """
        Do something by the engine.

        Raises:
            LabError: it failed.
        """
        try:
            call()
        except FAILURES as error:
            raise LabError(f"could not {what}: {one_line(error)}") from None


@dataclass(frozen=True, slots=True)
class FaultTarget:
    """A service that could be broken, as far as that decides what is worth trying without configuration."""

    service: Service
    needed: bool
    """Whether another service depends on it."""
    entry: bool
    """Whether users ask it."""
    probe: Probe


def never(target: FaultTarget) -> bool:
    """For a fault that is tried only if it is asked for."""
    del target
    return False


Proof = Callable[[], str]
"""What shows that the fault is on, in a few words; raises NotProven. Asked while it is on, of an instant one after."""


class Fault(Protocol):
    """A module of this package."""

    NAME: str
    KIND: Expectation
    ENDS: End
    ASPECT: Aspect
    WEIGHT: int
    """How much it shows where the trial is not configured; 0 if it is tried only on request."""
    PARAMETERS: Mapping[str, Parameter]

    def suits(self, target: FaultTarget) -> bool:
        """Whether it is worth trying on a service without configuration."""
        ...

    def obstacle(self, context: FaultContext, service: Service) -> str:
        """Why it cannot be tried here; empty if it can."""
        ...

    def inject(
        self, context: FaultContext, service: Service, parameters: Mapping[str, Any]
    ) -> AbstractContextManager[Proof]:
        """The fault, on while the context lasts."""
        ...


@dataclass(frozen=True, slots=True)
class Poll:
    """Waiting for something of the engine's, which answers in milliseconds."""

    within: float = 5.0
    every: float = 0.02
    _clock: Callable[[], float] = field(default=time.monotonic)

    def until(self, holds: Callable[[], bool]) -> bool:
        """Whether it came to hold in time."""
        deadline = self._clock() + self.within
        while not holds():
            if self._clock() > deadline:
                return False
            time.sleep(self.every)
        return True


DURATION = {"duration": Parameter("duration", "5s", "how long")}
LONG = {"duration": Parameter("duration", "8s", "how long")}
