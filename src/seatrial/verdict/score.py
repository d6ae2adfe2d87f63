"""
From answers to one number, and to what it rests on. Pure, and exact: `Fraction` everywhere, floats nowhere.

docs/score.md says the same in words.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from seatrial.domain import Answer, Check, Severity, Status
from seatrial.settings import Weights

from . import causes
from .catalogue import Catalogue, Category
from .causes import Cause

NOT_MEASURED = "not measured"


@dataclass(frozen=True, slots=True)
class CheckScore:
    """What one check brings in."""

    check: Check
    answer: Answer
    points: Fraction
    """Of 100; 0 if there is nothing to ask."""
    worth: Fraction | None
    """0..1; None unless measured."""

    @property
    def earned(self) -> Fraction:
        """Points that are proven."""
        return self.measured * (self.worth or 0)

    @property
    def measured(self) -> Fraction:
        """Points about which something is known: as many as the answer covers of the question."""
        return self.points * self.answer.share if self.worth is not None else Fraction(0)

    @property
    def lost(self) -> Fraction:
        """Points that a fix brings back."""
        return self.measured - self.earned


@dataclass(frozen=True, slots=True)
class CategoryScore:
    """What one category comes to. Open root causes take nothing from it."""

    category: Category
    checks: tuple[CheckScore, ...]
    """All that the model asks here; empty if it asks nothing yet."""

    @property
    def points(self) -> Fraction:
        """Of 100; 0 if nothing applies."""
        return sum((c.points for c in self.checks), Fraction(0))

    @property
    def earned(self) -> Fraction:
        """Points that are proven."""
        return sum((c.earned for c in self.checks), Fraction(0))

    @property
    def measured(self) -> Fraction:
        """Points about which something is known."""
        return sum((c.measured for c in self.checks), Fraction(0))

    @property
    def score(self) -> Fraction | None:
        """0..10, of what was measured; None if nothing was."""
        return 10 * self.earned / self.measured if self.measured else None

    @property
    def coverage(self) -> Fraction | None:
        """0..1; None if nothing applies."""
        return self.measured / self.points if self.points else None

    @property
    def asked(self) -> int:
        """Checks that apply."""
        return sum(c.answer.status.applicable for c in self.checks)

    @property
    def answered(self) -> int:
        """Checks that were measured."""
        return sum(c.answer.status.measured for c in self.checks)

    @property
    def passed(self) -> int:
        """Checks that passed."""
        return sum(c.answer.status is Status.PASS for c in self.checks)


@dataclass(frozen=True, slots=True)
class Taken:
    """What the open root causes of one severity take from the score."""

    severity: Severity
    causes: tuple[Cause, ...]
    """At least one."""
    leaves: Fraction
    """The share of the score that they leave, below 1."""

    @property
    def reason(self) -> str:
        """For people: `1 critical`, `3 high`."""
        return f"{len(self.causes)} {self.severity.label}"


@dataclass(frozen=True, slots=True)
class Score:
    """All numbers of one report under one model. What is undefined is None, never 0 and never 100."""

    model: str
    categories: tuple[CategoryScore, ...]
    """Every category of the model, in its order."""
    causes: tuple[Cause, ...]
    """All root causes, worst first."""
    taken: tuple[Taken, ...]
    """What open causes take, the worst severity first; empty while no open cause is severe enough."""
    unscored: tuple[str, ...] = ()
    """Checks that were answered and that this model does not know."""

    @property
    def checks(self) -> tuple[CheckScore, ...]:
        """By category, in the order of the model."""
        return tuple(c for category in self.categories for c in category.checks)

    @property
    def earned(self) -> Fraction:
        """Points that are proven, of 100."""
        return sum((c.earned for c in self.categories), Fraction(0))

    @property
    def measured(self) -> Fraction:
        """Points about which something is known, of 100."""
        return sum((c.measured for c in self.categories), Fraction(0))

    @property
    def lost(self) -> Fraction:
        """Points that were measured and not earned, of 100."""
        return self.measured - self.earned

    @property
    def applicable(self) -> bool:
        """Whether there was anything to ask; then all points together are exactly 100."""
        return any(c.points for c in self.categories)

    @property
    def raw(self) -> Fraction | None:
        """0..100, of what was measured, before open root causes take their part."""
        return 100 * self.earned / self.measured if self.measured else None

    @property
    def coverage(self) -> Fraction | None:
        """0..1: how much of what applies was measured."""
        return self.measured / 100 if self.applicable else None

    @property
    def leaves(self) -> Fraction:
        """The share of the score that open root causes leave: 1 without any that is severe enough."""
        return math.prod((one.leaves for one in self.taken), start=Fraction(1))

    @property
    def floor(self) -> Fraction | None:
        """0..100: proven even if everything unmeasured fails."""
        return self.earned * self.leaves if self.applicable else None

    @property
    def ceiling(self) -> Fraction | None:
        """0..100: reached if everything unmeasured passes."""
        return (self.earned + 100 - self.measured) * self.leaves if self.applicable else None

    @property
    def headline(self) -> Fraction | None:
        """0..100: the score. It rises with every critical and every high root cause that is fixed."""
        return None if self.raw is None else self.raw * self.leaves

    @property
    def taken_by(self) -> str:
        """For people: `1 critical, 3 high`; empty if nothing is taken."""
        return ", ".join(one.reason for one in self.taken)

    def open(self, severity: Severity) -> tuple[Cause, ...]:
        """The root causes of a severity that count: not waived, and more than a guess."""
        return tuple(cause for cause in self.causes if cause.limits is severity)


def score(
    answers: Iterable[Answer],
    catalogue: Catalogue,
    *,
    weights: Weights = Weights.CATEGORY,
    waived: Collection[str] = (),
) -> Score:
    """
    Score a report, or any other collection of answers.

    A check of the catalogue without an answer counts as an error of ours: it applies and is not measured. An
    answer to a check that the catalogue does not know carries no points and takes nothing; it is named in `unscored`.

    Args:
        answers: at most one for each check, in any order.
        catalogue: the model.
        weights: how the points are shared.
        waived: fingerprints of findings that take nothing. Their points stay lost.

    Raises:
        ValueError: a check was answered twice.
    """
    answers = tuple(answers)
    return score_of(answers, catalogue, causes.find(answers, catalogue.by_id, waived), weights)


def score_of(answers: Iterable[Answer], catalogue: Catalogue, found: tuple[Cause, ...], weights: Weights) -> Score:
    """
    As `score`, with the root causes already known.

    Raises:
        ValueError: a check was answered twice.
    """
    given = _by_check(answers)
    complete = {check.id: given.get(check.id) or _unanswered(check) for check in catalogue.checks}
    points = share(catalogue, {id_ for id_, answer in complete.items() if answer.status.applicable}, weights)

    def of_check(check: Check) -> CheckScore:
        answer = complete[check.id]
        return CheckScore(check, answer, points.get(check.id, Fraction(0)), worth(answer, weights))

    return Score(
        catalogue.model,
        tuple(CategoryScore(c, tuple(map(of_check, catalogue.of_category(c.id)))) for c in catalogue.categories),
        found,
        tuple(_taken(found, catalogue)),
        tuple(sorted(given.keys() - complete.keys())),
    )


def share(catalogue: Catalogue, applicable: Collection[str], weights: Weights) -> Mapping[str, Fraction]:
    """
    The points of every applicable check; they sum to exactly 100 if there is one.

    By category: the weights of the applicable categories are scaled to 100. Each is shared among its applicable
    checks by their weights. Equal: the same for each check.
    """
    checks = [check for check in catalogue.checks if check.id in applicable]
    if weights is Weights.EQUAL:
        return {check.id: Fraction(100, len(checks)) for check in checks}
    inside: dict[str, int] = {}
    for check in checks:
        inside[check.category] = inside.get(check.category, 0) + check.weight
    weight = {category.id: category.weight for category in catalogue.categories}
    total = sum(weight[category] for category in inside)
    return {c.id: Fraction(100 * weight[c.category] * c.weight, total * inside[c.category]) for c in checks}


def worth(answer: Answer, weights: Weights) -> Fraction | None:
    """
    How much of its points a check earns, 0..1; None unless measured.

    With equal weights a check passes or fails, so the score of a phase is 10 * passed / (passed +
    failed); otherwise a failure is worth the share of subjects that are right, or what the density of findings leaves.
    """
    if weights is Weights.EQUAL and answer.value is not None:
        return Fraction(answer.status is Status.PASS)
    return answer.value


def decimal(number: Fraction | int | None, *, threshold: Fraction | float | None = None) -> str:
    """
    A number for people: one decimal, half up; every output uses this.

    Rounding never carries it to the other side of a threshold: 79.96 with the gate at 80 is shown as 79.9.
    """
    if number is None:
        return NOT_MEASURED
    tenths = (number * 10 + Fraction(1, 2)).__floor__()
    if threshold is not None:
        limit = exact(threshold) * 10
        if number * 10 < limit <= tenths:
            tenths = (number * 10).__floor__()
        elif tenths < limit <= number * 10:
            tenths = (number * 10).__ceil__()
    whole, tenth = divmod(abs(tenths), 10)
    return f"{'-' if tenths < 0 else ''}{whole}.{tenth}"


def percent(share: Fraction | None, *, whole: bool = False) -> str:
    """
    A share for people. What is not all is never shown as 100 %, nor anything as 0 %.

    Args:
        share: 0..1.
        whole: whether to leave out the decimal.
    """
    if share is None:
        return NOT_MEASURED
    if whole:
        nearest = (100 * share + Fraction(1, 2)).__floor__()
        return f"{min(max(nearest, 1 if share else 0), 100 if share == 1 else 99)} %"
    if 0 < share < Fraction(1, 1000):
        return "0.1 %"
    return f"{decimal(100 * share, threshold=100)} %"


def exact(number: Fraction | float) -> Fraction:
    """A setting as the decimal number that its author wrote: 79.96 means 7996/100, not its nearest binary fraction."""
    return Fraction(repr(number)) if isinstance(number, float) else Fraction(number)


def _by_check(answers: Iterable[Answer]) -> dict[str, Answer]:
    given: dict[str, Answer] = {}
    for answer in answers:
        if answer.check in given:
            raise ValueError(f"{answer.check} was answered twice")
        given[answer.check] = answer
    return given


def _unanswered(check: Check) -> Answer:
    return Answer.error(check.id, "nothing answered it")


def _taken(found: Iterable[Cause], catalogue: Catalogue) -> Iterator[Taken]:
    found = tuple(found)
    for severity, rule in catalogue.open.items():
        if counting := tuple(cause for cause in found if cause.limits is severity):
            yield Taken(severity, counting, rule.leaves(len(counting)))
