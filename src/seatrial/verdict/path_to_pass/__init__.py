"""
The cheapest fixes that open the gate, and what measuring more could prove. Pure; docs/score.md has the definitions.

    causes -> units, each with what must be fixed anyway and a menu of the rest -> the cheapest choice -> steps
"""

from __future__ import annotations

import itertools
import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from seatrial.domain import Check, Report, Severity, Status
from seatrial.domain.allowance import Unjudged
from seatrial.domain.waivers import Waived
from seatrial.settings import Settings
from seatrial.verdict.baseline import Comparison, FindingChange
from seatrial.verdict.catalogue import Catalogue
from seatrial.verdict.causes import Cause
from seatrial.verdict.decision import Verdict
from seatrial.verdict.gate import blocks, by_score, decide
from seatrial.verdict.news_conditions import LARGEST_DROP
from seatrial.verdict.score import Score, exact

from .knapsack import KnapsackOption, cheapest
from .what_if import WhatIf

MOST_STEPS = 7
"""What one reads at a glance."""
_SINGLY = 50
"""High causes among which each number that may stay is tried; of more, only that all stay, or so few."""
_CHOOSABLE = 4
"""Checks with common causes among which to choose; there are 2^n ways."""


@dataclass(frozen=True, slots=True)
class PathStep:
    """What to fix in one file; the last step may hold the rest of several."""

    places: tuple[str, ...]
    """The files to work on; empty for a check that failed without naming one."""
    causes: tuple[Cause, ...]
    """The root causes to fix, worst first. One that is in several files belongs to the file of its worst finding."""
    gain: Fraction
    """Points of the score, 0 to 100, that it adds to those of the steps before."""
    score: Score
    """After this step and those before it."""

    @property
    def cost(self) -> int:
        """The efforts of the fixes together: S = 1, M = 3, L = 8."""
        return sum(cause.effort.cost for cause in self.causes)

    @property
    def works(self) -> Mapping[Check, tuple[Cause, ...]]:
        """The causes by the check that each fails first, in the order of the causes."""
        grouped: dict[Check, list[Cause]] = {}
        for cause in self.causes:
            grouped.setdefault(cause.check, []).append(cause)
        return {check: tuple(causes) for check, causes in grouped.items()}

    @property
    def remedies(self) -> tuple[str, ...]:
        """What to do, each once, worst first; without remedies the checks' titles say what has to hold."""
        found = dict.fromkeys(f.remedy for cause in self.causes for f in cause.findings if f.remedy)
        return tuple(found) or tuple(check.title for check in self.works)


@dataclass(frozen=True, slots=True)
class UnmeasuredCheck:
    """A check that applies and has no answer."""

    check: Check
    status: Status
    reason: str
    points: Fraction
    """Of 100: what the floor, the proven part of the score, gains if it is measured and passes."""


@dataclass(frozen=True, slots=True)
class PathToPass:
    """The way to an open gate."""

    steps: tuple[PathStep, ...]
    """The most urgent first, at most `MOST_STEPS`; empty if there is nothing to fix, or only what is needed anyway."""
    unmeasured: tuple[UnmeasuredCheck, ...]
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

    Each that blocks has to be fixed, so there is nothing to choose. A check that passed in the base, and a fallen
    score, need all new findings fixed; fewer may do then.
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
        or any(comparison.of(finding) is FindingChange.INTRODUCED for finding in cause.findings)
    )
    return to_fix, False


def _not_worse(after: Score, comparison: Comparison) -> bool:
    difference = comparison.difference(after)
    return not comparison.regressed(after) and (difference is None or difference >= -LARGEST_DROP)


def _choose(what_if: WhatIf, catalogue: Catalogue, settings: Settings) -> tuple[tuple[Cause, ...], bool]:
    """
    The causes to fix, worst first, and whether it is certain that nothing is cheaper.

    The points needed depend on how many high causes stay open. So each permitted number is tried by itself. A number
    whose fixes alone cost more than the best way so far is passed over.
    """
    rule, least = catalogue.open[Severity.HIGH], exact(settings.fail_below)
    high = sorted(c.effort.cost for c in what_if.now.causes if c.limits is Severity.HIGH)
    fitting = [n for n in range(len(high), -1, -1) if not n or 100 * rule.leaves(n) >= least]
    numbers = [n for n in fitting if n in (fitting[0], *range(_SINGLY + 1))]
    best, certain = None, len(numbers) == len(fitting)
    for may_stay in reversed(numbers):
        if best is not None and sum(high[: len(high) - may_stay]) > best.cost:
            continue
        way = _with(what_if, settings, may_stay, rule.leaves(may_stay), None if best is None else best.cost)
        if way is not None and (best is None or way.order < best.order):
            best = way
    if best is None:
        units = _units(what_if.now.causes, numbers[0])
        return _in_order(what_if, (cause for unit in units for cause in unit.first)), certain
    return _in_order(what_if, best.causes), certain and best.certain


def _in_order(what_if: WhatIf, causes: Iterable[Cause]) -> tuple[Cause, ...]:
    ids = {cause.id for cause in causes}
    return tuple(cause for cause in what_if.now.causes if cause.id in ids)


@dataclass(frozen=True, slots=True)
class _FixSet:
    """A set of fixes that suffices."""

    causes: tuple[Cause, ...]
    earned: Fraction
    """Points after it."""
    certain: bool
    """Whether nothing is cheaper with as many high causes left."""

    @property
    def cost(self) -> int:
        return sum(cause.effort.cost for cause in self.causes)

    @property
    def order(self) -> tuple[int, int, Fraction]:
        """The better, the smaller."""
        return self.cost, len(self.causes), -self.earned


