"""
Every expression can be evaluated, and refers to what there is.

## What it does

Reads every `${{ }}` and every `if`: syntax, functions, contexts, and references to steps, jobs, matrix keys and inputs
that do not exist.

## Why it matters

A reference to nothing is an empty text: a condition is false for ever, a path is the root, a gate is open.

## How to fix

Give the step its `id`, the job its `needs`, or correct the name.

Source: https://docs.github.com/en/actions/reference/workflows-and-actions/contexts
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from seatrial.domain import Finding, Location, Severity
from seatrial.inspectors.rulebook import found
from seatrial.inspectors.rules import Rule
from seatrial.inspectors.workflows.expression import CONTEXTS, ExpressionError, embedded, references
from seatrial.inspectors.workflows.model import Job, Step, Workflow, expressions
from seatrial.inspectors.yaml_view import YamlView

_CALLED = ("workflow_call", "workflow_dispatch")
_IN = frozenset({"name", "run-name", "on"})


@dataclass(frozen=True)
class _Known:
    """What a workflow declares; names in lower case, None where anything may be there."""

    inputs: frozenset[str]
    dispatched: frozenset[str] | None
    """Inputs by `github.event.inputs`."""
    secrets: frozenset[str] | None
    outputs: Mapping[str, frozenset[str] | None]
    """By job."""


def _find(workflow: Workflow) -> Iterator[Finding]:
    """Every text of every job."""
    known = _declared(workflow)
    for job in workflow.jobs:
        yield from _texts(job, job.view, known)
    for key in ("env", "concurrency", "defaults", "run-name"):
        for text in workflow.root[key].texts():
            yield from _unclosed(text)
            yield from (f for body, at in expressions(text) for f in _syntax(body, at))


def _declared(workflow: Workflow) -> _Known:
    names = {event: _names(workflow.events[event]["inputs"]) for event in _CALLED if event in workflow.events}
    alone = set(workflow.events) == {"workflow_call"} and bool(workflow.events["workflow_call"]["secrets"])
    return _Known(
        frozenset(name for some in names.values() for name in some),
        names["workflow_dispatch"] if set(workflow.events) == {"workflow_dispatch"} else None,
        _names(workflow.events["workflow_call"]["secrets"]) | {"github_token"} if alone else None,
        {j.id.lower(): None if j.calls else _names(j.view["outputs"]) for j in workflow.jobs},
    )


def _names(view: YamlView) -> frozenset[str]:
    return frozenset(name.lower() for name in view.entries)


def _texts(job: Job, view: YamlView, known: _Known) -> Iterator[Finding]:
    for name, (_, value) in view.entries.items():
        if name == "steps":
            seen: set[str] = set()
            for step in job.steps:
                for text, conditional in _of_step(step):
                    yield from _one(job, text, conditional=conditional, steps=seen, known=known)
                if step.id:
                    seen.add(step.id.lower())
        elif name == "outputs":
            every = {s.id.lower() for s in job.steps if s.id}
            for text in value.texts():
                yield from _one(job, text, conditional=False, steps=every, known=known)
        else:
            for text in value.texts():
                yield from _one(job, text, conditional=name == "if", steps=None, known=known)


def _of_step(step: Step) -> Iterator[tuple[YamlView, bool]]:
    for name, (_, value) in step.view.entries.items():
        yield from ((text, name == "if") for text in value.texts())


def _one(
    job: Job,
    text: YamlView,
    *,
    conditional: bool,
    steps: set[str] | None,
    known: _Known,
) -> Iterator[Finding]:
    yield from _unclosed(text, job.id)
    bodies = list(expressions(text))
    if conditional and not bodies and text.text.strip():
        bodies = [(text.text.strip(), text.at)]
    elif conditional and bodies and not _is_one(text.text):
        message = "the condition is always true: text around an expression makes it a non-empty string"
        yield found(RULE.id, RULE.severity, text.at, message, "put all of it inside one ${{ }}", subject=job.id)
    for body, at in bodies:
        try:
            references_ = references(body)
        except ExpressionError as error:
            yield found(RULE.id, RULE.severity, at, f"not an expression: {error}", subject=job.id)
            continue
        for reference in references_:
            message = _unknown(job, reference.path, steps, known)
            if message:
                # GitHub rejects a context that does not exist; a name that does not is an empty text.
                severity = RULE.severity if reference.path[0] not in CONTEXTS else Severity.MEDIUM
                yield found(RULE.id, severity, at, message, subject=job.id)


def _is_one(text: str) -> bool:
    """Whether a condition is one expression, perhaps negated, and nothing around it."""
    bare = text.strip()
    every = list(embedded(bare))
    return len(every) == 1 and every[0].end == len(bare) and bare[: every[0].start].strip() in ("", "!")


def _unclosed(text: YamlView, subject: str = "") -> Iterator[Finding]:
    for one in embedded(text.text):
        if not one.closed:
            message = "not an expression: `${{` is not closed by `}}`"
            yield found(RULE.id, RULE.severity, text.place(one.start), message, "}}", subject=subject)


def _syntax(body: str, at: Location) -> Iterator[Finding]:
    try:
        references_ = references(body)
    except ExpressionError as error:
        yield found(RULE.id, RULE.severity, at, f"not an expression: {error}")
        return
    for reference in references_:
        if reference.path[0] not in CONTEXTS:
            yield found(RULE.id, RULE.severity, at, _no_context(reference.path[0]))


def _unknown(job: Job, path: tuple[str, ...], steps: set[str] | None, known: _Known) -> str:
    """What is wrong with a reference; empty if nothing is."""
    context, name = path[0], path[1] if len(path) > 1 else "*"
    if context not in CONTEXTS:
        return _no_context(context)
    if name == "*":
        return ""
    if context == "steps" and steps is not None and name not in steps:
        every = {s.id.lower() for s in job.steps if s.id}
        return (
            f"the step {name!r} comes later" if name in every else f"there is no step with the id {name!r} in this job"
        )
    if context == "needs" and name not in {n.text.lower() for n in job.needs}:
        return f"the job {name!r} is not among the `needs` of this one"
    if context == "inputs" and name not in known.inputs:
        return f"there is no input {name!r}" if known.inputs else f"inputs.{name}: nothing gives this workflow inputs"
    if context == "secrets" and known.secrets is not None and name not in known.secrets:
        return f"the secret {name!r} is not among those that a caller gives"
    if path[:3] == ("github", "event", "inputs") and known.dispatched is not None and path[3:] and path[3] != "*":
        return "" if path[3] in known.dispatched else f"there is no input {path[3]!r}"
    if context == "needs" and path[2:3] == ("outputs",) and path[3:] and path[3] != "*":
        outputs = known.outputs.get(name)
        return "" if outputs is None or path[3] in outputs else f"the job {name!r} has no output {path[3]!r}"
    if context == "matrix":
        return _matrix(job, name)
    return ""


def _matrix(job: Job, name: str) -> str:
    matrix = job.view["strategy"]["matrix"]
    if not matrix:
        return f"matrix.{name}: the job has no matrix"
    if not matrix.is_map or any("${{" in p.text for p in (matrix["include"], *matrix["include"].items)):
        return ""
    known = {key.lower() for key in matrix.entries if key not in ("include", "exclude")}
    known |= {key.lower() for item in matrix["include"].items for key in item.entries}
    return "" if name in known else f"the matrix has no {name!r}"


def _no_context(name: str) -> str:
    near = difflib.get_close_matches(name, CONTEXTS, 1)
    hint = f"; did you mean {near[0]}?" if near else ""
    return f"there is no context {name!r}{hint}"


RULE = Rule.of(
    __doc__,
    id="workflow/expression",
    check="workflows/valid",
    severity=Severity.HIGH,
    find=_find,
)
