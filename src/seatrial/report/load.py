"""Load profiles in report.json, and the way back."""

from __future__ import annotations

from dataclasses import asdict

from seatrial.domain.load import (
    LoadBound,
    LoadGroup,
    LoadNumbers,
    LoadResult,
    LoadRun,
    LoadStep,
    ServiceUsage,
    UsageMoment,
)

from . import schema_load
from .text import quoted, unquoted


def to_schema(one: LoadRun) -> schema_load.LoadOut:
    """A profile as the schema has it."""
    return schema_load.LoadOut(
        profile=quoted(one.profile),
        executor=quoted(one.executor),
        engine=quoted(one.engine),
        result=one.result.value,
        requests=list(map(quoted, one.requests)),
        reason=quoted(one.reason),
        complaints=list(map(quoted, one.complaints)),
        bounds=[
            schema_load.LoadBoundOut(
                metric=quoted(b.metric), expression=quoted(b.expression), value=b.value, holds=b.holds
            )
            for b in one.bounds
        ],
        steps=[
            schema_load.LoadStepOut(target=s.target, numbers=_numbers(s.numbers), longest_gap=s.longest_gap)
            for s in one.steps
        ],
        moments=list(map(_numbers, one.moments)),
        failures=[schema_load.LoadFailureOut(kind=quoted(kind), count=count) for kind, count in one.failures],
        groups=list(map(_group, one.groups)),
        services=list(map(_usage, one.services)),
        knee=one.knee,
        generator_cpu=one.generator_cpu,
        generator_lag=one.generator_lag,
        seconds=one.seconds,
    )


def of_schema(told: schema_load.LoadOut) -> LoadRun:
    """
    The profile that a document tells of.

    Raises:
        ValueError: a number is not finite.
    """
    return LoadRun(
        profile=unquoted(told.profile),
        executor=unquoted(told.executor),
        engine=unquoted(told.engine),
        result=LoadResult(told.result),
        requests=tuple(map(unquoted, told.requests)),
        reason=unquoted(told.reason),
        complaints=tuple(map(unquoted, told.complaints)),
        bounds=tuple(LoadBound(unquoted(b.metric), unquoted(b.expression), b.value, b.holds) for b in told.bounds),
        steps=tuple(LoadStep(s.target, _of_numbers(s.numbers), s.longest_gap) for s in told.steps),
        moments=tuple(map(_of_numbers, told.moments)),
        failures=tuple((unquoted(f.kind), f.count) for f in told.failures),
        groups=tuple(map(_of_group, told.groups)),
        services=tuple(
            ServiceUsage(unquoted(s.service), s.limit, tuple(UsageMoment(m.at, m.cores, m.memory) for m in s.moments))
            for s in told.services
        ),
        knee=told.knee,
        generator_cpu=told.generator_cpu,
        generator_lag=told.generator_lag,
        seconds=told.seconds,
    )


def _numbers(one: LoadNumbers) -> schema_load.LoadNumbersOut:
    return schema_load.LoadNumbersOut(**asdict(one))


def _of_numbers(told: schema_load.LoadNumbersOut) -> LoadNumbers:
    return LoadNumbers(**told.model_dump())


def _group(one: LoadGroup) -> schema_load.LoadGroupOut:
    return schema_load.LoadGroupOut(
        name=quoted(one.name), workers=one.workers, completed=one.completed, median=one.median, longest=one.longest,
        failures=[schema_load.LoadFailureOut(kind=quoted(kind), count=count) for kind, count in one.failures],
    )  # fmt: skip


def _of_group(told: schema_load.LoadGroupOut) -> LoadGroup:
    return LoadGroup(
        name=unquoted(told.name), workers=told.workers, completed=told.completed, median=told.median,
        longest=told.longest, failures=tuple((unquoted(f.kind), f.count) for f in told.failures),
    )  # fmt: skip


def _usage(one: ServiceUsage) -> schema_load.ServiceUsageOut:
    return schema_load.ServiceUsageOut(
        service=quoted(one.service),
        limit=one.limit,
        moments=[schema_load.UsageMomentOut(at=m.at, cores=m.cores, memory=m.memory) for m in one.moments],
    )
