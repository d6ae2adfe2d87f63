"""A load profile in k6's words: who asks what, how many at a time, for how long. Pure."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from .thresholds import Threshold

CHUNK = 0.15
"""Share of a discovered stage in which its users arrive."""


class Executor(enum.StrEnum):
    """How load is made; k6's names and meanings."""

    RAMPING_VUS = "ramping-vus"
    """Users who wait for their answer (closed model), as many as the stages say."""
    RAMPING_ARRIVAL_RATE = "ramping-arrival-rate"
    """Iterations begin at the rate of the stages, also while earlier ones wait (open model)."""
    CONSTANT_VUS = "constant-vus"
    PER_VU_ITERATIONS = "per-vu-iterations"
    """Each user does a number of iterations."""


@dataclass(frozen=True, slots=True)
class LoadStage:
    """So many seconds in which the level moves to the target in a straight line."""

    duration: float
    target: int


@dataclass(frozen=True, slots=True)
class LoadRequest:
    """One request to a service of the stack."""

    service: str
    port: int
    path: str = "/"
    method: str = "GET"
    body: str = ""
    headers: Mapping[str, str] = field(default_factory=dict, hash=False)
    expected: int = 0
    """The status that is a success besides 200 to 399: 404 where `/` has no page; 0: none."""

    def __str__(self) -> str:
        """For people."""
        return f"{self.method} {self.service}:{self.port}{self.path}"


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadProfile:
    """One profile."""

    name: str
    executor: Executor
    stages: tuple[LoadStage, ...]
    requests: tuple[LoadRequest, ...]
    thresholds: tuple[Threshold, ...] = ()
    start: int = 0
    """The level before the first stage."""
    sleep: float = 1.0
    """Seconds between two iterations of a user, on average."""
    in_turn: bool = False
    """Whether an iteration is one of the requests, and not all of them."""
    iterations: int = 0
    """Of each user; 0: as many as there is time for."""
    most: int = 100
    """Users of an arrival rate at most."""
    soaks: bool = False
    """Whether it is long enough to judge memory by its slope."""

    @property
    def seconds(self) -> float:
        """How long it takes."""
        return sum(stage.duration for stage in self.stages)

    @property
    def peak(self) -> int:
        """The greatest level."""
        return max((stage.target for stage in self.stages), default=0)

    @property
    def unit(self) -> str:
        """What a level counts."""
        return "iterations/s" if self.executor is Executor.RAMPING_ARRIVAL_RATE else "users"

    def level(self, at: float) -> tuple[int, float]:
        """
        The stage and the level at a time.

        Args:
            at: seconds since the beginning.
        """
        before, began = float(self.start), 0.0
        for number, stage in enumerate(self.stages):
            if at < began + stage.duration:
                return number, before + (stage.target - before) * (at - began) / stage.duration
            before, began = float(stage.target), began + stage.duration
        return len(self.stages) - 1, before

    def within(self, budget: float) -> LoadProfile:
        """The same in so many seconds at most: every stage is shortened by the same factor."""
        if self.seconds <= budget:
            return self
        factor = budget / self.seconds
        return replace(self, stages=tuple(replace(s, duration=s.duration * factor) for s in self.stages))

    @property
    def steps(self) -> tuple[int, ...]:
        """For each stage the number of its step: stages in a row with one target are a ramp and its plateau."""
        found, number = [], -1
        last: int | None = None
        for stage in self.stages:
            number += stage.target != last
            last = stage.target
            found.append(number)
        return tuple(found)


def plateaus(targets: tuple[int, ...], seconds: float) -> tuple[LoadStage, ...]:
    """A short ramp and a plateau for each target, all in so many seconds."""
    each = seconds / len(targets)
    return tuple(s for t in targets for s in (LoadStage(CHUNK * each, t), LoadStage((1 - CHUNK) * each, t)))
