"""
What a run knows, from the smallest fact up.

    Location -> Finding -> Answer -> Report          Check: the question that an Answer answers

Everything here is frozen, free of I/O, and complete when made. Every other module speaks these types.
"""

from __future__ import annotations

import enum
import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from fractions import Fraction

from .extent import Extent
from .grading import Basis, Grade, Measure, Share, Unit
from .measured import Experiment, Measurement
from .severity import Confidence, Severity

__all__ = [
    "Answer", "Basis", "Check", "Confidence", "Effort", "Finding", "Location", "Report", "Severity", "Share", "Status",
    "Subject", "Tool", "numbered", "worst_first",
]  # fmt: skip


class Status(enum.StrEnum):
    """How a check ended."""

    PASS = "pass"  # noqa: S105 - a status, no password
    FAIL = "fail"
    FLAKY = "flaky"
    """Repeats disagreed; measured, and for the gate a failure."""
    SKIP = "skip"
    """Not asked, by choice."""
    ERROR = "error"
    """We could not answer: our tool's failure, never the repository's."""
    BLOCKED = "blocked"
    """A prerequisite failed first."""
    NA = "na"
    """There is nothing to ask, with evidence. The only status outside the denominator of coverage."""

    @property
    def measured(self) -> bool:
        """Whether the answer counts as evidence."""
        return self in (Status.PASS, Status.FAIL, Status.FLAKY)

    @property
    def applicable(self) -> bool:
        """Whether the question belongs to this repository."""
        return self is not Status.NA


class Effort(enum.StrEnum):
    """What a fix costs, in three sizes; the path to pass minimises the sum."""

    SMALL = "S"
    MEDIUM = "M"
    LARGE = "L"

    @property
    def cost(self) -> int:
        """Relative cost: 1, 3, 8."""
        return {Effort.SMALL: 1, Effort.MEDIUM: 3, Effort.LARGE: 8}[self]


@dataclass(frozen=True, slots=True)
class Check:
    """One question of the catalogue. `id` is for machines and never changes; `title` may."""

    id: str
    title: str
    category: str
    severity: Severity
    """Of a plain failure; findings carry their own."""
    weight: int = 1
    """Share of the category's points, relative to its other checks."""
    required: bool = False
    """Whether the gate is inconclusive while this has no answer."""
    needs: tuple[str, ...] = ()
    """Checks that must have passed before this one can be asked."""
    effort: Effort = Effort.SMALL
    per: Unit | None = None
    """Of a detector: what the density of its findings is counted for; None where the check is about subjects."""
    fix: str = ""
    """What to do, in the imperative: `add a healthcheck`. Empty: the title has to do."""

    @property
    def measure(self) -> Measure:
        """How its findings become its value."""
        return Measure.SHARE if self.per is None else Measure.DENSITY


@dataclass(frozen=True, slots=True, order=True)
class Location:
    """A place in the repository. Lines and columns count from 1, as report formats want them; 0 means none."""

    path: str
    """Relative to the surveyed tree, with `/`."""
    line: int = 0
    column: int = 0
    end_line: int = 0
    end_column: int = 0
    folder: str = field(default="", compare=False, repr=False)
    """The surveyed directory's path in the repository; empty for the repository itself, and until it is known."""

    @property
    def repository_path(self) -> str:
        """The path as git names it. What readers see; identity hangs on `path`."""
        return f"{self.folder}/{self.path}" if self.folder else self.path

    def __str__(self) -> str:
        """`path:line:column` from the repository's root, as far as known: terminals make it a link."""
        return ":".join([self.repository_path, *(str(n) for n in (self.line, self.column) if n)])


