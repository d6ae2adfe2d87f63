"""How a stack stops in an orderly way, service by service."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

from .engine import FAILURES, SERVICE, LabError, one_line
from .model import Service
from .observation import Stopped
from .stack import Project


def stop(project: Project) -> Iterator[Stopped]:
    """Ask every service to stop, as Compose does: first those that nobody needs any more. See how each ends."""
    running = {str(c.labels.get(SERVICE)) for c in project.containers() if c.status == "running"}
    left = {s.name: s for s in project.stack.lasting if s.name in running}
    while left:
        free = [s for name, s in left.items() if not project.stack.dependents(name) & left.keys()]
        now = free or list(left.values())  # they need one another
        with ThreadPoolExecutor(max_workers=len(now)) as pool:
            yield from pool.map(lambda one: _stop_one(project, one), now)
        left = {name: s for name, s in left.items() if s not in now}


def _stop_one(project: Project, service: Service) -> Stopped:
    try:
        container = project.container(service.name)
        began = time.monotonic()
        container.stop(timeout=max(1, round(service.grace)))
        seconds = time.monotonic() - began
        container.reload()
        return Stopped(service.name, int(container.attrs["State"]["ExitCode"]), seconds, service.grace)
    except (*FAILURES, LabError) as error:
        return Stopped(service.name, -1, 0.0, service.grace, unseen=one_line(error))
