"""
The cheapest choice that covers several needs: a multiple-choice covering knapsack, solved exactly.

Integers only, so exact means exact. Pure; knows nothing of scores.
"""

from __future__ import annotations

import bisect
import itertools
import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

MOST_STATES = 2_000
"""Partial choices kept at a time. A catalogue of hundreds of checks stays far below (docs/score.md)."""


@dataclass(frozen=True, slots=True)
class KnapsackOption:
    """One way to deal with one item."""

    cost: int
    """At least 1."""
    fixes: int
    """At least 1; how many things have to be done."""
    gains: tuple[int, ...]
    """What it adds to each need; nothing is negative."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What to take of every item."""

    options: tuple[int | None, ...]
    """The index of the option taken, item by item; None: leave it."""
    optimal: bool = True
    """False if the problem was too large to be sure that nothing else is cheaper."""


def cheapest(
    items: Sequence[Sequence[KnapsackOption]],
    needs: Sequence[int],
    *,
    most_cost: int | None = None,
    most_states: int = MOST_STATES,
) -> Choice | None:
    """
    The cheapest choice of at most one option for each item whose gains cover all needs; None if there is none.

    Among equally cheap ones: fewer fixes, then more gain towards the first need, then the earlier items, and of an
    item the earlier option.

    Method: partial choices grow item by item, best ratio of gain to cost first. One is dropped when another is at
    least as good in everything. It is also dropped when its fractional relaxation costs more than a greedy solution.
    Beyond `most_states` partial choices only the most promising stay; then the result still covers the needs, and is
    marked as perhaps not the cheapest.

    Args:
        items: the options of each.
        needs: at least one; the first is the one that counts among equals.
        most_cost: what costs more is of no interest; a good bound saves time.
        most_states: bounds time and memory.
    """
    problem = _Problem.of(items, needs)
    greedy = problem.greedy()
    bounds = [*([greedy.weight] if greedy else []), *([problem.heaviest(most_cost)] if most_cost is not None else [])]
    most = min(bounds, default=None)
    states, optimal = [_PartialChoice(0, (0,) * len(needs), 0)], True
    for position in range(len(items)):
        states = problem.extend(states, position, most)
        if len(states) > most_states:
            states = sorted(states, key=lambda state: state.weight + problem.rest(state, position + 1))[:most_states]
            optimal = False
    complete = [state for state in (*states, *([greedy] if greedy else [])) if problem.covered(state)]
    complete = [state for state in complete if most is None or state.weight <= most]
    best = min(complete, key=lambda s: (s.weight, -s.gains[0], -s.mask), default=None)
    return Choice(problem.chosen(best), optimal) if best else None


@dataclass(frozen=True, slots=True)
class _PartialChoice:
    """A choice among the first few items."""

    weight: int
    """Cost and fixes in one number, cost first."""
    gains: tuple[int, ...]
    """The first in full, since more of it is better; the others up to what is needed."""
    mask: int
    """The options taken, a bit each; earlier options have higher bits, so of two equals the greater is wanted."""


