"""
The cheapest fixes that open the gate, and what measuring more could prove. Pure; docs/score.md has the definitions.

    causes -> units, each with what must be fixed anyway and a menu of the rest -> the cheapest choice -> steps
"""

from __future__ import annotations

import itertools
import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from seatrial.allowance import Unjudged
from seatrial.baseline import Change, Comparison
from seatrial.catalogue import Catalogue
from seatrial.causes import Cause
from seatrial.domain import Check, Report, Severity, Status
from seatrial.gate import LARGEST_DROP, Verdict, blocks, by_score, decide
from seatrial.score import Score, exact
from seatrial.settings import Settings
from seatrial.waivers import Waived

from .knapsack import Option, cheapest
from .what_if import WhatIf

_CHOOSABLE = 4
"""Checks with common causes among which to choose; there are 2^n ways."""


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
    """In the order of urgency; empty if there is nothing to fix. If no fixes suffice, those needed in any case."""
    unmeasured: tuple[Unmeasured, ...]
    """Most points first."""
    after: Score
    """With all steps done."""
    verdict: Verdict
    """With all steps done."""
    cheapest: bool = True
    """False if there were too many ways to be sure that none is cheaper (knapsack.MOST_STATES)."""

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


def find(
    report: Report,
    catalogue: Catalogue,
    settings: Settings,
    waived: Waived = Waived(),  # noqa: B008 - frozen
    comparison: Comparison | None = None,
    unjudged: Sequence[Unjudged] = (),
) -> PathToPass:
    """
    The cheapest set of fixes that opens the gate, as far as fixes can.

    Args:
        report: what was surveyed.
        catalogue: the model.
        settings: the thresholds and weights that the gate uses.
        waived: what the waivers come to today.
        comparison: with the base, if the gate looks at the news.
        unjudged: files that the change took out of the survey; no fix of a finding brings them back.
    """
    what_if = WhatIf(report, catalogue, settings.weights, waived.fingerprints)
    if by_score(settings, comparison):
        chosen, certain = _choose(what_if, catalogue, settings)
    else:
        chosen, certain = _blocking(what_if, settings, comparison)
    after = what_if.score(frozenset(cause.id for cause in chosen))
    return PathToPass(
        tuple(_steps(what_if, chosen)),
        tuple(_unmeasured(what_if.now)),
        after,
        decide(report, after, settings, waived, comparison, unjudged),
        certain,
    )


def _blocking(what_if: WhatIf, settings: Settings, comparison: Comparison | None) -> tuple[tuple[Cause, ...], bool]:
    """
    The causes to fix where the score does not decide, worst first.

    Each that blocks has to be fixed, so there is nothing to choose. A check that passed in the base, and a score that
    has fallen, want all fixed that the change brought in; fewer may do then.
    """
    open_causes = [cause for cause in what_if.now.causes if not cause.waived]
    blocking = tuple(cause for cause in open_causes if blocks(cause, settings, comparison))
    after = what_if.score(frozenset(cause.id for cause in blocking))
    if comparison is None or _not_worse(after, comparison):
        return blocking, True
    lost = frozenset(comparison.regressed(after))
    to_fix = tuple(
        cause
        for cause in open_causes
        if cause in blocking
        or any(check.id in lost for check in cause.checks)
        or any(comparison.of(finding) is Change.INTRODUCED for finding in cause.findings)
    )
    return to_fix, False


def _not_worse(after: Score, comparison: Comparison) -> bool:
    difference = comparison.difference(after)
    return not comparison.regressed(after) and (difference is None or difference >= -LARGEST_DROP)


