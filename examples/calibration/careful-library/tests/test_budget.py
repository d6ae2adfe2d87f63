"""Limits."""

import pytest

from patient import Budget


@pytest.mark.parametrize(("attempts", "seconds"), [(0, 1), (1, 0), (-1, -1)])
def test_a_budget_that_ends_nothing_is_refused(attempts: int, seconds: float) -> None:
    with pytest.raises(ValueError):
        Budget(attempts=attempts, seconds=seconds)


def test_waits_double_up_to_the_most() -> None:
    assert [Budget(first=1, most=4).wait(n) for n in (1, 2, 3, 4)] == [1, 2, 4, 4]
