"""
The disk is slow: what a service asks of the disk under its data takes tens of milliseconds.

Its control group gets so few operations a second, if possible (version 2's `io.max`, or version
1's `blkio.throttle`). Errors of a disk are not tried: they need a device of ours under the service's data.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from seatrial.lab.engine import LabError
from seatrial.lab.faults.base import (
    EXPIRY,
    LONG,
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
from seatrial.lab.faults.talking import START, Talking
from seatrial.lab.model import Mount, Service
from seatrial.lab.slowdisk import slow

NAME = "io"
KIND = Expectation.DEGRADE
ENDS = End.NOTHING
ASPECT = Aspect.DISK
WEIGHT = 1
PARAMETERS = {
    **LONG,
    "operations": Parameter("count", "20", "a second, of reading and of writing, and fewer until it is slow"),
}


def _kept(service: Service) -> Mount | None:
    """Where the service keeps its data; None if nowhere that we know."""
    return next((m for m in service.mounts if m.kind in ("volume", "bind") and not m.read_only), None)


def obstacle(context: FaultContext, service: Service) -> str:
    """It needs data on a disk."""
    del context
    return "" if _kept(service) is not None else "it has no volume that it writes to"


def suits(target: FaultTarget) -> bool:
    """A store that keeps its data."""
    return bool(target.service.store) and _kept(target.service) is not None


@contextmanager
def inject(context: FaultContext, service: Service, parameters: Mapping[str, Any]) -> Iterator[Proof]:
    """Throttle, and stop throttling."""
    mount = _kept(service)
    if mount is None:
        raise LabError(f"{service.name} has no volume that it writes to")
    pid = int(context.inspect(service.name)["State"]["Pid"])
    try:
        throttle = Talking(
            context, ["seatrial.lab.slowdisk", str(pid), mount.target, str(parameters["operations"])],
            pid="host", cgroups=True, capabilities=("DAC_OVERRIDE", "SYS_PTRACE"),
            lifetime=parameters["duration"] + 2 * EXPIRY + START,
        )  # fmt: skip
    except LabError as error:
        raise NotProven(f"the disk under {mount.target} cannot be made slow here: {error}") from None

    def proof() -> str:
        told = throttle.last()
        before, now = 1000 * told["before"], 1000 * told["took"]
        figures = f"a write took {now:.0f} ms and {before:.1f} ms before"
        if not slow(told["before"], told["took"]):
            raise NotProven(f"the disk under {mount.target} was not slow: {figures}")
        return f"{figures}, {told['operations']} operations a second"

    try:
        Poll().until(lambda: bool(throttle.last().get("writes")))
        yield proof
    finally:
        last = throttle.close()
    if last.get("on") is not False and _runs(context, service, pid):
        raise NotUndone(f"it is unknown whether the disk of {service.name} is as fast as before")


def _runs(context: FaultContext, service: Service, pid: int) -> bool:
    return int(context.inspect(service.name)["State"]["Pid"]) == pid
