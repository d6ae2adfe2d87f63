"""The faults. The list is explicit; one that is not in it does not exist."""

from __future__ import annotations

from collections.abc import Mapping
from types import ModuleType
from typing import cast

from seatrial.lab.faults import (
    bandwidth,
    clock,
    cpu,
    crash,
    disconnect,
    disk,
    dns,
    flap,
    io,
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

_FACTS = ("NAME", "KIND", "ENDS", "ASPECT", "WEIGHT", "PARAMETERS", "suits", "obstacle", "inject")


def registered(*modules: ModuleType) -> Mapping[str, Fault]:
    """
    Faults by name.

    Raises:
        TypeError: a module lacks a fact of its fault. mypy does not compare modules with a protocol.
    """
    for module in modules:
        if missing := [fact for fact in _FACTS if not hasattr(module, fact)]:
            raise TypeError(f"{module.__name__}: {', '.join(missing)} is missing")
    return {module.NAME: cast("Fault", module) for module in modules}


FAULTS: Mapping[str, Fault] = registered(
    crash, restart, recreate, stop, pause, flap, partition, latency, loss, bandwidth, cpu, memory, overload,
    dns, reset, disconnect, oom, io, disk, clock,
)  # fmt: skip
"""By name."""

FORMER: Mapping[str, str] = {"blink": "flap"}
"""Names of the version before this one, which configurations may still have; today's name for each."""
