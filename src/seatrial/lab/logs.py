"""What services printed."""

from __future__ import annotations

from dataclasses import dataclass, field

from .engine import FAILURES, one_line
from .model import Service
from .stack import RunningProject


@dataclass(frozen=True, slots=True)
class Log:
    """The end of what a service printed."""

    text: str = field(repr=False)
    """As it is: it may hold secrets."""
    unread: str = ""
    """Why some of it could not be read."""


def log(project: RunningProject, service: Service, limit: int) -> Log:
    """The last bytes of each container of a service."""
    parts, unread = [], ""
    for container in project.containers(service.name):
        try:
            parts.append(container.logs(tail=5000)[-limit:].decode("utf-8", "replace"))
        except FAILURES as error:
            unread = one_line(error)
    return Log("\n".join(parts), unread)
