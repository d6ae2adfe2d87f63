"""A service comes close to its memory limit: the limit sinks to a little above what it uses."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from seatrial.lab.engine import LabError
from seatrial.lab.faults import limits
from seatrial.lab.faults.base import LONG, Aspect, Bench, End, Kind, NotProven, Parameter, Proof, never
from seatrial.lab.model import Service

NAME = "memory"
KIND = Kind.DEGRADE
ENDS = End.NOTHING
ASPECT = Aspect.MEMORY
WEIGHT = 0
PARAMETERS = {**LONG, "fill": Parameter("share", "90%", "of the limit that is then used")}
suits = never
_LEAST = 6 * 1024 * 1024  # bytes; the engine takes no smaller limit


def obstacle(bench: Bench, service: Service) -> str:
    """A limit can be lowered and given back only where there is one: the engine cannot take one away again."""
    limit = int(bench.inspect(service.name)["HostConfig"].get("Memory") or 0)
    return "" if limit else "it has no memory limit, and one that is set cannot be taken away again"


@contextmanager
def inject(bench: Bench, service: Service, parameters: Mapping[str, Any]) -> Iterator[Proof]:
    """Lower the limit, and give it back."""
    container = bench.project.container(service.name)
    host = bench.inspect(service.name)["HostConfig"]
    stats = bench.engine.client.api.stats(container.id, stream=False, one_shot=True).get("memory_stats", {})
    used = int(stats.get("usage") or 0) - int((stats.get("stats") or {}).get("inactive_file", 0))
    if used <= 0:
        raise LabError(f"the engine does not report how much memory {service.name} uses")
    wanted = min(max(round(used / parameters["fill"]), _LEAST), int(host["Memory"]))
    during = {"Memory": wanted, "MemorySwap": wanted}
    after = {"Memory": int(host["Memory"]), "MemorySwap": int(host.get("MemorySwap") or 0)}

    def proof() -> str:
        now = int(bench.inspect(service.name)["HostConfig"]["Memory"])
        if now != wanted:
            raise NotProven(f"{service.name} has not got the smaller limit")
        return f"limit {wanted / 1024**2:.0f} MiB, {used / 1024**2:.0f} MiB used"

    with limits.changed(bench, service, during, after):
        yield proof