ABSENT = "absent"
"""The anchor of a practice's finding that is about the repository, and not about one thing in it."""
_OF_THE_WHOLE = "practices/"
"""Rules of this family alone leave the path out: the anchor of another rule can be text of a hostile file."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong. There are no findings that say something is fine."""

    rule: str
    """`family/name`, for instance `bandit/B602`, `compose/privileged`, `secrets/github-pat`."""
    severity: Severity
    confidence: Confidence
    message: str
    """One sentence: what is wrong here. Never holds a secret."""
    location: Location
    remedy: str = ""
    """What to do, as text or as a snippet to paste."""
    related: tuple[Location, ...] = ()
    subject: str = ""
    """The thing inside the file that it is about: a Compose service, a workflow's job."""
    anchor: str = field(default="", repr=False)
    """
    What identifies this occurrence: normalised source text or a structural path, already redacted.
    Line numbers move when unrelated text does, so identity hangs on this instead.
    """
    occurrence: int = 1
    """The n-th finding with this rule, path and anchor, from the top of the file."""
    cause: str = ""
    """Findings with one cause have one fix; empty: this finding is its own cause."""
    commit: str = ""
    """The commit that holds it, if it is no longer in the tree (history scans)."""
    about: tuple[str, ...] = field(default=(), repr=False)
    """The keys of the subjects that it makes wrong (grading.Judged); empty: all that its check is about."""
    joined: tuple[Finding, ...] = field(default=(), compare=False, repr=False)
    """What inspectors reported of the same fact, this one included; empty if only one did. Not in any report."""

    @property
    def is_nowhere(self) -> bool:
        """
        Whether it is about something that the whole repository lacks. Its path is only a place to show it.

        The path is then the first file that shows what the repository is. A new file with an earlier name takes its
        place, and the finding is the same one.
        """
        return self.anchor == ABSENT and self.rule.startswith(_OF_THE_WHOLE)

    @property
    def fingerprint(self) -> str:
        """An identity that survives a move to another line and changes with the code; 32 hex digits."""
        text = "\0".join((*_kin(self), str(self.occurrence)))
        return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()[:32]

    def placed(self, folder: str) -> Finding:
        """The same finding, in a directory of the repository that was surveyed by itself."""
        related = tuple(replace(at, folder=folder) for at in self.related)
        return replace(self, location=replace(self.location, folder=folder), related=related)

    @property
    def counts_as(self) -> Severity:
        """The severity that it counts as: a guess counts as low."""
        return Severity.LOW if self.confidence is Confidence.LOW else self.severity

    @property
    def grade(self) -> Grade:
        """What it counts as: its severity, or a guess."""
        return Grade.of(self)

    @property
    def root(self) -> str:
        """The root cause that this finding belongs to."""
        return self.cause or self.fingerprint


