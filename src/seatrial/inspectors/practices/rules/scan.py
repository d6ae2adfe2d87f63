"""
A pipeline looks for flaws.

## What it does

Reports, once, a repository of which no pipeline scans code, dependencies, secrets or images. Scanners are known by
their commands, actions, templates and plugins.

## Why it matters

A flaw that is published tomorrow is in today's lock file, and nothing says so.

## How to fix

A scanner in the pipeline of every change. GitHub's default setup of code scanning is in no file, and is not seen.

Source: https://owasp.org/www-project-devsecops-guideline/
"""

from __future__ import annotations

from seatrial.domain import Severity
from seatrial.domain.kinds import RepositoryKind
from seatrial.inspectors.practices import pipelines
from seatrial.inspectors.practices.repository import (
    PIPELINE,
    PROGRAMS,
    PracticeResult,
    Repository,
    holds,
    lacks,
    practice,
    unseen,
)


def _judge(repository: Repository) -> PracticeResult:
    """Whether a job scans."""
    job = pipelines.first(repository, pipelines.scans)
    if job:
        return holds(f"{job.system}: job {job.name} at {job.at}")
    if reason := pipelines.outside(repository):
        return unseen(reason)
    at = repository.pipelines.jobs[0].at if repository.pipelines.jobs else None
    message = "no pipeline scans code, dependencies, secrets or images"
    return lacks(message, "a scanner in the pipeline of every change", at=at)


RULE = practice(
    __doc__,
    id="practices/scan",
    severity=Severity.LOW,
    kinds=PROGRAMS | {RepositoryKind.INFRASTRUCTURE},
    evidence=PIPELINE,
    above=True,
    judge=_judge,
)
