"""
Pull requests do not run with the repository's permissions.

## What it does

Reports workflows that run code of an untrusted change with the repository's token and secrets (`pull_request_target`,
`workflow_run`, `issue_comment`): a build, a test, a local action, an installer. Without such a step it is graded high.

`pull_request`, `pull_request_review` and `pull_request_review_comment` are not among them: from a fork they get a
read-only token and no secrets. A condition that only lets changes of the repository itself or of trusted authors pass
ends the finding. A label, a check of the actor, a comment of a maintainer or an environment makes it medium: the
change can be replaced after the approval. `github.repository == ...` is always true here and guards nothing.

## Why it matters

A build runs the change's own commands: scripts of packages, Makefiles, configuration of tools. It has the token, and
the credentials that `checkout` left on the disk.

## How to fix

`on: pull_request` builds without secrets; a second workflow, started by `workflow_run`, takes its results as data.

Source: https://securitylab.github.com/resources/github-actions-preventing-pwn-requests/
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from seatrial.domain import Finding, Severity
from seatrial.inspectors.rulebook import found
from seatrial.inspectors.rules import Rule
from seatrial.inspectors.workflows.access import protection
from seatrial.inspectors.workflows.guards import GuardLevel
from seatrial.inspectors.workflows.model import Job, Step, Workflow
from seatrial.inspectors.workflows.privileges import privileged
from seatrial.inspectors.workflows.purpose import runs_repository

_HEAD = re.compile(
    r"github\.event\.pull_request\.head\.|github\.head_ref|github\.event\.workflow_run\.(?:head_|pull_requests)"
    r"|refs/pull/|github\.event\.check_suite\.head_"
    r"|github\.event\.(?:issue|pull_request)\.number|github\.event\.pull_request\.merge_commit_sha"
    r"|(?:steps|needs)\.[\w-]+\.outputs\.\w*(?:ref|sha|branch|head)\w*|\benv\.\w*(?:ref|sha|branch|head)\w*",
    re.IGNORECASE,
)
_FETCH = re.compile(
    r"\bgh\s+pr\s+checkout\b|\bhub\s+pr\s+checkout\b|\bgit\s+(?:-\S+\s+){0,9}(?:fetch|checkout|pull|clone|switch|worktree)\b"
    r"[^\n]{0,300}(?:refs/pull/|\bpull/[\d$]|head_?ref\b|head_?sha\b|pr_?(?:sha|ref|branch|head)\b|head\.(?:ref|sha))",
    re.IGNORECASE,
)


def _find(workflow: Workflow) -> Iterator[Finding]:
    """Checkouts of untrusted code, and what runs after them."""
    risky = sorted(event for event in workflow.causes if privileged(event))
    for job in workflow.jobs if risky else ():
        for step in job.steps:
            if not _takes_head(step):
                continue
            reached = [(protection(workflow, job, step, event), event) for event in risky]
            guard, event = min(reached, key=lambda pair: pair[0])
            if guard is not GuardLevel.FIRM:
                yield _finding(job, step, event, guard)


def _finding(job: Job, step: Step, event: str, guard: GuardLevel) -> Finding:
    runner = _runner(job, step)
    severity = RULE.severity if runner is not None else Severity.HIGH
    end = f", and then runs it ({runner.name})" if runner is not None else ""
    if guard is GuardLevel.NARROW:
        severity, end = Severity.MEDIUM, f"{end}; the approval before it does not fix what is checked out"
    message = f"{event} checks out untrusted code with the repository's permissions{end}"
    related = [runner.at] if runner is not None else []
    remedy = "on: pull_request, without secrets; take its results as data in a workflow_run"
    return found(
        RULE.id, severity, step.at, message, remedy, subject=job.id, anchor=f"{job.id} checkout", related=related
    )


def _runner(job: Job, step: Step) -> Step | None:
    """The first step after it that runs what was checked out."""
    folder = step.inputs["path"].text.strip().removeprefix("./").rstrip("/")
    if folder in (".", "") or "${{" in folder:
        folder = ""
    after = job.steps[step.index + 1 :]
    return next((s for s in after if runs_repository(s) and (not folder or _within(job, s, folder))), None)


def _within(job: Job, step: Step, folder: str) -> bool:
    """Whether a step works in a folder or names it."""
    default = job.view["defaults"]["run"]["working-directory"].text
    texts = " ".join((default, *(text.text for text in step.view.texts())))
    return re.search(rf"(?<![\w-]){re.escape(folder)}(?![\w-])", texts) is not None


def _takes_head(step: Step) -> bool:
    if step.uses == "actions/checkout":
        return bool(_HEAD.search(step.inputs["ref"].text + " " + step.inputs["repository"].text))
    return bool(_FETCH.search(step.run.text))


RULE = Rule.of(
    __doc__,
    id="workflow/untrusted-code",
    check="workflows/hardening",
    severity=Severity.CRITICAL,
    find=_find,
)
