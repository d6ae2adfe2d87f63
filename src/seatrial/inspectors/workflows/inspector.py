"""The workflows and actions of a tree: parsed once, judged by zizmor, by actionlint where it is, and by our rules."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

from seatrial.domain import Answer, Finding, Location, Severity, Tool
from seatrial.domain.errors import InspectorError
from seatrial.domain.extent import Extent
from seatrial.domain.grading import GradedSubject, WeightedShare
from seatrial.inspectors import path_roles, production_use, rulebook
from seatrial.inspectors.base import Context, Reason, unless
from seatrial.inspectors.rulebook import found
from seatrial.inspectors.rules import Rules
from seatrial.text.wording import counted
from seatrial.verdict import catalogue

from . import actionlint, doubles, repaired, zizmor
from .files import Files, read
from .model import Action, Workflow
from .repaired import Audit
from .rules import RULES, injection, unpinned, unsecure_commands

VALID, READINESS, HARDENING = "workflows/valid", "workflows/readiness", "workflows/hardening"
_UNREADABLE = "workflow/syntax"
_ABSENT = "no workflow and no action in the tree"


class Workflows:
    """GitHub workflows, actions and Dependabot's settings."""

    name = "workflows"
    rules = Rules(
        "workflow", "zizmor", "actionlint",
        make=lambda: (*RULES, *zizmor.rules(), *actionlint.rules()),
    )  # fmt: skip
    per_file_inputs = None
    live = False
    checks = (VALID, READINESS, HARDENING, zizmor.CHECK)

    def tools(self, context: Context) -> tuple[Tool, ...]:
        """zizmor."""
        del context
        found_ = zizmor.version()
        return (Tool("zizmor", found_),) if found_ else ()

    def applies(self, context: Context) -> Reason | None:
        """Whether there is a workflow or an action."""
        files = read(context.tree, context.settings)
        return unless(files, files.unread, _ABSENT)

    def inspect(self, context: Context) -> Iterator[Answer]:
        """Our own checks, with actionlint's among those of validity; then zizmor's."""
        tree = context.tree
        files = read(tree, context.settings)
        audit, failure = _audit(context, files)
        used = production_use.of_tree(tree)
        audited = [path_roles.weighed(f, used) for f in audit.findings]
        ours, theirs = doubles.without(list(_ours(files, audit, used)), audited, files.texts)
        valid, more = _actionlint(context, [w.path for w in files.workflows], [*(f for _, f in ours), *theirs])
        ours += [(VALID, f) for f in valid]
        kept, allowed = rulebook.without_allowed(tree, ours)
        evidence = f"{counted(len(files.workflows), 'workflow')}, {counted(len(files.actions), 'action')}"
        notes = (*more, *allowed)
        for check in (VALID, READINESS, HARDENING):
            extent = files.validated if check == VALID else files.extent
            mine = [f for its, f in kept if its == check]
            basis = _files(files) if check == VALID else _jobs(files)
            names = rulebook.whole_file if check == VALID else partial(_jobs_of, files.workflows)
            mine = rulebook.attributed(mine, basis.subjects, names=names, spreads=True)
            yield Answer.of_extent(check, extent, mine, absent=_ABSENT, evidence=evidence, notes=notes, basis=basis)
            notes = ()
        if failure:
            yield Answer.error(zizmor.CHECK, failure)
            return
        said = tuple(f"{path} of the repository is respected" for path in zizmor.CONFIGS if path in tree.paths)
        extent = audit.extent + Extent.of((), files.unread)
        notes = (*audit.notes, *said)
        density = catalogue.load().density(zizmor.CHECK, len(files.auditable))
        yield Answer.of_extent(zizmor.CHECK, extent, theirs, absent=_ABSENT, notes=notes, basis=density)


def _files(files: Files) -> WeightedShare:
    """The workflows and actions, each right or wrong as a whole; what cannot be read is wrong too."""
    broken = (finding.location.path for finding in files.broken)
    return rulebook.of_files(
        (*(w.path for w in files.workflows), *(a.path for a in files.actions), *broken), one="file"
    )


def _jobs(files: Files) -> WeightedShare:
    """Every job, and every composite action."""
    jobs = (GradedSubject(job.id, w.path) for w in files.workflows for job in w.jobs)
    return WeightedShare((*jobs, *(GradedSubject(a.path, a.path) for a in files.actions)), "job")


def _jobs_of(workflows: Sequence[Workflow], finding: Finding) -> tuple[str, ...]:
    """The jobs that a finding names, or else that its lines are in; none if it is about the whole workflow."""
    jobs = next((w.jobs for w in workflows if w.path == finding.location.path), ())
    if named := [job.id for job in jobs if job.id in rulebook.names_of(finding)]:
        return tuple(named)
    places = (finding.location, *(at for at in finding.related if at.path == finding.location.path))
    above = ([job.id for job in jobs if job.key_at.line <= at.line] for at in places)
    return tuple(dict.fromkeys(ids[-1] for ids in above if ids))


def _ours(files: Files, audit: Audit, used: frozenset[str]) -> Iterator[tuple[str, Finding]]:
    """What our rules find, each place once: an alias puts one step into several jobs."""
    seen: set[tuple[str, Location, str]] = set()
    for check, finding in _every(files, audit):
        key = (finding.rule, finding.location, finding.message.replace(finding.subject or "\0", ""))
        if key not in seen:
            seen.add(key)
            yield check, path_roles.weighed(finding, used)


def _every(files: Files, audit: Audit) -> Iterator[tuple[str, Finding]]:
    yield from ((VALID, f) for f in files.broken)
    for workflow in files.workflows:
        for rule in RULES:
            if rule is not unpinned.RULE or workflow.path in audit.incomplete:
                yield from ((rule.check, f) for f in rule.find(workflow))
    for action in files.actions:
        yield from ((VALID, f) for f in _action(action))
        yield from ((injection.RULE.check, f) for f in injection.check_action(action))
        yield from ((unsecure_commands.RULE.check, f) for f in unsecure_commands.RULE.find(action.as_workflow))


def _audit(context: Context, files: Files) -> tuple[Audit, str]:
    """zizmor's word, and why it failed as a whole; empty if it did not."""
    try:
        return repaired.audit(context.tree.root, files), ""
    except InspectorError as error:
        return Audit(), str(error)


def _actionlint(
    context: Context, paths: Sequence[str], said: Sequence[Finding]
) -> tuple[tuple[Finding, ...], tuple[str, ...]]:
    try:
        theirs = actionlint.run(context.tree.root, paths)
    except InspectorError as error:
        return (), (f"{error}; its checks are missing",)
    return (() if theirs is None else doubles.without_actionlint(theirs, said)), ()


def _action(action: Action) -> Iterator[Finding]:
    """An action's own syntax: what it runs with, and the shell of each script."""
    runs = action.root["runs"]
    using = runs["using"].text
    if "runs" not in action.root:
        yield found(_UNREADABLE, Severity.HIGH, Location(action.path, 1, 1), "the action has no `runs`")
    elif using in ("node12", "node16"):
        yield found(_UNREADABLE, Severity.MEDIUM, runs["using"].at, f"GitHub has switched {using} off")
    for step in action.steps:
        if "run" in step.view and "shell" not in step.view:
            yield found(_UNREADABLE, Severity.HIGH, step.at, "a composite action has to say the shell of each script")
