"""The service is frozen: it accepts connections, because the kernel does, and answers none."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from seatrial.lab.engine import LabError
from seatrial.lab.faults.base import (
    DURATION,
    Aspect,
    End,
    Expectation,
    FaultContext,
    FaultTarget,
    NotProven,
    NotUndone,
    Poll,
    Proof,
)
from seatrial.lab.model import Service

NAME = "pause"
KIND = Expectation.OUTAGE
ENDS = End.NOTHING
ASPECT = Aspect.FROZEN
WEIGHT = 2
PARAMETERS = DURATION


def obstacle(context: FaultContext, service: Service) -> str:
    """A probe that only connects would not see it."""
    probe = context.probes.get(service.name)
    return "its probe only connects, which a frozen service accepts" if probe is not None and probe.blind else ""


def suits(target: FaultTarget) -> bool:
    """What others wait for."""
    return target.needed


@contextmanager
def inject(context: FaultContext, service: Service, parameters: Mapping[str, Any]) -> Iterator[Proof]:
    """Freeze it, and thaw it."""
    del parameters
    container = context.project.container(service.name)

    def paused() -> bool:
        return bool(context.inspect(service.name)["State"]["Paused"])

    def proof() -> str:
        if not paused():
            raise NotProven(f"{service.name} is not paused")
        return "state paused"

    try:
        context.act(f"pause {service.name}", container.pause)
        yield proof
    finally:
        with contextlib.suppress(LabError):  # it may have been restarted meanwhile, which thaws it
            context.act(f"unpause {service.name}", container.unpause)
    if not Poll().until(lambda: not paused()):
        raise NotUndone(f"{service.name} is still paused")
