"""The shape of a load profile that was carried out, in report.json."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from .schema_types import Count, Many, SchemaModel


class LoadNumbersOut(SchemaModel):
    """Requests that ended in a stretch of time; durations in seconds, null without requests."""

    at: float = Field(description="Seconds since the profile began.")
    seconds: float
    users: Count
    requests: Count
    failed: Count
    median: float | None
    p95: float | None
    p99: float | None


class LoadStepOut(SchemaModel):
    """A ramp and its plateau."""

    target: Count = Field(description="Users, or iterations a second.")
    numbers: LoadNumbersOut
    longest_gap: float = Field(description="Seconds without a completed request.")


class UsageMomentOut(SchemaModel):
    """What a service used at a time."""

    at: float
    cores: float
    memory: Count = Field(description="Bytes, without the page cache that can be given back.")


class ServiceUsageOut(SchemaModel):
    """What a service used meanwhile, from the engine's statistics."""

    service: str
    limit: Count = Field(description="Bytes of memory that it may have; 0: no limit.")
    moments: Many[UsageMomentOut]


class LoadBoundOut(SchemaModel):
    """A threshold, and what was measured."""

    metric: str = Field(description="By k6's name.")
    expression: str = Field(description="As k6 writes it: `p(95)<500`.")
    value: float = Field(description="Milliseconds, a share, or a count.")
    holds: bool


class LoadFailureOut(SchemaModel):
    """How often requests failed in one way."""

    kind: str = Field(description="`timeout`, `refused`, `reset`, `http503`, …")
    count: Count


class LoadGroupOut(SchemaModel):
    """Workers who did the same operations, each once and in order."""

    name: str
    workers: Count
    completed: Count = Field(description="Those whose operations all went well within the limit.")
    median: float | None = Field(description="Seconds of those that completed; null: none did.")
    longest: float | None
    failures: Many[LoadFailureOut]


class LoadOut(SchemaModel):
    """A load profile that was carried out on the running stack."""

    profile: str
    executor: str = Field(description="By k6's name.")
    engine: str = Field(description="With its version.")
    result: Literal["passed", "failed", "skipped", "error"]
    requests: Many[str]
    reason: str = Field(description="Why there is no judgement.")
    complaints: Many[str]
    bounds: Many[LoadBoundOut]
    steps: Many[LoadStepOut]
    moments: Many[LoadNumbersOut] = Field(description="By the second.")
    failures: Many[LoadFailureOut]
    groups: Many[LoadGroupOut] = Field(description="Of workers, which have no steps.")
    services: Many[ServiceUsageOut]
    knee: Count | None = Field(description="The first target at which p95 doubles or more than 1 % fail; null: none.")
    generator_cpu: float = Field(description="Share of one core, in its busiest step.")
    generator_lag: float = Field(description="Seconds, 99th percentile, by which its timers were late.")
    seconds: float
