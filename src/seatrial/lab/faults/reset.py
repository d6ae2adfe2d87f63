"""Connections to a service are refused and broken by TCP resets, as by a proxy that restarts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from seatrial.lab.faults import netfilter
from seatrial.lab.faults.base import DURATION, Aspect, End, Expectation, FaultContext, Proof, never
from seatrial.lab.faults.netfilter import REFUSING
from seatrial.lab.model import Service

NAME = "reset"
KIND = Expectation.OUTAGE
ENDS = End.NOTHING
ASPECT = Aspect.CUT
WEIGHT = 0
PARAMETERS = DURATION
suits = never


def obstacle(context: FaultContext, service: Service) -> str:
    """It needs packet rules."""
    return netfilter.obstacle(context, service)


@contextmanager
def inject(context: FaultContext, service: Service, parameters: Mapping[str, Any]) -> Iterator[Proof]:
    """Answer every packet of a connection with a reset."""
    with netfilter.applied(context, service, REFUSING, parameters["duration"]) as proof:
        yield proof
