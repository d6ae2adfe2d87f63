"""
No job switches the old workflow commands back on.

## What it does

Reports `ACTIONS_ALLOW_UNSECURE_COMMANDS` in `env` of a workflow, job, step or container, and scripts that write it to
`$GITHUB_ENV`.

## Why it matters

With it, every line of output that looks like `::set-env` or `::add-path` changes the environment of later steps. A
log line that an attacker chooses, such as a commit message or a file name, then runs code.

## How to fix

Remove it, and write `NAME=value` to `$GITHUB_ENV`, or a folder to `$GITHUB_PATH`.

Source: https://github.com/actions/toolkit/security/advisories/GHSA-mfwh-5m23-j46w
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from seatrial.domain import Finding, Severity
from seatrial.inspectors.rulebook import found
from seatrial.inspectors.rules import Rule
from seatrial.inspectors.workflows import shell
from seatrial.inspectors.workflows.model import Workflow
from seatrial.inspectors.yaml_view import YamlView

NAME = "ACTIONS_ALLOW_UNSECURE_COMMANDS"
_OFF = frozenset({"false", "", "0", "null", "~"})
_SET = re.compile(rf"\b{NAME}(?P<how>\s*[=:,]\s*|\s*<<\s*)['\"$]*(?P<value>[\w{{]*)")
_FILE = re.compile(r"GITHUB_ENV\b|\bexportVariable\s*\(")
_MESSAGE = f"{NAME} lets a line of output change the environment of later steps"


def _find(workflow: Workflow) -> Iterator[Finding]:
    """Every `env`, and every script."""
    yield from _env(workflow.root["env"])
    for job in workflow.jobs:
        for view in (job.view["env"], job.view["container"]["env"]):
            yield from _env(view, job.id)
        for step in job.steps:
            yield from _env(step.view["env"], job.id)
            for script in (step.run, step.inputs["script"]):
                yield from _script(script, job.id)


def _env(view: YamlView, subject: str = "") -> Iterator[Finding]:
    for name, (_, value) in view.entries.items():
        if name.upper() == NAME and value.text.strip().lower() not in _OFF:
            yield found(RULE.id, RULE.severity, view.key_at(name), _MESSAGE, f"remove {NAME}", subject=subject)


def _script(script: YamlView, subject: str) -> Iterator[Finding]:
    text = shell.code(script.text)
    if not _FILE.search(text):
        return
    for match in _SET.finditer(text.replace("'", " ").replace('"', " ")):
        if match["value"].lower() not in _OFF - {""} or match["how"].strip() == "<<":
            yield found(
                RULE.id, RULE.severity, script.place(match.start()), _MESSAGE, f"remove {NAME}", subject=subject
            )


RULE = Rule.of(
    __doc__,
    id="workflow/unsecure-commands",
    check="workflows/hardening",
    severity=Severity.HIGH,
    find=_find,
)
