"""
A service's processor is busy: it gets a small part of one, and something in its own control group uses most of that.

A quota alone proves nothing, because a service that waits for questions never meets it. So a burner joins the service's
group and takes more and more until the kernel throttles the group. Where that is not allowed, the quota sinks instead.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from seatrial.lab.engine import LabError
from seatrial.lab.faults import limits
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
from seatrial.lab.model import Service

NAME = "cpu"
KIND = Expectation.DEGRADE
ENDS = End.NOTHING
ASPECT = Aspect.PROCESSOR
WEIGHT = 1
PARAMETERS = {
    **LONG,
    "cores": Parameter("cores", "0.5", "at most so many cores"),
    "load": Parameter("share", "80%", "of them that is used by something else, and more until the kernel throttles"),
}
_PERIOD = 100_000  # microseconds
_LEAST = 0.02  # cores; below it a container hardly runs
_FEW = 0.1  # cores; with a burner beside it a service cannot do with less
_PATIENCE = 2.0  # seconds until a group that is kept busy is throttled
_QUIET = 0.3  # seconds without a throttled period that show that it is over


def obstacle(context: FaultContext, service: Service) -> str:
    """It is always possible."""
    del context, service
    return ""


def suits(target: FaultTarget) -> bool:
    """What users ask."""
    return target.entry


@contextmanager
def inject(context: FaultContext, service: Service, parameters: Mapping[str, Any]) -> Iterator[Proof]:
    """Lower the quota, burn most of it, and give both back."""
    inspected = context.inspect(service.name)
    host, pid = inspected["HostConfig"], int(inspected["State"]["Pid"])
    nano, quota = int(host.get("NanoCpus") or 0), int(host.get("CpuQuota") or 0)
    period = int(host.get("CpuPeriod") or 0) or _PERIOD
    before = nano / 1e9 if nano else quota / period if quota > 0 else 0.0
    cores = min(parameters["cores"], before or parameters["cores"])
    after = {"NanoCpus": nano} if nano else {"CpuPeriod": period, "CpuQuota": quota or -1}

    def limit(cores: float) -> Mapping[str, int]:
        return {"NanoCpus": round(cores * 1e9)} if nano else {"CpuPeriod": _PERIOD, "CpuQuota": round(cores * _PERIOD)}

    with limits.changed(context, service, limit(cores), after) as change, contextlib.ExitStack() as stack:
        try:
            burner = _burner(context, pid, cores, parameters)
        except LabError as refused:
            least = _lowered(context, service, cores, lambda cores: change(limit(cores)), str(refused))
            yield lambda: _proof_of_quota(context, service, least)
        else:
            stack.callback(burner.close)
            # A machine that is busy itself may not even give the quota; a smaller one then throttles.
            while not Poll(within=_PATIENCE).until(lambda: burner.last()["throttled"] > 0) and cores / 2 >= _FEW:
                cores /= 2
                change(limit(cores))
            yield lambda: _proof(service, cores, burner.last())
    if not before and not _quiet(context, service):
        raise NotUndone(f"{service.name} is throttled although it has its limits back")


def _burner(context: FaultContext, pid: int, cores: float, parameters: Mapping[str, Any]) -> Talking:
    command = ["seatrial.lab.burner", str(pid), str(cores), str(parameters["load"])]
    return Talking(
        context, command, pid="host", cgroups=True, capabilities=("DAC_OVERRIDE", "SYS_PTRACE"),
        lifetime=parameters["duration"] + 2 * EXPIRY + START,
    )  # fmt: skip


def _proof(service: Service, cores: float, told: Mapping[str, Any]) -> str:
    if not told.get("throttled"):
        used = f"{told.get('cores', 0):.2f} of {cores:g} cores"
        raise NotProven(f"{service.name} was never throttled: the machine let it and the burner use {used} only")
    return f"{told['cores']:.2f} of {cores:g} cores used, {told['throttled']} of {told['periods']} periods throttled"


def _lowered(context: FaultContext, service: Service, cores: float, change: Any, why: str) -> tuple[float, int]:
    """The quota at which its own work throttles the service, and how often it was throttled before."""
    first = _throttled(context, service)
    while cores >= _LEAST:
        change(cores)
        if Poll(within=1).until(lambda: _throttled(context, service) > first):
            return cores, first
        cores /= 2
    raise NotProven(f"{service.name} uses so little that no quota throttles it, and nothing could use more: {why}")


def _proof_of_quota(context: FaultContext, service: Service, least: tuple[float, int]) -> str:
    cores, first = least
    return f"at most {cores:g} cores, {_throttled(context, service) - first} periods throttled"


def _quiet(context: FaultContext, service: Service) -> bool:
    """Whether it is no longer throttled, or is gone."""
    with contextlib.suppress(LabError):
        for _ in range(3):
            first = _throttled(context, service)
            time.sleep(_QUIET)
            if _throttled(context, service) == first:
                return True
        return False
    return True


def _throttled(context: FaultContext, service: Service) -> int:
    found: dict[str, Any] = {}
    container = context.project.container(service.name)
    api = context.engine.client.api
    context.act(
        f"read how often {service.name} is throttled",
        lambda: found.update(api.stats(container.id, stream=False, one_shot=True)),
    )
    return int((found.get("cpu_stats", {}).get("throttling_data") or {}).get("throttled_periods", 0))