def _choose(what_if: WhatIf, catalogue: Catalogue, settings: Settings) -> tuple[tuple[Cause, ...], bool]:
    """The causes to fix, worst first, and whether it is certain that nothing is cheaper."""
    may_stay = _high_that_may_stay(catalogue, exact(settings.fail_below))
    units = tuple(_units(what_if.now.causes, may_stay))
    fixed = frozenset(cause.id for unit in units for cause in unit.first)
    needs = _Needs.of(what_if.score(fixed), settings, sum(len(unit.high) for unit in units), may_stay)
    menus = [unit.menu(may_stay) for unit in units]
    gains = [
        [needs.gains(what_if, unit, extra, fixed) for extra in menu] for unit, menu in zip(units, menus, strict=True)
    ]
    scale = math.lcm(*(gain.denominator for menu in gains for of_extra in menu for gain in of_extra))
    items = [
        [
            Option(sum(c.effort.cost for c in extra), len(extra), tuple(int(gain * scale) for gain in of_extra))
            for extra, of_extra in zip(menu, of_menu, strict=True)
        ]
        for menu, of_menu in zip(menus, gains, strict=True)
    ]
    choice = cheapest(items, [math.ceil(need * scale) for need in needs.amounts])
    if choice is not None:
        taken = (menu[index] for menu, index in zip(menus, choice.options, strict=True) if index is not None)
        fixed = fixed.union(cause.id for extra in taken for cause in extra)
    return tuple(c for c in what_if.now.causes if c.id in fixed), choice is None or choice.optimal


def _high_that_may_stay(catalogue: Catalogue, least: Fraction) -> int | None:
    """How many open high causes the cap allows at this score; None if it does not matter how many."""
    rule = catalogue.caps[Severity.HIGH]
    if rule.least >= least:
        return None
    return next(number for number in itertools.count() if rule.limit(number + 1) < least)


@dataclass(frozen=True, slots=True)
class _Unit:
    """What one check found, or some checks with common causes: fixing it changes no other check's points."""

    checks: tuple[str, ...]
    first: tuple[Cause, ...]
    """To be fixed in any case: the critical causes, and the high ones beyond those that may stay."""
    high: tuple[Cause, ...]
    """These may stay, if not too many do elsewhere; easiest first."""
    rest: tuple[Cause, ...]

    @classmethod
    def of(cls, causes: Sequence[Cause], may_stay: int | None) -> _Unit:
        critical = [cause for cause in causes if cause.limits is Severity.CRITICAL]
        high = _easiest_first(cause for cause in causes if cause.limits is Severity.HIGH)
        forced = 0 if may_stay is None else max(0, len(high) - may_stay)
        return cls(
            tuple(sorted({check.id for cause in causes for check in cause.checks})),
            (*critical, *high[:forced]),
            tuple(high[forced:]),
            tuple(cause for cause in causes if cause.limits not in (Severity.CRITICAL, Severity.HIGH)),
        )

    def menu(self, may_stay: int | None) -> tuple[tuple[Cause, ...], ...]:
        """What can be fixed besides: some of the high causes; of some checks all that is not waived; all of them."""
        some = [] if may_stay is None else [self.high[:number] for number in range(1, len(self.high) + 1)]
        left = (*self.high, *self.rest)
        for checks in self._some_checks():
            here = tuple(cause for cause in left if checks & {check.id for check in cause.checks})
            some += [tuple(cause for cause in here if not cause.waived), here]
        return tuple(dict.fromkeys(extra for extra in some if extra))

    def _some_checks(self) -> Iterator[frozenset[str]]:
        """Every choice among the checks, unless they are so many that only all or none is worth the time."""
        fewest = 1 if len(self.checks) <= _CHOOSABLE else len(self.checks)
        for number in range(fewest, len(self.checks) + 1):
            yield from map(frozenset, itertools.combinations(self.checks, number))


def _easiest_first(causes: Iterable[Cause]) -> list[Cause]:
    """By effort; then the rarest rule first, because the last findings of a rule are worth most."""
    causes = list(causes)
    counts = Counter(finding.rule for cause in causes for finding in cause.findings)

    def key(cause: Cause) -> tuple[int, tuple[int, str], str]:
        return cause.effort.cost, min(((counts[f.rule], f.rule) for f in cause.findings), default=(0, "")), cause.id

    return sorted(causes, key=key)


