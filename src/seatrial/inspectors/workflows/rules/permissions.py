"""
Every permission exists.

## What it does

Reports scopes that the token does not have, and values other than `read`, `write` and `none`.

## Why it matters

GitHub rejects the file; and the permission is not taken away.

## How to fix

Take the scope from GitHub's list.

Source: https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#permissions
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator

from seatrial.domain import Finding, Location, Severity
from seatrial.inspectors.rulebook import found
from seatrial.inspectors.rules import Rule
from seatrial.inspectors.workflows.model import Workflow
from seatrial.inspectors.yaml_view import YamlView

_SCOPES = frozenset({
    "actions", "artifact-metadata", "attestations", "checks", "contents", "deployments", "discussions", "id-token",
    "issues", "models", "packages", "pages", "pull-requests", "repository-projects", "security-events", "statuses",
    "copilot-requests", "vulnerability-alerts",
})  # fmt: skip


def _find(workflow: Workflow) -> Iterator[Finding]:
    """The workflow's own, and each job's."""
    yield from _of(workflow.root["permissions"])
    for job in workflow.jobs:
        yield from _of(job.view["permissions"], job.id)


def _of(view: YamlView, subject: str = "") -> Iterator[Finding]:
    if view.text and view.text not in ("read-all", "write-all"):
        message = f"permissions is {view.text!r}: only read-all, write-all or a mapping"
        yield found(RULE.id, RULE.severity, view.at, message, subject=subject)
    for scope, (key, value) in view.entries.items():
        if scope not in _SCOPES:
            near = difflib.get_close_matches(scope, _SCOPES, 1)
            hint = f"; did you mean {near[0]}?" if near else ""
            at = Location(view.path, key.line, key.column)
            yield found(RULE.id, RULE.severity, at, f"there is no permission {scope!r}{hint}", subject=subject)
        elif value.text not in ("read", "write", "none"):
            message = f"the permission {scope} is {value.text!r}: only read, write or none"
            yield found(RULE.id, RULE.severity, value.at, message, subject=subject)


RULE = Rule.of(
    __doc__,
    id="workflow/permissions",
    check="workflows/valid",
    severity=Severity.HIGH,
    find=_find,
)
