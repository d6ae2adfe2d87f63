"""The packet emulator as a sidecar, for the faults that make a network worse."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from seatrial.lab.capabilities import TUN
from seatrial.lab.engine import FAILURES, LabError, one_line
from seatrial.lab.faults.base import EXPIRY, Bench, NotProven, NotUndone, Poll, Proof
from seatrial.lab.model import Service


def obstacle(bench: Bench, service: Service) -> str:
    """Why the emulator cannot run here; empty if it can."""
    if not service.own_network:
        return "it has no network namespace of its own"
    return "" if "tun" in bench.capabilities.works else "this machine's kernel has no TUN device"


@contextmanager
def over(bench: Bench, service: Service, duration: float, **weather: float) -> Iterator[Proof]:
    """
    Bad weather for everything that a service sends.

    Args:
        bench: to work with.
        service: whose namespace.
        duration: seconds; the emulator ends itself a little later.
        weather: options of tunem: seconds, shares, bits a second.
    """
    container = bench.project.container(service.name)
    options = {**weather, "lifetime": duration + EXPIRY, "seed": bench.seed}
    command = ["/opt/seatrial/bin/python", "-I", "-u", "-B", "-m", "seatrial.lab.tunem"]
    command += [word for name, value in options.items() for word in (f"--{name}", str(value))]
    sidecar = bench.engine.sidecar(
        bench.image, command, network=f"container:{container.id}", capabilities=("NET_ADMIN", "NET_RAW"),
        devices=(TUN,), lifetime=duration + 2 * EXPIRY,
    )  # fmt: skip

    def printed() -> list[str]:
        try:
            return list(sidecar.logs().decode("utf-8", "replace").split("\n"))
        except FAILURES as error:
            raise LabError(f"the emulator was lost: {one_line(error)}") from None

    def proof() -> str:
        told = _last(printed())
        if not told.get("seen"):
            raise NotProven(f"the emulator saw no packet of {service.name}")
        if weather.get("loss") and told["seen"] > 200 and not told.get("lost"):
            raise NotProven("the emulator lost no packet")
        return f"{told['seen']} packets through the emulator, {told['lost']} lost"

    try:
        if not Poll(within=5).until(lambda: "ready" in printed() or _ended(sidecar)) or "ready" not in printed():
            raise LabError(f"the emulator did not start: {' '.join(printed())[-200:].strip()}")
        yield proof
    finally:
        with contextlib.suppress(*FAILURES):
            sidecar.stop(timeout=2)
        bench.engine.remove(sidecar)
    with contextlib.suppress(LabError):
        probe = bench.engine.run_sidecar(bench.image, ["ip", "-brief", "link"], network=f"container:{container.id}")
        if "seatrial0" in probe:
            raise NotUndone(f"the emulator's device is still in {service.name}")


def _ended(sidecar: Any) -> bool:
    with contextlib.suppress(*FAILURES):
        sidecar.reload()
        return str(sidecar.status) == "exited"
    return True


def _last(lines: list[str]) -> Mapping[str, int]:
    """The newest report among the lines."""
    for line in reversed(lines):
        if line.startswith("{"):
            found: Mapping[str, int] = json.loads(line)
            return found
    return {}
