"""
Services that are tasks: they do something, end well, and stay away.

Compose has no word for them where no service waits for their end, so they are known by it.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable

from seatrial.text.images import sounds_like_a_task

from .engine import FAILURES, LabError
from .model import Service, Stack
from .stack import RunningProject

_TASK = 60.0  # seconds that services which are called like tasks have to end
_POLL = 0.5


def wait(project: RunningProject, say: Callable[[str], None]) -> tuple[str, ...]:
    """What has ended well; those that are called like tasks get some time for it."""
    ended, deadline, told = set(project.finish()), time.monotonic() + _TASK, ""
    while time.monotonic() < deadline:
        waiting = ", ".join(s.name for s in project.stack.lasting if _sounds_like_a_task(s, project.stack))
        if not waiting:
            break
        if waiting != told:
            say(f"waiting for {waiting} to end")
        told = waiting
        time.sleep(_POLL)
        ended.update(project.finish())
    return tuple(sorted(ended))


def _sounds_like_a_task(service: Service, model: Stack) -> bool:
    """By its name, where nothing says otherwise: a restart policy, a port, a healthcheck, a service that needs it."""
    lasting = not service.ends or service.ports or service.health or service.store or model.dependents(service.name)
    return not lasting and sounds_like_a_task(service.name)


class Health:
    """Docker's own word for a service, for probes that have nothing better."""

    def __init__(self, project: RunningProject) -> None:
        self._project = project
        self.settled = False
        """Whether what ends from now on was not meant to."""
        self.tasks: set[str] = set()
        """Services that ended well before."""

    def __call__(self, service: str) -> bool:
        """Whether it runs and is not unhealthy, or was a task that is done."""
        if not self.settled:
            self.tasks.update(self._project.finish())
        if service in self._project.stack.one_shots:
            return True
        with contextlib.suppress(*FAILURES, LabError):
            state = self._project.container(service).attrs["State"]
            health = (state.get("Health") or {}).get("Status", "healthy")
            return bool(state["Running"]) and not state["Paused"] and health == "healthy"
        return False
