"""The packet emulator as a sidecar, for the faults that make a network worse."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from seatrial.lab.capabilities import TUN
from seatrial.lab.engine import LabError
from seatrial.lab.faults.base import EXPIRY, FaultContext, NotProven, NotUndone, Proof
from seatrial.lab.faults.talking import START, Talking
from seatrial.lab.model import Service


def obstacle(context: FaultContext, service: Service) -> str:
    """Why the emulator cannot run here; empty if it can."""
    if not service.own_network:
        return "it has no network namespace of its own"
    return "" if "tun" in context.capabilities.works else "this machine's kernel has no TUN device"


@contextmanager
def over(context: FaultContext, service: Service, duration: float, **conditions: float) -> Iterator[Proof]:
    """
    Worse conditions for everything that a service sends.

    Args:
        context: to work with.
        service: whose namespace.
        duration: seconds; the emulator ends itself a little later.
        conditions: options of netem: seconds, shares, bits a second.
    """
    container = context.project.container(service.name)
    options = {**conditions, "lifetime": duration + EXPIRY, "seed": context.seed}
    words = [word for name, value in options.items() for word in (f"--{name}", str(value))]
    emulator = Talking(
        context, ["seatrial.lab.netem", *words], network=f"container:{container.id}",
        capabilities=("NET_ADMIN", "NET_RAW"), devices=(TUN,), lifetime=duration + 2 * EXPIRY + START,
    )  # fmt: skip

    def proof() -> str:
        told = emulator.last()
        if not told.get("seen"):
            raise NotProven(f"the emulator saw no packet of {service.name}")
        if conditions.get("loss") and not told["lost"]:
            raise NotProven(f"none of {told['seen']} packets was lost")
        if told["late"] < conditions.get("delay", 0) / 2:
            raise NotProven(f"packets were only {1000 * told['late']:.0f} ms late")
        return f"{told['seen']} packets of {service.name}, {told['lost']} lost, {1000 * told['late']:.0f} ms late"

    try:
        yield proof
    finally:
        emulator.close()
    _verify(context, container, service)


def _verify(context: FaultContext, container: Any, service: Service) -> None:
    """The device is gone; with a container that has ended since, its whole namespace is."""
    try:
        links = context.engine.run_sidecar(context.image, ["ip", "-brief", "link"], network=f"container:{container.id}")
    except LabError:
        if _runs(context, container, service):
            raise NotUndone(f"it is unknown whether the emulator still runs in {service.name}") from None
        return
    if "seatrial0" in links:
        raise NotUndone(f"the emulator's device is still in {service.name}")


def _runs(context: FaultContext, container: Any, service: Service) -> bool:
    with contextlib.suppress(LabError):
        inspected = context.inspect(service.name)
        return inspected["Id"] == container.id and bool(inspected["State"]["Running"])
    return False
