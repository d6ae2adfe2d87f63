"""A service gets a small part of a processor, as on a busy machine."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from seatrial.lab.faults import limits
from seatrial.lab.faults.base import LONG, Bench, End, Kind, NotProven, Parameter, Proof, Target
from seatrial.lab.model import Service

NAME = "cpu"
KIND = Kind.DEGRADE
ENDS = End.NOTHING
WEIGHT = 1
PARAMETERS = {**LONG, "cores": Parameter("cores", "0.25", "at most so many cores")}
_PERIOD = 100_000  # microseconds


def obstacle(bench: Bench, service: Service) -> str:
    """It is always possible."""
    del bench, service
    return ""


def suits(target: Target) -> bool:
    """What users ask."""
    return target.entry


@contextmanager
def inject(bench: Bench, service: Service, parameters: Mapping[str, Any]) -> Iterator[Proof]:
    """Lower the quota, and give it back."""
    host = bench.inspect(service.name)["HostConfig"]
    nano, cores = int(host.get("NanoCpus") or 0), parameters["cores"]
    if nano:
        wanted = min(round(cores * 1e9), nano)
        during, after = {"NanoCpus": wanted}, {"NanoCpus": nano}
    else:
        wanted = round(cores * _PERIOD)
        quota, period = int(host.get("CpuQuota") or 0), int(host.get("CpuPeriod") or 0)
        during = {"CpuPeriod": _PERIOD, "CpuQuota": wanted}
        after = {"CpuPeriod": period or _PERIOD, "CpuQuota": quota or -1}

    def proof() -> str:
        now = bench.inspect(service.name)["HostConfig"]
        if any(int(now.get(name) or 0) != value for name, value in during.items()):
            raise NotProven(f"{service.name} has not got the smaller quota")
        return f"at most {cores:g} cores, {_throttled(bench, service)} periods throttled"

    with limits.changed(bench, service, during, after):
        yield proof


def _throttled(bench: Bench, service: Service) -> int:
    stats = bench.engine.client.api.stats(bench.project.container(service.name).id, stream=False, one_shot=True)
    return int((stats.get("cpu_stats", {}).get("throttling_data") or {}).get("throttled_periods", 0))
