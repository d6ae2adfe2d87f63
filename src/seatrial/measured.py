"""What was measured: single numbers, and experiments on the running stack."""

from __future__ import annotations

import enum
import math
from dataclasses import dataclass


class Result(enum.StrEnum):
    """What an experiment came to."""

    PASSED = "passed"
    DEGRADED = "degraded"
    """It passed, with a warning."""
    FLAKY = "flaky"
    """It failed and passed when repeated; for the gate a failure."""
    FAILED = "failed"
    SKIPPED = "skipped"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Measurement:
    """
    A number that an answer rests on.

    Raises:
        ValueError: it is not finite.
    """

    name: str
    value: float
    unit: str
    """UCUM-like: `s`, `ms`, `By`, `%`, `{file}`, `{commit}`."""
    threshold: float | None = None

    def __post_init__(self) -> None:
        """Refuse what no file format knows."""
        if not all(math.isfinite(number) for number in (self.value, self.threshold or 0.0)):
            raise ValueError(f"{self.name}: not a finite number")


@dataclass(frozen=True, slots=True)
class Experiment:
    """
    Something that was done to the running stack on purpose, and what it came to.

    Raises:
        ValueError: a time is not finite.
    """

    fault: str
    target: str
    result: Result
    parameters: str = ""
    """`duration 5s, mode drop`, defaults included."""
    rule: str = ""
    """The first rule that does not hold: `recovery`, `data-loss`, ...; empty: all hold."""
    reason: str = ""
    """Why there is no judgement, or why it is flaky."""
    evidence: str = ""
    """What showed that the fault was on."""
    complaints: tuple[str, ...] = ()
    measurements: tuple[Measurement, ...] = ()
    timeline: tuple[tuple[float, str], ...] = ()
    """Seconds since the fault began, and what happened."""
    seconds: float = 0.0

    def __post_init__(self) -> None:
        """Refuse what no file format knows."""
        if not all(math.isfinite(at) for at in (self.seconds, *(at for at, _ in self.timeline))):
            raise ValueError(f"{self.fault} {self.target}: not a finite time")
