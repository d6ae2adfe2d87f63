"""
Every expression can be evaluated, and refers to what there is.

## What it does

Reads every `${{ }}` and every `if`: syntax, functions, contexts, and references to steps, jobs, matrix keys and
inputs that do not exist where they are asked for.

## Why it matters

A reference to nothing is an empty text: a condition is false for ever, a path is the root, a gate is open.

## How to fix

Give the step its `id`, the job its `needs`, or correct the name.

Source: https://docs.github.com/en/actions/reference/workflows-and-actions/contexts
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator

from seatrial.domain import Finding, Location, Severity
from seatrial.inspectors.rulebook import found
from seatrial.inspectors.workflows.expression import CONTEXTS, ExpressionError, references
from seatrial.inspectors.workflows.model import Job, Piece, Step, Workflow, expressions

ID = "workflow/expression"
CHECK = "workflows/valid"
SEVERITY = Severity.HIGH
_IN = frozenset({"name", "run-name", "on"})


def check(workflow: Workflow) -> Iterator[Finding]:
    """Every text of every job."""
    for job in workflow.jobs:
        inputs = _inputs(workflow)
        yield from _texts(job, job.piece, inputs)
    for key in ("env", "concurrency", "defaults", "run-name"):
        for text in workflow.root[key].texts():
            yield from (f for body, at in expressions(text) for f in _syntax(body, at))


def _inputs(workflow: Workflow) -> frozenset[str] | None:
    """The inputs that are declared; None: any may be there."""
    if "workflow_call" not in workflow.events and "workflow_dispatch" not in workflow.events:
        return frozenset()
    names: set[str] = set()
    for event in ("workflow_call", "workflow_dispatch"):
        settings = workflow.events.get(event)
        names |= {n.lower() for n in settings["inputs"].entries} if settings is not None else set()
    return frozenset(names)


def _texts(job: Job, piece: Piece, inputs: frozenset[str] | None) -> Iterator[Finding]:
    for name, (_, value) in piece.entries.items():
        if name == "steps":
            seen: set[str] = set()
            for step in job.steps:
                for text, conditional in _of_step(step):
                    yield from _one(job, text, conditional=conditional, steps=seen, inputs=inputs)
                if step.id:
                    seen.add(step.id.lower())
        elif name == "outputs":
            every = {s.id.lower() for s in job.steps if s.id}
            for text in value.texts():
                yield from _one(job, text, conditional=False, steps=every, inputs=inputs)
        else:
            for text in value.texts():
                yield from _one(job, text, conditional=name == "if", steps=None, inputs=inputs)


def _of_step(step: Step) -> Iterator[tuple[Piece, bool]]:
    for name, (_, value) in step.piece.entries.items():
        yield from ((text, name == "if") for text in value.texts())


def _one(
    job: Job,
    text: Piece,
    *,
    conditional: bool,
    steps: set[str] | None,
    inputs: frozenset[str] | None,
) -> Iterator[Finding]:
    bodies = list(expressions(text))
    if conditional and not bodies and text.text.strip():
        bodies = [(text.text.strip(), text.at)]
    elif conditional and bodies and not re.fullmatch(r"\s*!?\s*\$\{\{.*?\}\}\s*", text.text, re.DOTALL):
        message = "the condition is always true: it is a text around an expression, and no text is false"
        yield found(ID, SEVERITY, text.at, message, "put all of it inside one ${{ }}", subject=job.id)
    for body, at in bodies:
        try:
            references_ = references(body)
        except ExpressionError as error:
            yield found(ID, SEVERITY, at, f"not an expression: {error}", subject=job.id)
            continue
        for reference in references_:
            message = _unknown(job, reference.path, steps, inputs)
            if message:
                yield found(ID, SEVERITY, at, message, subject=job.id)


def _syntax(body: str, at: Location) -> Iterator[Finding]:
    try:
        references_ = references(body)
    except ExpressionError as error:
        yield found(ID, SEVERITY, at, f"not an expression: {error}")
        return
    for reference in references_:
        if reference.path[0] not in CONTEXTS:
            yield found(ID, SEVERITY, at, _no_context(reference.path[0]))


def _unknown(job: Job, path: tuple[str, ...], steps: set[str] | None, inputs: frozenset[str] | None) -> str:
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
    if context == "inputs" and inputs is not None and name not in inputs:
        return f"there is no input {name!r}" if inputs else f"inputs.{name}: nothing gives this workflow inputs"
    if context == "matrix":
        return _matrix(job, name)
    return ""


def _matrix(job: Job, name: str) -> str:
    matrix = job.piece["strategy"]["matrix"]
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
