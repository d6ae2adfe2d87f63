"""Some of what a service sends gets lost."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from seatrial.lab.faults import emulation
from seatrial.lab.faults.base import LONG, Aspect, End, Expectation, FaultContext, FaultTarget, Parameter, Proof
from seatrial.lab.model import Service

NAME = "loss"
KIND = Expectation.DEGRADE
ENDS = End.NOTHING
ASPECT = Aspect.NETWORK
WEIGHT = 2
PARAMETERS = {
    **LONG,
    "percent": Parameter("share", "10%", "of the packets"),
}


def obstacle(context: FaultContext, service: Service) -> str:
    """It needs the packet emulator."""
    return emulation.obstacle(context, service)


def suits(target: FaultTarget) -> bool:
    """A store that others reach by a network."""
    return target.needed and target.service.own_network and bool(target.service.store)


@contextmanager
def inject(context: FaultContext, service: Service, parameters: Mapping[str, Any]) -> Iterator[Proof]:
    """Emulate, and end the emulator."""
    with emulation.over(context, service, parameters["duration"], loss=parameters["percent"]) as proof:
        yield proof
