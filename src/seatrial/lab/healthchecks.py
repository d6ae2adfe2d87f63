"""
Healthchecks asked more often than their authors do, so that a recovery is seen at once; their grace stays.

A check that starts a virtual machine takes a second of a processor: asked each second it would burden the service that
it asks for. So the duration of the checks is measured. A heavy one runs a fifth of the time at most.
"""

from __future__ import annotations

import contextlib
import itertools
import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from seatrial.text.durations import seconds

from .engine import FAILURES, SERVICE, DockerEngine

_INTERVAL, _RETRIES = 30.0, 3  # what Docker takes if nothing is said
_NANOSECONDS = 1e9
_REST = 5
"""A check runs a fifth of the time at most."""
_HEAVY = 0.4
"""Seconds from which on that is less often than each second, by whole seconds."""
_SURE = 1.0
"""Seconds of a single run that show a heavy check; a shorter one may have had to wait for the others at the start."""
_FRACTION = re.compile(r"\.\d+")


def quickened(interval: float, retries: int, takes: float = 0.0) -> Mapping[str, object] | None:
    """
    A check every second that gives up no sooner than the original; None if it is that quick already.

    Docker calls a container unhealthy after so many failures in a row, so their number grows as the interval shrinks.

    Args:
        interval: seconds between two checks, as the author wrote it.
        retries: failures in a row, likewise.
        takes: seconds of one check; a heavy one is asked less often.
    """
    every = max(1, math.ceil(takes * _REST)) if takes >= _HEAVY else 1
    if interval <= every:
        return None
    return {"interval": f"{every}s", "retries": math.ceil(interval * retries / every)}


def of_file(check: Mapping[str, Any], takes: float = 0.0) -> Mapping[str, object] | None:
    """The same, from a service's section `healthcheck` in Compose's canonical form."""
    return quickened(seconds(check.get("interval"), _INTERVAL), int(check.get("retries") or _RETRIES), takes)


def of_files(
    written: Mapping[str, Mapping[str, Any]], takes: Mapping[str, float]
) -> Mapping[str, Mapping[str, object]]:
    """
    What is changed of the healthchecks of a file, by service.

    Args:
        written: the sections of services that have one.
        takes: seconds of each heavy check.
    """
    quick = {name: of_file(check, takes.get(name, 0.0)) for name, check in written.items()}
    return {name: check for name, check in quick.items() if check}


def heavy_ones(containers: Iterable[Any], checks: Mapping[str, Mapping[str, object]]) -> Mapping[str, float]:
    """
    Services whose checks are asked too often for what they take, and how long that is.

    Args:
        containers: of the running stack.
        checks: what we changed of each service's check.
    """
    found: dict[str, float] = {}
    for container in containers:
        name, health = str(container.labels.get(SERVICE)), container.attrs["State"].get("Health") or {}
        if name in checks and (took := heavy(health, seconds(str(checks[name]["interval"]), _INTERVAL))):
            found[name] = took
    return found


def heavy(health: Mapping[str, Any], every: float) -> float:
    """
    Seconds that a check takes at least, if it is asked too often for that; 0: it is not.

    Args:
        health: what the engine tells of a container's health.
        every: seconds between two checks now.
    """
    runs = [run for run in health.get("Log") or () if run.get("ExitCode") == 0]
    took = sorted(_seconds(runs))
    if not took or (len(took) == 1 and took[0] < _SURE):
        return 0.0
    return took[0] if took[0] >= _HEAVY and math.ceil(took[0] * _REST) > every else 0.0


def _seconds(runs: Iterable[Mapping[str, Any]]) -> Iterator[float]:
    """How long each run took; the engine's times have nine decimals."""
    for run in runs:
        with contextlib.suppress(ValueError):
            ends = [_moment(str(run.get(name, ""))) for name in ("Start", "End")]
            yield from (end - start for start, end in itertools.pairwise(ends))


def _moment(told: str) -> float:
    """
    Seconds since 1970.

    Raises:
        ValueError: it has another form.
    """
    fraction = _FRACTION.search(told)
    return datetime.fromisoformat(_FRACTION.sub("", told)).timestamp() + (float(fraction[0]) if fraction else 0.0)


def of_image(engine: DockerEngine, image: str, takes: float = 0.0) -> tuple[Sequence[str], Mapping[str, object] | None]:
    """The command of an image's own healthcheck, and the quickened check; no command, if there is none."""
    with contextlib.suppress(*FAILURES):
        check = (engine.client.images.get(image).attrs.get("Config") or {}).get("Healthcheck") or {}
        test = [str(word) for word in check.get("Test") or ()]
        if test and test[0] != "NONE":
            interval = float(check.get("Interval") or 0) / _NANOSECONDS or _INTERVAL
            return test, quickened(interval, int(check.get("Retries") or _RETRIES), takes)
    return (), None
