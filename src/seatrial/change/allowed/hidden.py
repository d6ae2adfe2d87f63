"""
The findings that a tree hides: what the inspectors concerned find in a copy without the words, and not in the tree.

The tools themselves say it. So every form of a comment counts that a tool honours, and none that it does not.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from seatrial.change.comparing import HeadSurvey
from seatrial.domain import Answer, Confidence, Finding, Report, Status
from seatrial.domain.allowance import AllowanceKind, Allowed
from seatrial.inspectors import plan
from seatrial.inspectors.base import Context, Inspector
from seatrial.inspectors.python import inspector as python_code
from seatrial.inspectors.registry import INSPECTORS
from seatrial.inspectors.survey import OnProgress, related, survey
from seatrial.system.source import Tree
from seatrial.verdict.same_fact import apart, once, own, with_findings

from . import configuration
from .sources import AllowSources
from .view import lay_out
from .words import Word

_HONOURED: Mapping[AllowanceKind, frozenset[str]] = {
    AllowanceKind.SEATRIAL: frozenset(
        {"compose", "dockerfile", "environment", "kubernetes", "prometheus", "secrets", "workflows"}
    ),
    AllowanceKind.NOSEC: frozenset({"python"}),
    AllowanceKind.HADOLINT: frozenset({"dockerfile"}),
    AllowanceKind.SHELLCHECK: frozenset({"dockerfile", "workflows"}),
    AllowanceKind.ZIZMOR: frozenset({"workflows"}),
    AllowanceKind.GITLEAKS: frozenset({"secrets"}),
    AllowanceKind.PRAGMA: frozenset({"secrets"}),
}
"""The inspectors that each word is for."""


@dataclass(frozen=True, slots=True)
class Hidden:
    """What a tree hides."""

    answers: Mapping[str, Answer]
    """By check: the answers with what is hidden; only those that it changes."""
    allowed: tuple[Allowed, ...]
    """The findings that these answers have more, worst first."""
    seen: Mapping[str, Answer] = field(default_factory=dict)
    """By check: the answers of the copy, as far as it was surveyed."""


Concerned = Mapping[str, frozenset[str] | None]
"""The inspectors to ask, each with the files that may hold something hidden; None: all of them."""


def find(here: HeadSurvey, sources: AllowSources, progress: OnProgress) -> Hidden:
    """
    Survey the tree without the effect of some words and configurations.

    Raises:
        InspectorError: the copy cannot be written.
        OSError: a file is gone meanwhile.
        Interrupted: by the user.
    """
    concerned = _concerned(sources)
    if not concerned:
        return Hidden({}, ())
    seen = resurveyed(here, sources.contents(here.context.tree), concerned, progress)
    given = {answer.check: answer for answer in here.report}
    answers = dict[str, Answer]()
    more = dict[str, tuple[Finding, ...]]()
    for check, answer in seen.items():
        paths = _origins(concerned[_inspector_of(check)], sources)
        known = apart(given[check].findings)
        more[check] = _missing(_at_origin(answer.findings, sources), known, paths, sources.weakened)
    stronger = frozenset(_place(f) for every in more.values() for f in every if f.location.path in sources.weakened)
    for check, answer in seen.items():
        whole = concerned[_inspector_of(check)] is None
        trimmed = _without_weaker(given[check], stronger)
        changed = trimmed.findings != given[check].findings
        joined = _joined(trimmed, answer, more[check], whole=whole, changed=changed)
        if joined is not None:
            answers[check] = joined
    every = (finding for found in more.values() for finding in found)
    allowed = sorted(
        _listed(every, sources, here.report.subject.folder), key=lambda one: (-one.severity, one.rule, one.location)
    )
    return Hidden(_related(given, answers), tuple(allowed), seen)


def resurveyed(
    here: HeadSurvey, contents: Mapping[str, bytes | None], concerned: Concerned, progress: OnProgress
) -> dict[str, Answer]:
    """
    The answers, by check, of some inspectors for a copy of the tree in which files have other contents.

    Raises:
        InspectorError: the copy cannot be written.
        Interrupted: by the user.
    """
    with tempfile.TemporaryDirectory(prefix="seatrial-allowed-") as directory:
        root = Path(directory) / (here.context.tree.root.name or "tree")
        root.mkdir()
        tree = lay_out(here.context.tree, root, contents)
        settings = replace(here.context.settings, path=root, history="none")
        context = replace(here.context, tree=tree, settings=settings)
        seen: list[Answer] = []
        for inspector in INSPECTORS:
            if inspector.name in concerned and not inspector.live:
                seen += _asked(here, inspector, _narrowed(context, inspector, concerned[inspector.name]), progress)
    return {answer.check: answer for answer in seen}


def _concerned(sources: AllowSources) -> Concerned:
    found: dict[str, frozenset[str] | None] = {}
    for path, words in sources.words.items():
        for name in {name for word in words for name in _HONOURED[word.kind]}:
            found[name] = (found.get(name) or frozenset()) | {path}
    for path, escape in sources.escapes.items():
        for name in ALL if escape.inspectors is None else escape.inspectors:
            found[name] = (found.get(name) or frozenset()) | {path}
    return found | dict.fromkeys(map(configuration.inspector_of, sources.configurations), None)


_FAMILIES = {inspector.name: frozenset(inspector.rules.families) for inspector in INSPECTORS}
"""What the ids of each inspector's rules begin with."""
ALL = frozenset(inspector.name for inspector in INSPECTORS if not inspector.live)
"""The names of the inspectors that read files."""


