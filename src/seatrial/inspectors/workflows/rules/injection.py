"""
No untrusted input is expanded into a script (template injection).

## What it does

Reports expressions with untrusted input in `run`, `github-script` and action inputs that run as code. Examples are
titles, bodies, branch names and commit messages. It follows them through `env`, `$GITHUB_ENV`, outputs, a matrix, and
the repository's composite actions and reusable workflows. A comparison, `contains()` and other tests give true or
false, so nothing passes through them. It also reports `eval` of a variable with such a text.

## Why it matters

The text is put into the script before the shell reads it: `"; curl … | sh; "` as a title runs.

## How to fix

Give it to the script by the environment: `env: {TITLE: "${{ github.event.issue.title }}"}`, and `"$TITLE"` in it.

Source: https://docs.github.com/en/actions/reference/security/secure-use#good-practices-for-mitigating-script-injection-attacks
"""

from __future__ import annotations

from collections.abc import Iterator

from seatrial.domain import Finding, Severity
from seatrial.inspectors.rulebook import found
from seatrial.inspectors.rules import Rule
from seatrial.inspectors.workflows.model import Action, Workflow
from seatrial.inspectors.workflows.taint import Injection, in_action, injections

_MESSAGE = "untrusted input is expanded into a script (template injection): "


def _find(workflow: Workflow) -> Iterator[Finding]:
    """Scripts, with what earlier steps, earlier jobs, the environment and the repository's own actions carry."""
    yield from map(_finding, injections(workflow))


def check_action(action: Action) -> Iterator[Finding]:
    """The scripts of an action by itself."""
    yield from map(_finding, in_action(action))


def source_of(finding: Finding) -> str:
    """The reference that a finding of this rule is about; empty for findings of other rules."""
    return finding.message.removeprefix(_MESSAGE) if finding.rule == RULE.id else ""


def _finding(one: Injection) -> Finding:
    return found(RULE.id, RULE.severity, one.at, _MESSAGE + one.source, subject=one.subject)


RULE = Rule.of(
    __doc__,
    id="workflow/injection",
    check="workflows/hardening",
    severity=Severity.HIGH,
    find=_find,
)
