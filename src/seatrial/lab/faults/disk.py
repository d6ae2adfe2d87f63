"""
The disk is full: nothing more can be written to the service's volumes, and later there is room again.

For a trial with this experiment, the service's named volumes are small ones in memory. So the machine's own disk is
never touched. A sidecar keeps them mounted, so that they outlive the service's container as real ones do.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from seatrial.lab.engine import FAILURES, LabError
from seatrial.lab.faults.base import (
    DURATION,
    EXPIRY,
    Aspect,
    End,
    Expectation,
    FaultContext,
    NotProven,
    NotUndone,
    Parameter,
    Poll,
    Proof,
    never,
)
from seatrial.lab.model import Service
from seatrial.text.numerals import whole

NAME = "disk"
KIND = Expectation.OUTAGE
ENDS = End.NOTHING
ASPECT = Aspect.DISK
WEIGHT = 0
PARAMETERS = {**DURATION, "size": Parameter("size", "64MiB", "of each volume")}
suits = never
_FILL = "seatrial-fills-the-disk"
_SCRIPT = (
    'for v in /volumes/*; do dd if=/dev/zero of="$v/{name}" bs=1M 2>/dev/null; '
    'dd if=/dev/zero of="$v/{name}" bs=1k oflag=append conv=notrunc 2>/dev/null; done; '
    "df --output=avail -k /volumes/* | tail -n +2 | tr -d ' '; echo full; sleep {seconds}; "
    'for v in /volumes/*; do rm -f "$v/{name}"; done'
)


def volumes(service: Service) -> list[str]:
    """The named volumes of a service, as the Compose file names them."""
    return [m.source for m in service.mounts if m.kind == "volume" and m.source and not m.read_only]


def obstacle(context: FaultContext, service: Service) -> str:
    """It needs a named volume that the project made."""
    if not volumes(service):
        return "it has no named volume"
    made = context.project.small_volumes
    return "" if set(volumes(service)) & set(made) else "its volumes are external, and are left alone"


@contextmanager
def inject(context: FaultContext, service: Service, parameters: Mapping[str, Any]) -> Iterator[Proof]:
    """Fill the volumes, and give the room back."""
    made = context.project.small_volumes
    mounts = {f"{context.project.name}_{v}": f"/volumes/{n}" for n, v in enumerate(volumes(service)) if v in made}
    script = _SCRIPT.format(name=_FILL, seconds=parameters["duration"] + EXPIRY)
    sidecar = context.engine.sidecar(
        context.image, ["sh", "-c", script], volumes=mounts, capabilities=("DAC_OVERRIDE",),
        lifetime=parameters["duration"] + 2 * EXPIRY,
    )  # fmt: skip

    def printed() -> list[str]:
        with contextlib.suppress(*FAILURES):
            return list(sidecar.logs().decode("utf-8", "replace").split())
        return []

    def proof() -> str:
        left = [n for word in printed() if (n := whole(word)) is not None]
        if not left or max(left) > 0:
            raise NotProven(f"there is still room on the volumes of {service.name}")
        return f"{len(left)} of its volumes full, 0 bytes free"

    try:
        if not Poll(within=10).until(lambda: "full" in printed()):
            raise LabError(f"the volumes of {service.name} could not be filled")
        yield proof
    finally:
        context.engine.remove(sidecar)
        _empty(context, mounts)


def _empty(context: FaultContext, mounts: Mapping[str, str]) -> None:
    command = f"rm -f /volumes/*/{_FILL}; df --output=avail -k /volumes/* | tail -n +2 | tr -d ' '"
    told = context.engine.run_sidecar(
        context.image, ["sh", "-c", command], volumes=mounts, capabilities=("DAC_OVERRIDE",)
    )
    if min((n for word in told.split() if (n := whole(word)) is not None), default=0) == 0:
        raise NotUndone("the volumes are still full")
