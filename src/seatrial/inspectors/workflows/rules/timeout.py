"""
Every job ends in time.

## What it does

Reports, once for each file, jobs without `timeout-minutes`, neither of their own nor of all of their steps.

## Why it matters

A job that hangs holds its runner, its concurrency group and the merge for six hours.

## How to fix

`timeout-minutes: 15`, about three times what the job takes.

Source: https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#jobsjob_idtimeout-minutes
"""

from __future__ import annotations

from collections.abc import Iterator

from seatrial.domain import Finding, Severity
from seatrial.inspectors.rulebook import found
from seatrial.inspectors.rules import Rule
from seatrial.inspectors.workflows.model import Job, Workflow


def _find(workflow: Workflow) -> Iterator[Finding]:
    """Jobs without a limit."""
    endless = [j for j in workflow.jobs if not j.calls and j.steps and "timeout-minutes" not in j.view and not _each(j)]
    if endless:
        names = ", ".join(j.id for j in endless[:8])
        message = f"no time limit: {names}"
        related = [j.key_at for j in endless[1:]]
        yield found(
            RULE.id, RULE.severity, endless[0].key_at, message, "timeout-minutes: 15", anchor="timeout", related=related
        )


def _each(job: Job) -> bool:
    return all("timeout-minutes" in step.view for step in job.steps)


RULE = Rule.of(
    __doc__,
    id="workflow/timeout",
    check="workflows/readiness",
    severity=Severity.LOW,
    find=_find,
)
