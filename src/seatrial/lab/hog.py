"""
Inside a sidecar: fill another container's memory until the kernel ends its main process.

It joins the container's memory cgroup and makes its main process the kernel's first choice. It takes memory until
that process is gone. Its own end gives all of it back; it takes no more than the limit that the container has.
`python -m seatrial.lab.hog PID BYTES`.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

from . import cgroups

_CHUNK = 1024 * 1024  # bytes


def main(pid: int, limit: int) -> None:
    """Hog."""
    process = Path(f"/proc/{pid}")
    started = (process / "stat").stat().st_ctime_ns
    joined = cgroups.of(pid, "memory")
    (process / "oom_score_adj").write_text("1000", "ascii")
    joined.join()
    # Of a file in memory that is not mapped: it counts for the container, and not for us when the kernel chooses.
    held, chunk = os.memfd_create("hog"), bytes(_CHUNK)
    written = 0
    while process.exists() and (process / "stat").stat().st_ctime_ns == started and written <= limit:
        written += os.write(held, chunk)
        time.sleep(0.001)
    print("gone" if not process.exists() else "alive")  # noqa: T201 - this is how it speaks


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
