"""
The way of untrusted texts through a workflow, to where they become code.

Followed: `env` of workflow, job and step, GITHUB_ENV, outputs of steps and jobs, a matrix. It also takes inputs and
outputs of local composite actions and reusable workflows. A fact is the name of a value that holds such a text:
`env.title`, `steps.ask.outputs.title`; `steps.ask.outputs.*` if it is not known which.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from seatrial.domain import Location
from seatrial.inspectors.yaml_view import YamlView

from .expression import ExpressionError, embedded, parse
from .model import Action, Job, Step, Workflow, expressions
from .scripts import LENGTH_LIMIT, TaintSink, javascript, written
from .untrusted import asks, chosen_by_outsiders, in_payload, told_by
from .values import TaintSource, sources

DEPTH_LIMIT = 8
"""Actions within actions, workflows within workflows."""
_ROUNDS = 4
"""Passes over the jobs of a workflow, for outputs of jobs that come later in the file."""
_SCRIPTS: Mapping[str, tuple[str, ...]] = {
    "actions/github-script": ("script",),
    "azure/cli": ("inlinescript",),
    "azure/powershell": ("inlinescript",),
    "appleboy/ssh-action": ("script",),
    "nick-fields/retry": ("command",),
    "nick-invision/retry": ("command",),
    "reactivecircus/android-emulator-runner": ("script",),
    "addnab/docker-run-action": ("run",),
    "cloudflare/wrangler-action": ("command", "precommands", "postcommands"),
}
"""By action: inputs that it runs."""
_EVALUATED = re.compile(
    r"\beval\s+(?!\"?\$\()[^\n]{0,300}?\$\{?(?P<eval>\w+)"
    r"|\b(?:ba|z|da|k)?sh\s+(?:-\w+\s+){0,5}-\w*c\s+\"[^\"\n]{0,300}\$\{?(?P<sh>\w+)"
    r"|\b(?:python\d?|node|perl|ruby)\s+-[ce]\s+\"[^\"\n]{0,300}\$\{?(?P<other>\w+)"
    r"|\b(?:iex|Invoke-Expression)\s+[\"(]?\$env:(?P<iex>\w+)",
    re.IGNORECASE,
)

TaintFacts = frozenset[str]


@dataclass(frozen=True, slots=True)
class Injection:
    """Untrusted text that becomes code."""

    at: Location
    source: str
    """The reference that brings it."""
    subject: str
    """The job, or the action."""


@dataclass
class _Walk:
    """One walk over a workflow and what it calls; collects."""

    found: dict[tuple[Location, str], Injection] = field(default_factory=dict)
    seen: dict[tuple[str, TaintFacts], TaintFacts] = field(default_factory=dict)

    def add(self, at: Location, source: str, subject: str) -> None:
        self.found.setdefault((at, source), Injection(at, source, subject))


def injections(workflow: Workflow) -> Iterator[Injection]:
    """Where untrusted text becomes code, in the workflow and in what of the repository it uses."""
    walk = _Walk()
    _workflow(walk, workflow, frozenset(), 0)
    yield from walk.found.values()


def in_action(action: Action) -> Iterator[Injection]:
    """The same for an action by itself, whose inputs are not known."""
    walk = _Walk()
    _action(walk, action, frozenset(), 0)
    yield from walk.found.values()


def tainting(body: str, facts: TaintFacts) -> str:
    """The reference of an expression that brings untrusted text; empty if none does."""
    try:
        tree = parse(body)
    except ExpressionError:
        return ""
    return next((str(source.reference) for source in sources(tree) if _holds(source, facts)), "")


def _holds(source: TaintSource, facts: TaintFacts) -> bool:
    path = str(source.reference)
    if chosen_by_outsiders(path, whole=source.whole):
        return True
    parts = source.reference.path
    if parts[0] == "steps" and _told(parts, facts):
        return True
    if source.whole and any(fact.startswith(f"{path}.") for fact in facts):
        return True
    if any(".".join(parts[:n]) in facts for n in range(2, len(parts) + 1)):
        return True
    if parts[-1] == "*" and any(fact.startswith(path[:-1]) for fact in facts):
        return True
    return any(".".join((*parts[:n], "*")) in facts for n in range(1, len(parts)))


def _told(parts: tuple[str, ...], facts: TaintFacts) -> bool:
    """Whether an output is one of an action that tells of names that outsiders choose."""
    prefix = ".".join(parts[:3]) + "@"
    output = parts[3] if len(parts) > 3 else "*"
    return any(fact.startswith(prefix) and told_by(fact.removeprefix(prefix), output) for fact in facts)


def _workflow(walk: _Walk, workflow: Workflow, inputs: TaintFacts, depth: int) -> TaintFacts:
    """Facts about the outputs of the workflow, as `outputs.NAME`."""
    key = (workflow.path, inputs)
    if key in walk.seen or depth > DEPTH_LIMIT:
        return walk.seen.get(key, frozenset())
    walk.seen[key] = frozenset()
    base = inputs | _named("env", workflow.root["env"], inputs)
    handed: TaintFacts = frozenset()
    for _ in range(_ROUNDS):
        before = handed
        for job in workflow.jobs:
            handed |= _job(walk, workflow, job, base | handed, depth)
        if handed == before:
            break
    called = workflow.root["on"]["workflow_call"]["outputs"]
    jobs = frozenset(f"jobs.{fact.removeprefix('needs.')}" for fact in handed)
    walk.seen[key] = frozenset(
        f"outputs.{name.lower()}" for name, (_, value) in called.entries.items() if _tainted(value["value"], jobs)
    )
    return walk.seen[key]


def _job(walk: _Walk, workflow: Workflow, job: Job, facts: TaintFacts, depth: int) -> TaintFacts:
    """Facts that the job hands on, as `needs.JOB.outputs.NAME`."""
    facts |= _matrix(job, facts)
    name = f"needs.{job.id.lower()}"
    if job.calls:
        target = workflow.project.workflows.get(job.local)
        if target is None:
            return frozenset()
        return frozenset(
            f"{name}.{fact}" for fact in _workflow(walk, target, _named("inputs", job.view["with"], facts), depth + 1)
        )
    facts |= _named("env", job.view["env"], facts)
    after = _steps(walk, workflow, job.steps, facts, job.id, depth)
    outputs = _named("outputs", job.view["outputs"], after)
    return frozenset(f"{name}.{fact}" for fact in outputs)


def _steps(
    walk: _Walk, workflow: Workflow, steps: Iterable[Step], facts: TaintFacts, subject: str, depth: int
) -> TaintFacts:
    """Facts after the steps; injections are collected on the way."""
    for step in steps:
        own = facts | _named("env", step.view["env"], facts)
        for script in _scripts(step):
            for body, at in expressions(script):
                if source := tainting(body, own):
                    walk.add(at, source, subject)
            _evaluated(walk, script, own, subject)
        facts |= _after(walk, workflow, step, own, depth)
    return facts


def _scripts(step: Step) -> Iterator[YamlView]:
    if step.run:
        yield step.run
    lowered = {name.lower(): value for name, (_, value) in step.inputs.entries.items()}
    yield from (lowered[name] for name in _SCRIPTS.get(step.uses, ()) if name in lowered)


def _evaluated(walk: _Walk, script: YamlView, facts: TaintFacts, subject: str) -> None:
    """Variables that the shell itself takes for code."""
    for match in _EVALUATED.finditer(script.text[:LENGTH_LIMIT]):
        name = next(group for group in match.groups() if group)
        if f"env.{name.lower()}" in facts:
            walk.add(script.place(match.start()), f"env.{name.lower()}", subject)


def _after(walk: _Walk, workflow: Workflow, step: Step, facts: TaintFacts, depth: int) -> TaintFacts:
    """Facts that a step adds: its outputs, and what it puts into the environment of later steps."""
    prefix = f"steps.{step.id.lower()}.outputs"
    if step.local:
        action = workflow.project.actions.get(step.local)
        if action is None or depth > DEPTH_LIMIT:
            return frozenset()
        given = _named("inputs", step.inputs, facts) | frozenset(f for f in facts if f.startswith("env."))
        outputs = _action(walk, action, given, depth + 1, workflow)
        return frozenset(f"{prefix}.{fact.removeprefix('outputs.')}" for fact in outputs) if step.id else frozenset()

    scripted = step.uses == "actions/github-script"
    pattern = _IDENTIFIERS if scripted else _VARIABLES

    def judge(fragment: str, variables: TaintFacts) -> bool:
        return _in_fragment(fragment, facts, variables, pattern)

    writes = javascript(step.inputs["script"].text, judge) if scripted else written(step.run.text, judge)
    added = {
        f"env.{write.name}" if write.target is TaintSink.ENV else f"{prefix}.{write.name}"
        for write in writes
        if write.target is TaintSink.ENV or step.id
    }
    if step.id and told_by(step.uses, "*"):
        added.add(f"{prefix}@{step.uses}")
    return frozenset(added)


_VARIABLES = re.compile(
    r"(?:\$\{?(?:env:)?|%|!|\benviron(?:\.get)?[\[(]['\"]|\bgetenv\(['\"]|\bENV\[['\"]|process\.env(?:\.|\[['\"]))"
    r"([A-Za-z_]\w*)"
)
"""How a shell, PowerShell, cmd, Python, Ruby and Node.js name a variable of the environment."""
_IDENTIFIERS = re.compile(r"(?<![\w.'\"-])(?:process\.env\.)?([A-Za-z_]\w*)")


def _in_fragment(fragment: str, facts: TaintFacts, variables: TaintFacts, pattern: re.Pattern[str]) -> bool:
    """Whether a view of a script holds untrusted text."""
    if asks(fragment) or in_payload(fragment):
        return True
    if any(tainting(one.body, facts) for one in embedded(fragment) if one.closed):
        return True
    names = variables | {fact.removeprefix("env.") for fact in facts if fact.startswith("env.")}
    return any(match.lower() in names for match in pattern.findall(fragment))


def _action(
    walk: _Walk, action: Action, inputs: TaintFacts, depth: int, workflow: Workflow | None = None
) -> TaintFacts:
    """Facts about the outputs of a composite action, as `outputs.NAME`."""
    key = (action.path, inputs)
    if key in walk.seen or depth > DEPTH_LIMIT:
        return walk.seen.get(key, frozenset())
    walk.seen[key] = frozenset()
    given = inputs | frozenset(
        f"inputs.{name.lower()}"
        for name, (_, value) in action.root["inputs"].entries.items()
        if f"inputs.{name.lower()}" in inputs or _tainted(value["default"], frozenset())
    )
    after = _steps(walk, workflow or action.as_workflow, action.steps, given, action.folder, depth)
    outputs = action.root["outputs"].entries.items()
    walk.seen[key] = frozenset(
        f"outputs.{name.lower()}" for name, (_, value) in outputs if _tainted(value["value"], after)
    )
    return walk.seen[key]


def _named(prefix: str, view: YamlView, facts: TaintFacts) -> TaintFacts:
    """A fact for each key of a mapping whose value holds untrusted text; a whole `fromJSON` taints every key."""
    if not view.is_map:
        return frozenset({f"{prefix}.*"}) if view.text and _tainted(view, facts) else frozenset()
    return frozenset(f"{prefix}.{name.lower()}" for name, (_, value) in view.entries.items() if _tainted(value, facts))


def _tainted(view: YamlView, facts: TaintFacts) -> bool:
    return any(tainting(body, facts) for text in view.texts() for body, _ in expressions(text)) if view else False


def _matrix(job: Job, facts: TaintFacts) -> TaintFacts:
    matrix = job.view["strategy"]["matrix"]
    found = _named("matrix", matrix, facts)
    for item in matrix["include"].items:
        found |= _named("matrix", item, facts)
    return found | frozenset({"matrix.*"}) if "matrix.include" in found else found
