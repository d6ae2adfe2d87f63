"""Teams of workers: each worker does a list of operations, once and in order. Pure."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from .load_profile import LoadRequest


class QueueWay(enum.StrEnum):
    """How a message gets into a queue."""

    LIST = "list"
    """Of Redis: `RPUSH`."""
    STREAM = "stream"
    """Of Redis: `XADD`."""
    QUEUE = "queue"
    """Of RabbitMQ, by its default exchange."""
    TASK = "task"
    """Of Celery by name, over Redis or RabbitMQ."""


@dataclass(frozen=True, slots=True)
class WorkCommand:
    """A command in a service's container; it succeeds if it ends with 0."""

    service: str
    line: str

    def __str__(self) -> str:
        """For people."""
        return f"exec {self.service}: {self.line}"


@dataclass(frozen=True, slots=True)
class WorkMessage:
    """A message to a queue; it succeeds if the store accepts it."""

    service: str
    way: QueueWay
    name: str
    """Of the list, stream, queue or task."""
    body: str = ""
    """Of a task: its arguments as a list of JSON."""

    def __str__(self) -> str:
        """For people."""
        return f"send {self.service}: {self.way} {self.name}"


WorkOperation = LoadRequest | WorkCommand | WorkMessage


@dataclass(frozen=True, slots=True)
class WorkGroup:
    """So many workers who do the same."""

    name: str
    workers: int
    operations: tuple[WorkOperation, ...] = ()
    """None: the requests that discovery found."""
