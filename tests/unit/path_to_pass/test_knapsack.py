"""The knapsack finds the cheapest choice: compared with trying every one."""

from __future__ import annotations

import itertools
import random
from collections.abc import Sequence

from hypothesis import given, settings
from hypothesis import strategies as st

from seatrial.verdict.path_to_pass.knapsack import Choice, KnapsackOption, cheapest

Pick = tuple[int | None, ...]


def outcome(items: Sequence[Sequence[KnapsackOption]], pick: Pick) -> tuple[int, int, tuple[int, ...]]:
    taken = [options[index] for options, index in zip(items, pick, strict=True) if index is not None]
    needs = len(next(option.gains for options in items for option in options)) if taken else 0
    gains = tuple(sum(option.gains[need] for option in taken) for need in range(needs))
    return sum(option.cost for option in taken), sum(option.fixes for option in taken), gains


def by_trying_all(items: Sequence[Sequence[KnapsackOption]], needs: Sequence[int]) -> Pick | None:
    def suffices(pick: Pick) -> bool:
        gains = outcome(items, pick)[2] or (0,) * len(needs)
        return all(gain >= need for gain, need in zip(gains, needs, strict=True))

    def rank(pick: Pick) -> tuple[object, ...]:
        cost, fixes, gains = outcome(items, pick)
        return cost, fixes, -(gains or (0,))[0], [(index is None, index or 0) for index in pick]

    picks = itertools.product(*([None, *range(len(options))] for options in items))
    return min(filter(suffices, picks), key=rank, default=None)


@st.composite
def problems(draw: st.DrawFn) -> tuple[list[list[KnapsackOption]], list[int]]:
    number = draw(st.integers(1, 3))
    gains = st.tuples(*[st.integers(0, draw(st.sampled_from([2, 10])))] * number)
    options = st.builds(KnapsackOption, st.integers(1, 4), st.integers(1, 3), gains)
    items = draw(st.lists(st.lists(options, max_size=3), max_size=5))
    return items, draw(st.lists(st.integers(-1, 15), min_size=number, max_size=number))


@given(problems())
@settings(max_examples=400, deadline=None)
def test_it_equals_trying_everything(problem: tuple[list[list[KnapsackOption]], list[int]]) -> None:
    items, needs = problem
    pick = by_trying_all(items, needs)
    assert cheapest(items, needs) == (None if pick is None else Choice(pick))


def test_equal_costs_go_to_fewer_fixes_then_more_gain_then_the_first() -> None:
    def best(*options: KnapsackOption) -> Pick:
        choice = cheapest([[option] for option in options], [5])
        assert choice is not None
        return choice.options

    assert best(KnapsackOption(3, 2, (9,)), KnapsackOption(3, 1, (5,))) == (None, 0)
    assert best(KnapsackOption(3, 1, (5,)), KnapsackOption(3, 1, (6,))) == (None, 0)
    assert best(KnapsackOption(3, 1, (5,)), KnapsackOption(3, 1, (5,))) == (0, None)


def large(number: int, needs: int) -> tuple[list[list[KnapsackOption]], list[int]]:
    dice = random.Random(number)
    items = []
    for item in range(number):
        gains = [dice.randint(1, 10**12), *[0] * (needs - 1)]
        gains[item % needs] = gains[0]
        items.append([KnapsackOption(dice.randint(1, 60), dice.randint(1, 9), tuple(gains))])
    return items, [sum(options[0].gains[need] for options in items) * 2 // 3 for need in range(needs)]


def test_hundreds_of_items_are_solved_for_certain() -> None:
    items, needs = large(300, 1)
    choice = cheapest(items, needs)
    assert choice is not None
    assert choice.optimal


def test_what_is_too_large_is_still_covered_and_said_to_be_uncertain() -> None:
    items, needs = large(60, 5)
    choice = cheapest(items, needs, most_states=20)
    assert choice is not None
    assert not choice.optimal
    cost, _, gains = outcome(items, choice.options)
    assert all(gain >= need for gain, need in zip(gains, needs, strict=True))
    exact = cheapest(items, needs)
    assert exact is not None
    assert outcome(items, exact.options)[0] <= cost
