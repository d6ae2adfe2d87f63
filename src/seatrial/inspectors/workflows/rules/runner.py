"""
Every job runs on a runner that exists.

## What it does

Reports unknown or removed labels of GitHub-hosted runners (`ubuntu-20.04`, `macos-12`, `windows-2019`), and shells that
no runner has.

## Why it matters

A job whose runner does not exist waits for a day and is cancelled; a required check then blocks every merge.

## How to fix

Take a label of GitHub's list.

Source: https://docs.github.com/en/actions/reference/runners/github-hosted-runners
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator

from seatrial.domain import Finding, Severity
from seatrial.inspectors.rulebook import found
from seatrial.inspectors.rules import Rule
from seatrial.inspectors.workflows.model import Workflow

_GONE = frozenset({
    "ubuntu-16.04", "ubuntu-18.04", "ubuntu-20.04", "windows-2016", "windows-2019", "macos-10.15", "macos-11",
    "macos-12", "macos-13", "macos-13-large", "macos-13-xlarge", "macos-12-large", "macos-11-large",
})  # fmt: skip
_OURS = re.compile(
    r"(?:ubuntu-(?:latest|slim|\d\d\.\d\d)(?:-arm)?|windows-(?:latest|\d{4}|11-arm)(?:-vs\d{4})?"
    r"|macos-(?:latest|\d\d)(?:-(?:large|xlarge|intel))?)$"
)
_PREFIX = re.compile(r"(?:ubuntu|windows|macos)-")
_SHELLS = frozenset({"bash", "sh", "pwsh", "python", "cmd", "powershell"})


def _find(workflow: Workflow) -> Iterator[Finding]:
    """Labels and shells."""
    for job in workflow.jobs:
        labels = job.view["runs-on"]["labels"].items if job.view["runs-on"].is_map else job.view["runs-on"].items
        own = any(label.text == "self-hosted" for label in labels) or "group" in job.view["runs-on"]
        for label in labels:
            text = label.text.lower()
            if text in _GONE and not own:
                yield found(RULE.id, RULE.severity, label.at, f"the runner {text} is gone", subject=job.id)
            elif not own and _PREFIX.match(text) and not _OURS.match(text) and text.count("-") == 1:
                near = difflib.get_close_matches(text, ("ubuntu-latest", "windows-latest", "macos-latest"), 1, 0.8)
                if near:
                    yield found(
                        RULE.id, RULE.severity, label.at, f"no runner {text}; did you mean {near[0]}?", subject=job.id
                    )
        for step in job.steps:
            shell = step.view["shell"]
            word = shell.text.partition(" ")[0]
            if word and "{0}" not in shell.text and "${{" not in shell.text and word not in _SHELLS:
                yield found(RULE.id, RULE.severity, shell.at, f"there is no shell {word!r}", subject=job.id)


RULE = Rule.of(
    __doc__,
    id="workflow/runner",
    check="workflows/valid",
    severity=Severity.MEDIUM,
    find=_find,
)
