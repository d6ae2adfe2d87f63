"""Requests are repeated where that helps and does no harm, and wait no longer than the job may."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from seatrial.ci.results import Ambiguous, ApiError
from seatrial.ci.retries import ATTEMPTS, FailedAttempt, Retries


def failing(times: int, asked: list[int]) -> Callable[[], str]:
    def call() -> str:
        asked.append(len(asked) + 1)
        if len(asked) <= times:
            raise OSError
        return "done"

    return call


def ask(
    failure: FailedAttempt, times: int, *, repeatable: bool = True, left: float = 100
) -> tuple[str, list[int], list[float]]:
    asked: list[int] = []
    waits: list[float] = []
    retries = Retries(left, waits.append)
    try:
        result = retries.ask(failing(times, asked), (OSError,), lambda _: failure, repeatable=repeatable)
    except ApiError as error:
        result = type(error).__name__
    return result, asked, waits


ERROR = ApiError("could not ask: it failed")


@pytest.mark.parametrize(
    ("failure", "times", "repeatable", "result", "waits"),
    [
        (FailedAttempt(ERROR, passing=True), 2, True, "done", [1.0, 2.0]),
        (FailedAttempt(ERROR, passing=True), ATTEMPTS, True, "ApiError", [1.0, 2.0, 4.0]),
        (FailedAttempt(ERROR), 1, True, "ApiError", []),
        (FailedAttempt(ERROR, limit=30), 1, False, "done", [30]),
        (FailedAttempt(ERROR, limit=40), 3, True, "ApiError", [40, 40]),
        (FailedAttempt(ERROR, limit=101), 1, True, "ApiError", []),
        (FailedAttempt(ERROR, lost=True, passing=True), 1, False, "Ambiguous", []),
        (FailedAttempt(ERROR, lost=True), 1, False, "Ambiguous", []),
        (FailedAttempt(ERROR, lost=True, passing=True), 1, True, "done", [1.0]),
        (FailedAttempt(ERROR, passing=True), 1, False, "done", [1.0]),
    ],
)
def test_what_follows_a_failure(
    failure: FailedAttempt, times: int, repeatable: bool, result: str, waits: list[float]
) -> None:
    got, asked, waited = ask(failure, times, repeatable=repeatable)
    assert (got, waited) == (result, waits)
    assert len(asked) == len(waits) + 1


def test_what_is_unclear_is_said_with_the_same_words() -> None:
    with pytest.raises(Ambiguous, match="could not ask: it failed"):
        Retries(0, print).ask(failing(1, []), (OSError,), lambda _: FailedAttempt(ERROR, lost=True), repeatable=False)


def test_a_bug_is_not_repeated() -> None:
    def broken() -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        Retries(0, print).ask(broken, (OSError,), lambda _: FailedAttempt(ERROR), repeatable=True)
