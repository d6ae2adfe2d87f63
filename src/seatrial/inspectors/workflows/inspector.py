"""The workflows and actions of a tree: parsed once, judged by zizmor, by actionlint where it is, and by our rules."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

from seatrial.domain import Answer, Finding, Location, Severity, Status, Tool
from seatrial.errors import InspectorError
from seatrial.inspectors import rulebook
from seatrial.inspectors.base import Context, Reason
from seatrial.inspectors.rulebook import found
from seatrial.source import Tree
from seatrial.wording import counted
from seatrial.yaml_tree import YamlError, load_all

from . import actionlint, zizmor
from .model import Action, Piece, Workflow
from .pages import NO_SCAN, NO_TESTS
from .purpose import runs_tests, scans
from .rules import RULES

WORKFLOWS = (".github/workflows/*.yml", ".github/workflows/*.yaml")
ACTIONS = ("action.yml", "action.yaml")
DEPENDABOT = (".github/dependabot.yml", ".github/dependabot.yaml")

VALID, READINESS, HARDENING, TESTED, SCANNED = (
    "workflows/valid", "workflows/readiness", "workflows/hardening", "workflows/tests", "workflows/scan",
)  # fmt: skip
_CONFIGS = (".github/zizmor.yml", ".github/zizmor.yaml", "zizmor.yml", "zizmor.yaml")
_UNREADABLE = "workflow/syntax"


@dataclass
class _Files:
    """What was read."""

    workflows: list[Workflow] = field(default_factory=list)
    actions: list[Action] = field(default_factory=list)
    broken: list[Finding] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)


class Workflows:
    """GitHub workflows, actions and Dependabot's settings."""

    name = "workflows"
    judges_by = None
    live = False
    checks = (VALID, READINESS, HARDENING, TESTED, SCANNED, zizmor.CHECK)

    def tools(self, context: Context) -> tuple[Tool, ...]:
        """zizmor."""
        del context
        found_ = zizmor.version()
        return (Tool("zizmor", found_),) if found_ else ()

    def applies(self, context: Context) -> Reason | None:
        """Whether there is a workflow or an action."""
        there = context.tree.matching(WORKFLOWS) or context.tree.matching(ACTIONS)
        return None if there else Reason(Status.NA, "no workflow and no action in the tree")

    def inspect(self, context: Context) -> Iterator[Answer]:
        """Our own checks, with actionlint's among those of validity; then zizmor's."""
        tree = context.tree
        files = _read(tree)
        every = (*tree.matching(WORKFLOWS), *tree.matching(ACTIONS), *tree.matching(DEPENDABOT))
        paths = list(dict.fromkeys(f.path for f in every))
        readable = [p for p in paths if p not in files.unread]
        evidence = f"{counted(len(files.workflows), 'workflow')}, {counted(len(files.actions), 'action')}"
        share = Fraction(len(readable), len(paths))
        ours = [(rule.CHECK, f) for workflow in files.workflows for rule in RULES for f in rule.check(workflow)]
        ours += [(VALID, f) for f in (*files.broken, *(f for a in files.actions for f in _action(a)))]
        theirs, notes, failure = _zizmor(context, readable)
        merged = [(check, f) for check, f in ours if not _told(f, theirs)]
        theirs = tuple(_graded(f, [own for _, own in ours]) for f in theirs)
        valid, more = _actionlint(context, [w.path for w in files.workflows], [*(f for _, f in merged), *theirs])
        merged += [(VALID, f) for f in valid]
        merged, allowed = rulebook.without_allowed(tree, merged, lambda pair: pair[1])
        yield from rulebook.answers(self.checks[:3], merged, share=share, evidence=evidence, notes=(*more, *allowed))
        yield from _gates(files.workflows, evidence)
        if failure:
            yield Answer.error(zizmor.CHECK, failure)
        else:
            audited = Fraction(len(readable) - len(notes), len(paths))
            said = tuple(f"{path}: not audited by zizmor: it does not understand the file" for path in notes)
            said += tuple(f"{path} of the repository is respected" for path in _CONFIGS if path in tree.paths)
            if not audited:
                yield Answer.error(zizmor.CHECK, "zizmor understands none of the files", notes=said)
            else:
                yield Answer.of_findings(zizmor.CHECK, theirs, share=audited, evidence=evidence, notes=said)


def _zizmor(context: Context, paths: Sequence[str]) -> tuple[tuple[Finding, ...], tuple[str, ...], str]:
    """Its findings, the files that it did not audit, and why it failed as a whole; empty if it did not."""
    try:
        return *zizmor.run(context.tree.root, paths), ""
    except InspectorError as error:
        return (), (), str(error)


