"""The loop."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from typing import TypeVar

from patient.budget import Budget

T = TypeVar("T")


class Exhausted(Exception):
    """The budget is spent; the cause is the last failure."""


def retry(
    call: Callable[[], T],
    *,
    budget: Budget | None = None,
    on: tuple[type[Exception], ...] = (OSError,),
    sleep: Callable[[float], None] = time.sleep,
    clock: Callable[[], float] = time.monotonic,
) -> T:
    """
    The result of a call, tried again while it fails with one of `on`.

    Raises:
        Exhausted: no attempt succeeded within the budget.
    """
    budget = budget or Budget()
    end = clock() + budget.seconds
    for attempt in range(1, budget.attempts + 1):
        try:
            return call()
        except on as failure:
            pause = budget.wait(attempt) * (0.5 + secrets.randbelow(1000) / 1000)
            if attempt == budget.attempts or clock() + pause > end:
                raise Exhausted(f"{attempt} attempts failed") from failure
            sleep(pause)
    raise Exhausted("no attempt was made")
