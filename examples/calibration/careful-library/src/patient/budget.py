"""How long to go on."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Budget:
    """Limits of one call with its retries."""

    attempts: int = 5
    seconds: float = 30.0
    first: float = 0.1
    most: float = 5.0

    def __post_init__(self) -> None:
        """Refuse limits that end nothing."""
        if self.attempts < 1 or self.seconds <= 0:
            raise ValueError("a budget needs at least one attempt and some time")

    def wait(self, attempt: int) -> float:
        """Seconds before the attempt, without jitter; attempts count from 1."""
        return min(self.most, self.first * 2 ** (attempt - 1))
