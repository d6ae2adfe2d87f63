"""
Nothing is deployed that was not tested.

## What it does

Reports jobs that deploy on a push and wait for no job that tests, in the same workflow. Workflows that start after
another one, by hand or by a tag of a release are left out.

## Why it matters

A deployment that does not wait for the tests goes out while they fail.

## How to fix

`needs: [test]`, or start it by `workflow_run` once the tests are green.

Source: https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#jobsjob_idneeds
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from seatrial.domain import Finding, Severity
from seatrial.inspectors.rulebook import found
from seatrial.inspectors.rules import Rule
from seatrial.inspectors.workflows.model import Job, Workflow
from seatrial.inspectors.workflows.purpose import deploys, tests


def _find(workflow: Workflow) -> Iterator[Finding]:
    """Deployments that wait for no test."""
    push = workflow.events.get("push")
    if push is None or ("tags" in push and "branches" not in push):
        return
    by_id = {job.id.lower(): job for job in workflow.jobs}
    for job in workflow.jobs:
        if deploys(job) and not any(tests(by_id[name]) for name in _before(job, by_id)) and not tests(job):
            message = f"{job.id} deploys, and waits for no job that tests"
            yield found(RULE.id, RULE.severity, job.key_at, message, "needs: [test]", subject=job.id)


def _before(job: Job, by_id: Mapping[str, Job]) -> set[str]:
    names: set[str] = set()
    pending = [n.text.lower() for n in job.needs]
    while pending:
        name = pending.pop()
        if name in by_id and name not in names:
            names.add(name)
            pending += [n.text.lower() for n in by_id[name].needs]
    return names


RULE = Rule.of(
    __doc__,
    id="workflow/deploy-untested",
    check="workflows/readiness",
    severity=Severity.MEDIUM,
    find=_find,
)
