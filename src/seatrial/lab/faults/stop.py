"""The service is stopped, and started again after a while: what needs it sees its name vanish."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from seatrial.lab.faults.base import (
    DURATION,
    Aspect,
    End,
    Expectation,
    FaultContext,
    FaultTarget,
    NotProven,
    NotUndone,
    Parameter,
    Poll,
    Proof,
)
from seatrial.lab.model import Service

NAME = "stop"
KIND = Expectation.OUTAGE
ENDS = End.ORDERED
ASPECT = Aspect.AWAY
WEIGHT = 2
PARAMETERS = {**DURATION, "grace": Parameter("duration", "5s", "from SIGTERM to SIGKILL")}


def obstacle(context: FaultContext, service: Service) -> str:
    """It is always possible."""
    del context, service
    return ""


def suits(target: FaultTarget) -> bool:
    """What others need, and what nothing starts again: for it a crash has no end."""
    return target.needed or not target.service.restarts


@contextmanager
def inject(context: FaultContext, service: Service, parameters: Mapping[str, Any]) -> Iterator[Proof]:
    """Stop it, and start it again."""
    container = context.project.container(service.name)

    def running() -> bool:
        return bool(context.inspect(service.name)["State"]["Running"])

    def proof() -> str:
        if running():
            raise NotProven(f"{service.name} runs although it was stopped")
        return f"state {context.inspect(service.name)['State']['Status']}"

    try:
        context.act(f"stop {service.name}", lambda: container.stop(timeout=round(parameters["grace"])))
        yield proof
    finally:
        context.act(f"start {service.name}", container.start)
    if not Poll().until(running):
        raise NotUndone(f"{service.name} does not run after it was started again")
