"""
What checks can fail.

## What it does

Reports tests, linters and scanners whose failure is ignored: `continue-on-error: true`, `|| true`, `|| :`, `set +e`,
`--exit-zero`, on a step or a job that does nothing else.

## Why it matters

The check is green even when it finds something; everybody believes it.

## How to fix

Remove it; keep what is known to fail in a list of exceptions of the tool.

Source: https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#jobsjob_idstepscontinue-on-error
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from seatrial.domain import Finding, Severity
from seatrial.inspectors.rulebook import found
from seatrial.inspectors.rules import Rule
from seatrial.inspectors.workflows.model import Job, Step, Workflow
from seatrial.inspectors.workflows.purpose import CHECKING, is_check
from seatrial.text import lines

_IGNORED = re.compile(r"\|\|\s*(?:true|:|echo\b[^\n]{0,300}|exit\s+0)\s*(?:$|\n|;)|--exit-zero\b")


def _find(workflow: Workflow) -> Iterator[Finding]:
    """Steps and jobs that may fail unseen."""
    for job in workflow.jobs:
        if job.view["continue-on-error"].text == "true" and any(is_check(s) for s in job.steps):
            at = job.view.key_at("continue-on-error")
            yield found(RULE.id, RULE.severity, at, f"the failure of {job.id} is ignored", subject=job.id)
        for step in job.steps:
            if not is_check(step) or _reports(job, step):
                continue
            if step.view["continue-on-error"].text == "true":
                at = step.view.key_at("continue-on-error")
                yield found(RULE.id, RULE.severity, at, f"the failure of {step.name!r} is ignored", subject=job.id)
            for line in lines.split(step.run.text):
                if _IGNORED.search(line) and CHECKING.search(line):
                    at = step.run.place(step.run.text.index(line))
                    yield found(RULE.id, RULE.severity, at, f"the failure of {step.name!r} is ignored", subject=job.id)
                    break


def _reports(job: Job, step: Step) -> bool:
    """Whether a later step asks how it ended."""
    texts = " ".join(t.text for later in job.steps[step.index + 1 :] for t in later.view.texts())
    return bool(step.id) and f"steps.{step.id}." in texts


RULE = Rule.of(
    __doc__,
    id="workflow/open-gate",
    check="workflows/readiness",
    severity=Severity.MEDIUM,
    find=_find,
)