@dataclass(frozen=True, slots=True)
class _Problem:
    items: Sequence[Sequence[KnapsackOption]]
    needs: tuple[int, ...]
    order: tuple[int, ...]
    """The items, best ratio for the first need first: that makes its bound tight."""
    scale: int
    """More than all fixes together: weight = cost * scale + fixes."""
    bits: tuple[int, ...]
    """The bit of each item's first option; the others follow downwards."""
    bounds: tuple[_Bound, ...]
    """One for each need."""
    apart: bool
    """Whether no option gains towards two needs besides the first, so that what those cost adds up."""

    @classmethod
    def of(cls, items: Sequence[Sequence[KnapsackOption]], needs: Sequence[int]) -> _Problem:
        scale = 1 + sum(max((option.fixes for option in options), default=0) for options in items)
        ratios = [[_Ratio.best(options, need, scale) for options in items] for need in range(len(needs))]
        order = tuple(sorted(range(len(items)), key=lambda item: (-ratios[0][item].value, item)))
        total = sum(map(len, items))
        return cls(
            items,
            tuple(max(0, need) for need in needs),
            order,
            scale,
            tuple(total - 1 - before for before in itertools.accumulate(map(len, items), initial=0))[:-1],
            tuple(_Bound.of([of_need[item] for item in order]) for of_need in ratios),
            all(sum(gain > 0 for gain in option.gains[1:]) < 2 for options in items for option in options),
        )

    def heaviest(self, cost: int) -> int:
        """The most that a choice of this cost weighs."""
        return cost * self.scale + self.scale - 1

    def covered(self, state: _PartialChoice) -> bool:
        return all(gain >= need for gain, need in zip(state.gains, self.needs, strict=True))

    def extend(self, states: Iterable[_PartialChoice], position: int, most: int | None) -> list[_PartialChoice]:
        """Every state without and with each option of the item in this place, as far as worth keeping."""
        made: dict[tuple[int, tuple[int, ...]], _PartialChoice] = {}
        for state in states:
            for after in itertools.chain([state], self._with(state, self.order[position])):
                if most is not None and after.weight + self.rest(after, position + 1) > most:
                    continue
                key = (after.weight, after.gains)
                if key not in made or made[key].mask < after.mask:
                    made[key] = after
        return list(_undominated(made.values()))

    def _with(self, state: _PartialChoice, item: int) -> Iterator[_PartialChoice]:
        if not self.covered(state):  # else more would only cost more
            for index in range(len(self.items[item])):
                yield self._taking(state, item, index)

    def _taking(self, state: _PartialChoice, item: int, index: int) -> _PartialChoice:
        option = self.items[item][index]
        gains = [gain + more for gain, more in zip(state.gains, option.gains, strict=True)]
        gains[1:] = map(min, gains[1:], self.needs[1:])
        weight = state.weight + option.cost * self.scale + option.fixes
        return _PartialChoice(weight, tuple(gains), state.mask | 1 << self.bits[item] - index)

    def rest(self, state: _PartialChoice, position: int) -> float:
        """No way to cover what is left with the items from this place on weighs less; infinite if there is none."""
        gaps = map(int.__sub__, self.needs, state.gains)
        first, *others = (bound.least(position, gap) for bound, gap in zip(self.bounds, gaps, strict=True))
        return max(first, sum(others) if self.apart else max(others, default=0))

    def greedy(self) -> _PartialChoice | None:
        """The needs one after the other, best ratio first, without what turned out needless; None if stuck."""
        taken: dict[int, int] = {}
        for need, target in enumerate(self.needs):
            for item in sorted(self.order, key=lambda i: -_Ratio.best(self.items[i], need, self.scale).value):
                if item not in taken and self.items[item] and self._of(taken).gains[need] < target:
                    taken[item] = max(range(len(self.items[item])), key=lambda i: self.items[item][i].gains[need])
        for item in list(taken)[::-1]:
            fewer = {other: index for other, index in taken.items() if other != item}
            taken = fewer if self.covered(self._of(fewer)) else taken
        state = self._of(taken)
        return state if self.covered(state) else None

    def _of(self, taken: dict[int, int]) -> _PartialChoice:
        state = _PartialChoice(0, (0,) * len(self.needs), 0)
        for item, index in taken.items():
            state = self._taking(state, item, index)
        return state

    def chosen(self, state: _PartialChoice) -> tuple[int | None, ...]:
        return tuple(
            next((index for index in range(len(options)) if state.mask >> bit - index & 1), None)
            for options, bit in zip(self.items, self.bits, strict=True)
        )


@dataclass(frozen=True, slots=True)
class _Ratio:
    """The relaxation of an item for one need: up to `gain`, at the price of its best option, in any fraction."""

    gain: int
    weight: int
    """Of the whole gain, rounded down: a bound must not be too high."""
    value: Fraction

    @classmethod
    def best(cls, options: Sequence[KnapsackOption], need: int, scale: int) -> _Ratio:
        gain = max((option.gains[need] for option in options), default=0)
        value = max((Fraction(o.gains[need], o.cost * scale + o.fixes) for o in options), default=Fraction(0))
        return cls(gain, int(gain / value) if value else 0, value)


@dataclass(frozen=True, slots=True)
class _Bound:
    """What a gap costs at least, from each place in the order on."""

    gains: tuple[int, ...]
    """Running sums over the items, from 0."""
    weights: tuple[int, ...]
    """Likewise; only if the ratios fall from item to item, else empty."""
    best: tuple[Fraction, ...]
    """The best ratio from each place on."""

    @classmethod
    def of(cls, ratios: Sequence[_Ratio]) -> _Bound:
        falling = all(a.value >= b.value for a, b in itertools.pairwise(ratios))
        suffix = itertools.accumulate((r.value for r in reversed(ratios)), max, initial=Fraction(0))
        return cls(
            tuple(itertools.accumulate((r.gain for r in ratios), initial=0)),
            tuple(itertools.accumulate((r.weight for r in ratios), initial=0)) if falling else (),
            tuple(suffix)[::-1],
        )

    def least(self, position: int, gap: int) -> float:
        """The weight, rounded down, that closes a gap at least; infinite if nothing can."""
        if gap <= 0:
            return 0
        target = self.gains[position] + gap
        if target > self.gains[-1]:
            return math.inf
        if not self.weights:
            return gap * self.best[position].denominator // self.best[position].numerator
        last = bisect.bisect_left(self.gains, target) - 1
        step, weight = self.gains[last + 1] - self.gains[last], self.weights[last + 1] - self.weights[last]
        return self.weights[last] - self.weights[position] + (target - self.gains[last]) * weight // step


def _undominated(states: Iterable[_PartialChoice]) -> Iterator[_PartialChoice]:
    """Without those that weigh more than another and gain no more; compared among equals in the other needs."""
    best: dict[tuple[int, ...], int] = {}
    for state in sorted(states, key=lambda s: (s.weight, -s.gains[0])):
        if state.gains[0] > best.get(state.gains[1:], -1):
            best[state.gains[1:]] = state.gains[0]
            yield state
