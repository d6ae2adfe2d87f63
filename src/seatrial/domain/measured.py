"""What was measured: single numbers, and experiments on the running stack."""

from __future__ import annotations

import enum
import math
from dataclasses import dataclass


class ExperimentResult(enum.StrEnum):
    """What an experiment came to."""

    PASSED = "passed"
    DEGRADED = "degraded"
    """It passed, with a warning."""
    FLAKY = "flaky"
    """It failed and passed when repeated; for the gate a failure."""
    FAILED = "failed"
    SKIPPED = "skipped"
    ERROR = "error"


class TrialRule(enum.StrEnum):
    """What an experiment can show to be wrong; `trial/…` are the ids of its findings."""

    RECOVERY = "recovery"
    AVAILABILITY = "availability"
    HANGS = "hangs"
    DATA_LOSS = "data-loss"
    BLAST_RADIUS = "blast-radius"
    RESTART_LOOP = "restart-loop"
    OUT_OF_MEMORY = "out-of-memory"
    DEPENDENT_DIED = "dependent-died"


class MeasureUnit(enum.StrEnum):
    """Units of measurements, as UCUM writes them; what is counted is in braces."""

    SECONDS = "s"
    DAYS = "d"
    BYTES = "By"
    MEBIBYTES = "MiB"
    PERCENT = "%"
    BLOBS = "{blob}"
    COMMITS = "{commit}"
    FILES = "{file}"
    FINDINGS = "{finding}"
    JOBS = "{job}"
    PACKAGES = "{package}"
    PORTS = "{port}"
    REQUESTS = "{request}"
    REQUESTS_PER_SECOND = "{request}/s"
    SERVICES = "{service}"
    WRITES = "{write}"


class Quantity(enum.StrEnum):
    """What an experiment measures of each question; docs/trial.md defines them."""

    SUCCESS = "success"
    UNAVAILABLE = "unavailable"
    LONGEST_OUTAGE = "longest outage"
    DETECTION = "time to detect"
    RECOVERY = "recovery"
    FAIL_FAST = "fail-fast share"
    P95 = "95th percentile"


@dataclass(frozen=True, slots=True)
class Measurement:
    """
    A number that an answer rests on.

    Raises:
        ValueError: it is not finite.
    """

    name: str
    value: float
    unit: MeasureUnit
    threshold: float | None = None
    quantity: Quantity | None = None
    """What it measures of one question of an experiment; None for every other number."""

    def __post_init__(self) -> None:
        """Refuse what no file format knows."""
        if not all(math.isfinite(number) for number in (self.value, self.threshold or 0.0)):
            raise ValueError(f"{self.name}: not a finite number")


class Shown(enum.StrEnum):
    """What a stretch of an experiment's picture shows."""

    FAULT = "fault"
    BACK = "back"
    """From the end of the fault until everything worked again, or for as long as that was waited for."""
    GOOD = "good"
    WRONG = "wrong"
    """Answered, but with an error."""
    SILENT = "silent"
    """No answer in time."""
    DOWN = "down"
    """A container that does not run."""
    ERRORS = "errors"
    """A log with errors."""


@dataclass(frozen=True, slots=True)
class TimeSpan:
    """
    A stretch of time in which something was the same; seconds since the fault began.

    Raises:
        ValueError: a time is not finite.
    """

    shown: Shown
    began: float
    ended: float
    text: str = ""

    def __post_init__(self) -> None:
        """Refuse what no file format knows."""
        if not (math.isfinite(self.began) and math.isfinite(self.ended)):
            raise ValueError("not a finite time")


@dataclass(frozen=True, slots=True)
class TimelineLane:
    """One line of an experiment's picture: the fault, a question, a container or a log."""

    name: str
    """`api GET :8080/items`, `log of api`."""
    told: str
    """What it comes to, in words."""
    spans: tuple[TimeSpan, ...] = ()


@dataclass(frozen=True, slots=True)
class Experiment:
    """
    Something that was done to the running stack on purpose, and what it came to.

    Raises:
        ValueError: a time is not finite.
    """

    fault: str
    target: str
    result: ExperimentResult
    parameters: str = ""
    """`duration 5s, mode drop`, defaults included."""
    rule: TrialRule | None = None
    """The first rule that does not hold; None: all hold."""
    reason: str = ""
    """Why there is no judgement, or why it is flaky."""
    evidence: str = ""
    """What showed that the fault was on."""
    complaints: tuple[str, ...] = ()
    measurements: tuple[Measurement, ...] = ()
    timeline: tuple[tuple[float, str], ...] = ()
    """Seconds since the fault began, and what happened."""
    lanes: tuple[TimelineLane, ...] = ()
    """The same as a picture: what was the same for how long."""
    seconds: float = 0.0

    def __post_init__(self) -> None:
        """Refuse what no file format knows."""
        if not all(math.isfinite(at) for at in (self.seconds, *(at for at, _ in self.timeline))):
            raise ValueError(f"{self.fault} {self.target}: not a finite time")
