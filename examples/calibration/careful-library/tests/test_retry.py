"""What a caller may rely on."""

import pytest

from patient import Budget, Exhausted, retry


class Failing:
    """Fails a number of times, then answers."""

    def __init__(self, times: int) -> None:
        self.left = times

    def __call__(self) -> str:
        if self.left:
            self.left -= 1
            raise ConnectionError("down")
        return "answer"


def test_a_failure_is_tried_again() -> None:
    assert retry(Failing(2), sleep=lambda _: None) == "answer"


def test_the_last_failure_is_the_cause() -> None:
    with pytest.raises(Exhausted) as caught:
        retry(Failing(9), budget=Budget(attempts=3), sleep=lambda _: None)
    assert isinstance(caught.value.__cause__, ConnectionError)


def test_other_errors_pass() -> None:
    with pytest.raises(ZeroDivisionError):
        retry(lambda: 1 // 0)


def test_it_never_waits_beyond_the_budget() -> None:
    waited: list[float] = []
    with pytest.raises(Exhausted):
        retry(Failing(99), budget=Budget(attempts=99, seconds=0.2), sleep=waited.append, clock=lambda: sum(waited))
    assert sum(waited) <= 0.2
