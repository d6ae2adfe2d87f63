"""
The cheapest fixes that open the gate, and what measuring more could prove. Pure; docs/score.md has the definitions.

    causes -> what must be fixed anyway -> units -> the cheapest choice of units -> steps, scored one by one

A unit is all that one check found; checks that share a root cause are one unit. Its gain is all points that they
lost, so gains of units simply add up, and the choice among them is an exact knapsack.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction

from .catalogue import Catalogue
from .causes import Cause, failed_plainly
from .domain import Answer, Check, Report, Severity, Status, graded_value
from .gate import Verdict, decide
from .score import Score, exact, score
from .settings import Settings
from .waivers import Waived


@dataclass(frozen=True, slots=True)
class Step:
    """What to fix in one check."""

    check: Check
    causes: tuple[Cause, ...]
    """The root causes to fix, worst first. One that fails several checks stands with the check of its worst finding."""
    complete: bool
    """Whether nothing of the check is left after it."""
    gain: Fraction
    """Points of the score before the cap, 0 to 100, that it adds to those of the steps before."""
    score: Score
    """After this step and those before it."""

    @property
    def cost(self) -> int:
        """The efforts of the fixes together: S = 1, M = 3, L = 8."""
        return sum(cause.effort.cost for cause in self.causes)

    @property
    def remedies(self) -> tuple[str, ...]:
        """What to do, each once, worst first; without remedies the check's title says what has to hold."""
        found = dict.fromkeys(f.remedy for cause in self.causes for f in cause.findings if f.remedy)
        return tuple(found) or (self.check.title,)


@dataclass(frozen=True, slots=True)
class Unmeasured:
    """A check that applies and has no answer."""

    check: Check
    status: Status
    reason: str
    points: Fraction
    """Of 100: what the floor, the proven part of the score, gains if it is measured and passes."""


@dataclass(frozen=True, slots=True)
class PathToPass:
    """The way to an open gate."""

    steps: tuple[Step, ...]
    """In the order of urgency; empty if there is nothing to fix, or if no fixes suffice."""
    unmeasured: tuple[Unmeasured, ...]
    """Most points first."""
    after: Score
    """With all steps done."""
    verdict: Verdict
    """With all steps done."""

    @property
    def opens(self) -> bool:
        """Whether fixing alone opens the gate."""
        return self.verdict.passed

    @property
    def cost(self) -> int:
        """The efforts of all fixes together."""
        return sum(step.cost for step in self.steps)

    @property
    def remaining(self) -> tuple[str, ...]:
        """Why the gate stays shut after the steps, a sentence each; then something has to be measured or decided."""
        return self.verdict.reasons


def find(report: Report, catalogue: Catalogue, settings: Settings, waived: Waived = Waived()) -> PathToPass:  # noqa: B008 - frozen
    """
    The cheapest set of fixes that opens the gate, as far as fixes can.

    Args:
        report: what was surveyed.
        catalogue: the model.
        settings: the thresholds and weights that the gate uses.
        waived: what the waivers come to today.
    """
    survey = _Survey(report, catalogue, settings, waived)
    chosen = tuple(_choose(survey))
    after = survey.without(chosen)
    return PathToPass(
        tuple(_steps(survey, chosen)),
        tuple(_unmeasured(survey.score())),
        after.score(),
        decide(after.report, after.score(), settings, waived),
    )


@dataclass(frozen=True)
class _Survey:
    """A report, and what it would be after some fixes."""

    report: Report
    catalogue: Catalogue
    settings: Settings
    waived: Waived

    def score(self) -> Score:
        fingerprints = self.waived.fingerprints
        return score(self.report, self.catalogue, weights=self.settings.weights, waived=fingerprints)

    def without(self, causes: Iterable[Cause]) -> _Survey:
        """The same tree with some causes fixed and nothing else changed."""
        fixed = {cause.id for cause in causes}
        answers = tuple(_fixed(answer, fixed) for answer in self.report)
        return replace(self, report=replace(self.report, answers=answers))


def _fixed(answer: Answer, fixed: Collection[str]) -> Answer:
    """
    The answer without some root causes.

    A value that was graded by the findings is graded anew. Any other measured value is not ours to predict: it stays
    until all is fixed.
    """
    if failed_plainly(answer):
        return replace(answer, status=Status.PASS, value=Fraction(1)) if answer.check in fixed else answer
    left = tuple(finding for finding in answer.findings if finding.root not in fixed)
    if len(left) == len(answer.findings):
        return answer
    if not answer.status.measured:
        return replace(answer, findings=left)
    if not left:
        return replace(answer, status=Status.PASS, value=Fraction(1), findings=())
    graded = answer.value == graded_value(answer.findings)
    return replace(answer, value=graded_value(left) if graded else answer.value, findings=left)


