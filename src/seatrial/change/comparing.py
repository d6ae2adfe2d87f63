"""
The base, surveyed as the change is: the same tools, settings and policy, on files of ours beside the user's checkout.
"""

from __future__ import annotations

import tempfile
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from seatrial.domain import Answer, Finding, Report, Status, Subject
from seatrial.domain.errors import Error, UsageError
from seatrial.domain.grading import Density, GradingBasis
from seatrial.inspectors import plan
from seatrial.inspectors.base import Context, Inspector
from seatrial.inspectors.registry import INSPECTORS
from seatrial.inspectors.survey import OnProgress, ignore, related, unrelated
from seatrial.report import json, reading
from seatrial.report.schema import ReportOut
from seatrial.system.base import files
from seatrial.system.base.revision import Revision, Unavailable
from seatrial.system.listing import FileListing
from seatrial.system.source import Limits, Tree, open_tree
from seatrial.text.globs import Globs
from seatrial.text.vault import VAULT
from seatrial.verdict import score
from seatrial.verdict.baseline import Comparison, Side, compare
from seatrial.verdict.catalogue import Catalogue
from seatrial.verdict.same_fact import own


@dataclass(frozen=True, slots=True)
class HeadSurvey:
    """This survey, as the comparison needs it."""

    context: Context
    catalogue: Catalogue
    disabled: Mapping[str, str]
    report: Report

    @property
    def side(self) -> Side:
        """For the comparison. Waivers are not part of it: they change no worth."""
        tree = self.context.tree
        number = score.score(self.report, self.catalogue, weights=self.context.settings.weights)
        return Side(self.report, number, self.catalogue.sha256, files.Contents(tree), files.Texts(tree))


def with_revision(here: HeadSurvey, revision: Revision, progress: OnProgress = ignore) -> Comparison:
    """
    Survey a commit and compare.

    Raises:
        Unavailable: its files cannot be had.
        Interrupted: by the user.
    """
    settings = here.context.settings
    with tempfile.TemporaryDirectory(prefix="seatrial-base-") as directory:
        root = Path(directory) / (here.context.tree.root.name or "base")
        root.mkdir()
        limits = Limits(settings.max_file_size, settings.max_files)
        try:
            known = _wanted(files.check_out(revision, root, limits), here)
            tree = open_tree(root, paths=(), exclude=settings.exclude, limits=limits, known=known)
        except Error as error:
            raise Unavailable(f"the base's files cannot be read: {error}") from error
        base = _survey(here, tree, revision.commit, progress)
        return compare(base, here.side, commit=revision.commit, label=revision.label)


def _wanted(known: FileListing, here: HeadSurvey) -> FileListing:
    """The paths that `paths` names; here none may match, because the change may be what made the first."""
    wanted = here.context.settings.paths
    if not wanted:
        return known
    globs = Globs(wanted)
    unread = {path: why for path, why in known.unread.items() if globs.match(path)}
    return replace(known, paths=tuple(filter(globs.match, known.paths)), unread=unread)


def _survey(here: HeadSurvey, tree: Tree, commit: str, progress: OnProgress) -> Side:
    settings = replace(here.context.settings, path=tree.root, history="none")
    context = replace(here.context, tree=tree, settings=settings)
    planned = plan.make(here.catalogue, INSPECTORS, context, here.disabled)
    answers = _answers(here, planned, context, progress)
    tools = tuple(tool for inspector in planned.inspectors for tool in inspector.tools(context))
    own = tuple(tool for tool in here.report.tools if tool.name == "seatrial")
    name = VAULT.masker.text(tree.name)
    subject = Subject(name, commit, files=len(tree.files), size=tree.size, folder=here.report.subject.folder)
    report = Report(subject, answers, (*own, *tools))
    number = score.score(report, here.catalogue, weights=settings.weights)
    return Side(report, number, here.catalogue.sha256, files.Contents(tree), files.Texts(tree))


def _answers(here: HeadSurvey, planned: plan.SurveyPlan, context: Context, progress: OnProgress) -> tuple[Answer, ...]:
    """
    The base's answers. What judges each file by itself looks only at the files that differ.

    The files that are the same have the findings that they have here; together they are what a survey of all would
    have found. Where either part could not be read in full, all is surveyed.
    """
    differing = _differing(here.context.tree, context.tree)
    told: dict[str, Answer] = {}
    planned = plan.SurveyPlan(
        tuple(step for step in planned.steps if step.inspector is None or not step.inspector.live)
    )
    for inspector in planned.inspectors:
        if inspector.per_file_inputs is not None and not differing & set(inspector.per_file_inputs):
            told |= _of_differing(here, inspector, context, differing, progress)
    rest = tuple(step for step in planned.steps if step.check not in told)
    return related((*told.values(), *unrelated(plan.SurveyPlan(rest), here.catalogue, context, progress)))


