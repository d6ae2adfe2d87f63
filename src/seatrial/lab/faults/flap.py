"""The service is away for half a second, several times in a row: that finds clients that connect only once."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from seatrial.lab.engine import LabError
from seatrial.lab.faults.base import (
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

NAME = "flap"
KIND = Expectation.OUTAGE
ENDS = End.ORDERED
ASPECT = Aspect.FLAP
WEIGHT = 2
PARAMETERS = {
    "times": Parameter("count", "3", "how often"),
    "down": Parameter("duration", "500ms", "how long each time"),
    "up": Parameter("duration", "1s", "how long in between"),
    "by": Parameter("word", "stop", "pause: frozen; stop: its connections are cut, too", ("pause", "stop")),
}


def obstacle(context: FaultContext, service: Service) -> str:
    """It is always possible."""
    del context, service
    return ""


def suits(target: FaultTarget) -> bool:
    """A store: its clients keep connections."""
    return bool(target.service.store)


@contextmanager
def inject(context: FaultContext, service: Service, parameters: Mapping[str, Any]) -> Iterator[Proof]:
    """Flap; by the time that the context is entered it is over."""
    container = context.project.container(service.name)
    by_pause = parameters["by"] == "pause"
    away, back = (
        (container.pause, container.unpause) if by_pause else (lambda: container.stop(timeout=2), container.start)
    )
    seen = 0

    def is_away() -> bool:
        state = context.inspect(service.name)["State"]
        return bool(state["Paused"]) or not state["Running"]

    def proof() -> str:
        if seen < parameters["times"]:
            raise NotProven(f"{service.name} was away {seen} times of {parameters['times']}")
        return f"away {seen} times, each for {parameters['down']:g} s"

    try:
        for _ in range(parameters["times"]):
            context.act(f"take {service.name} away", away)
            seen += is_away()
            time.sleep(parameters["down"])
            context.act(f"bring {service.name} back", back)
            time.sleep(parameters["up"])
        yield proof
    finally:
        if is_away():
            with contextlib.suppress(LabError):
                context.act(f"bring {service.name} back", back)
    if not Poll().until(lambda: not is_away()):
        raise NotUndone(f"{service.name} did not come back")
