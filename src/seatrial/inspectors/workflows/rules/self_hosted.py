"""
No stranger's change runs on a machine of one's own.

## What it does

Reports jobs on `self-hosted` runners in workflows that pull requests or comments start.

## Why it matters

Whatever a pull request leaves on the machine is there for the next job: a changed tool, a background process, a
stolen token. GitHub advises against it for public repositories.

## How to fix

GitHub's runners for pull requests, or machines that are thrown away after one job; and approval for outside
contributors.

Source: https://docs.github.com/en/actions/reference/security/secure-use#hardening-for-self-hosted-runners
"""

from __future__ import annotations

from collections.abc import Iterator

from seatrial.domain import Finding, Severity
from seatrial.inspectors.rulebook import found
from seatrial.inspectors.workflows.model import Workflow

ID = "workflow/self-hosted"
CHECK = "workflows/hardening"
SEVERITY = Severity.MEDIUM
_PUBLIC = ("pull_request", "pull_request_target", "issue_comment", "issues", "discussion", "fork", "watch")


def check(workflow: Workflow) -> Iterator[Finding]:
    """Such jobs."""
    event = next((e for e in _PUBLIC if e in workflow.events), "")
    if not event:
        return
    for job in workflow.jobs:
        labels = job.piece["runs-on"]["labels"].items if job.piece["runs-on"].is_map else job.piece["runs-on"].items
        if (
            any(label.text == "self-hosted" for label in labels)
            and "head.repo.full_name ==" not in job.piece["if"].text
        ):
            message = f"{event} starts {job.id} on a self-hosted runner"
            yield found(ID, SEVERITY, job.piece.key_at("runs-on"), message, subject=job.id)