def _choose(survey: _Survey) -> Iterator[Cause]:
    """The causes to fix: the mandatory ones, then the cheapest units that lift the score to the gate."""
    mandatory = tuple(_mandatory(survey.score(), survey.catalogue, survey.settings))
    yield from mandatory
    base = survey.without(mandatory)
    now = base.score()
    if now.raw is None:
        return
    units = tuple(_units(base, now))
    enough = cheapest(units, exact(survey.settings.fail_below) - now.raw)
    for unit in units if enough is None else enough:
        yield from unit.causes


def _mandatory(now: Score, catalogue: Catalogue, settings: Settings) -> Iterator[Cause]:
    """
    Causes without whose fix the gate cannot open: every open critical one, and those of any other severity whose
    number caps the score below the gate.
    """
    least = exact(settings.fail_below)
    for severity in sorted(Severity, reverse=True):
        found = now.open(severity)
        rule = catalogue.caps.get(severity)
        if severity is Severity.CRITICAL or (rule is not None and rule.limit(len(found)) < least):
            yield from found


@dataclass(frozen=True, slots=True)
class Unit:
    """What is fixed together: everything that one check, or some checks with common causes, found."""

    id: str
    causes: tuple[Cause, ...]
    gain: Fraction
    """Points of the score before the cap that it brings."""

    @property
    def cost(self) -> int:
        """The efforts of its fixes together."""
        return sum(cause.effort.cost for cause in self.causes)


def _units(survey: _Survey, now: Score) -> Iterator[Unit]:
    """The units that bring points."""
    for group in _linked(now.causes):
        after = survey.without(group).score()
        if after.raw is not None and now.raw is not None and after.raw > now.raw:
            yield Unit(min(cause.id for cause in group), tuple(group), after.raw - now.raw)


def _linked(causes: Iterable[Cause]) -> Iterator[list[Cause]]:
    """The causes in groups, so that no check has causes in two of them."""
    groups: list[tuple[set[str], list[Cause]]] = []
    for cause in causes:
        checks, members = {check.id for check in cause.checks}, [cause]
        apart = []
        for group in groups:
            if group[0] & checks:
                checks |= group[0]
                members = group[1] + members
            else:
                apart.append(group)
        groups = [*apart, (checks, members)]
    for _, members in groups:
        yield members


def cheapest(units: Collection[Unit], need: Fraction) -> tuple[Unit, ...] | None:
    """
    The units of least cost whose gains reach `need`; of equals the greater gain, then the lower ids.

    Exact: a covering knapsack by dynamic programming over the cost. None if all together do not reach it.
    """
    if need <= 0:
        return ()
    if sum((unit.gain for unit in units), Fraction(0)) < need:
        return None
    scale = math.lcm(need.denominator, *(unit.gain.denominator for unit in units))
    best: dict[int, tuple[int, tuple[Unit, ...]]] = {0: (0, ())}
    for unit in sorted(units, key=lambda u: u.id):
        gain = int(unit.gain * scale)
        for cost, (total, chosen) in sorted(best.items(), reverse=True):
            if total + gain > best.get(cost + unit.cost, (-1, ()))[0]:
                best[cost + unit.cost] = (total + gain, (*chosen, unit))
    least = min(cost for cost, (total, _) in best.items() if total >= need * scale)
    return best[least][1]


def _steps(survey: _Survey, chosen: Collection[Cause]) -> Iterator[Step]:
    """The fixes check by check, the most urgent first, each with the score that it leads to."""
    done: list[Cause] = []
    before = survey.score()
    for check, causes in _by_check(chosen):
        done += causes
        after = survey.without(done).score()
        left = {c.id for c in after.causes if check.id in {k.id for k in c.checks}}
        gain = (after.raw or Fraction(0)) - (before.raw or Fraction(0))
        yield Step(check, causes, not left, gain, after)
        before = after


def _by_check(chosen: Iterable[Cause]) -> Iterator[tuple[Check, tuple[Cause, ...]]]:
    """Causes under the check of their worst finding, worst first."""
    groups: dict[str, list[Cause]] = {}
    for cause in chosen:
        groups.setdefault(cause.check.id, []).append(cause)
    order = sorted(groups.values(), key=lambda g: (-max(c.limits or 0 for c in g), g[0].check.id))
    for members in order:
        yield members[0].check, tuple(members)


def _unmeasured(now: Score) -> Iterator[Unmeasured]:
    missing = [c for c in now.checks if c.answer.status.applicable and c.measured < c.points]
    for check in sorted(missing, key=lambda c: (c.measured - c.points, c.check.id)):
        answer = check.answer
        yield Unmeasured(check.check, answer.status, answer.reason, check.points - check.measured)
