"""
Inside a sidecar: make another container's processor busy, from within its own control group.

It joins the group and burns a share of what the group may use. It begins with the share that was asked for, and takes
more until the kernel throttles the group: only then does the service wait for a processor. It ends with its parent.

    python -m seatrial.lab.burner PID CORES LOAD
"""

from __future__ import annotations

import json
import math
import mmap
import os
import struct
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from . import cgroups
from .cgroups import Group

_PERIOD = 0.1  # seconds, as the quota's own
_STEP, _MOST = 0.15, 1.5  # of the quota: how much more, and how much at most
_PATIENCE = 1.0  # seconds without a throttled period, after which it burns more
_REPORT = 0.25  # seconds between two reports


@dataclass(frozen=True, slots=True)
class Used:
    """What the group has used of its processor so far."""

    seconds: float
    periods: int
    throttled: int

    @staticmethod
    def now(cpu: Group, accounting: Group) -> Used:
        """Ask the kernel."""
        stat = cpu.table("cpu.stat")
        micro = stat.get("usage_usec")
        seconds = micro / 1e6 if micro is not None else (accounting.number("cpuacct.usage") or 0) / 1e9
        return Used(seconds, stat.get("nr_periods", 0), stat.get("nr_throttled", 0))

    def since(self, other: Used) -> Used:
        """The difference."""
        return Used(self.seconds - other.seconds, self.periods - other.periods, self.throttled - other.throttled)


def next_share(share: float, throttled: int) -> float:
    """
    What to burn next.

    Args:
        share: of the quota, as until now.
        throttled: periods in which the group was throttled meanwhile.
    """
    return share if throttled else min(share + _STEP, _MOST)


def _burn(shared: mmap.mmap, parent: int) -> None:
    """Burn for as many seconds of each period as the parent says, until it is gone."""
    while os.getppid() == parent:
        began = time.monotonic()
        (busy,) = struct.unpack("d", shared[:8])
        while time.monotonic() - began < busy:
            pass
        time.sleep(max(0.0, _PERIOD - (time.monotonic() - began)))


def main(pid: int, cores: float, load: float) -> None:
    """Burn until a signal stops it."""
    cpu, accounting = cgroups.of(pid, "cpu"), cgroups.of(pid, "cpuacct")
    if accounting.path != cpu.path:
        accounting.join()
    cpu.join()
    Path("/proc/self/oom_score_adj").write_text("1000", "ascii")  # rather us than the service
    shared, workers, share, above = mmap.mmap(-1, 8), math.ceil(cores * _MOST), load, os.getppid()

    def tell(share: float) -> None:
        shared[:8] = struct.pack("d", min(1.0, share * cores / workers) * _PERIOD)

    tell(share)
    me = os.getpid()
    for _ in range(workers):
        if os.fork() == 0:
            _burn(shared, me)
            os._exit(0)
    begun, first = time.monotonic(), Used.now(cpu, accounting)
    last, looked = first, begun
    while os.getppid() == above:  # with the host's processes in sight, nobody ends us when our first process is killed
        time.sleep(_REPORT)
        now, used = time.monotonic(), Used.now(cpu, accounting)
        if now - looked >= _PATIENCE:
            share = next_share(share, used.since(last).throttled)
            tell(share)
            last, looked = used, now
        all_of_it = used.since(first)
        report = {"cores": all_of_it.seconds / (now - begun), "periods": all_of_it.periods}
        print(json.dumps({**report, "throttled": all_of_it.throttled, "share": share}), flush=True)  # noqa: T201


if __name__ == "__main__":
    main(int(sys.argv[1]), float(sys.argv[2]), float(sys.argv[3]))
