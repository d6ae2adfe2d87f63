"""
Inside a sidecar: the control groups of another container, of which the engine's API changes and tells too little.

Both versions of the kernel's interface: cgroups(7), the kernel's admin-guide/cgroup-v1 and admin-guide/cgroup-v2.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from seatrial.text.numerals import whole

ROOT = Path("/sys/fs/cgroup")


@dataclass(frozen=True, slots=True)
class Group:
    """Where one controller counts a process."""

    path: Path
    unified: bool
    """Whether it is of version 2, in which one group has all controllers."""

    def join(self) -> None:
        """
        Put the calling process into it.

        Raises:
            OSError: the kernel refuses.
        """
        (self.path / "cgroup.procs").write_text("0", "ascii")

    def read(self, name: str) -> str:
        """A file of the group; empty if it is not there."""
        try:
            return (self.path / name).read_text("ascii").strip()
        except OSError:
            return ""

    def number(self, name: str) -> int | None:
        """A file that holds one number; None if it holds a word (`max`) or is not there."""
        return whole(self.read(name))

    def table(self, name: str) -> Mapping[str, int]:
        """A file with a name and a number in each line."""
        pairs = (line.partition(" ") for line in self.read(name).split("\n"))
        return {name: number for name, _, value in pairs if (number := whole(value)) is not None}

    def write(self, name: str, value: str) -> None:
        """
        Write a file of the group.

        Raises:
            OSError: the kernel refuses.
        """
        (self.path / name).write_text(value, "ascii")


def group(listing: str, controller: str, root: Path = ROOT) -> Group:
    """
    The group in which a controller counts a process.

    Args:
        listing: the process' `/proc/PID/cgroup`.
        controller: `cpu`, `cpuacct`, `memory` or `blkio`; version 2 has one group for all.
        root: where the hierarchies are mounted.
    """
    unified = ""
    for line in listing.strip().split("\n"):
        _, controllers, path = line.split(":", 2)
        if controller in controllers.split(","):
            return Group(root / controller / path.lstrip("/"), unified=False)
        if not controllers:
            unified = path.strip().lstrip("/")
    return Group(root / unified, unified=True)


def of(pid: int, controller: str, root: Path = ROOT) -> Group:
    """
    The group of a running process.

    Raises:
        OSError: there is no such process.
    """
    return group(Path(f"/proc/{pid}/cgroup").read_text("ascii"), controller, root)
