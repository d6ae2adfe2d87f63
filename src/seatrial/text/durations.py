"""Durations as Compose writes them: `1m30s`, `10s`, `500ms`."""

from __future__ import annotations

import re

_FACTORS = {"w": 604800.0, "d": 86400.0, "h": 3600.0, "m": 60.0, "s": 1.0, "ms": 1e-3, "us": 1e-6, "ns": 1e-9}


def seconds(text: str | None, default: float) -> float:
    """
    A duration in seconds.

    Args:
        text: as written; None if it is not said.
        default: what Docker takes then, and what an unreadable one counts as.
    """
    parts = re.findall(r"(?<![0-9.])([0-9]{1,15}(?:\.[0-9]{1,15})?)(ms|us|ns|w|d|h|m|s)", text or "")
    return sum(float(number) * _FACTORS[unit] for number, unit in parts) if parts else default
