"""
Every job waits for jobs that exist, and for none that waits for it.

## What it does

Reports `needs` of jobs that do not exist, cycles, ids that differ only in case, and invalid ids. The same for the ids
of steps.

## Why it matters

GitHub rejects the file, and none of its jobs run.

## How to fix

What the message says.

Source: https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#jobsjob_idneeds
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping

from seatrial.domain import Finding, Severity
from seatrial.inspectors.rulebook import found
from seatrial.inspectors.rules import Rule
from seatrial.inspectors.workflows.model import Job, Workflow

_ID = re.compile(r"[A-Za-z_][\w-]*$")


def _find(workflow: Workflow) -> Iterator[Finding]:
    """References, circles, ids."""
    known = {job.id.lower(): job for job in workflow.jobs}
    for job in workflow.jobs:
        if not _ID.match(job.id):
            yield found(
                RULE.id, RULE.severity, job.key_at, f"{job.id!r} is not a valid job id: letters, digits, - and _"
            )
        for need in job.needs:
            if need.text.lower() not in known and "${{" not in need.text:
                near = difflib.get_close_matches(need.text, [j.id for j in workflow.jobs], 1)
                hint = f"; did you mean {near[0]}?" if near else ""
                yield found(RULE.id, RULE.severity, need.at, f"there is no job {need.text!r}{hint}", subject=job.id)
        yield from _steps(job)
    yield from _circles(workflow, known)


def _steps(job: Job) -> Iterator[Finding]:
    seen: set[str] = set()
    for step in job.steps:
        text = step.id.lower()
        if not text or "${{" in text:
            continue
        if not _ID.match(text):
            yield found(
                RULE.id, RULE.severity, step.view["id"].at, f"{step.id!r} is not a valid step id", subject=job.id
            )
        if text in seen:
            yield found(RULE.id, RULE.severity, step.view["id"].at, f"the id {step.id!r} occurs twice", subject=job.id)
        seen.add(text)


def _circles(workflow: Workflow, known: Mapping[str, Job]) -> Iterator[Finding]:
    told: set[str] = set()
    for job in workflow.jobs:
        chain, pending = [job.id.lower()], [n.text.lower() for n in job.needs]
        while pending:
            name = pending.pop()
            if name == job.id.lower():
                if not told & set(chain):
                    at = job.view.key_at("needs")
                    yield found(RULE.id, RULE.severity, at, f"the job {job.id} waits for itself", subject=job.id)
                told |= set(chain)
                break
            if name in known and name not in chain:
                chain.append(name)
                pending += [n.text.lower() for n in known[name].needs]


RULE = Rule.of(
    __doc__,
    id="workflow/needs",
    check="workflows/valid",
    severity=Severity.HIGH,
    find=_find,
)
