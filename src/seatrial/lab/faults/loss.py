"""Some of what a service sends gets lost."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from seatrial.lab.faults import weather
from seatrial.lab.faults.base import LONG, Bench, Kind, Parameter, Proof
from seatrial.lab.model import Service

NAME = "loss"
KIND = Kind.DEGRADE
PARAMETERS = {
    **LONG,
    "percent": Parameter("share", "10%", "of the packets"),
}


def obstacle(bench: Bench, service: Service) -> str:
    """It needs the packet emulator."""
    return weather.obstacle(bench, service)


@contextmanager
def inject(bench: Bench, service: Service, parameters: Mapping[str, Any]) -> Iterator[Proof]:
    """Emulate, and end the emulator."""
    with weather.over(bench, service, parameters["duration"], loss=parameters["percent"]) as proof:
        yield proof
