"""
Inside a sidecar: bring another container close to its memory limit, and keep it there.

The limit sinks to a little above what the container uses. The control group sets it, because the engine cannot remove
a limit. A child of ours joins the group and fills a share of the rest. It gives back as the service grows:
the child is the first that the kernel would kill. However we end, but for SIGKILL, the limit is as it was.

    python -m seatrial.lab.squeeze PID FILL     without FILL: only tell the limit
"""

from __future__ import annotations

import json
import mmap
import os
import signal
import struct
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from . import cgroups
from .cgroups import Group

_ROOM = 64 * 1024 * 1024
"""Bytes above what is used, at least: a few kilobytes would be no pressure but a wall, and healthchecks need some."""
_CHUNK = 256 * 1024  # bytes
_EVERY = 0.05  # seconds
_NEAR = 0.04  # of the limit: less than that is not worth a change
_AGAIN, _LESS = 5, 0.7
"""How often the filler is restarted after the kernel killed it, and the share of its bytes afterwards."""


@dataclass(frozen=True, slots=True)
class Memory:
    """The memory of a control group, by either version's names."""

    group: Group

    @property
    def _names(self) -> tuple[str, str, str, str]:
        if self.group.unified:
            return "memory.max", "memory.current", "inactive_file", "max"
        return "memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file", "-1"

    @property
    def limit(self) -> int | None:
        """Bytes; None if there is none."""
        return self.group.number(self._names[0])

    def set_limit(self, limit: int | None) -> None:
        """
        Change it; None takes it away.

        Raises:
            OSError: the kernel refuses.
        """
        self.group.write(self._names[0], self._names[3] if limit is None else str(limit))

    @property
    def used(self) -> int:
        """Bytes that the kernel cannot take back at once, as `docker stats` counts them."""
        _, current, inactive, _ = self._names
        return max(0, (self.group.number(current) or 0) - self.group.table("memory.stat").get(inactive, 0))

    @property
    def met(self) -> int:
        """How often the limit was met."""
        if self.group.unified:
            return self.group.table("memory.events").get("max", 0)
        return self.group.number("memory.failcnt") or 0


def room(used: int, fill: float, limit: int | None) -> int:
    """
    The limit that makes memory short, in bytes.

    Args:
        used: bytes.
        fill: the share of it that is then to be used.
        limit: that there is already, or None.
    """
    wanted = max(round(used / fill), used + _ROOM)
    return wanted if limit is None else min(wanted, limit)


class Filler:
    """A child of ours in the group that holds as many bytes as it is asked to."""

    def __init__(self, pid: int) -> None:
        self._pid, self._shared, self._child = pid, mmap.mmap(-1, 16), 0
        self.killed = 0
        """How often the kernel ended it."""

    @property
    def wanted(self) -> int:
        """Bytes that it is to hold."""
        return int(struct.unpack("q", self._shared[:8])[0])

    @property
    def held(self) -> int:
        """Bytes that it holds."""
        return int(struct.unpack("q", self._shared[8:16])[0])

    def hold(self, wanted: int) -> None:
        """Have it hold so many bytes, and start it if it is not there."""
        self._shared[:8] = struct.pack("q", max(0, wanted))
        if not self._child:
            self._shared[8:16] = struct.pack("q", 0)
            parent = os.getpid()
            self._child = os.fork()
            if self._child == 0:
                signal.signal(signal.SIGTERM, signal.SIG_DFL)
                self._fill(parent)
                os._exit(0)

    def alive(self) -> bool:
        """Whether it is there."""
        if self._child and os.waitpid(self._child, os.WNOHANG) != (0, 0):
            self._child = 0
            self.killed += 1
        return bool(self._child)

    def end(self) -> None:
        """End it."""
        if self._child:
            os.kill(self._child, signal.SIGKILL)

    def _fill(self, parent: int) -> None:
        Path("/proc/self/oom_score_adj").write_text("1000", "ascii")
        cgroups.of(self._pid, "memory").join()
        held: list[bytearray] = []
        while os.getppid() == parent:
            wanted = self.wanted // _CHUNK
            del held[wanted:]
            if len(held) < wanted:
                held.append(bytearray(os.urandom(64) * (_CHUNK // 64)))
            self._shared[8:16] = struct.pack("q", len(held) * _CHUNK)
            if len(held) == wanted:
                time.sleep(_EVERY / 5)


def main(pid: int, fill: float) -> None:
    """Squeeze until a signal stops it."""
    stopped: list[int] = []
    for kind in (signal.SIGTERM, signal.SIGINT):
        signal.signal(kind, lambda signum, _frame: stopped.append(signum))
    memory, above = Memory(cgroups.of(pid, "memory")), os.getppid()
    before, first = memory.limit, memory.met
    limit, most, filler = room(memory.used, fill, before), 0.0, Filler(pid)
    memory.set_limit(limit)
    try:
        filler.hold(0)
        while not stopped and os.getppid() == above:
            share = memory.used / limit
            most = max(most, share)
            if not filler.alive() and filler.killed <= _AGAIN:
                filler.hold(round(_LESS * filler.wanted))
            elif filler.wanted - filler.held < _CHUNK and not fill - _NEAR < share < fill:
                # Only from what it really holds: asking for more while it still fills would fill far too much.
                filler.hold(round(filler.held + (fill - _NEAR / 2 - share) * limit))
            report = {"limit": limit, "share": share, "most": most, "met": memory.met - first}
            print(json.dumps({**report, "killed": filler.killed}), flush=True)  # noqa: T201 - this is how it speaks
            time.sleep(_EVERY)
        filler.end()
    finally:
        memory.set_limit(before)


if __name__ == "__main__":
    if len(sys.argv) == 2:
        print(json.dumps({"limit": Memory(cgroups.of(int(sys.argv[1]), "memory")).limit}))  # noqa: T201
    else:
        main(int(sys.argv[1]), float(sys.argv[2]))