@dataclass(frozen=True, slots=True)
class Answer:
    """
    What one check came to. Build it with the named constructors.

    Raises:
        ValueError: if the parts contradict each other (a value outside 0..1, a missing reason, ...).
    """

    check: str
    status: Status
    value: Fraction | None = None
    """0..1, exact; `None` unless measured."""
    share: Fraction = Fraction(1)
    """How much of the question was answered, 0..1: 9 of 10 files read is 9/10. The rest counts as not measured."""
    findings: tuple[Finding, ...] = ()
    reason: str = ""
    """Why there is no measurement (`skip`, `error`, `blocked`) or nothing to measure (`na`)."""
    evidence: str = ""
    """What was looked at, in one line."""
    measurements: tuple[Measurement, ...] = ()
    notes: tuple[str, ...] = ()
    """What a reader should know besides: files left out, suppressions honoured, ..."""
    experiments: tuple[Experiment, ...] = ()
    """What the answer of a live check rests on."""
    basis: Basis = field(default=Share())
    """What a value with findings is made from: the subjects that were judged, or how much was searched."""
    unjudged: tuple[tuple[str, str], ...] = field(default=(), compare=False)
    """Parts of the question that were not fully judged: name and reason. The notes say the same to readers."""
    duration: float = field(default=0.0, compare=False)
    """Seconds; volatile, outside every digest."""

    def __post_init__(self) -> None:
        """Refuse a contradiction where it is made, not where it is read."""
        if self.status.measured != (self.value is not None):
            raise ValueError(f"{self.check}: {self.status} with value {self.value}")
        if self.value is not None and not 0 <= self.value <= 1:
            raise ValueError(f"{self.check}: value {self.value} is outside 0..1")
        if not 0 < self.share <= 1:
            raise ValueError(f"{self.check}: share {self.share} is not within 0..1, or is 0: then it is an error")
        if not self.status.measured and not self.reason.strip():
            raise ValueError(f"{self.check}: {self.status} needs a reason")
        if self.status is Status.PASS and self.findings:
            raise ValueError(f"{self.check}: passed with findings")

    @classmethod
    def of_findings(
        cls,
        check: str,
        findings: Iterable[Finding],
        *,
        share: Fraction = Fraction(1),
        evidence: str = "",
        measurements: Iterable[Measurement] = (),
        notes: Iterable[str] = (),
        basis: Basis = Share(),  # noqa: B008 - frozen
    ) -> Answer:
        """A check that looked, at `share` of what there is: clean is a pass, anything found a graded failure."""
        found = numbered(findings)
        return cls(
            check,
            Status.FAIL if found else Status.PASS,
            basis.value(found),
            share,
            found,
            evidence=evidence,
            measurements=tuple(measurements),
            notes=tuple(notes),
            basis=basis,
        )

    @classmethod
    def of_extent(
        cls,
        check: str,
        extent: Extent,
        findings: Iterable[Finding],
        *,
        absent: str,
        evidence: str = "",
        measurements: Iterable[Measurement] = (),
        notes: Iterable[str] = (),
        basis: Basis = Share(),  # noqa: B008 - frozen
    ) -> Answer:
        """
        The answer of a check that lists what it is about; how much was measured follows from the list.

        Args:
            check: its id.
            extent: everything that the tree has for it, judged or not.
            findings: what is wrong.
            absent: the evidence that there is nothing to ask, where the extent is empty: `no Dockerfile in the tree`.
            evidence: what was looked at; by default the extent says it.
            measurements: numbers that it rests on.
            notes: what a reader should know besides; those of the extent come first.
            basis: what the value is made from.
        """
        found = numbered(findings)
        if not extent and not found:
            return cls.na(check, absent)
        said = tuple(dict.fromkeys((*extent.notes, *notes)))
        unjudged = tuple((part.name, part.reason) for part in extent.parts if part.judged < 1)
        if not extent.share:
            return replace(cls.error(check, said[0], findings=found, notes=said[1:]), unjudged=unjudged)
        measured = cls.of_findings(
            check,
            found,
            share=extent.share,
            evidence=evidence or extent.evidence,
            measurements=measurements,
            notes=said,
            basis=basis,
        )
        return replace(measured, unjudged=unjudged)

    @property
    def tally(self) -> str:
        """How much of what was judged is right, for people: `3 of 5 services`; empty unless measured."""
        return self.basis.tally(self.findings) if self.status.measured else ""

    def with_only(self, left: tuple[Finding, ...]) -> Answer:
        """
        The answer with only some of its findings left.

        A value that was made from the findings is made anew. Any other measured value is not ours to predict: it stays
        until nothing is left.
        """
        if not self.status.measured:
            return replace(self, findings=left)
        if not left:
            return replace(self, status=Status.PASS, value=Fraction(1), findings=())
        made = self.value == self.basis.value(self.findings)
        return replace(self, value=self.basis.value(left) if made else self.value, findings=left)

    @classmethod
    def skip(cls, check: str, reason: str) -> Answer:
        """Not asked, by choice (`--skip`, budget)."""
        return cls(check, Status.SKIP, reason=reason)

    @classmethod
    def error(cls, check: str, reason: str, *, findings: Iterable[Finding] = (), notes: Iterable[str] = ()) -> Answer:
        """We failed to answer, or to answer fully; what was found before is kept."""
        return cls(check, Status.ERROR, findings=numbered(findings), reason=reason, notes=tuple(notes))

    @classmethod
    def blocked(cls, check: str, reason: str) -> Answer:
        """A prerequisite failed first; the reason names it."""
        return cls(check, Status.BLOCKED, reason=reason)

    @classmethod
    def na(cls, check: str, evidence: str) -> Answer:
        """There is nothing to ask; `evidence` says how we know."""
        return cls(check, Status.NA, reason=evidence)


