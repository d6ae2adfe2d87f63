"""
No step uses a workflow command that GitHub has switched off.

## What it does

Reports `::set-output`, `::save-state`, `::set-env` and `::add-path` in scripts.

## Why it matters

`set-env` and `add-path` fail; the others are ignored at a date that GitHub moves, and the output is then empty.

## How to fix

`echo "name=value" >> "$GITHUB_OUTPUT"` (`$GITHUB_STATE`, `$GITHUB_ENV`, `$GITHUB_PATH`).

Source: https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from seatrial.domain import Finding, Severity
from seatrial.inspectors.rulebook import found
from seatrial.inspectors.rules import Rule
from seatrial.inspectors.workflows.model import Workflow

_OLD = re.compile(r"::(?P<command>set-output|save-state|set-env|add-path)(?:\s+name=[^:]*)?::")


def _find(workflow: Workflow) -> Iterator[Finding]:
    """Scripts."""
    for job, step in workflow.steps():
        for match in _OLD.finditer(step.run.text):
            at = step.run.place(match.start())
            yield found(
                RULE.id, RULE.severity, at, f"the command ::{match['command']}:: is switched off", subject=job.id
            )


RULE = Rule.of(
    __doc__,
    id="workflow/deprecated-command",
    check="workflows/valid",
    severity=Severity.MEDIUM,
    find=_find,
)
