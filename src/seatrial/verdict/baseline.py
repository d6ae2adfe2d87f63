"""
What a change did: the findings of two surveys of one repository, compared. Pure.

A finding is recognised by its fingerprint; a moved finding is recognised by its rule, its anchor and the text of its
line. Copies count: what was there once and is there twice was introduced once.
"""

from __future__ import annotations

import enum
from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from seatrial.domain import Answer, Finding, Location, Report, Severity, Status

from .score import CheckScore, Score


class FindingChange(enum.StrEnum):
    """What became of a finding between the base and this tree."""

    INTRODUCED = "introduced"
    """By this change: the file, or what the finding rests on, is another one."""
    NEWLY_KNOWN = "newly known"
    """The file is the same; a tool or its data knows more than it did."""
    UNMASKED = "unmasked"
    """The base's check was skipped, blocked or in error, so it is unknown since when it is there."""
    UNCHANGED = "unchanged"
    FIXED = "fixed"
    """In the base only."""


_FindingKey = Callable[[Finding], object]
"""What two findings that are one have in common; None: unknown. Texts may hold secrets: none is kept."""


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two surveys."""

    report: Report
    score: Score
    model: str
    """SHA-256 of the catalogue that it was made with."""
    contents: Mapping[str, str] | None = None
    """An id of every surveyed file's content, by path; None if unknown (an old report)."""
    text: Callable[[Location], str | None] | None = None
    """The text at a place, white space folded; None if it names no line. No function: unknown (an old run)."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """This survey beside one of the base. Numbers are of the checks that were fully measured on both sides."""

    commit: str
    """Full object name of what was compared with; empty if a report file does not tell."""
    label: str
    """For people: `main at 1a2b3c4`, `report.json of 2026-11-20`."""
    changes: Mapping[str, FindingChange] = field(default_factory=dict)
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

    def of(self, finding: Finding) -> FindingChange:
        """What became of a finding of this survey."""
        return self.changes.get(finding.fingerprint, FindingChange.INTRODUCED)

    def introduced(self, findings: Iterable[Finding], least: Severity = Severity.LOW) -> tuple[Finding, ...]:
        """Those that this change brought in, of at least a severity; guesses (low confidence) count as low."""
        new = (f for f in findings if self.of(f) is FindingChange.INTRODUCED)
        return tuple(f for f in new if f.counts_as >= least)

    def difference(self, score: Score) -> Fraction | None:
        """Of a score of this survey's checks, before caps, to the base's: -100..100; None without common checks."""
        return _difference(score.checks, self.worths, 100)

    def by_category(self, score: Score) -> Mapping[str, Fraction]:
        """The same for each category, -10..10; only where both sides measured a check."""
        return dict(_categories(score, self.worths))

    def in_common(self, score: Score) -> int:
        """How many checks were fully measured on both sides."""
        return sum(_complete(c) and c.check.id in self.worths for c in score.checks)

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
    pairs = _Pairs(base, head)
    changes = dict.fromkeys(pairs.of, FindingChange.UNCHANGED)
    gone = {f.fingerprint for f in base.report.findings} - set(pairs.of.values())
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
        categories=bare.by_category(head.score),
        coverage=(head.score.coverage or Fraction(0)) - (base.score.coverage or Fraction(0)),
        regressions=bare.regressed(head.score),
        common=bare.in_common(head.score),
        worths=bare.worths,
        notes=tuple(_notes(base, head)),
    )


class _Pairs:
    """
    Which finding here is which one of the base; each is in one pair at most.

    A fingerprint alone would not do: it counts the findings of one anchor in a file, and an anchor masks what may be
    secret. So files that did not change are paired by fingerprint; in the others first the same text in the same
    file, then in another file, then a similar text.
    """

    def __init__(self, base: Side, head: Side) -> None:
        self._base, self._head = base, head
        self.of: dict[str, str] = {}
        """Fingerprints here, and what they are in the base."""
        self._taken: set[str] = set()
        self._pair(self._identical, self._identical)
        self._pair(self._same_place(base), self._same_place(head))
        self._pair(self._same_text(base, head), self._same_text(head, base))
        self._pair(lambda f: f.fingerprint, lambda f: f.fingerprint)

    def _pair(self, key_before: _FindingKey, key_after: _FindingKey) -> None:
        """Pair what has equal keys, in the order of the files; a finding whose key is None waits for another try."""
        left: defaultdict[object, deque[Finding]] = defaultdict(deque)
        for finding in sorted(self._base.report.findings, key=_in_files):
            if finding.fingerprint not in self._taken and (key := key_before(finding)) is not None:
                left[key].append(finding)
        for finding in sorted(self._head.report.findings, key=_in_files):
            if finding.fingerprint in self.of or not left:
                continue
            key = key_after(finding)
            if key is not None and left.get(key):
                twin = left[key].popleft().fingerprint
                self.of[finding.fingerprint] = twin
                self._taken.add(twin)

    def _identical(self, finding: Finding) -> object:
        return finding.fingerprint if _same_file(self._base, self._head, finding.location.path) else None

    def _same_place(self, side: Side) -> _FindingKey:
        def key(finding: Finding) -> object:
            text = side.text(finding.location) if side.text else None
            return None if text is None else (finding.rule, finding.location.path, _anchor(finding), text)

        return key

    def _same_text(self, side: Side, other: Side) -> _FindingKey:
        """Without texts, only a deleted file can have given its findings to a new one."""
        texts = side.text if side.text and other.text else None

        def key(finding: Finding) -> object:
            text = texts(finding.location) if texts else None
            still_there = other.contents is not None and finding.location.path in other.contents
            if finding.commit or (text is None and still_there):
                return None
            return finding.rule, _anchor(finding), text or ""

        return key


def _in_files(finding: Finding) -> tuple[object, ...]:
    return (finding.location, finding.occurrence)


def _anchor(finding: Finding) -> str:
    return " ".join(finding.anchor.split())


def _same_file(base: Side, head: Side, path: str) -> bool:
    if base.contents is None or head.contents is None:
        return False
    here = head.contents.get(path)
    return here is not None and here == base.contents.get(path)


class _Classifier:
    """Where a finding that the base does not have comes from."""

    def __init__(self, base: Side, head: Side) -> None:
        self._base, self._head = base, head
        self._answers = {answer.check: answer for answer in base.report}
        self._check = {f.fingerprint: a.check for a in head.report for f in a.findings}
        self._other_tools = bool(_other_versions(base, head)) or base.model != head.model

    def __call__(self, finding: Finding) -> FindingChange:
        before = self._answers.get(self._check[finding.fingerprint])
        if finding.commit:
            return FindingChange.INTRODUCED  # one of the change's own commits brought it in
        same = _same_file(self._base, self._head, finding.location.path)
        if not self._asked(before, same=same):
            return FindingChange.UNMASKED
        return FindingChange.NEWLY_KNOWN if same and self._other_tools else FindingChange.INTRODUCED

    def _asked(self, before: Answer | None, *, same: bool) -> bool:
        """Whether the base would have shown it. A check with nothing to ask there had nothing to find, and so would."""
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
