"""The numbers of a run for later steps of a pipeline: fixed words and digits only."""

from __future__ import annotations

from collections.abc import Mapping

from seatrial.report import Outcome
from seatrial.verdict.score import decimal


def numbers(outcome: Outcome) -> Mapping[str, str]:
    """By name; what the run has no answer for is empty."""
    score, comparison = outcome.score, outcome.comparison
    return {
        "score": outcome.headline if score.headline is not None else "",
        "coverage": "" if score.coverage is None else decimal(100 * score.coverage),
        "proven": "" if score.floor is None else decimal(score.floor),
        "verdict": outcome.verdict.decision.value,
        "findings": str(sum(f.fingerprint not in outcome.waived.fingerprints for f in outcome.findings)),
        "new_findings": "" if comparison is None else str(len(comparison.introduced(outcome.findings))),
    }