def _actionlint(
    context: Context, paths: Sequence[str], said: Sequence[Finding]
) -> tuple[tuple[Finding, ...], tuple[str, ...]]:
    try:
        theirs = actionlint.run(context.tree.root, paths)
    except InspectorError as error:
        return (), (f"{error}; its checks are missing",)
    return (() if theirs is None else tuple(actionlint.without_doubles(theirs, said))), ()


def _told(finding: Finding, theirs: Sequence[Finding]) -> bool:
    """Whether zizmor says the same at the same line."""
    same = {"workflow/injection": "zizmor/template-injection", "workflow/self-hosted": "zizmor/self-hosted-runner"}
    rule = same.get(finding.rule)
    return any(
        f.rule == rule and f.location.path == finding.location.path and _near(f.location, finding.location)
        for f in theirs
    )


def _graded(theirs: Finding, ours: Sequence[Finding]) -> Finding:
    """
    An injection that our own rule does not see is one of a value that only maintainers choose, as zizmor says "may".

    It stays a flaw, and no reason to stop a merge.
    """
    if theirs.rule != "zizmor/template-injection" or theirs.severity is not Severity.HIGH:
        return theirs
    same = (f for f in ours if f.rule == "workflow/injection" and f.location.path == theirs.location.path)
    known = any(_near(f.location, theirs.location) for f in same)
    return theirs if known else replace(theirs, severity=Severity.MEDIUM)


def _near(one: Location, other: Location) -> bool:
    return abs(one.line - other.line) <= 1


def _read(tree: Tree) -> _Files:
    files = _Files()
    for is_action, patterns in ((False, WORKFLOWS), (True, ACTIONS)):
        for file in tree.matching(patterns):
            if is_action and file.path.startswith(".github/workflows/"):
                continue  # a workflow may have that name
            piece = _piece(tree, file.path, files)
            if piece is None:
                continue
            if is_action:
                files.actions.append(Action(file.path, piece, tree.paths))
            else:
                files.workflows.append(Workflow(file.path, piece, tree.paths))
    return files


def _piece(tree: Tree, path: str, files: _Files) -> Piece | None:
    try:
        nodes = load_all(tree.text(path) or "")
    except YamlError as error:
        at = Location(path, error.line, error.column)
        files.broken.append(found(_UNREADABLE, Severity.HIGH, at, f"is not valid YAML: {error.message}"))
        files.unread.append(path)
        return None
    except OSError:
        files.unread.append(path)
        return None
    piece = Piece(path, nodes[0] if nodes else None)
    if not piece.is_map:
        files.broken.append(found(_UNREADABLE, Severity.HIGH, Location(path, 1, 1), "is empty, or no mapping"))
        files.unread.append(path)
        return None
    return piece


def _action(action: Action) -> Iterator[Finding]:
    """An action's own syntax: what it runs with, and the shell of each script."""
    runs = action.root["runs"]
    using = runs["using"].text
    if "runs" not in action.root:
        yield found(_UNREADABLE, Severity.HIGH, Location(action.path, 1, 1), "the action has no `runs`")
    elif using in ("node12", "node16"):
        yield found(_UNREADABLE, Severity.MEDIUM, runs["using"].at, f"GitHub has switched {using} off")
    for step in action.steps:
        if "run" in step.piece and "shell" not in step.piece:
            yield found(_UNREADABLE, Severity.HIGH, step.at, "a composite action has to say the shell of each script")


def _gates(workflows: Sequence[Workflow], evidence: str) -> Iterator[Answer]:
    """Whether anything tests, and anything scans, before a change is merged."""
    before = [w for w in workflows if {"pull_request", "push", "merge_group", "workflow_call"} & set(w.events)]
    first = next((w for w in (*before, *workflows)), None)
    if first is None:
        yield from (Answer.na(check, "no workflow in the tree") for check in (TESTED, SCANNED))
        return
    at = first.root.key_at("jobs")
    tested = any(runs_tests(job) for w in before for job in w.jobs)
    calls = any(job.calls or any(s.uses.startswith("./") for s in job.steps) for w in before for job in w.jobs)
    if tested or calls:
        yield Answer.of_findings(TESTED, (), evidence=evidence)
    else:
        message = "no workflow that starts on a push or a pull request runs tests"
        yield Answer.of_findings(TESTED, [found(NO_TESTS, Severity.MEDIUM, at, message)], evidence=evidence)
    scanned = any(scans(step) for w in workflows for _, step in w.steps()) or calls
    if scanned:
        yield Answer.of_findings(SCANNED, (), evidence=evidence)
    else:
        message = "no workflow looks for flaws: code, dependencies, secrets or images"
        yield Answer.of_findings(SCANNED, [found(NO_SCAN, Severity.LOW, at, message)], evidence=evidence)
