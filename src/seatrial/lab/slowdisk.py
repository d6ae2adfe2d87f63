"""
Inside a sidecar: make the disk under another container's data slow, and measure that it is.

The container's control group gets so few operations a second (`io.max`, or version 1's `blkio.throttle`). A child of
ours joins the group and writes to a file without a name in the same folder: what that takes, the service's own writes
take. While that is not slow, the limit is halved. However we end, but for SIGKILL, the limit is gone.

    python -m seatrial.lab.slowdisk PID FOLDER IOPS     FOLDER as the container sees it
"""

from __future__ import annotations

import json
import mmap
import os
import signal
import statistics
import struct
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from . import cgroups
from .cgroups import Group

_BLOCK = 4096  # bytes
_BEFORE = 5  # writes that are measured before the limit
_ENOUGH = 4  # writes that show whether the limit bites
_FEWEST = 2  # operations a second
_SLOWER, _LONGER = 2.0, 0.01


@dataclass(frozen=True, slots=True)
class Throttle:
    """What a group may ask of one disk."""

    group: Group
    device: str
    """`MAJOR:MINOR` of the whole disk: the kernel takes no partition."""

    def set(self, operations: int | None) -> None:
        """
        Operations a second; None: as many as it likes.

        Raises:
            OSError: the kernel refuses, or does not count what this group asks of disks.
        """
        if self.group.unified:
            most = "max" if operations is None else str(operations)
            self.group.write("io.max", f"{self.device} riops={most} wiops={most}")
            return
        for kind in ("read", "write"):
            self.group.write(f"blkio.throttle.{kind}_iops_device", f"{self.device} {operations or 0}")

    @property
    def on(self) -> bool:
        """Whether there is a limit."""
        names = ["io.max"] if self.group.unified else [f"blkio.throttle.{k}_iops_device" for k in ("read", "write")]
        return any(line.startswith(f"{self.device} ") for n in names for line in self.group.read(n).split("\n"))


def disk(number: int, root: Path = Path("/sys/dev/block")) -> str:
    """
    The whole disk of a file system's device.

    Args:
        number: `st_dev` of a file on it.
        root: where the kernel lists block devices.

    Raises:
        OSError: it is on no disk: in memory, on a network, or a layer of its own.
    """
    device = f"{os.major(number)}:{os.minor(number)}"
    entry = (root / device).resolve(strict=True)
    if (entry / "partition").exists():
        return (entry.parent / "dev").read_text("ascii").strip()
    return device


def slow(before: float, now: float) -> bool:
    """Whether a write takes so much longer than before that the disk is slow: twice the time, and ten milliseconds."""
    return now >= max(_SLOWER * before, before + _LONGER)


def _write(descriptor: int) -> float:
    """Seconds for one block to be on the disk."""
    began = time.monotonic()
    os.pwrite(descriptor, os.urandom(_BLOCK), 0)
    os.fsync(descriptor)
    return time.monotonic() - began


def _measure(pid: int, descriptor: int, shared: mmap.mmap, parent: int) -> None:
    """From within the group, until the parent is gone: how many writes there were, and the sum of what they took."""
    cgroups.of(pid, "blkio").join()
    number, took = 0, 0.0
    while os.getppid() == parent:
        took += _write(descriptor)
        number += 1
        shared[:16] = struct.pack("qd", number, took)
        time.sleep(0.1)


def main(pid: int, folder: str, operations: int) -> None:
    """Throttle until a signal stops it."""
    stopped: list[int] = []
    for kind in (signal.SIGTERM, signal.SIGINT):
        signal.signal(kind, lambda signum, _frame: stopped.append(signum))
    inside = Path(f"/proc/{pid}/root") / folder.lstrip("/")
    descriptor = os.open(inside, os.O_TMPFILE | os.O_WRONLY, 0o600)
    throttle = Throttle(cgroups.of(pid, "blkio"), disk(os.fstat(descriptor).st_dev))
    if throttle.on:
        raise SystemExit("the service has a limit of its own")
    before = statistics.median(_write(descriptor) for _ in range(_BEFORE))
    shared, me, above = mmap.mmap(-1, 16), os.getpid(), os.getppid()
    throttle.set(operations)
    try:
        child = os.fork()
        if child == 0:
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
            _measure(pid, descriptor, shared, me)
            os._exit(0)
        first = (0, 0.0)
        while not stopped and os.getppid() == above:
            number, took = struct.unpack("qd", shared[:16])
            writes = number - first[0]
            mean = (took - first[1]) / writes if writes else 0.0
            report = {"before": before, "writes": writes, "took": mean, "operations": operations}
            print(json.dumps(report), flush=True)  # noqa: T201 - this is how it speaks
            if writes >= _ENOUGH and not slow(before, mean) and operations > _FEWEST:
                operations, first = operations // 2, (number, took)
                throttle.set(operations)
            time.sleep(0.1)
        os.kill(child, signal.SIGKILL)
    finally:
        throttle.set(None)
    print(json.dumps({"on": throttle.on}), flush=True)  # noqa: T201


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2], int(sys.argv[3]))
