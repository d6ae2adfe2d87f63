"""
What the samples of a probe say about an experiment. Pure: times are seconds on one monotonic clock.

Definitions, as in docs/trial.md. The window of a fault with an end starts when its injection returned. It ends one
probe time-out before the undoing began; that of an instant fault is the ten seconds from the moment it began.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

PERIOD = 0.05
"""Seconds between two samples of a probe."""
TIMEOUT = 1.0
"""Seconds after which a sample has failed."""
STABLE = 10
"""Good samples in a row, and at least a second of them, that make a recovery."""
STABLE_SECONDS = 1.0


class ProbeFailure(enum.Enum):
    """How a try failed; the value is its word in reports."""

    TIMEOUT = "timeout"
    REFUSED = "refused"
    RESET = "reset"
    DNS = "dns"
    UNREACHABLE = "unreachable"
    CLOSED = "closed"
    STATUS = "HTTP"
    """An answer of HTTP that is an error."""
    GARBAGE = "garbage"
    BROKEN = "broken"
    UNHEALTHY = "unhealthy"
    FAILED = "failed"
    """A command ended with another exit code than 0."""

    @property
    def answered(self) -> bool:
        """Whether it was known at once: the opposite is a time-out."""
        return self in _ANSWERED


_ANSWERED = frozenset(
    {
        ProbeFailure.REFUSED,
        ProbeFailure.RESET,
        ProbeFailure.DNS,
        ProbeFailure.UNREACHABLE,
        ProbeFailure.CLOSED,
        ProbeFailure.STATUS,
    }
)


@dataclass(frozen=True, slots=True)
class TryResult:
    """What became of one try of a probe."""

    failure: ProbeFailure | None = None
    """None: it was answered as it should be."""
    status: int = 0
    """Of HTTP, where the failure is one."""

    @classmethod
    def of_status(cls, status: int) -> TryResult:
        """An answer of HTTP that is an error."""
        return cls(ProbeFailure.STATUS, status)

    def __str__(self) -> str:
        """For people: `timeout`, `HTTP 503`."""
        if self.failure is None:
            return "ok"
        return f"{self.failure.value} {self.status}" if self.failure is ProbeFailure.STATUS else self.failure.value


OK = TryResult()


@dataclass(frozen=True, slots=True)
class Sample:
    """One try of a probe."""

    began: float
    latency: float
    """Seconds until the answer or the failure."""
    result: TryResult = OK

    def __lt__(self, other: Sample) -> bool:
        """By their beginnings."""
        return (self.began, self.latency) < (other.began, other.latency)

    @property
    def good(self) -> bool:
        """Whether it was answered as it should be."""
        return self.result.failure is None

    @property
    def ended(self) -> float:
        """When the outcome was known."""
        return self.began + self.latency


@dataclass(frozen=True, slots=True)
class Measures:
    """One probe during one experiment."""

    samples: int
    success: float | None
    """Share of the window's samples that were good; None without samples."""
    unavailable: float
    """Seconds: failed samples times the period."""
    longest: float
    """Seconds of the longest unbroken run of failures."""
    detect: float | None
    """Seconds from the injection to the end of the first failed sample."""
    recovery: float | None
    """Seconds from the undoing (instant faults: from the injection) to the first stable run; None: not seen."""
    fail_fast: float | None
    """Share of the failures that were answers, not time-outs."""
    p95: float | None
    """Seconds, of the good samples."""


def measure(
    samples: Iterable[Sample],
    *,
    injected: float,
    window: tuple[float, float],
    healed: float,
    over: float | None = None,
    period: float = PERIOD,
    lasting: float = STABLE_SECONDS,
) -> Measures:
    """
    Measure one probe.

    Args:
        samples: of the probe, in any order.
        injected: when the injection began.
        window: from and until when the fault counts as on.
        healed: from when recovery counts.
        over: from when good samples show a recovery, if that is later: an orderly stop is begun seconds before a
            service is gone, and open connections are served until then.
        period: seconds between two samples.
        lasting: seconds of good samples that make a recovery.
    """
    every = sorted(samples)
    inside = [s for s in every if window[0] <= s.began < window[1]]
    failed = [s for s in inside if not s.good]
    since = [s for s in every if s.began >= injected and not s.good]
    good = sorted(s.latency for s in inside if s.good)
    stable = stable_from(every, healed if over is None else over, period, lasting)
    if stable is not None:
        stable = _unbroken(every, healed, stable)
    return Measures(
        samples=len(inside),
        success=1 - len(failed) / len(inside) if inside else None,
        unavailable=len(failed) * period,
        longest=_longest(inside) * period,
        detect=since[0].ended - injected if since else None,
        recovery=None if stable is None else max(0.0, stable - healed),
        fail_fast=sum(_answered(s) for s in failed) / len(failed) if failed else None,
        p95=good[min(len(good) - 1, int(len(good) * 0.95))] if good else None,
    )


def stable_from(
    samples: Sequence[Sample], after: float, period: float = PERIOD, lasting: float = STABLE_SECONDS
) -> float | None:
    """When the first stable run of good samples at or after a moment began; None: there is none yet."""
    least = min(STABLE, 1 + round(lasting / period))  # a slow probe has fewer samples in the same time
    run: list[Sample] = []
    for sample in samples:
        if sample.began < after:
            continue
        if sample.good:
            run.append(sample)
        else:
            run.clear()
        if len(run) >= least and run[-1].began - run[0].began >= lasting - period / 2:
            return run[0].began
    return None


def _unbroken(samples: Sequence[Sample], healed: float, stable: float) -> float:
    """Since when a stable run has been unbroken: a service that was never away has recovered at once."""
    for sample in reversed(samples):
        if healed <= sample.began < stable:
            if not sample.good:
                break
            stable = sample.began
    return stable


def _longest(samples: Sequence[Sample]) -> int:
    """How many samples in a row failed, at most."""
    longest = run = 0
    for sample in samples:
        run = 0 if sample.good else run + 1
        longest = max(longest, run)
    return longest


def _answered(sample: Sample) -> bool:
    return sample.result.failure is not None and sample.result.failure.answered
