"""
Memory is short: the limit sinks to a little above what the service uses, and something fills the rest.

The filler gives memory back as the service grows. The kernel kills it first, so the engine's report is not about the
service.
"""

from __future__ import annotations

import json
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
from seatrial.lab.faults.talking import PYTHON, START, Talking
from seatrial.lab.model import Service

NAME = "memory"
KIND = Expectation.DEGRADE
ENDS = End.FILLED
ASPECT = Aspect.MEMORY
WEIGHT = 1
PARAMETERS = {**LONG, "fill": Parameter("share", "90%", "of the limit that is then used")}
_CAPABILITIES = ("DAC_OVERRIDE", "SYS_PTRACE")
_CLOSE = 0.1
"""By how much the share may be missed."""


def obstacle(context: FaultContext, service: Service) -> str:
    """It needs the control group of the service."""
    try:
        _limit(context, _pid(context, service))
    except LabError as error:
        return f"its control group cannot be reached: {error}"
    return ""


def suits(target: FaultTarget) -> bool:
    """What users ask."""
    return target.entry


@contextmanager
def inject(context: FaultContext, service: Service, parameters: Mapping[str, Any]) -> Iterator[Proof]:
    """Squeeze, and give the limit back."""
    pid, fill = _pid(context, service), parameters["fill"]
    before = _limit(context, pid)
    squeeze = Talking(
        context, ["seatrial.lab.squeeze", str(pid), str(fill)], pid="host", cgroups=True, capabilities=_CAPABILITIES,
        lifetime=parameters["duration"] + 2 * EXPIRY + START,
    )  # fmt: skip

    def full() -> bool:
        return bool(squeeze.last().get("most", 0) > fill - _CLOSE)

    def proof() -> str:
        told = squeeze.last()
        share = f"{100 * told['most']:.0f} % of {told['limit'] / 1024**2:.0f} MiB used"
        if told["most"] < fill - _CLOSE:
            raise NotProven(f"memory of {service.name} was not short: {share}")
        return f"{share}, limit met {told['met']} times"

    try:
        Poll().until(full)
        yield proof
    finally:
        squeeze.close()
    if pid == _pid(context, service) and _limit(context, pid) != before:
        raise NotUndone(f"the memory limit of {service.name} is not as it was")


def _pid(context: FaultContext, service: Service) -> int:
    return int(context.inspect(service.name)["State"]["Pid"])


def _limit(context: FaultContext, pid: int) -> Any:
    """Bytes that the kernel has as its limit; None if there is none."""
    command = [*PYTHON, "seatrial.lab.squeeze", str(pid)]
    return json.loads(
        context.engine.run_sidecar(context.image, command, pid="host", cgroups=True, capabilities=_CAPABILITIES)
    )["limit"]
