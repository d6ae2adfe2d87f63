"""
Untrusted changes do not run on self-hosted runners.

## What it does

Reports jobs on `self-hosted` runners in workflows that pull requests or comments start.

## Why it matters

Files that a pull request leaves on the machine are there for the next job: a changed tool, a background process, a
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
from seatrial.inspectors.rules import Rule
from seatrial.inspectors.workflows.access import protection
from seatrial.inspectors.workflows.guards import GuardLevel
from seatrial.inspectors.workflows.model import Step, Workflow
from seatrial.inspectors.workflows.privileges import public
from seatrial.inspectors.yaml_view import YamlView

_OWN_CODE = frozenset({"workflow_run", "gollum"})
"""Events that people cause without a change or a comment of theirs as input."""


def _find(workflow: Workflow) -> Iterator[Finding]:
    """Such jobs."""
    events = sorted((event for event in workflow.causes if public(event) and event not in _OWN_CODE), key=_order)
    for job in workflow.jobs if events else ():
        labels = job.view["runs-on"]["labels"].items if job.view["runs-on"].is_map else job.view["runs-on"].items
        if not any(label.text.lower() == "self-hosted" for label in labels):
            continue
        whole = Step(YamlView(workflow.path, None), 0)
        event = next((e for e in events if protection(workflow, job, whole, e) is not GuardLevel.FIRM), "")
        if event:
            message = f"{event} starts {job.id} on a self-hosted runner"
            yield found(RULE.id, RULE.severity, job.view.key_at("runs-on"), message, subject=job.id)


def _order(event: str) -> tuple[bool, str]:
    """Pull requests first: they bring code of their own."""
    return not event.startswith("pull_request"), event


RULE = Rule.of(
    __doc__,
    id="workflow/self-hosted",
    check="workflows/hardening",
    severity=Severity.MEDIUM,
    find=_find,
)
