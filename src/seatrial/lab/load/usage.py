"""Processor and memory of every service meanwhile, once a second from the engine's statistics."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from itertools import pairwise
from typing import Any

from seatrial.domain.load import ServiceUsage, UsageMoment
from seatrial.lab.engine import FAILURES, SERVICE, connect
from seatrial.lab.stack import RunningProject

PERIOD = 1.0
_AT_ONCE = 8
_ANSWER = 10.0  # seconds that the engine may take


@dataclass(frozen=True, slots=True)
class Reading:
    """One container's statistics, as the engine counts."""

    at: float
    seconds: float
    """Of processors, since the container's start."""
    memory: int
    limit: int

    @classmethod
    def of(cls, told: Mapping[str, Any], at: float) -> Reading | None:
        """The engine's answer; None from a container that does not run."""
        memory = told.get("memory_stats") or {}
        if "usage" not in memory:
            return None
        counted = memory.get("stats") or {}
        cache = counted.get("inactive_file", counted.get("total_inactive_file", 0))
        used = ((told.get("cpu_stats") or {}).get("cpu_usage") or {}).get("total_usage", 0)
        return cls(at, int(used) / 1e9, max(0, int(memory["usage"]) - int(cache)), int(memory.get("limit", 0)))


def moments(readings: list[Reading], began: float) -> Iterator[UsageMoment]:
    """What was used between each two readings; one with less than before is of another container."""
    for before, now in pairwise(readings):
        passed = now.at - before.at
        if passed > 0 and now.seconds >= before.seconds:
            yield UsageMoment(now.at - began, (now.seconds - before.seconds) / passed, now.memory)


@dataclass
class Usage:
    """Reads until it is left; a context manager."""

    project: RunningProject
    _began: float = field(default_factory=time.monotonic)
    _readings: dict[str, list[Reading]] = field(default_factory=dict)
    _ended: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> Usage:
        """Begin to read."""
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop reading."""
        self._ended.set()
        self._thread.join(2 * _ANSWER)

    def services(self, began: float, ended: float) -> tuple[ServiceUsage, ...]:
        """What each service used between two moments (monotonic)."""
        limits = {s.name: s.memory for s in self.project.stack.services.values()}
        read = {n: [r for r in tuple(every) if began <= r.at <= ended] for n, every in sorted(self._readings.items())}
        return tuple(ServiceUsage(n, limits.get(n, 0), tuple(moments(r, began))) for n, r in read.items())

    def _read(self) -> None:
        with (
            contextlib.suppress(*FAILURES),
            contextlib.closing(connect(_ANSWER)) as client,  # its own: another thread
            ThreadPoolExecutor(_AT_ONCE) as pool,
        ):
            while not self._ended.is_set():
                due = time.monotonic() + PERIOD
                # At the same time: the engine takes up to a second for each answer.
                list(pool.map(partial(self._note, client), self.project.containers()))
                self._ended.wait(max(0.0, due - time.monotonic()))

    def _note(self, client: Any, container: Any) -> None:
        with contextlib.suppress(*FAILURES, ValueError):
            told = client.api.stats(container.id, stream=False, one_shot=True)
            if (reading := Reading.of(told, time.monotonic())) is not None:
                self._readings.setdefault(str(container.labels.get(SERVICE, "")), []).append(reading)
