"""
Tests run in a pipeline.

## What it does

Reports, once, a repository with programs of which no pipeline runs tests on a push or a change. Pipelines of GitHub,
GitLab, Jenkins, CircleCI, Azure, Woodpecker, Buildkite, Drone, Travis and Bitbucket are read. Commands are followed
into scripts, Makefiles and package.json. What a pipeline runs from another repository is not seen, so then nothing is
said to be missing.

## Why it matters

A test that never runs finds nothing.

## How to fix

A job that runs the tests for every change.

Source: https://dora.dev/capabilities/continuous-integration/
"""

from __future__ import annotations

from seatrial.domain import Severity
from seatrial.inspectors.practices import pipelines
from seatrial.inspectors.practices.repository import (
    ANY_CODE,
    PIPELINE,
    PROGRAMS,
    PracticeResult,
    Repository,
    holds,
    is_own_code,
    lacks,
    needless,
    practice,
    unseen,
)


def _judge(repository: Repository) -> PracticeResult:
    """Whether a job runs tests when the code changes."""
    if reason := is_own_code(repository):
        return needless(reason, ANY_CODE.search)
    job = pipelines.first(
        repository, lambda one: bool(one.triggers & pipelines.STARTED_BY_CHANGES) and pipelines.tests(one)
    )
    if job:
        return holds(f"{job.system}: job {job.name} at {job.at}")
    if reason := pipelines.outside(repository):
        return unseen(reason)
    systems = repository.pipelines.systems
    message = f"{systems[0]} runs no tests when the code changes" if systems else "no pipeline runs tests"
    at = repository.pipelines.jobs[0].at if systems else None
    return lacks(message, "a job that runs the tests for every change", at=at)


RULE = practice(
    __doc__,
    id="practices/ci-tests",
    severity=Severity.MEDIUM,
    kinds=PROGRAMS,
    evidence=PIPELINE,
    above=True,
    judge=_judge,
)
