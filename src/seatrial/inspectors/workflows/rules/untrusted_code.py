"""
Nobody's pull request runs with the repository's rights.

## What it does

Reports workflows that start with the repository's token and secrets for a stranger's change (`pull_request_target`,
`workflow_run`, `issue_comment` and their like), check that change out, and then run something from it: a build, a
test, a local action, an installer. Without such a step it is graded high.

## Why it matters

A build runs whatever the change says: scripts of packages, Makefiles, configuration of tools. It has the token, and
whatever `checkout` left on the disk.

## How to fix

`on: pull_request` builds without secrets; a second workflow, started by `workflow_run`, takes its results as data.

Source: https://securitylab.github.com/resources/github-actions-preventing-pwn-requests/
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from seatrial.domain import Finding, Severity
from seatrial.inspectors.rulebook import found
from seatrial.inspectors.workflows.model import Step, Workflow
from seatrial.inspectors.workflows.purpose import runs_repository

ID = "workflow/untrusted-code"
CHECK = "workflows/hardening"
SEVERITY = Severity.CRITICAL
_EVENTS = frozenset(
    {"pull_request_target", "workflow_run", "issue_comment", "issues", "discussion_comment", "pull_request_review"}
)
_HEAD = re.compile(
    r"github\.event\.pull_request\.head\.|github\.head_ref|github\.event\.workflow_run\.head_|refs/pull/"
    r"|github\.event\.(?:issue|pull_request)\.number|github\.event\.pull_request\.merge_commit_sha"
    r"|steps\.[\w-]+\.outputs\.(?:\w*(?:ref|sha|branch|head)\w*)",
    re.IGNORECASE,
)
_FETCH = re.compile(
    r"\bgh\s+pr\s+checkout\b|\bgit\s+(?:fetch|checkout|pull|clone)\b[^\n]*(?:refs/pull/|pull/\$|head_ref"
    r"|HEAD_REF|head\.(?:ref|sha))"
)
_GUARD = re.compile(
    r"author_association|head\.repo\.full_name\s*==|head_repository\.full_name\s*=="
    r"|github\.event\.pull_request\.merged",
    re.IGNORECASE,
)


def check(workflow: Workflow) -> Iterator[Finding]:
    """Checkouts of strangers' code, and what runs after them."""
    risky = sorted(_EVENTS & set(workflow.events))
    if not risky:
        return
    for job in workflow.jobs:
        guarded = bool(_GUARD.search(job.piece["if"].text))
        for step in job.steps:
            if not _takes_head(step, risky) or guarded or _GUARD.search(step.piece["if"].text):
                continue
            after = job.steps[step.index + 1 :]
            runner = next((s for s in after if runs_repository(s)), None)
            severity = SEVERITY if runner is not None else Severity.HIGH
            end = f", and then runs it ({runner.name})" if runner is not None else ""
            message = f"{risky[0]} checks out a stranger's code with the repository's rights{end}"
            related = [runner.at] if runner is not None else []
            yield found(ID, severity, step.at, message, subject=job.id, anchor=f"{job.id} checkout", related=related)


def _takes_head(step: Step, risky: list[str]) -> bool:
    if step.uses == "actions/checkout":
        ref = step.inputs["ref"].text + step.inputs["repository"].text
        return bool(_HEAD.search(ref))
    del risky
    return bool(_FETCH.search(step.run.text))
