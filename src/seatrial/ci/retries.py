"""
How often a request to a CI system is repeated, and how long that waits.

The systems' own clients repeat what must not be repeated, and sleep for as long as a rate limit lasts. Here a request
says whether it may be repeated. One budget bounds all waiting for rate limits.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

import requests

from .results import Ambiguous, ApiError

T = TypeVar("T")

ATTEMPTS = 4
TIMEOUT = 20  # seconds for one request
NETWORK = (requests.RequestException, OSError, json.JSONDecodeError)
"""How requests fail without an answer of the system's."""
_BACKOFF = 1.0  # seconds before the second attempt; doubled for each further one


@dataclass(frozen=True, slots=True)
class FailedAttempt:
    """What one failed attempt means."""

    error: ApiError
    """What to raise if it is not repeated."""
    lost: bool = False
    """Whether it may have taken effect all the same."""
    passing: bool = False
    """Whether it may succeed in a moment."""
    limit: float | None = None
    """Seconds until a rate limit ends; None: it is none."""


@dataclass
class Retries:
    """The attempts of one job."""

    left: float
    """Seconds that may still be waited for rate limits."""
    sleep: Callable[[float], None]

    def ask(
        self,
        call: Callable[[], T],
        errors: tuple[type[Exception], ...],
        explain: Callable[[Exception], FailedAttempt],
        *,
        repeatable: bool,
    ) -> T:
        """
        Do something, and repeat it where that helps and does no harm.

        Args:
            call: the request or requests.
            errors: how it fails.
            explain: what such an error means.
            repeatable: whether a second time would do no harm.

        Raises:
            Ambiguous: it is not repeatable, and it is unknown whether it took effect.
            ApiError: it failed for good.
        """
        for attempt in range(1, ATTEMPTS + 1):
            try:
                return call()
            except errors as error:
                failure = explain(error)
            if failure.lost and not repeatable:
                raise Ambiguous(str(failure.error))
            pause = self._pause(failure, attempt)
            if pause is None or attempt == ATTEMPTS:
                raise failure.error
            self.sleep(pause)
        raise AssertionError("unreachable")  # pragma: no cover

    def wait(self, attempt: int) -> None:
        """Wait as before another attempt, counted from 1."""
        self.sleep(_backoff(attempt))

    def _pause(self, failure: FailedAttempt, attempt: int) -> float | None:
        """Seconds until it makes sense to ask again; None: never, or not within what may be waited."""
        if failure.passing:
            return _backoff(attempt)
        if failure.limit is None or failure.limit > self.left:
            return None
        self.left -= failure.limit
        return failure.limit


def _backoff(attempt: int) -> float:
    return float(_BACKOFF * 2 ** (attempt - 1))


def unreachable(what: str, system: str, error: Exception) -> FailedAttempt:
    """
    A failure of the network, by its kind: its own text could quote addresses with credentials.

    Args:
        what: what was asked for, after "could not".
        system: the CI system's name.
        error: one of `NETWORK`.
    """
    if isinstance(error, requests.Timeout):
        said = f"{system} did not answer within {TIMEOUT} s"
    elif isinstance(error, json.JSONDecodeError):
        said = f"{system}'s answer was cut short"
    else:
        said = f"no connection to {system} ({type(error).__name__})"
    return FailedAttempt(ApiError(f"could not {what}: {said}"), lost=True, passing=True)
