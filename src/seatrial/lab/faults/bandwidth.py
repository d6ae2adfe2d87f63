"""What a service sends goes through a narrow line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from seatrial.lab.faults import emulation
from seatrial.lab.faults.base import LONG, Aspect, End, Expectation, FaultContext, Parameter, Proof, never
from seatrial.lab.model import Service

NAME = "bandwidth"
KIND = Expectation.DEGRADE
ENDS = End.NOTHING
ASPECT = Aspect.NETWORK
WEIGHT = 0
PARAMETERS = {
    **LONG,
    "rate": Parameter("rate", "1mbit", "at most"),
}
suits = never


def obstacle(context: FaultContext, service: Service) -> str:
    """It needs the packet emulator."""
    return emulation.obstacle(context, service)


@contextmanager
def inject(context: FaultContext, service: Service, parameters: Mapping[str, Any]) -> Iterator[Proof]:
    """Emulate, and end the emulator."""
    with emulation.over(context, service, parameters["duration"], rate=parameters["rate"]) as proof:
        yield proof
