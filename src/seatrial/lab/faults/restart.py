"""The service is stopped and started again in an orderly way, as by a deployment."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from seatrial.lab.faults.base import Aspect, End, Expectation, FaultContext, FaultTarget, NotProven, Parameter, Proof
from seatrial.lab.model import Service

NAME = "restart"
KIND = Expectation.INSTANT
ENDS = End.ORDERED
ASPECT = Aspect.RENEWAL
WEIGHT = 2
PARAMETERS = {"grace": Parameter("duration", "10s", "from SIGTERM to SIGKILL")}


def obstacle(context: FaultContext, service: Service) -> str:
    """It is always possible."""
    del context, service
    return ""


def suits(target: FaultTarget) -> bool:
    """Every lasting service."""
    del target
    return True


@contextmanager
def inject(context: FaultContext, service: Service, parameters: Mapping[str, Any]) -> Iterator[Proof]:
    """Restart it; nothing is to be undone."""
    before = context.inspect(service.name)["State"]["StartedAt"]
    container = context.project.container(service.name)
    context.act(f"restart {service.name}", lambda: container.restart(timeout=round(parameters["grace"])))

    def proof() -> str:
        after = context.inspect(service.name)["State"]["StartedAt"]
        if after == before:
            raise NotProven(f"{service.name} was not restarted")
        return f"started anew at {after[11:23]}"

    yield proof
