"""The workflows and actions of a tree: parsed once, judged by zizmor, by actionlint where it is, and by our rules."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from seatrial.domain import Answer, Finding, Location, Severity, Status, Tool
from seatrial.errors import InspectorError
from seatrial.extent import Extent
from seatrial.inspectors import rulebook
from seatrial.inspectors.base import Context, Reason
from seatrial.inspectors.rulebook import found
from seatrial.wording import counted

from . import actionlint, doubles, repaired, zizmor
from .files import Files, read
from .model import Action
from .repaired import CONFIGS, Audit
from .rules import RULES, injection, unpinned, unsecure_commands

VALID, READINESS, HARDENING = "workflows/valid", "workflows/readiness", "workflows/hardening"
_UNREADABLE = "workflow/syntax"
_ABSENT = "no workflow and no action in the tree"


class Workflows:
    """GitHub workflows, actions and Dependabot's settings."""

    name = "workflows"
    judges_by = None
    live = False
    checks = (VALID, READINESS, HARDENING, zizmor.CHECK)

    def tools(self, context: Context) -> tuple[Tool, ...]:
        """zizmor."""
        del context
        found_ = zizmor.version()
        return (Tool("zizmor", found_),) if found_ else ()

    def applies(self, context: Context) -> Reason | None:
        """Whether there is a workflow or an action."""
        return None if read(context.tree, context.settings) else Reason(Status.NA, _ABSENT)

    def inspect(self, context: Context) -> Iterator[Answer]:
        """Our own checks, with actionlint's among those of validity; then zizmor's."""
        tree = context.tree
        files = read(tree, context.settings)
        audit, failure = _audit(context, files)
        ours, theirs = doubles.without(list(_ours(files, audit)), audit.findings, files.texts)
        valid, more = _actionlint(context, [w.path for w in files.workflows], [*(f for _, f in ours), *theirs])
        ours += [(VALID, f) for f in valid]
        kept, allowed = rulebook.without_allowed(tree, ours, lambda pair: pair[1])
        evidence = f"{counted(len(files.workflows), 'workflow')}, {counted(len(files.actions), 'action')}"
        notes = (*more, *allowed)
        for check in (VALID, READINESS, HARDENING):
            extent = files.validated if check == VALID else files.extent
            mine = (f for its, f in kept if its == check)
            yield Answer.of_extent(check, extent, mine, absent=_ABSENT, evidence=evidence, notes=notes)
            notes = ()
        if failure:
            yield Answer.error(zizmor.CHECK, failure)
            return
        said = tuple(f"{path} of the repository is respected" for path in CONFIGS if path in tree.paths)
        extent = audit.extent + Extent.of((), files.unread)
        yield Answer.of_extent(zizmor.CHECK, extent, theirs, absent=_ABSENT, notes=(*audit.notes, *said))


def _ours(files: Files, audit: Audit) -> Iterator[tuple[str, Finding]]:
    """What our rules find, each place once: an alias puts one step into several jobs."""
    seen: set[tuple[str, Location, str]] = set()
    for check, finding in _every(files, audit):
        key = (finding.rule, finding.location, finding.message.replace(finding.subject or "\0", ""))
        if key not in seen:
            seen.add(key)
            yield check, rulebook.in_tests(finding)


def _every(files: Files, audit: Audit) -> Iterator[tuple[str, Finding]]:
    yield from ((VALID, f) for f in files.broken)
    for workflow in files.workflows:
        for rule in RULES:
            if rule is not unpinned or workflow.path in audit.incomplete:
                yield from ((rule.CHECK, f) for f in rule.check(workflow))
    for action in files.actions:
        yield from ((VALID, f) for f in _action(action))
        yield from ((injection.CHECK, f) for f in injection.check_action(action))
        yield from ((unsecure_commands.CHECK, f) for f in unsecure_commands.check(action.as_workflow))


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
        if "run" in step.piece and "shell" not in step.piece:
            yield found(_UNREADABLE, Severity.HIGH, step.at, "a composite action has to say the shell of each script")
