"""What a threshold is held against: one number of what was counted."""

from __future__ import annotations

from seatrial.domain.thresholds import Metric, Threshold

from .tally import LoadTally


def value(threshold: Threshold, tally: LoadTally, seconds: float) -> float | None:
    """
    The number that is held against the bound, in its unit; None if there is no sample.

    Args:
        threshold: the bound.
        tally: what was counted.
        seconds: in how long.
    """
    if not tally.requests:
        return None
    if threshold.metric is Metric.FAILED:
        return tally.failed / tally.requests
    if threshold.metric is Metric.REQUESTS:
        return tally.requests / seconds if threshold.statistic == "rate" else float(tally.requests)
    found = _duration(threshold, tally)
    return None if found is None else 1000 * found


def _duration(threshold: Threshold, tally: LoadTally) -> float | None:
    durations = tally.durations
    match threshold.statistic:
        case "avg":
            return durations.mean
        case "min":
            return durations.least
        case "max":
            return durations.most
        case "med":
            return durations.percentile(0.5)
    return durations.percentile(threshold.share) if threshold.share else durations.least