def numbered(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The findings in a stable order, with `occurrence` counted from the top of each file."""
    seen: Counter[tuple[str, str, str]] = Counter()
    result = []
    for finding in sorted(findings, key=_position):
        key = _kin(finding)
        seen[key] += 1
        result.append(replace(finding, occurrence=seen[key]))
    return tuple(sorted(result, key=_in_order))


def _kin(finding: Finding) -> tuple[str, str, str]:
    """Rule, path and anchor: what only its occurrence tells it apart from."""
    path = "" if finding.is_nowhere else finding.location.path
    return finding.rule, path, " ".join(finding.anchor.split())


def _position(finding: Finding) -> tuple[object, ...]:
    return (
        finding.location, finding.rule, finding.commit, finding.subject, finding.message, finding.anchor,
        finding.severity, finding.confidence, finding.cause, finding.remedy, finding.related, finding.about,
    )  # fmt: skip


def worst_first(finding: Finding) -> tuple[int, bool, int]:
    """The key by which findings are shown: by what they count as, guesses last, then by what a guess would be."""
    return -finding.counts_as, finding.confidence is Confidence.LOW, -finding.severity


def _in_order(finding: Finding) -> tuple[object, ...]:
    return (*worst_first(finding), finding.rule, *_position(finding))


@dataclass(frozen=True, slots=True)
class Subject:
    """What was surveyed."""

    name: str
    """The directory's or repository's name, for people."""
    commit: str = ""
    """Full object name of HEAD; empty outside git and before the first commit."""
    folder: str = field(default="", kw_only=True)
    """The surveyed directory's path in its repository, with `/`; empty for the repository itself."""
    dirty: bool = False
    """Whether the tree differs from `commit`."""
    digest: str = ""
    """SHA-256 over the surveyed paths and contents."""
    files: int = 0
    size: int = 0
    """Bytes of the surveyed files."""
    notes: tuple[str, ...] = ()
    """What of the tree was left out, and why."""


@dataclass(frozen=True, slots=True)
class Tool:
    """Something that took part, with the version that the answers depend on."""

    name: str
    version: str


@dataclass(frozen=True, slots=True)
class Report:
    """Everything that one run established. The same tree, tools and settings give an equal report."""

    subject: Subject
    answers: tuple[Answer, ...]
    tools: tuple[Tool, ...] = ()
    seed: int = 0
    interrupted: bool = False
    started: str = field(default="", compare=False)
    """RFC 3339, UTC; volatile."""
    duration: float = field(default=0.0, compare=False)
    """Seconds; volatile."""

    def __post_init__(self) -> None:
        """Sort, so that equal reports are equal byte for byte; and say where in the repository each finding is."""
        folder = self.subject.folder
        answers = (
            a if not folder else replace(a, findings=tuple(f.placed(folder) for f in a.findings)) for a in self.answers
        )
        object.__setattr__(self, "answers", tuple(sorted(answers, key=lambda a: a.check)))
        object.__setattr__(self, "tools", tuple(sorted(self.tools, key=lambda t: t.name)))

    @property
    def findings(self) -> tuple[Finding, ...]:
        """All findings, worst first; what several checks ask about is listed once."""
        return tuple(sorted(dict.fromkeys(f for a in self.answers for f in a.findings), key=_in_order))

    def __iter__(self) -> Iterator[Answer]:
        """The answers, by check."""
        return iter(self.answers)
