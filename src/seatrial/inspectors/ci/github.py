"""
GitHub Actions, and the systems that run its workflows: Forgejo and Gitea.

Source: https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from seatrial.inspectors.whole import Whole
from seatrial.inspectors.workflows.model import Action, Step, Workflow
from seatrial.inspectors.workflows.model import Job as WorkflowJob
from seatrial.inspectors.yaml_view import YamlView

from . import commands, parsing
from .model import CiFile, CiSystem, PipelineJob, Trigger

SYSTEM = CiSystem.GITHUB
PATHS = re.compile(r"^\.(?:github|forgejo|gitea)/workflows/[^/]+\.ya?ml$")
YAML = True
_DEPTH = 4
_NOT_BEFORE = re.compile(
    r"github\.event_name\s*==\s*'(?:push|release|schedule|workflow_dispatch)'|github\.event_name\s*!=\s*'pull_request'"
    r"|github\.ref(?:_name)?\s*==\s*'|startsWith\(\s*github\.ref\s*,"
)
_EVENTS = {
    "pull_request": Trigger.PULL_REQUEST,
    "pull_request_target": Trigger.PULL_REQUEST,
    "merge_group": Trigger.PULL_REQUEST,
    "schedule": Trigger.SCHEDULE,
    "workflow_dispatch": Trigger.MANUAL,
    "release": Trigger.TAG,
}


def jobs(file: CiFile) -> Iterator[PipelineJob]:
    """Every job, with the workflows and actions of the repository that it calls."""
    workflow = Workflow(file.path, file.root)
    triggers = _triggers(workflow)
    if set(workflow.events) == {"workflow_call"}:
        return  # its callers run it
    for job in workflow.jobs:
        yield _job(file.whole, job, triggers)


def _triggers(workflow: Workflow) -> Trigger:
    found = Trigger.NONE
    for name, settings in workflow.events.items():
        found |= _EVENTS.get(name, Trigger.NONE)
        if name == "push":
            found |= _push(settings)
    return found


def _push(settings: YamlView) -> Trigger:
    branches = {item.text for item in settings["branches"].items}
    if not branches and ("tags" in settings or "tags-ignore" in settings) and "branches-ignore" not in settings:
        return Trigger.TAG
    everything = not branches or bool(branches & {"**", "*"})
    return Trigger.ANY_PUSH if everything and "branches-ignore" not in settings else Trigger.PUSH


def _job(whole: Whole, job: WorkflowJob, triggers: Trigger) -> PipelineJob:
    seen = _Seen(whole)
    seen.job(job, _DEPTH)
    if _NOT_BEFORE.search(job.view["if"].text) and "||" not in job.view["if"].text:
        triggers &= ~Trigger.PULL_REQUEST
    environment = job.view["environment"].text or job.view["environment"]["name"].text
    return PipelineJob(
        SYSTEM,
        job.key_at,
        job.id,
        triggers,
        "\n".join(seen.commands),
        tuple(seen.uses),
        tuple(seen.unseen),
        environment,
    )


class _Seen:
    """What a job runs, collected through what it calls."""

    def __init__(self, whole: Whole) -> None:
        self._whole = whole
        self.commands: list[str] = []
        self.uses: list[str] = []
        self.unseen: list[str] = []

    def job(self, job: WorkflowJob, depth: int) -> None:
        """A job: its steps, or the workflow that it calls."""
        if job.local and depth:
            for root in parsing.load(self._whole, job.local):
                for inner in Workflow(job.local, root).jobs:
                    self.job(inner, depth - 1)
        elif job.calls and not job.local:
            self.unseen.append(job.calls)
        default = job.view["defaults"]["run"]["working-directory"].text
        for step in job.steps:
            self._step(step, default, depth)

    def _step(self, step: Step, folder: str, depth: int) -> None:
        if step.run:
            self.commands.append(
                commands.expanded(self._whole, step.run.text, step.view["working-directory"].text or folder)
            )
        elif step.local and depth:
            folder = "" if step.local == "." else f"{step.local}/"
            path = next(
                (p for n in ("action.yml", "action.yaml") if (p := f"{folder}{n}") in self._whole.tree.paths), ""
            )
            self.uses.append("./" if step.local == "." else f"./{step.local}")
            for root in parsing.load(self._whole, path):
                for inner in Action(path, root).steps:
                    self._step(inner, "", depth - 1)
        elif step.uses:
            self.uses.append(step.uses)
            self.commands.append("\n".join(text.text for text in step.inputs.texts()))