def _differing(one: Tree, other: Tree) -> frozenset[str]:
    """Paths that only one of two trees has, or with another content."""
    common = one.paths & other.paths
    return (one.paths ^ other.paths) | {path for path in common if one.content_id(path) != other.content_id(path)}


def _of_differing(
    here: HeadSurvey, inspector: Inspector, context: Context, differing: frozenset[str], progress: OnProgress
) -> dict[str, Answer]:
    """An inspector's answers for the base, put together; none of those that cannot be."""
    known = {a.check: a for a in here.report if a.check in inspector.checks and a.status.measured and a.share == 1}
    if not known:
        return {}
    looked_at = differing.union(inspector.per_file_inputs or ())
    answers = _of_part(here, inspector, context, looked_at, known.keys(), progress)
    sizes: Mapping[str, int] = {}
    if any(_size_matters(known[check], answer) for check, answer in answers.items()):
        ours = _of_part(here, inspector, here.context, looked_at, answers.keys(), progress)
        sizes = {check: _size(known[check]) - _size(answer) for check, answer in ours.items()}
        answers = {check: answer for check, answer in answers.items() if check in sizes}
    unchanged = context.tree.paths - looked_at
    return {
        check: Answer.of_findings(
            check,
            (*answer.findings, *_kept(inspector, known[check], unchanged)),
            basis=_sized(known[check].basis, sizes.get(check, 0) + _size(answer)),
        )
        for check, answer in answers.items()
    }


def _of_part(
    here: HeadSurvey, inspector: Inspector, context: Context, paths: Collection[str], checks: Collection[str],
    progress: OnProgress,
) -> dict[str, Answer]:  # fmt: skip
    """An inspector's complete answers about some of a tree's files."""
    part = replace(context.tree, files=tuple(f for f in context.tree.files if f.path in paths))
    settings = replace(context.settings, history="none")
    reduced = replace(context, tree=part, settings=settings)
    steps = plan.make(here.catalogue, (inspector,), reduced, here.disabled).steps
    mine = plan.SurveyPlan(tuple(step for step in steps if step.check in checks))
    return {
        answer.check: answer
        for answer in unrelated(mine, here.catalogue, reduced, progress)
        if answer.status is Status.NA or (answer.status.measured and answer.share == 1)
    }


def _size(answer: Answer) -> int:
    """How much was searched, where that counts."""
    return answer.basis.size if isinstance(answer.basis, Density) else 0


def _size_matters(here: Answer, there: Answer) -> bool:
    """Whether the base can be larger than one unit: in a smaller tree every size is worth the same."""
    return isinstance(here.basis, Density) and _size(here) + _size(there) > here.basis.unit.thing_count


def _sized(basis: GradingBasis, size: int) -> GradingBasis:
    return replace(basis, size=size) if isinstance(basis, Density) else basis


def _kept(inspector: Inspector, answer: Answer, paths: Collection[str]) -> tuple[Finding, ...]:
    """The findings of an inspector in some files of the tree, each as it reports it by itself."""
    found = own(answer.findings, inspector.rules.families)
    return tuple(f for f in found if not f.commit and f.location.path in paths)


@dataclass(frozen=True, slots=True)
class Earlier:
    """A report of an earlier run."""

    name: str
    document: ReportOut


def earlier(path: Path) -> Earlier:
    """
    Read a report.json.

    Raises:
        UsageError: it is none.
    """
    try:
        with path.open("rb") as file:
            return Earlier(path.name, json.loads(file.read(json.SIZE_LIMIT + 1)))
    except OSError as error:
        raise UsageError(f"cannot be read: {error.strerror}", where=str(path)) from error


def with_earlier(here: HeadSurvey, before: Earlier) -> Comparison:
    """Compare with an earlier run, of which only the report is left."""
    report = reading.report_of(before.document)
    number = score.score(report, here.catalogue, weights=here.context.settings.weights)
    base = Side(report, number, before.document.model.sha256)
    label = f"{before.name} of {before.document.volatile.started[:10]}"
    return compare(base, here.side, commit=report.subject.commit, label=label)
