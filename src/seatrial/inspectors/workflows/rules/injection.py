"""
Nothing that a stranger writes becomes code.

## What it does

Reports expressions with texts that strangers choose (titles, bodies, branch names, commit messages) in `run`, in
`github-script` and in inputs of actions that run them, also on their way through `env` that is expanded by an
expression and through outputs of earlier steps.

## Why it matters

The text is put into the script before the shell reads it: `"; curl … | sh; "` as a title runs.

## How to fix

Give it to the script by the environment: `env: {TITLE: "${{ github.event.issue.title }}"}`, and `"$TITLE"` in it.

Source: https://docs.github.com/en/actions/reference/security/secure-use#good-practices-for-mitigating-script-injection-attacks
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from seatrial.domain import Finding, Severity
from seatrial.inspectors.rulebook import found
from seatrial.inspectors.workflows.expression import ExpressionError, references
from seatrial.inspectors.workflows.model import Piece, Step, Workflow, expressions

ID = "workflow/injection"
CHECK = "workflows/hardening"
SEVERITY = Severity.HIGH
_TAINTED = re.compile(
    r"^github(?:\.event(?:\.(?:pull_request|issue|comment|review|discussion|head_commit|commits|workflow_run))?)?$"
    r"|^github\.(?:head_ref$|event\.(?:issue|pull_request|discussion)\.(?:title|body)$|event\.(?:comment|review"
    r"|review_comment)\.body$"
    r"|event\.pull_request\.head\.(?:ref|label|repo\.default_branch)$|event\.(?:head_commit"
    r"|commits\.\*)\.(?:message|author\.(?:email|name))$"
    r"|event\.(?:commits\.\*|head_commit)\.committer\.(?:email|name)$|event\.pages\.\*\.page_name$"
    r"|event\.workflow_run\.(?:head_branch|head_commit\.(?:message|author\.(?:email|name))|display_title"
    r"|pull_requests\.\*\.head\.ref)$)"
)
_SCRIPTS = {"actions/github-script": "script", "azure/cli": "inlinescript", "azure/powershell": "inlinescript"}


_TELL_OF_FILES = re.compile(
    r"^(?:tj-actions/(?:changed-files|branch-names)|dorny/paths-filter|jitterbit/get-changed-files"
    r"|trilom/file-changes-action"
    r"|xt0rted/pull-request-comment-branch|eficode/resolve-pr-refs|alessbell/pull-request-comment-branch)$"
)
_ASKS = re.compile(r"\bgh\s+(?:pr|issue)\s+(?:view|list|diff)\b[^\n]*(?:title|body|headRef|author|labels|--name-only)")


def check(workflow: Workflow) -> Iterator[Finding]:
    """Scripts, with what earlier steps, earlier jobs and the environment carry."""
    handed_on: set[str] = set()
    for job in workflow.jobs:
        tainted = _environment(workflow.root["env"]) | _environment(job.piece["env"])
        outputs = set(handed_on)
        for step in job.steps:
            own = tainted | _environment(step.piece["env"])
            script = step.run or step.inputs[_SCRIPTS.get(step.uses, "")]
            for body, at in expressions(script):
                for path in _paths(body):
                    how = _how(path, own, outputs)
                    if how:
                        yield found(ID, SEVERITY, at, f"a stranger's text becomes code: {how}", subject=job.id)
            if step.id and _passes_on(step, own):
                outputs.add(f"steps.{step.id.lower()}.outputs")
        for name, (_, value) in job.piece["outputs"].entries.items():
            if any(_how(path, set(), outputs) for body, _ in expressions(value) for path in _paths(body)):
                handed_on.add(f"needs.{job.id.lower()}.outputs.{name.lower()}")


def _paths(body: str) -> list[str]:
    try:
        return [str(r) for r in references(body)]
    except ExpressionError:
        return []


def _environment(piece: Piece) -> set[str]:
    return {
        name.lower() for name, (_, value) in piece.entries.items()
        if any(_TAINTED.match(path) for body, _ in expressions(value) for path in _paths(body))
    }  # fmt: skip


def _how(path: str, environment: set[str], outputs: set[str]) -> str:
    if _TAINTED.match(path):
        return path
    context, _, name = path.partition(".")
    if context == "env" and name in environment:
        return f"env.{name}"
    return path if any(path == output or path.startswith(f"{output}.") for output in outputs) else ""


def _passes_on(step: Step, environment: set[str]) -> bool:
    """Whether a step writes such a text into its outputs."""
    text = step.run.text
    if _TELL_OF_FILES.match(step.uses):
        return True  # names of files and branches are chosen by whoever opens the pull request
    if "GITHUB_OUTPUT" not in text and "set-output" not in text:
        return False
    named = any(re.search(rf"\$\{{?{re.escape(name)}\b", text, re.IGNORECASE) for name in environment)
    direct = any(_TAINTED.match(p) for body, _ in expressions(step.run) for p in _paths(body))
    return named or direct or bool(_ASKS.search(text))