def _at_origin(findings: Iterable[Finding], sources: AllowSources) -> tuple[Finding, ...]:
    """The findings at the places that their files have in the change, as the inspectors there would have them."""
    moved = [
        replace(finding, location=replace(finding.location, path=sources.origin(finding.location.path)))
        for finding in findings
    ]
    return tuple(python_code.set_aside(moved)[0])


def _origins(paths: frozenset[str] | None, sources: AllowSources) -> frozenset[str] | None:
    return None if paths is None else frozenset(map(sources.origin, paths))


def _inspector_of(check: str) -> str:
    return next(inspector.name for inspector in INSPECTORS if check in inspector.checks)


def _narrowed(context: Context, inspector: Inspector, paths: frozenset[str] | None) -> Context:
    """Only the files with words, for an inspector that judges each file by itself."""
    if paths is None or inspector.per_file_inputs is None:
        return context
    wanted = paths.union(inspector.per_file_inputs)
    tree = context.tree
    return replace(context, tree=_part(tree, wanted))


def _part(tree: Tree, paths: frozenset[str]) -> Tree:
    return replace(tree, files=tuple(f for f in tree.files if f.path in paths), unread={})


def _asked(here: HeadSurvey, inspector: Inspector, context: Context, progress: OnProgress) -> Iterable[Answer]:
    steps = plan.make(here.catalogue, (inspector,), context, here.disabled).steps
    mine = plan.SurveyPlan(tuple(step for step in steps if step.asked and step.check in inspector.checks))
    return survey(mine, here.catalogue, context, progress) if mine.steps else ()


def _place(finding: Finding) -> tuple[object, ...]:
    at = finding.location
    return finding.rule, at.path, at.line, at.column, finding.subject, finding.commit


def _weight(finding: Finding) -> tuple[bool, int]:
    return finding.confidence is not Confidence.LOW, finding.severity


def _missing(
    found: Iterable[Finding], known: Iterable[Finding], paths: frozenset[str] | None, weakened: frozenset[str]
) -> tuple[Finding, ...]:
    """
    The findings at places where the others have none of that rule.

    Args:
        found: of the copy.
        known: of the tree.
        paths: only findings in these; None: in all.
        weakened: paths in which a finding that weighs less is another one.
    """
    left: dict[tuple[object, ...], list[tuple[bool, int]]] = {}
    for finding in known:
        left.setdefault(_place(finding), []).append(_weight(finding))
    missing = []
    for finding in found:
        weights, path = left.get(_place(finding), []), finding.location.path
        same = _weight(finding) if path in weakened else min(weights, default=None)
        if same in weights:
            weights.remove(same)
        elif paths is None or path in paths:
            missing.append(finding)
    return tuple(missing)


def _without_weaker(given: Answer, stronger: frozenset[tuple[object, ...]]) -> Answer:
    """
    The answer without the findings that weigh less, at places where there are stronger ones now.

    Of a joined finding, whose parts other checks report too, what is left is this check's own part.
    """
    left: list[Finding] = []
    for finding in given.findings:
        parts = tuple(apart((finding,)))
        kept = tuple(part for part in parts if _place(part) not in stronger)
        if kept == parts:
            left.append(finding)
        else:
            left += (part for part in own((finding,), _families_of(given.check)) if part in kept)
    return replace(given, findings=tuple(left))


