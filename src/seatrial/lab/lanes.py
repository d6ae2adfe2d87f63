"""
At most one question of a kind is on its way to a service. A slow service gets a pause.

Otherwise we would cause what we report: a server of three workers whose readiness waits for a dependency has none
left for its liveness. What would have been asked meanwhile counts as the question that is on its way: every question
to a hanging service waits for the same moment (coordinated omission, as HdrHistogram corrects it).
"""

from __future__ import annotations

from dataclasses import dataclass, field

from .measure import Sample

SLOW = 0.5
"""Seconds beyond which an answer is slow: the next question then waits for as long as that one took."""


@dataclass
class QuestionLane:
    """The questions of one kind to one service."""

    begun: float | None = None
    """When the question began that is on its way."""
    holder: object = None
    """Which question that is."""
    missed: list[float] = field(default_factory=list)
    """When the same would have been asked meanwhile."""
    until: float = 0.0
    """When the next one may be asked."""
    resumed: float = 0.0
    """Since when slow answers count again."""

    def take(self, holder: object, began: float) -> bool:
        """Have it for a question that began at a moment, unless another one is on its way."""
        if self.begun is not None:
            return False
        self.begun, self.holder = began, holder
        return True

    def open(self, now: float) -> bool:
        """Whether a question may be asked."""
        return self.begun is None and now >= self.until

    def stuck(self, now: float, seconds: float) -> bool:
        """Whether a question has waited for so long."""
        return self.begun is not None and now - self.begun > seconds

    def resume(self, now: float) -> None:
        """Ask again at once, also while a question is on its way."""
        self.until, self.resumed = 0.0, now

    def done(self, sample: Sample, *, rests: bool) -> list[Sample]:
        """
        A question was answered, or not: its sample, and those of what would have been asked meanwhile.

        Args:
            sample: of the question.
            rests: whether the service is left in peace if that took long.
        """
        if self.begun != sample.began:
            return [sample]  # another one has the lane: this one got no connection
        meanwhile = [Sample(due, sample.ended - due, sample.result) for due in self.missed if due < sample.ended]
        self.begun, self.holder, self.missed = None, None, []
        if rests and sample.latency > SLOW and sample.began >= self.resumed:
            self.until = max(self.until, sample.ended + sample.latency)
        return [sample, *meanwhile]
