"""
What a check with findings is worth, 0 to 1. Pure and exact; docs/score.md says the same in words.

Two measures. A share is about subjects (services, images, jobs, variables): how many of them are right, each weighted
by its role. A density is about a detector's findings (secrets, Bandit, vulnerabilities): the worst one sets the start,
and the others count for each unit of what was searched.
"""

from __future__ import annotations

import enum
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Protocol

from seatrial.text.wording import counted

from .severity import Confidence, Severity


class Measure(enum.StrEnum):
    """How a check's findings become its value. The catalogue declares it for each check."""

    SHARE = "share"
    """The share of subjects that are right."""
    DENSITY = "density"
    """The worst finding, and the density of the others."""


class Unit(enum.StrEnum):
    """What a density is counted for."""

    LINES = "lines"
    """A thousand lines of what was searched."""
    DEPENDENCIES = "dependencies"
    """A dependency at one version."""
    FILES = "files"
    """A file that was judged."""

    @property
    def one(self) -> str:
        """What a single thing of this unit is called."""
        return {Unit.LINES: "line", Unit.DEPENDENCIES: "dependency", Unit.FILES: "file"}[self]

    @property
    def many(self) -> str:
        """The plural."""
        return self.value

    @property
    def thing_count(self) -> int:
        """How many things make one unit of the density."""
        return 1000 if self is Unit.LINES else 1


class SubjectRole(enum.StrEnum):
    """What a subject is for. The catalogue says what each role weighs."""

    STORE = "store"
    """It keeps data."""
    EXPOSED = "exposed"
    """Other machines can speak to it."""
    ORDINARY = "ordinary"
    HELPER = "helper"
    """It only watches or serves the others: an exporter, an administration tool."""


class Grade(enum.StrEnum):
    """What a finding counts as: its severity, or a guess, at any severity."""

    GUESS = "guess"
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"

    @classmethod
    def of(cls, finding: GradedFinding) -> Grade:
        """The grade of a finding."""
        return cls.GUESS if finding.confidence is Confidence.LOW else cls(finding.severity.label)


class GradedFinding(Protocol):
    """What of a finding decides a value."""

    @property
    def severity(self) -> Severity:
        """How bad it is."""
        ...

    @property
    def confidence(self) -> Confidence:
        """How sure it is."""
        ...

    @property
    def about(self) -> tuple[str, ...]:
        """The keys of the subjects that it makes wrong; empty: the whole question."""
        ...


WORST: Mapping[Grade, int] = {
    Grade.CRITICAL: 0,
    Grade.HIGH: 30,
    Grade.MEDIUM: 60,
    Grade.LOW: 85,
    Grade.GUESS: 90,
}
"""Percent of a detector's points that its worst finding leaves."""
POINTS: Mapping[Grade, int] = {
    Grade.CRITICAL: 16,
    Grade.HIGH: 8,
    Grade.MEDIUM: 4,
    Grade.LOW: 2,
    Grade.GUESS: 1,
}
"""What each further finding adds to the density."""
ORDINARY = 100
"""The weight of an ordinary subject, and of one that only a finding names."""


@dataclass(frozen=True, slots=True)
class GradedSubject:
    """One thing that a check is about, right or wrong: a service, a job, a variable."""

    name: str
    """What a reader calls it."""
    path: str = ""
    """The file that it is in; tells two things of one name apart."""
    weight: int = ORDINARY
    """By its role; an ordinary one has 100."""

    def __post_init__(self) -> None:
        """Refuse a subject without weight: its flaws would cost nothing."""
        if self.weight < 1:
            raise ValueError(f"{self.name}: weight {self.weight} is not positive")

    @property
    def key(self) -> str:
        """What findings name it by."""
        return f"{self.path}#{self.name}"


