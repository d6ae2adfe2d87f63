"""
Every action and workflow that is used exists.

## What it does

Reports `uses` that is not `OWNER/REPOSITORY@REF`, `./PATH` or `docker://IMAGE`. Reports paths without an action or
workflow, and versions of GitHub's own actions that no longer run.

## Why it matters

The job fails at its start, and its checks do not run.

## How to fix

What the message says.

Source: https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#jobsjob_idstepsuses
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from dataclasses import replace

from seatrial.domain import Finding, Severity
from seatrial.inspectors.rulebook import found
from seatrial.inspectors.rules import Rule
from seatrial.inspectors.workflows.model import Job, Step, Workflow
from seatrial.inspectors.yaml_view import YamlView

_REMOTE = re.compile(r"[\w.-]+/[\w.-]+(?:/[\w./-]+)?@[\w./+-]+$")
_DEAD = {
    "actions/checkout": 3, "actions/setup-python": 4, "actions/setup-node": 3, "actions/setup-java": 3,
    "actions/setup-go": 4, "actions/setup-dotnet": 3, "actions/cache": 3, "actions/upload-artifact": 3,
    "actions/download-artifact": 3, "actions/github-script": 6, "actions/stale": 8, "actions/labeler": 4,
    "github/codeql-action/init": 2, "github/codeql-action/analyze": 2, "github/codeql-action/autobuild": 2,
    "docker/build-push-action": 4, "docker/login-action": 2, "docker/setup-buildx-action": 2,
    "docker/setup-qemu-action": 2, "docker/metadata-action": 4, "codecov/codecov-action": 3,
    "actions/upload-pages-artifact": 1, "actions/deploy-pages": 2, "peter-evans/create-pull-request": 4,
}  # fmt: skip
"""By action: the newest major version whose Node.js (16 or older), or whose service, GitHub has switched off."""
_GONE = {"actions/upload-artifact": 3, "actions/download-artifact": 3, "actions/cache": 2}
"""Those that fail, rather than being run by a newer Node.js with a warning."""


def _find(workflow: Workflow) -> Iterator[Finding]:
    """Steps and called workflows."""
    for job in workflow.jobs:
        if job.calls:
            yield from _path(workflow, job.view["uses"], job.id, workflow_wanted=True)
        for step in job.steps:
            if "uses" in step.view:
                yield from _path(workflow, step.view["uses"], job.id, workflow_wanted=False)
                yield from _old(job, step)


def _path(workflow: Workflow, view: YamlView, subject: str, *, workflow_wanted: bool) -> Iterator[Finding]:
    text = view.text
    if malformed(text, workflow_wanted=workflow_wanted):
        message = f"{text[:80]!r} is not OWNER/REPOSITORY@REF"
        yield found(RULE.id, RULE.severity, view.at, message, subject=subject)
    if "${{" in text or not text.startswith(("./", "$/")):  # `$/` is this repository at the workflow's own commit
        return
    path = posixpath.normpath("./" + text[2:])
    if workflow_wanted:
        if path not in workflow.paths:
            missing = found(RULE.id, RULE.severity, view.at, f"there is no workflow {path}", subject=subject)
            yield replace(missing, cause=f"{RULE.id}:{path}")  # adding it mends every use
    elif not _is_action(workflow, path) and not _checked_out_elsewhere(workflow, path):
        missing = found(RULE.id, RULE.severity, view.at, f"there is no action in {path}", subject=subject)
        yield replace(missing, cause=f"{RULE.id}:{path}")


def _is_action(workflow: Workflow, path: str) -> bool:
    return any(
        posixpath.normpath(f"./{path}/{n}") in workflow.paths for n in ("action.yml", "action.yaml", "Dockerfile")
    )


def _checked_out_elsewhere(workflow: Workflow, path: str) -> bool:
    """Whether a step puts something at that path, or above it, while the job runs."""
    for _, step in workflow.steps():
        folder = step.inputs["path"].text.strip()
        if step.uses == "actions/checkout":
            replaced = not folder and bool(step.inputs["repository"].text or step.inputs["ref"].text)
        elif "download-artifact" in step.uses or step.uses == "actions/cache":
            replaced = not folder
        else:
            continue
        above = posixpath.normpath(f"./{folder}") if folder else "."
        if replaced or "${{" in folder or (folder and (above == "." or f"{path}/".startswith(f"{above}/"))):
            return True
    made = re.compile(rf"\b(?:clone|submodule|tar|unzip|cp|mv|ln|mkdir)\b[^\n]{{0,300}}{re.escape(path)}")
    return any(made.search(step.run.text) for _, step in workflow.steps())


def malformed(text: str, *, workflow_wanted: bool = False) -> bool:
    """Whether a `uses` is none of the forms that GitHub takes."""
    if "${{" in text or text.startswith(("./", "$/")):
        return False
    return not (_REMOTE.match(text) or (text.startswith("docker://") and len(text) > 9 and not workflow_wanted))


def _old(job: Job, step: Step) -> Iterator[Finding]:
    match = re.match(r"v([0-9]{1,9})(?:\.|$)", step.version)
    if match and int(match[1]) <= _DEAD.get(step.uses, -1):
        gone = int(match[1]) <= _GONE.get(step.uses, -1)
        what = "no longer runs" if gone else "is made for a Node.js that GitHub has switched off"
        message = f"{step.uses}@{step.version} {what}"
        yield found(RULE.id, RULE.severity if gone else Severity.LOW, step.view["uses"].at, message, subject=job.id)


RULE = Rule.of(
    __doc__,
    id="workflow/uses",
    check="workflows/valid",
    severity=Severity.HIGH,
    find=_find,
)
