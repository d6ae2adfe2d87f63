"""Healthchecks asked more often than their authors do, so that a recovery is seen at once; their grace stays."""

from __future__ import annotations

import contextlib
import math
from collections.abc import Mapping, Sequence
from typing import Any

from seatrial.text.durations import seconds

from .engine import FAILURES, DockerEngine

_INTERVAL, _RETRIES = 30.0, 3  # what Docker takes if nothing is said
_NANOSECONDS = 1e9


def quickened(interval: float, retries: int) -> Mapping[str, object] | None:
    """
    A check every second that gives up no sooner than the original; None if it is that quick already.

    Docker calls a container unhealthy after so many failures in a row, so their number grows as the interval shrinks.
    """
    if interval <= 1:
        return None
    return {"interval": "1s", "retries": math.ceil(interval * retries)}


def of_file(check: Mapping[str, Any]) -> Mapping[str, object] | None:
    """The same, from a service's section `healthcheck` in Compose's canonical form."""
    return quickened(seconds(check.get("interval"), _INTERVAL), int(check.get("retries") or _RETRIES))


def of_image(engine: DockerEngine, image: str) -> tuple[Sequence[str], Mapping[str, object] | None]:
    """The command of an image's own healthcheck, and the quickened check; no command, if there is none."""
    with contextlib.suppress(*FAILURES):
        check = (engine.client.images.get(image).attrs.get("Config") or {}).get("Healthcheck") or {}
        test = [str(word) for word in check.get("Test") or ()]
        if test and test[0] != "NONE":
            interval = float(check.get("Interval") or 0) / _NANOSECONDS or _INTERVAL
            return test, quickened(interval, int(check.get("Retries") or _RETRIES))
    return (), None
