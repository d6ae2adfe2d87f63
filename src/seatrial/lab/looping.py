"""
Whether what came up stays up. A service may die until what it needs is there, and its restart policy brings it back.
One that still restarts a minute later is in a loop.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from seatrial.text.wording import counted

from .engine import SERVICE

PATIENCE = 60.0
"""Seconds in which a service may restart until it stays up: a database may need as long to make its files."""
_WATCH = 2.0  # seconds after all is up: a crash loop looks healthy at first
_POLL = 0.1


@dataclass
class Watched:
    """The containers of a project, looked at until none restarts any more."""

    containers: Callable[[], Sequence[Any]]
    _codes: dict[str, int] = field(default_factory=dict)
    """By service: the last exit code other than 0, which a running container does not show."""

    def problems(self, patience: float = PATIENCE) -> list[tuple[str, str]]:
        """
        The services that do not stay up, and how.

        Args:
            patience: seconds.
        """
        deadline = time.monotonic() + patience
        while True:
            ended, restarted = self._look()
            if ended or not restarted or time.monotonic() > deadline:
                return [*ended, *((name, f"restarts again and again{self._code(name)}") for name in restarted)]

    def notes(self) -> Iterator[str]:
        """How often services died before they stayed up."""
        for container in self.containers():
            if times := int(container.attrs.get("RestartCount") or 0):
                service = str(container.labels.get(SERVICE))
                yield f"{service} died {counted(times, 'time')} before it stayed up{self._code(service)}"

    def _look(self) -> tuple[list[tuple[str, str]], list[str]]:
        """For a moment: what ended for good, and what restarted."""
        before = {c.id: c.attrs["State"]["StartedAt"] for c in self.containers()}
        until = time.monotonic() + _WATCH
        while True:
            now = self.containers()
            for container in now:
                if code := container.attrs["State"].get("ExitCode"):
                    self._codes[str(container.labels.get(SERVICE))] = code
            if time.monotonic() > until:
                break
            time.sleep(_POLL)
        states = [(str(c.labels.get(SERVICE)), before.get(c.id), c.attrs["State"]) for c in now]
        gone = {name for name, _, state in states if state.get("Status") == "exited" and state.get("ExitCode")}
        moved = {n for n, at, state in states if state.get("Restarting") or at not in (None, state["StartedAt"])}
        return [(name, f"ended{self._code(name, ' with')}") for name in sorted(gone)], sorted(moved - gone)

    def _code(self, service: str, before: str = ", last") -> str:
        code = self._codes.get(service)
        return f"{before} exit code {code}" if code else ""
