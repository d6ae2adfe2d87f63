"""
What another workflow left behind is taken as data.

## What it does

Reports workflows started by `workflow_run` that run the triggering run's artifact, or write it to the job's
environment or outputs.

## Why it matters

Any pull request can have made that artifact, and this workflow has the repository's permissions.

## How to fix

Unpack it into its own directory (`path: ${{ runner.temp }}/artifact`), validate what you read, and run nothing of it.

Source: https://securitylab.github.com/resources/github-actions-building-blocks/
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from seatrial.domain import Finding, Severity
from seatrial.inspectors.rulebook import found
from seatrial.inspectors.rules import Rule
from seatrial.inspectors.workflows.access import protection
from seatrial.inspectors.workflows.guards import GuardLevel
from seatrial.inspectors.workflows.model import Step, Workflow
from seatrial.inspectors.workflows.purpose import runs_repository

_DOWNLOAD = re.compile(r"\bgh\s+run\s+download\b|downloadArtifact\b|/artifacts/|\bunzip\b")
_ACTIONS = frozenset(
    {"actions/download-artifact", "dawidd6/action-download-artifact", "aochmann/actions-download-artifact"}
)
_INTO = re.compile(
    r"(?:cat|<|source|\.)\s*[^\n]{0,300}>>\s*[\"']?\$\{?(?:GITHUB_ENV|GITHUB_OUTPUT|GITHUB_PATH)"
    r"|>>\s*[\"']?\$\{?(?:GITHUB_ENV|GITHUB_PATH)"
)


def _find(workflow: Workflow) -> Iterator[Finding]:
    """Downloads, and what is done with them."""
    if "workflow_run" not in workflow.causes:
        return
    for job in workflow.jobs:
        source = next((s for s in job.steps if _downloads(s)), None)
        if source is None or "runner.temp" in source.inputs["path"].text:
            continue
        if protection(workflow, job, source, "workflow_run") is GuardLevel.FIRM:
            continue
        for step in job.steps[source.index :]:
            if step is not source and runs_repository(step):
                message = f"runs after an untrusted run's artifact was unpacked into the workspace ({step.name})"
                yield found(RULE.id, RULE.severity, step.at, message, subject=job.id, related=[source.at])
                break
            if match := _INTO.search(step.run.text):
                message = "writes an untrusted run's artifact into the job's environment"
                yield found(
                    RULE.id, RULE.severity, step.run.place(match.start()), message, subject=job.id, related=[source.at]
                )
                break


def _downloads(step: Step) -> bool:
    if step.uses in _ACTIONS:
        return step.uses != "actions/download-artifact" or bool(step.inputs["run-id"])
    return bool(_DOWNLOAD.search(step.run.text + step.inputs["script"].text))


RULE = Rule.of(
    __doc__,
    id="workflow/artifact-poisoning",
    check="workflows/hardening",
    severity=Severity.HIGH,
    find=_find,
)