@dataclass(frozen=True, slots=True)
class WeightedShare:
    """
    The share of subjects that are right, each by its weight.

    A subject with a certain finding is wrong; one with guesses only loses what a guess costs. A finding about something
    that is not in the list adds a wrong subject. Without any list the question has one subject: the repository.
    """

    subjects: tuple[GradedSubject, ...] = ()
    one: str = "subject"
    """What one subject is called."""
    many: str = ""
    """The plural, where it is irregular."""

    measure = Measure.SHARE

    def value(self, findings: Collection[GradedFinding]) -> Fraction:
        """0..1; 1 without findings, and 0 if every subject is wrong."""
        wrong, doubtful = self._sorted_out(findings)
        loss = {**dict.fromkeys(doubtful, Fraction(100 - WORST[Grade.GUESS], 100)), **dict.fromkeys(wrong, Fraction(1))}
        weights = {subject.key: subject.weight for subject in self.subjects}
        if not weights:
            return 1 - max(loss.values(), default=Fraction(0))
        lost = sum((weights.get(key, ORDINARY) * part for key, part in loss.items()), Fraction(0))
        unnamed = sum((ORDINARY * part for key, part in loss.items() if key not in weights), Fraction(0))
        return 1 - lost / (sum(weights.values()) + unnamed)

    def tally(self, findings: Collection[GradedFinding]) -> str:
        """`3 of 5 services`: how many are right. Empty without a list."""
        if not self.subjects:
            return ""
        wrong, _ = self._sorted_out(findings)
        total = len({subject.key for subject in self.subjects} | wrong)
        return f"{total - len(wrong)} of {counted(total, self.one, self.many)}"

    def wrong(self, findings: Collection[GradedFinding]) -> tuple[GradedSubject, ...]:
        """The subjects with a certain finding, in their order."""
        keys, _ = self._sorted_out(findings)
        return tuple(subject for subject in self.subjects if subject.key in keys)

    def _sorted_out(self, findings: Collection[GradedFinding]) -> tuple[set[str], set[str]]:
        """The keys of wrong subjects, and of those that are only doubted."""
        wrong: set[str] = set()
        doubtful: set[str] = set()
        everything = dict.fromkeys(subject.key for subject in self.subjects) or {"": None}
        for finding in findings:
            to = doubtful if finding.confidence is Confidence.LOW else wrong
            ours = [key for key in finding.about if key in everything]  # others are another check's, of one shared fact
            to.update(ours or finding.about or everything)
        return wrong, doubtful - wrong


@dataclass(frozen=True, slots=True)
class Density:
    """The worst finding, and how many more there are for each unit of what was searched."""

    unit: Unit
    size: int
    """How many lines, dependencies or files were searched."""
    half: int
    """The density that halves the value, in points for each unit."""

    measure = Measure.DENSITY

    def __post_init__(self) -> None:
        """Refuse what nothing can be divided by."""
        if self.size < 0 or self.half < 1:
            raise ValueError(f"a density of size {self.size} that is halved by {self.half}")

    def value(self, findings: Collection[GradedFinding]) -> Fraction:
        """
        0..1: what the worst finding leaves, times `half / (half + density)`.

        The density counts every finding but the worst, so one low finding alone leaves exactly 85 %. What is smaller
        than one unit counts as one.
        """
        grades = [Grade.of(finding) for finding in findings]
        if not grades:
            return Fraction(1)
        worst = min(grades, key=lambda grade: WORST[grade])
        more = sum(POINTS[grade] for grade in grades) - POINTS[worst]
        units = max(Fraction(1), Fraction(self.size, self.unit.thing_count))
        return Fraction(WORST[worst], 100) * self.half / (self.half + more / units)

    def tally(self, findings: Collection[GradedFinding]) -> str:
        """`12 findings in 34,000 lines`."""
        searched = counted(self.size, self.unit.one, self.unit.many)
        return f"{counted(len(findings), 'finding')} in {searched}"

    def wrong(self, findings: Collection[GradedFinding]) -> tuple[GradedSubject, ...]:
        """None: a detector has no subjects."""
        del findings
        return ()


GradingBasis = WeightedShare | Density


@dataclass(frozen=True, slots=True)
class SubjectPlace:
    """Where a finding is, and what it calls its subject."""

    names: tuple[str, ...]
    paths: tuple[str, ...]


def keys(place: SubjectPlace, subjects: Sequence[GradedSubject], *, spreads: bool = False) -> tuple[str, ...]:
    """
    The subjects that a finding makes wrong.

    By name, and of one name in several files by the finding's files. What has no name of the list is the file itself:
    a subject of its own, or, where its flaws hold for everything in it (`spreads`), all subjects of that file.
    """
    named = [subject for subject in subjects if subject.name in place.names]
    if near := [subject for subject in named if subject.path in place.paths]:
        named = near
    if named:
        return tuple(dict.fromkeys(subject.key for subject in named))
    inside = [subject.key for subject in subjects if subject.path in place.paths]
    whole = [subject.key for subject in subjects if subject.name in place.paths]
    if whole or (spreads and inside):
        return tuple(dict.fromkeys(whole or inside))
    return tuple(GradedSubject(name, place.paths[0]).key for name in place.names or ("",))


def shared(of: Iterable[str], *, one: str, many: str = "", path: str = "") -> WeightedShare:
    """A share of ordinary subjects by their names."""
    return WeightedShare(tuple(GradedSubject(name, path) for name in dict.fromkeys(of)), one, many)
