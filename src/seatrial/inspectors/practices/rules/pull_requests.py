"""
A pipeline runs before a change is merged.

## What it does

Reports, once, a repository of which no pipeline runs for pull or merge requests. Systems that build every branch
count, because their result is shown at the request. On GitHub, `on: push` alone is reported, because it leaves out
changes from forks.

## Why it matters

What runs after the merge finds the fault when it is already in everybody's way.

## How to fix

GitHub: `on: pull_request`. GitLab: a rule with `$CI_PIPELINE_SOURCE == "merge_request_event"`. Azure: no `pr: none`.

Source: https://dora.dev/capabilities/trunk-based-development/
"""

from __future__ import annotations

from seatrial.domain import Severity
from seatrial.inspectors.ci import Trigger
from seatrial.inspectors.practices import pipelines
from seatrial.inspectors.practices.repository import EVERY, PIPELINE, PracticeResult, Repository, holds, lacks, practice


def _judge(repository: Repository) -> PracticeResult:
    """Whether a job runs before the merge."""
    job = pipelines.first(repository, lambda one: one.before_merge)
    if job:
        return holds(f"{job.system}: job {job.name} at {job.at}")
    pushed = pipelines.first(repository, lambda one: Trigger.ANY_PUSH in one.triggers)
    if pushed:
        message = "the pipeline runs for pushes, and not for pull requests from forks"
        return lacks(message, "on: [push, pull_request]", at=pushed.at)
    systems = repository.pipelines.systems
    message = f"no job of {systems[0]} runs before a change is merged" if systems else "no pipeline runs for a change"
    at = repository.pipelines.jobs[0].at if systems else None
    return lacks(message, "a job for pull requests", at=at)


RULE = practice(
    __doc__,
    id="practices/pull-requests",
    severity=Severity.LOW,
    kinds=EVERY,
    evidence=PIPELINE,
    above=True,
    judge=_judge,
)
