"""
What a change did: the findings of two surveys of one repository, told apart. Pure.

A finding is recognised by its fingerprint; one that moved to another line, another indentation or another file is
recognised by its rule, its anchor and the text that it stands on. Copies count: what stood once and stands twice was
introduced once.
"""

from __future__ import annotations

import enum
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from .domain import Answer, Confidence, Finding, Location, Report, Severity, Status
from .score import CheckScore, Score


class Change(enum.StrEnum):
    """What became of a finding between the base and this tree."""

    INTRODUCED = "introduced"
    """By this change: the file, or what the finding rests on, is another one."""
    NEWLY_KNOWN = "newly known"
    """The file is the same; a tool or its data knows more than it did."""
    UNMASKED = "unmasked"
    """The base's check was skipped, blocked or in error, so nobody can say since when it is there."""
    UNCHANGED = "unchanged"
    FIXED = "fixed"
    """In the base only."""


def _nothing(_place: Location) -> str | None:
    return None


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two surveys."""

    report: Report
    score: Score
    model: str
    """SHA-256 of the catalogue that it was made with."""
    contents: Mapping[str, str] | None = None
    """An id of every surveyed file's content, by path; None if nobody knows (an old report)."""
    text: Callable[[Location], str | None] = _nothing
    """What stands at a place, white space folded; None if nobody knows."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """This survey beside one of the base. Numbers are of the checks that were fully measured on both sides."""

    commit: str
    """Full object name of what was compared with; empty if a report file does not tell."""
    label: str
    """For people: `main at 1a2b3c4`, `report.json of 2026-11-20`."""
    changes: Mapping[str, Change] = field(default_factory=dict)
    """Of every finding of this survey, by fingerprint."""
    fixed: tuple[Finding, ...] = ()
    """Findings of the base that are gone."""
    score: Fraction | None = None
    """Difference of the score, -100..100, before caps; None without a check measured on both sides."""
    categories: Mapping[str, Fraction] = field(default_factory=dict)
    """Difference of the category scores, -10..10, by category id; only where both sides measured a check."""
    coverage: Fraction = Fraction(0)
    """Difference of the coverage, -1..1."""
    regressions: tuple[str, ...] = ()
    """Checks that passed in the base and fail here."""
    common: int = 0
    """Checks measured on both sides."""
    worths: Mapping[str, Fraction] = field(default_factory=dict)
    """What each check that was fully measured in the base was worth there, 0..1."""
    notes: tuple[str, ...] = ()
    """What makes the two less comparable, a sentence each: other tools, another model."""

    def of(self, finding: Finding) -> Change:
        """What became of a finding of this survey."""
        return self.changes.get(finding.fingerprint, Change.INTRODUCED)

    def introduced(self, findings: Iterable[Finding], least: Severity = Severity.LOW) -> tuple[Finding, ...]:
        """Those that this change brought in, of at least a severity; guesses (low confidence) count as low."""
        new = (f for f in findings if self.of(f) is Change.INTRODUCED)
        return tuple(f for f in new if (Severity.LOW if f.confidence is Confidence.LOW else f.severity) >= least)

    def difference(self, score: Score) -> Fraction | None:
        """Of a score of this survey's checks, before caps, to the base's: -100..100; None without common checks."""
        return _difference(score.checks, self.worths, 100)

    def regressed(self, score: Score) -> tuple[str, ...]:
        """The checks that passed in the base and fail in a score."""
        failed = (c.check.id for c in score.checks if c.answer.status in (Status.FAIL, Status.FLAKY))
        return tuple(check for check in failed if self.worths.get(check) == 1)


def compare(base: Side, head: Side, *, commit: str, label: str) -> Comparison:
    """
    Tell apart what a change introduced, what it fixed, and what has nothing to do with it.

    Args:
        base: the survey of what the change is based on.
        head: the survey of the change.
        commit: full object name of the base; may be empty.
        label: what people call the base.
    """
    known = {f.fingerprint for f in base.report.findings}
    changes = {f.fingerprint: Change.UNCHANGED for f in head.report.findings if f.fingerprint in known}
    moved = dict(_moved(base, head, changes))
    gone = set(known) - set(changes) - set(moved.values())
    changes |= dict.fromkeys(moved, Change.UNCHANGED)
    classify = _Classifier(base, head)
    changes |= {f.fingerprint: classify(f) for f in head.report.findings if f.fingerprint not in changes}
    same_model = base.model == head.model
    worths = {c.check.id: c.worth for c in base.score.checks if _complete(c) and c.worth is not None}
    bare = Comparison(commit, label, worths=worths if same_model else {})
    return Comparison(
        commit,
        label,
        changes,
        fixed=tuple(_fixed(base, head, gone)),
        score=bare.difference(head.score),
        categories=dict(_categories(head.score, bare.worths)),
        coverage=(head.score.coverage or Fraction(0)) - (base.score.coverage or Fraction(0)),
        regressions=bare.regressed(head.score),
        common=sum(_complete(c) and c.check.id in bare.worths for c in head.score.checks),
        worths=bare.worths,
        notes=tuple(_notes(base, head)),
    )


def _moved(base: Side, head: Side, unchanged: Mapping[str, Change]) -> Iterator[tuple[str, str]]:
    """Pairs of fingerprints, here and in the base, of findings that only moved; each is in one pair at most."""
    left: defaultdict[tuple[str, str, str], list[Finding]] = defaultdict(list)
    for finding in base.report.findings:
        if finding.fingerprint not in unchanged and not finding.commit:
            left[_key(finding, base)].append(finding)
    for finding in head.report.findings:
        if finding.fingerprint in unchanged or finding.commit:
            continue
        candidates = left.get(_key(finding, head)) or left.get(_key(finding, None), [])
        fitting = [f for f in candidates if _may_have_moved(f, base, finding, head)]
        if fitting:
            nearest = min(fitting, key=lambda f: (f.location.path != finding.location.path, f.occurrence, f.location))
            candidates.remove(nearest)
            yield finding.fingerprint, nearest.fingerprint


def _key(finding: Finding, side: Side | None) -> tuple[str, str, str]:
    """What two findings that are one have in common. The text may hold a secret: it is compared and not kept."""
    text = side.text(finding.location) if side is not None else None
    return finding.rule, " ".join(finding.anchor.split()), text or ""


def _may_have_moved(before: Finding, base: Side, after: Finding, head: Side) -> bool:
    """Without the text only a file that is gone can have given its findings to another one."""
    if base.text(before.location) is not None and head.text(after.location) is not None:
        return True
    return head.contents is not None and before.location.path not in head.contents


class _Classifier:
    """Where a finding that the base does not have comes from."""

    def __init__(self, base: Side, head: Side) -> None:
        self._base, self._head = base, head
        self._answers = {answer.check: answer for answer in base.report}
        self._check = {f.fingerprint: a.check for a in head.report for f in a.findings}
        self._other_tools = bool(_other_versions(base, head)) or base.model != head.model

    def __call__(self, finding: Finding) -> Change:
        before = self._answers.get(self._check[finding.fingerprint])
        if finding.commit:
            return Change.INTRODUCED  # one of the change's own commits brought it in
        same = self._same_file(finding.location.path)
        if not self._asked(before, same=same):
            return Change.UNMASKED
        return Change.NEWLY_KNOWN if same and self._other_tools else Change.INTRODUCED

    def _same_file(self, path: str) -> bool:
        if self._base.contents is None or self._head.contents is None:
            return False
        here = self._head.contents.get(path)
        return here is not None and here == self._base.contents.get(path)

    def _asked(self, before: Answer | None, *, same: bool) -> bool:
        """Whether the base would have told. A check with nothing to ask there had nothing to find, and so would."""
        if before is None:
            return False
        if before.status is Status.NA:
            return True
        return before.status.measured and (before.share == 1 or not same)


def _fixed(base: Side, head: Side, gone: set[str]) -> Iterator[Finding]:
    """What is gone and was looked for. Where this survey could not look, nothing is known to be fixed."""
    looked = {a.check for a in head.report if a.status is Status.NA or (a.status.measured and a.share == 1)}
    for answer in base.report:
        if answer.check in looked:
            yield from (f for f in answer.findings if f.fingerprint in gone)


def _complete(check: CheckScore) -> bool:
    return check.worth is not None and check.answer.share == 1 and check.points > 0


def _difference(checks: Iterable[CheckScore], worths: Mapping[str, Fraction], scale: int) -> Fraction | None:
    both = [c for c in checks if _complete(c) and c.check.id in worths]
    points = sum((c.points for c in both), Fraction(0))
    if not points:
        return None
    return scale * sum((c.points * ((c.worth or 0) - worths[c.check.id]) for c in both), Fraction(0)) / points


def _categories(score: Score, worths: Mapping[str, Fraction]) -> Iterator[tuple[str, Fraction]]:
    for category in score.categories:
        difference = _difference(category.checks, worths, 10)
        if difference is not None:
            yield category.category.id, difference


def _notes(base: Side, head: Side) -> Iterator[str]:
    if base.model != head.model:
        yield "The base was scored with another model, so the scores are not compared."
    if others := _other_versions(base, head):
        changed = ", ".join(f"{name} {before} → {after}" for name, before, after in others)
        yield f"The base was surveyed with other versions: {changed}."


def _other_versions(base: Side, head: Side) -> tuple[tuple[str, str, str], ...]:
    """Tools that took part in both surveys in different versions."""
    before = {tool.name: tool.version for tool in base.report.tools}
    return tuple(
        (tool.name, before[tool.name], tool.version)
        for tool in head.report.tools
        if before.get(tool.name, tool.version) != tool.version
    )
