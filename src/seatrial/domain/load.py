"""What the running stack did under load: one value for each profile, as reports show it."""

from __future__ import annotations

import enum
import math
from dataclasses import dataclass, fields


class LoadResult(enum.StrEnum):
    """What a profile came to."""

    PASSED = "passed"
    FAILED = "failed"
    SKIPPED = "skipped"
    """It cannot be measured so, such as behind a rate limit."""
    ERROR = "error"
    """It says nothing about the stack: the generator was saturated, or something went wrong."""


class LoadRule(enum.StrEnum):
    """What load can show to be wrong; `load/…` are the ids of its findings, and of its checks."""

    LATENCY = "latency"
    ERRORS = "errors"
    MEMORY = "memory"
    BLAST_RADIUS = "blast-radius"
    WORKERS = "workers"


def _finite(of: object) -> None:
    """Refuse what no file format knows."""
    for one in fields(of):  # type: ignore[arg-type]
        value = getattr(of, one.name)
        if isinstance(value, float) and not math.isfinite(value):
            raise ValueError(f"{one.name}: not a finite number")


@dataclass(frozen=True, slots=True)
class LoadNumbers:
    """
    Requests that ended in a stretch of time.

    Raises:
        ValueError: a number is not finite.
    """

    at: float
    """Seconds since the profile began."""
    seconds: float
    users: int
    requests: int
    failed: int
    median: float | None = None
    """Of the durations, in seconds; None without requests."""
    p95: float | None = None
    p99: float | None = None

    def __post_init__(self) -> None:
        """Refuse what no file format knows."""
        _finite(self)

    @property
    def throughput(self) -> float:
        """Requests a second."""
        return self.requests / self.seconds if self.seconds else 0.0


@dataclass(frozen=True, slots=True)
class LoadStep:
    """A ramp and its plateau."""

    target: int
    """Users, or iterations a second."""
    numbers: LoadNumbers
    longest_gap: float = 0.0
    """Seconds without a completed request: users who wait for their answers hide a freeze from percentiles."""

    def __post_init__(self) -> None:
        """Refuse what no file format knows."""
        _finite(self)


@dataclass(frozen=True, slots=True)
class UsageMoment:
    """What a service used at a time."""

    at: float
    cores: float
    memory: int
    """Bytes, without the page cache that can be given back."""

    def __post_init__(self) -> None:
        """Refuse what no file format knows."""
        _finite(self)


@dataclass(frozen=True, slots=True)
class ServiceUsage:
    """What a service used meanwhile, from the engine's statistics."""

    service: str
    limit: int = 0
    """Bytes of memory that it may have; 0: no limit."""
    moments: tuple[UsageMoment, ...] = ()


@dataclass(frozen=True, slots=True)
class LoadBound:
    """A threshold, and what was measured."""

    metric: str
    expression: str
    """`p(95)<500`, as k6 writes it."""
    value: float
    """In the threshold's unit: milliseconds, a share, or a count."""
    holds: bool

    def __post_init__(self) -> None:
        """Refuse what no file format knows."""
        _finite(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadGroup:
    """Workers who did the same."""

    name: str
    workers: int
    completed: int
    """Those whose operations all went well within the limit."""
    median: float | None = None
    """Seconds of those that completed; None: none did."""
    longest: float | None = None
    failures: tuple[tuple[str, int], ...] = ()
    """By kind, the most frequent first."""

    def __post_init__(self) -> None:
        """Refuse what no file format knows."""
        _finite(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadRun:
    """One profile that was carried out."""

    profile: str
    executor: str
    """By k6's name."""
    engine: str
    """With its version: `Locust 2.47.0`."""
    result: LoadResult
    requests: tuple[str, ...] = ()
    """What was asked: `GET api:8080/healthz`."""
    reason: str = ""
    """Why there is no judgement."""
    complaints: tuple[str, ...] = ()
    bounds: tuple[LoadBound, ...] = ()
    steps: tuple[LoadStep, ...] = ()
    moments: tuple[LoadNumbers, ...] = ()
    """By the second."""
    failures: tuple[tuple[str, int], ...] = ()
    """By kind, the most frequent first."""
    groups: tuple[LoadGroup, ...] = ()
    """Of workers, who are not a profile: there are no steps then."""
    services: tuple[ServiceUsage, ...] = ()
    knee: int | None = None
    """The first target at which the 95th percentile doubles or more than 1 % fail; None: none does."""
    generator_cpu: float = 0.0
    """Share of one core that the generator used in its busiest step."""
    generator_lag: float = 0.0
    """Seconds, 99th percentile, by which its timers were late."""
    seconds: float = 0.0

    def __post_init__(self) -> None:
        """Refuse what no file format knows."""
        _finite(self)
