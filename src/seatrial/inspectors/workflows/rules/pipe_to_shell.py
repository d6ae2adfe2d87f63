"""
Nothing from the network is run unseen.

## What it does

Reports steps that pipe a download into a shell or an interpreter.

## Why it matters

Whatever the server sends runs with the job's token and secrets; nobody can tell afterwards what that was.

## How to fix

An action that is pinned by its commit, or a download whose checksum is compared.

Source: https://docs.github.com/en/actions/reference/security/secure-use#using-third-party-actions
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from seatrial.domain import Finding, Severity
from seatrial.inspectors.rulebook import found
from seatrial.inspectors.workflows.model import Workflow

ID = "workflow/pipe-to-shell"
CHECK = "workflows/hardening"
SEVERITY = Severity.LOW
_PIPE = re.compile(
    r"\b(?:curl|wget)\b[^;&\n]*?\|\s*(?:sudo\s+(?:-\w+\s+)*)?(?:\w+=\S+\s+)*(?:/\w+)*/?(?:sh|bash|zsh"
    r"|python\d?|perl|ruby|node)\b"
    r"|\b(?:ba|z)?sh\s+(?:-\w+\s+)*[\"']?(?:\$\(|<\(|`)\s*(?:curl|wget)\b"
)


def check(workflow: Workflow) -> Iterator[Finding]:
    """Scripts."""
    for job, step in workflow.steps():
        for match in _PIPE.finditer(step.run.text):
            at = step.run.place(match.start())
            yield found(ID, SEVERITY, at, "runs what it downloads, unseen", subject=job.id, anchor=f"{job.id} pipe")
