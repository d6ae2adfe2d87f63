"""
Every workflow has the keys that GitHub knows, where it knows them.

## What it does

Reports a workflow without `on` or `jobs`, and jobs without `runs-on` or `steps`. Reports steps with both `run` and
`uses` or with neither, and sections of the wrong type. Reports merge keys (`<<`, which GitHub refuses; anchors and
aliases work), and `wait` or `cancel` of a step that no earlier step starts in the background. A key that is not known
here is reported as a guess: GitHub may have added it since.

## Why it matters

GitHub rejects the whole file: none of its jobs run, and a gate that does not run does not stop a merge.

## How to fix

What the message says.

Source: https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator

from seatrial.domain import Confidence, Finding, Location, Severity
from seatrial.inspectors.rulebook import found
from seatrial.inspectors.rules import Rule
from seatrial.inspectors.workflows.model import CONTROL, Job, Step, Workflow
from seatrial.inspectors.yaml_view import YamlView
from seatrial.text.yaml_tree import MERGE_KEY, Scalar, YamlNode
from seatrial.text.yaml_tree import Mapping as MappingNode
from seatrial.text.yaml_tree import Sequence as SequenceNode

_TOP = frozenset({"name", "run-name", "description", "on", "permissions", "env", "defaults", "concurrency", "jobs"})
_JOB = frozenset({
    "name", "permissions", "needs", "if", "runs-on", "environment", "concurrency", "outputs", "env", "defaults",
    "steps", "timeout-minutes", "strategy", "continue-on-error", "container", "services", "uses", "with", "secrets",
    "snapshot",
})  # fmt: skip
_STEP = frozenset({
    "id", "if", "name", "uses", "run", "working-directory", "shell", "with", "env", "continue-on-error",
    "timeout-minutes", "background",
})  # fmt: skip
_CONTROL = frozenset({"id", "name", "continue-on-error", *CONTROL})
_STRATEGY = frozenset({"matrix", "fail-fast", "max-parallel"})
_CONCURRENCY = frozenset({"group", "cancel-in-progress", "queue"})


def _find(workflow: Workflow) -> Iterator[Finding]:
    """Keys and kinds, from the top down."""
    root = workflow.root
    yield from merge_keys(root)
    yield from _known(root, _TOP, "a workflow")
    if "on" not in root:
        yield found(
            RULE.id, RULE.severity, Location(workflow.path, 1, 1), "the workflow has no `on`: nothing starts it"
        )
    if not root["jobs"].is_map or not root["jobs"].entries:
        at = root.key_at("jobs") if "jobs" in root else Location(workflow.path, 1, 1)
        yield found(RULE.id, RULE.severity, at, "the workflow has no jobs")
    for job in workflow.jobs:
        yield from _job(job)


def _job(job: Job) -> Iterator[Finding]:
    if not job.view.is_map:
        yield found(RULE.id, RULE.severity, job.key_at, f"the job {job.id} is not a mapping", subject=job.id)
        return
    yield from _known(job.view, _JOB, "a job", job.id)
    yield from _known(job.view["strategy"], _STRATEGY, "`strategy`", job.id)
    yield from _known(job.view["concurrency"], _CONCURRENCY, "`concurrency`", job.id)
    if job.calls:
        for key in ("runs-on", "steps", "env", "container", "services", "timeout-minutes", "defaults", "environment"):
            if key in job.view:
                at = job.view.key_at(key)
                yield found(RULE.id, RULE.severity, at, f"{key} is not for a job that calls a workflow", subject=job.id)
        return
    for key in ("runs-on", "steps"):
        if key not in job.view or job.view[key].is_null:
            yield found(RULE.id, RULE.severity, job.key_at, f"the job {job.id} has no {key}", subject=job.id)
    if job.view["steps"] and not job.view["steps"].is_list and not job.view["steps"].is_null:
        yield found(RULE.id, RULE.severity, job.view.key_at("steps"), "steps is not a list", subject=job.id)
    for key in ("timeout-minutes",):
        yield from _number(job.view, key, job.id)
    background: set[str] = set()
    for step in job.steps:
        yield from _step(job, step)
        yield from _control(job, step, background)
        if step.view["background"].text.lower() != "false" and "background" in step.view:
            background.add(step.id.lower())


def _step(job: Job, step: Step) -> Iterator[Finding]:
    if not step.view.is_map:
        yield found(RULE.id, RULE.severity, step.at, "a step is not a mapping", subject=job.id)
        return
    if step.controls and not {"run", "uses"} & step.view.entries.keys():
        yield from _known(step.view, _CONTROL, "a step that waits, cancels or groups", job.id)
        return
    yield from _known(step.view, _STEP | set(CONTROL), "a step", job.id)
    yield from _number(step.view, "timeout-minutes", job.id)
    if step.controls:
        word = next(key for key in CONTROL if key in step.view)
        yield found(RULE.id, RULE.severity, step.at, f"a step has `{word}` beside `run` or `uses`", subject=job.id)
    if "run" in step.view and "uses" in step.view:
        yield found(RULE.id, RULE.severity, step.at, "a step has both `run` and `uses`", subject=job.id)
    elif "run" not in step.view and "uses" not in step.view:
        yield found(RULE.id, RULE.severity, step.at, "a step has neither `run` nor `uses`", subject=job.id)
    for key, other in (("with", "uses"), ("shell", "run"), ("working-directory", "run")):
        if key in step.view and other not in step.view:
            message = f"{key} is for steps with `{other}` only"
            yield found(RULE.id, RULE.severity, step.view.key_at(key), message, subject=job.id)


def _control(job: Job, step: Step, background: set[str]) -> Iterator[Finding]:
    """What a step awaits or cancels has to run in the background, and a group holds ordinary steps only."""
    for key in ("wait", "cancel"):
        for name in step.view[key].items:
            if name.text.lower() not in background and "${{" not in name.text:
                message = f"{key}: no earlier step with the id {name.text!r} runs in the background"
                yield found(RULE.id, RULE.severity, name.at, message, subject=job.id)
    if step.grouped and (step.controls or "background" in step.view):
        yield found(
            RULE.id, RULE.severity, step.at, "a `parallel` group holds steps with `run` or `uses` only", subject=job.id
        )


def unknown_keys(workflow: Workflow) -> Iterator[Finding]:
    """Keys of the workflow, its jobs and its steps that are not known here."""
    yield from _known(workflow.root, _TOP, "a workflow")
    for job in workflow.jobs:
        yield from _known(job.view, _JOB, "a job", job.id)
        for step in job.steps:
            yield from _known(step.view, _STEP | set(CONTROL), "a step", job.id)


def merge_keys(view: YamlView) -> Iterator[Finding]:
    """
    Merge keys anywhere in a file, each once: GitHub's reader takes anchors and aliases, and refuses `<<`.

    Source: https://docs.github.com/en/actions/reference/workflows-and-actions/reusing-workflow-configurations
    """
    seen: set[int] = set()
    pending: list[YamlNode] = [view.node] if view.node is not None else []
    while pending:
        node = pending.pop()
        if id(node) in seen or isinstance(node, Scalar):
            continue
        seen.add(id(node))
        if isinstance(node, SequenceNode):
            pending += node.items
            continue
        for key, value in node.entries:
            pending.append(value)
            if key.value == MERGE_KEY and key.plain:
                message = "GitHub refuses merge keys (`<<`); anchors and aliases work"
                remedy = "write the keys out, or give the whole mapping by its alias"
                yield found(RULE.id, RULE.severity, Location(view.path, key.line, key.column), message, remedy)


def _number(view: YamlView, key: str, subject: str) -> Iterator[Finding]:
    value = view[key]
    if value and "${{" not in value.text and not re.fullmatch(r"\d+(?:\.\d+)?", value.text):
        yield found(RULE.id, RULE.severity, view.key_at(key), f"{key} is not a number", subject=subject)


def _known(view: YamlView, known: frozenset[str], what: str, subject: str = "") -> Iterator[Finding]:
    for name, (key, _) in view.entries.items():
        if name not in known and name != "<<":
            near = difflib.get_close_matches(name, known, 1)
            hint = f"; did you mean {near[0]}?" if near else ""
            at = Location(view.path, key.line, key.column)
            message = f"{what} has no key {name!r}{hint}"
            yield found(RULE.id, Severity.MEDIUM, at, message, confidence=Confidence.LOW, subject=subject)
    if isinstance(view.node, MappingNode):
        for key in view.node.duplicates:
            at = Location(view.path, key.line, key.column)
            yield found(RULE.id, RULE.severity, at, f"the key {key.value!r} is written twice", subject=subject)


RULE = Rule.of(
    __doc__,
    id="workflow/syntax",
    check="workflows/valid",
    severity=Severity.HIGH,
    find=_find,
)
