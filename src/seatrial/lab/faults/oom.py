"""
A service runs out of memory: its limit is filled from a sidecar until the kernel kills its main process.

That is another death than a crash: what was in memory is gone without a signal handler, and the engine says so.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from seatrial.lab.engine import LabError
from seatrial.lab.faults.base import Aspect, End, Expectation, FaultContext, NotProven, Parameter, Poll, Proof, never
from seatrial.lab.model import Service

NAME = "oom"
KIND = Expectation.INSTANT
ENDS = End.OUT_OF_MEMORY
ASPECT = Aspect.MEMORY
WEIGHT = 0
PARAMETERS: Mapping[str, Parameter] = {}
suits = never
_HOG = 15.0  # seconds that the sidecar may live


def obstacle(context: FaultContext, service: Service) -> str:
    """It needs a limit, or the machine would run out of memory, and something that starts the service again."""
    if not int(context.inspect(service.name)["HostConfig"].get("Memory") or 0):
        return "it has no memory limit: the whole machine would run out of memory instead"
    return "" if service.restarts else "it has no restart policy, so Docker would not start it again"


@contextmanager
def inject(context: FaultContext, service: Service, parameters: Mapping[str, Any]) -> Iterator[Proof]:
    """Fill its memory; nothing is to be undone: the hog ends, and takes its memory with it."""
    del parameters
    attributes = context.inspect(service.name)
    before, limit = attributes["State"], int(attributes["HostConfig"]["Memory"])
    command = ["/opt/seatrial/bin/python", "-I", "-B", "-m", "seatrial.lab.hog", str(int(before["Pid"])), str(limit)]
    with contextlib.suppress(LabError):  # the kernel may choose the hog once the service is gone
        context.engine.run_sidecar(
            context.image, command, pid="host", cgroups=True, lifetime=_HOG,
            capabilities=("DAC_OVERRIDE", "SYS_PTRACE"),
        )  # fmt: skip

    def gone() -> bool:
        now = context.inspect(service.name)["State"]
        return not now["Running"] or now["StartedAt"] != before["StartedAt"]

    def proof() -> str:
        if not Poll().until(gone):
            raise NotProven(f"{service.name} still runs: the kernel killed another process")
        codes = [e.exit_code for e in context.events.seen if e.service == service.name and e.action == "die"]
        return f"process {before['Pid']} died with {codes[-1] if codes else '?'} at {limit / 1024**2:.0f} MiB"

    yield proof