def _with(
    what_if: WhatIf, settings: Settings, may_stay: int, leaves: Fraction, most_cost: int | None
) -> _FixSet | None:
    """The cheapest way that leaves at most so many high causes open; None if there is none, or none so cheap."""
    units = tuple(_units(what_if.now.causes, may_stay))
    first = tuple(cause for unit in units for cause in unit.first)
    fixed = frozenset(cause.id for cause in first)
    left = None if most_cost is None else most_cost - sum(cause.effort.cost for cause in first)
    if left is not None and left < 0:
        return None
    needs = _Needs.of(what_if.score(fixed), settings, sum(len(unit.high) for unit in units) - may_stay, leaves)
    menus = [unit.menu() for unit in units]
    gains = [
        [needs.gains(what_if, unit, extra, fixed) for extra in menu] for unit, menu in zip(units, menus, strict=True)
    ]
    scale = math.lcm(*(gain.denominator for menu in gains for of_extra in menu for gain in of_extra))
    items = [
        [
            KnapsackOption(sum(c.effort.cost for c in extra), len(extra), tuple(int(gain * scale) for gain in of_extra))
            for extra, of_extra in zip(menu, of_menu, strict=True)
        ]
        for menu, of_menu in zip(menus, gains, strict=True)
    ]
    choice = cheapest(items, [math.ceil(need * scale) for need in needs.amounts], most_cost=left)
    if choice is None:
        return None
    taken = (menu[index] for menu, index in zip(menus, choice.options, strict=True) if index is not None)
    causes = (*first, *(cause for extra in taken for cause in extra))
    return _FixSet(causes, what_if.score(frozenset(cause.id for cause in causes)).earned, choice.optimal)


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
    def of(cls, causes: Sequence[Cause], may_stay: int) -> _Unit:
        critical = [cause for cause in causes if cause.limits is Severity.CRITICAL]
        high = _easiest_first(cause for cause in causes if cause.limits is Severity.HIGH)
        forced = max(0, len(high) - may_stay)
        return cls(
            tuple(sorted({check.id for cause in causes for check in cause.checks})),
            (*critical, *high[:forced]),
            tuple(high[forced:]),
            tuple(cause for cause in causes if cause.limits not in (Severity.CRITICAL, Severity.HIGH)),
        )

    def menu(self) -> tuple[tuple[Cause, ...], ...]:
        """What can be fixed besides: some high causes; of some checks what is certain, what is not waived, or all."""
        singly = len(self.high) if len(self.high) <= _SINGLY else 0
        some = [self.high[:number] for number in range(1, singly + 1)]
        left = (*self.high, *self.rest)
        for checks in self._some_checks():
            here = tuple(cause for cause in left if checks & {check.id for check in cause.checks})
            certain = tuple(cause for cause in here if cause.limits is not None)
            some += [certain, tuple(cause for cause in here if not cause.waived), here]
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


def _units(causes: Sequence[Cause], may_stay: int) -> Iterator[_Unit]:
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
    def of(cls, base: Score, settings: Settings, excess: int, leaves: Fraction) -> _Needs:
        """What is needed to fix `excess` high causes more, where the high causes that stay leave `leaves` of it."""
        points = base.measured * exact(settings.fail_below) / 100 / leaves - base.earned
        low = {c.category.id: c.measured * exact(settings.min_category) / 10 - c.earned for c in base.categories}
        low = {category: missing for category, missing in low.items() if missing > 0}
        return cls((points, Fraction(excess), *low.values()), tuple(low))

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


def _steps(what_if: WhatIf, chosen: Iterable[Cause]) -> Iterator[PathStep]:
    """The fixes file by file, the most urgent first, each with the score that it leads to."""
    before, fixed = what_if.now, frozenset[str]()
    for places, causes in _by_place(chosen):
        fixed = fixed.union(cause.id for cause in causes)
        after = what_if.score(fixed)
        yield PathStep(places, causes, (after.headline or Fraction(0)) - (before.headline or Fraction(0)), after)
        before = after


def _by_place(chosen: Iterable[Cause]) -> Iterator[tuple[tuple[str, ...], tuple[Cause, ...]]]:
    """Causes by the file to work on; the worst first, then the cheapest. What does not fit is one last step."""
    groups: dict[tuple[str, str], list[Cause]] = {}
    for cause in chosen:
        apart = cause.check.id if not cause.place and not cause.findings else ""  # what is nowhere is made together
        groups.setdefault((cause.place, apart), []).append(cause)

    def urgency(group: Sequence[Cause]) -> tuple[int, int, str, str]:
        return -max(c.limits or 0 for c in group), sum(c.effort.cost for c in group), group[0].place, group[0].check.id

    ordered = sorted(groups.values(), key=urgency)
    kept = len(ordered) if len(ordered) <= MOST_STEPS else MOST_STEPS - 1
    rest = [cause for group in ordered[kept:] for cause in group]
    for group in (*ordered[:kept], *([rest] if rest else [])):
        yield tuple(dict.fromkeys(cause.place for cause in group if cause.place)), tuple(group)


def _unmeasured(now: Score) -> Iterator[UnmeasuredCheck]:
    missing = [c for c in now.checks if c.answer.status.applicable and c.measured < c.points]
    for check in sorted(missing, key=lambda c: (c.measured - c.points, c.check.id)):
        answer = check.answer
        yield UnmeasuredCheck(check.check, answer.status, answer.reason, check.points - check.measured)