def _related(given: Mapping[str, Answer], answers: Mapping[str, Answer]) -> dict[str, Answer]:
    """
    The answers that differ, with one finding for each fact: what was hidden may be about the same as what was not.

    Args:
        given: of the tree, by check.
        answers: those that count what is hidden, by check.
    """
    if not answers:
        return {}
    parts = [
        with_findings(answer, tuple(own(answer.findings, _families_of(check))))
        for check, answer in {**given, **answers}.items()
    ]
    return {answer.check: answer for answer in related(parts) if answer != given.get(answer.check)}


def _families_of(check: str) -> frozenset[str]:
    return _FAMILIES[_inspector_of(check)]


def _joined(given: Answer, without: Answer, more: tuple[Finding, ...], *, whole: bool, changed: bool) -> Answer | None:
    """
    The answer that counts what is hidden; None if nothing is.

    Args:
        given: of the tree.
        without: of the copy.
        more: what only the copy has.
        whole: whether the copy's answer is about all files.
        changed: whether the tree's findings have become others.
    """
    if without.status is Status.ERROR and given.status.measured and (whole or given.share == 1):
        reason = f"what the tree hides could not be judged: {without.reason}"
        return Answer.error(given.check, reason, findings=given.findings, notes=given.notes)
    if given.status is Status.ERROR and not whole:
        found = (*given.findings, *more)
        return Answer.error(given.check, given.reason, findings=found, notes=given.notes) if more else None
    if not given.status.measured:
        if more:
            whole_share = without.share if without.status.measured else given.share
            found = (*given.findings, *more)
            return Answer.of_findings(given.check, found, share=whole_share, notes=without.notes)
        return without if given.status is Status.NA and without.status.measured else None
    share = min(given.share, without.share) if whole and without.status.measured else given.share
    if not more and not changed and share == given.share:
        return None
    joined = Answer.of_findings(
        given.check,
        (*given.findings, *more),
        share=share,
        evidence=given.evidence,
        measurements=given.measurements,
        notes=given.notes,
        basis=given.basis,
    )
    return replace(joined, unjudged=given.unjudged)


def _listed(findings: Iterable[Finding], sources: AllowSources, folder: str) -> Iterator[Allowed]:
    """What is hidden; a fact that one thing hides from several inspectors is listed once."""
    by_kind: dict[AllowanceKind, list[Finding]] = {}
    for finding in findings:
        by_kind.setdefault(_allowed(finding, sources, folder).kind, []).append(finding)
    for hidden in by_kind.values():
        yield from (_allowed(finding, sources, folder) for finding in once(hidden))


def _allowed(finding: Finding, sources: AllowSources, folder: str) -> Allowed:
    at = replace(finding.location, folder=folder)
    left = ((path, one) for path, one in sources.escapes.items() if one.at == at.path)
    for path, one in left:
        return Allowed(one.kind, finding.rule, finding.severity, at, one.reason(path))
    word = _nearest(finding, sources.words.get(at.path, ()))
    if word is None:
        return Allowed(AllowanceKind.CONFIGURATION, finding.rule, finding.severity, at)
    beside = finding.rule.startswith("secrets/") and at.line <= word.line <= max(at.line, at.end_line)
    holds_it = beside and at.column > word.column  # the secret itself follows the word
    return Allowed(word.kind, finding.rule, finding.severity, at, "" if holds_it else word.reason)


def _nearest(finding: Finding, words: Iterable[Word]) -> Word | None:
    """The word that hides a finding: the closest one that its inspector honours."""
    at = finding.location
    inspector = _inspector_by_rule(finding.rule)
    near = [word for word in words if inspector is None or inspector in _HONOURED[word.kind]]

    def distance(word: Word) -> tuple[bool, int]:
        last = max(at.line, at.end_line)
        if at.line <= word.line <= last:
            return False, 0
        return word.line > last, min(abs(word.line - at.line), abs(word.line - last))

    return min(near, key=distance, default=None)


_BY_FAMILY = {"bandit": "python", "hadolint": "dockerfile", "zizmor": "workflows", "secrets": "secrets"}


def _inspector_by_rule(rule: str) -> str | None:
    return _BY_FAMILY.get(rule.partition("/")[0])


def with_answers(report: Report, answers: Mapping[str, Answer]) -> Report:
    """A report in which some checks have other answers."""
    return replace(report, answers=tuple(answers.get(answer.check, answer) for answer in report))


def counting(allowed: Iterable[Allowed], *, counts: bool) -> Iterator[Allowed]:
    """The same as hidden by the change."""
    return (replace(one, by_change=True, counts=counts) for one in allowed)
