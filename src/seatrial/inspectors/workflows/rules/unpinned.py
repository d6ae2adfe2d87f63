"""
Every action is pinned by its commit.

## What it does

Reports other owners' actions at a tag or branch and images without a digest, in files that zizmor cannot read;
elsewhere zizmor judges them, with the repository's own settings.

## Why it matters

A tag or a branch can be moved. Its owner, or an attacker with the owner's account, then decides what runs with the
job's token and secrets.

## How to fix

The full commit, with the version behind it: `uses: owner/action@<40 hex digits> # v1.2.3`.

Source: https://docs.github.com/en/actions/reference/security/secure-use#using-third-party-actions
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from seatrial.domain import Finding, Severity
from seatrial.inspectors.rulebook import found
from seatrial.inspectors.rules import Rule
from seatrial.inspectors.workflows.model import Workflow
from seatrial.inspectors.yaml_view import YamlView

_COMMIT = re.compile(r"@(?:[0-9a-f]{40}|[0-9a-f]{64})$")
_DIGEST = re.compile(r"@sha256:[0-9a-f]{64}$")
_GITHUB = ("actions/", "github/", "dependabot/")
"""Owners whose tags zizmor takes for good as well."""


def _find(workflow: Workflow) -> Iterator[Finding]:
    """Steps and called workflows."""
    for job in workflow.jobs:
        for view in (job.view["uses"], *(step.view["uses"] for step in job.steps)):
            if problem := _problem(view):
                yield found(RULE.id, RULE.severity, view.at, problem, subject=job.id)


def _problem(view: YamlView) -> str:
    text = view.text
    if text.startswith("docker://"):
        return "" if _DIGEST.search(text) else f"{text[:80]} is not pinned by its digest"
    if text.startswith(("./", "$/", *_GITHUB)) or "${{" in text or "/" not in text or "@" not in text:
        return ""
    return "" if _COMMIT.search(text) else f"{text[:80]} is not pinned by a commit"


RULE = Rule.of(
    __doc__,
    id="workflow/unpinned",
    check="workflows/hardening",
    severity=Severity.MEDIUM,
    find=_find,
)
