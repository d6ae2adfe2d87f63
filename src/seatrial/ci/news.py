"""Whether a run has news for those who follow the change."""

from __future__ import annotations

from seatrial.report import Outcome
from seatrial.verdict.baseline import FindingChange

_NEWS = {FindingChange.INTRODUCED, FindingChange.UNMASKED, FindingChange.NEWLY_KNOWN, FindingChange.FIXED}


def worth_telling(outcome: Outcome) -> bool:
    """Whether there is more to say than that all is well, as it was before."""
    news = not _NEWS.isdisjoint(outcome.change_counts)
    return (
        not outcome.verdict.passed
        or news
        or bool(outcome.policy_changes or outcome.notices or outcome.allowed_by_change or outcome.unjudged)
    )
