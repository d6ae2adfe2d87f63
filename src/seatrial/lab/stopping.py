"""How a stack stops in an orderly way, service by service."""

from __future__ import annotations

import signal
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from seatrial.text.numerals import whole

from .engine import FAILURES, SERVICE, LabError, one_line
from .model import Service
from .observation import Stopped
from .stack import RunningProject


def stop(project: RunningProject) -> Iterator[Stopped]:
    """Ask every service to stop, as Compose does: first those that no running service needs. See how each ends."""
    running = {str(c.labels.get(SERVICE)) for c in project.containers() if c.status == "running"}
    left = {s.name: s for s in project.stack.lasting if s.name in running}
    while left:
        free = [s for name, s in left.items() if not project.stack.dependents(name) & left.keys()]
        now = free or list(left.values())  # they need one another
        with ThreadPoolExecutor(max_workers=len(now)) as pool:
            yield from pool.map(lambda one: _stop_one(project, one), now)
        left = {name: s for name, s in left.items() if s not in now}


def _stop_one(project: RunningProject, service: Service) -> Stopped:
    try:
        container = project.container(service.name)
        before, began = _last_line(container), time.monotonic()
        container.stop(timeout=max(1, round(service.grace)))
        seconds = time.monotonic() - began
        container.reload()
        code = int(container.attrs["State"]["ExitCode"])
        asked = by_signal(str(container.attrs["Config"].get("StopSignal") or ""), code)
        silent = code == _UNHANDLED and _last_line(container) == before
        return Stopped(service.name, code, seconds, service.grace, obeyed=asked or silent)
    except (*FAILURES, LabError) as error:
        return Stopped(service.name, -1, 0.0, service.grace, unseen=one_line(error))


_UNHANDLED = 2
"""
With what Go's runtime ends a program without a handler that is process 1: the kernel lets no signal end that one.
Source: `dieFromSignal` of Go's package runtime.
"""


def by_signal(stop_signal: str, code: int) -> bool:
    """Whether an exit code says that the process ended as its stop signal asks: well, or by that signal."""
    name = stop_signal.upper()
    number = whole(name) or _numbers().get(name.removeprefix("SIG"), signal.SIGTERM)
    return code in (0, 128 + signal.SIGTERM, 128 + number)


def _numbers() -> dict[str, int]:
    return {one.name.removeprefix("SIG"): one.value for one in signal.Signals}


def _last_line(container: Any) -> bytes:
    """The last line of a log with its time: the same line again means that nothing was printed since."""
    return bytes(container.logs(tail=1, timestamps=True))