def _units(causes: Sequence[Cause], may_stay: int | None) -> Iterator[_Unit]:
    """The causes grouped so that no check is in two units, in the order of the checks' ids."""
    groups: list[frozenset[str]] = []
    for checks in {frozenset(check.id for check in cause.checks) for cause in causes}:
        joined = checks.union(*(group for group in groups if group & checks))
        groups = [*(group for group in groups if not group & checks), joined]
    of_check = {check: number for number, group in enumerate(sorted(groups, key=sorted)) for check in group}
    members: list[list[Cause]] = [[] for _ in groups]
    for cause in causes:
        members[of_check[cause.check.id]].append(cause)
    return (_Unit.of(group, may_stay) for group in members)


@dataclass(frozen=True, slots=True)
class _Needs:
    """What is missing at the gate once the first fixes are made: points, high causes, points of categories."""

    amounts: tuple[Fraction, ...]
    """Points of the score first, then the high causes to fix, then the points of each category in `categories`."""
    categories: tuple[str, ...]
    """Those below `min_category`."""

    @classmethod
    def of(cls, base: Score, settings: Settings, high: int, may_stay: int | None) -> _Needs:
        points = base.measured * exact(settings.fail_below) / 100 - base.earned
        excess = Fraction(0 if may_stay is None else high - may_stay)
        low = {c.category.id: c.measured * exact(settings.min_category) / 10 - c.earned for c in base.categories}
        low = {category: missing for category, missing in low.items() if missing > 0}
        return cls((points, excess, *low.values()), tuple(low))

    def gains(
        self, what_if: WhatIf, unit: _Unit, extra: Iterable[Cause], fixed: frozenset[str]
    ) -> tuple[Fraction, ...]:
        """What some fixes of a unit add to each amount."""
        ids = frozenset(cause.id for cause in extra)
        of_category: defaultdict[str, Fraction] = defaultdict(Fraction)
        for check in unit.checks:
            gain = what_if.earned(check, fixed | ids) - what_if.earned(check, fixed)
            of_category[what_if.checks[check].check.category] += gain
        high = Fraction(sum(cause.id in ids for cause in unit.high))
        total = sum(of_category.values(), Fraction(0))
        return (total, high, *(of_category.get(category, Fraction(0)) for category in self.categories))


def _steps(what_if: WhatIf, chosen: Iterable[Cause]) -> Iterator[Step]:
    """The fixes check by check, the most urgent first, each with the score that it leads to."""
    before, fixed = what_if.now, frozenset[str]()
    for causes in _by_check(chosen):
        fixed = fixed.union(cause.id for cause in causes)
        after = what_if.score(fixed)
        gain = (after.raw or Fraction(0)) - (before.raw or Fraction(0))
        check = causes[0].check
        yield Step(check, causes, what_if.clean(check.id, fixed), gain, after)
        before = after


def _by_check(chosen: Iterable[Cause]) -> Iterator[tuple[Cause, ...]]:
    """Causes under the check of their worst finding; the worst first, then the cheapest."""
    groups: dict[str, list[Cause]] = {}
    for cause in chosen:
        groups.setdefault(cause.check.id, []).append(cause)

    def urgency(group: Sequence[Cause]) -> tuple[int, int, str]:
        return -max(c.limits or 0 for c in group), sum(c.effort.cost for c in group), group[0].check.id

    return (tuple(group) for group in sorted(groups.values(), key=urgency))


def _unmeasured(now: Score) -> Iterator[Unmeasured]:
    missing = [c for c in now.checks if c.answer.status.applicable and c.measured < c.points]
    for check in sorted(missing, key=lambda c: (c.measured - c.points, c.check.id)):
        answer = check.answer
        yield Unmeasured(check.check, answer.status, answer.reason, check.points - check.measured)
