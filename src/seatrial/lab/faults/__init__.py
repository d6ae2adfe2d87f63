"""The faults. The list is explicit; one that is not in it does not exist."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from seatrial.lab.faults import (
    bandwidth,
    blink,
    clock,
    cpu,
    crash,
    disconnect,
    disk,
    dns,
    latency,
    loss,
    memory,
    oom,
    overload,
    partition,
    pause,
    recreate,
    reset,
    restart,
    stop,
)
from seatrial.lab.faults.base import Fault

FAULTS: Mapping[str, Fault] = {
    module.NAME: cast("Fault", module)
    for module in (
        crash, restart, recreate, stop, pause, blink, partition, latency, loss, bandwidth, cpu, memory, overload,
        dns, reset, disconnect, oom, disk, clock,
    )
}  # fmt: skip
"""By name."""
