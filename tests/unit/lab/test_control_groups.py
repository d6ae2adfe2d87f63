"""What a sidecar reads and writes of another container's control group, of both versions of the kernel's interface."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from seatrial.lab import cgroups, slowdisk
from seatrial.lab.burner import Used, next_share
from seatrial.lab.cgroups import Group
from seatrial.lab.slowdisk import Throttle
from seatrial.lab.squeeze import Memory, room

V1 = """12:memory:/docker/abc
11:cpu,cpuacct:/docker/abc
10:blkio:/docker/abc
1:name=systemd:/docker/abc
0::/docker/abc
"""
V2 = "0::/system.slice/docker-abc.scope\n"
MIB = 1024 * 1024


@pytest.mark.parametrize(
    ("listing", "controller", "path", "unified"),
    [
        (V1, "memory", "memory/docker/abc", False),
        (V1, "cpu", "cpu/docker/abc", False),
        (V1, "cpuacct", "cpuacct/docker/abc", False),
        (V1, "pids", "docker/abc", True),
        (V2, "memory", "system.slice/docker-abc.scope", True),
        (V2, "blkio", "system.slice/docker-abc.scope", True),
    ],
)
def test_a_controller_counts_a_process_in_a_group(
    listing: str, controller: str, path: str, unified: bool, tmp_path: Path
) -> None:
    assert cgroups.group(listing, controller, tmp_path) == Group(tmp_path / path, unified=unified)


def group(folder: Path, *, unified: bool, **files: str) -> Group:
    for name, text in files.items():
        (folder / name.replace("__", ".")).write_text(text)
    return Group(folder, unified=unified)


def test_the_processor_of_version_1_and_2(tmp_path: Path) -> None:
    one = group(tmp_path, unified=False, cpu__stat="nr_periods 40\nnr_throttled 7\nthrottled_time 9\n")
    accounting = group(tmp_path, unified=False, cpuacct__usage="2500000000\n")
    assert Used.now(one, accounting) == Used(2.5, 40, 7)
    two = group(tmp_path, unified=True, cpu__stat="usage_usec 1500000\nuser_usec 1\nnr_periods 4\nnr_throttled 2\n")
    assert Used.now(two, two) == Used(1.5, 4, 2)
    assert Used(2.5, 40, 7).since(Used(1.5, 4, 2)) == Used(1.0, 36, 5)


def test_more_is_burnt_until_something_is_throttled_and_not_without_end() -> None:
    assert next_share(0.8, 1) == 0.8
    share = 0.8
    for _ in range(20):
        share = next_share(share, 0)
    assert 1.0 < share <= 1.5


def test_the_memory_of_version_1_and_2(tmp_path: Path) -> None:
    one = Memory(
        group(
            tmp_path, unified=False, memory__limit_in_bytes="9223372036854771712\n",
            memory__usage_in_bytes=f"{50 * MIB}\n", memory__stat=f"cache 1\ntotal_inactive_file {10 * MIB}\n",
            memory__failcnt="3\n",
        )
    )  # fmt: skip
    assert (one.limit, one.used, one.met) == (None, 40 * MIB, 3)
    one.set_limit(7)
    assert one.limit == 7
    one.set_limit(None)
    assert (tmp_path / "memory.limit_in_bytes").read_text() == "-1"
    two = Memory(
        group(
            tmp_path, unified=True, memory__max="max\n", memory__current=f"{50 * MIB}\n",
            memory__stat=f"inactive_file {20 * MIB}\n", memory__events="low 0\nmax 5\noom 0\n",
        )
    )  # fmt: skip
    assert (two.limit, two.used, two.met) == (None, 30 * MIB, 5)
    two.set_limit(None)
    assert (tmp_path / "memory.max").read_text() == "max"


@pytest.mark.parametrize(
    ("used", "limit", "expected"),
    [
        (9 * MIB, None, 73 * MIB),  # never a wall of a few kilobytes
        (900 * MIB, None, 1000 * MIB),
        (900 * MIB, 950 * MIB, 950 * MIB),  # never above what there is
    ],
)
def test_the_limit_that_makes_memory_short(used: int, limit: int | None, expected: int) -> None:
    assert room(used, 0.9, limit) == expected


def test_a_disk_is_throttled_in_both_versions(tmp_path: Path) -> None:
    one = Throttle(group(tmp_path, unified=False), "8:0")
    one.set(20)
    assert one.on
    assert (tmp_path / "blkio.throttle.write_iops_device").read_text() == "8:0 20"
    one.set(None)
    assert (tmp_path / "blkio.throttle.read_iops_device").read_text() == "8:0 0"  # the kernel then drops the line
    two = Throttle(group(tmp_path, unified=True), "8:0")
    two.set(20)
    assert (tmp_path / "io.max").read_text() == "8:0 riops=20 wiops=20"
    two.set(None)
    assert (tmp_path / "io.max").read_text() == "8:0 riops=max wiops=max"
    assert not Throttle(group(tmp_path, unified=True), "8:16").on


def test_the_kernel_throttles_whole_disks_only(tmp_path: Path) -> None:
    (tmp_path / "devices/sda/sda1").mkdir(parents=True)
    (tmp_path / "devices/sda/dev").write_text("8:0\n")
    (tmp_path / "devices/sda/sda1/partition").write_text("1\n")
    (tmp_path / "block").mkdir()
    (tmp_path / "block/8:0").symlink_to("../devices/sda")
    (tmp_path / "block/8:1").symlink_to("../devices/sda/sda1")
    assert slowdisk.disk(os.makedev(8, 1), tmp_path / "block") == "8:0"
    assert slowdisk.disk(os.makedev(8, 0), tmp_path / "block") == "8:0"
    with pytest.raises(OSError, match="0:35"):
        slowdisk.disk(os.makedev(0, 35), tmp_path / "block")  # in memory


@pytest.mark.parametrize(
    ("before", "now", "expected"),
    [(0.0001, 0.009, False), (0.0001, 0.0102, True), (0.03, 0.05, False), (0.03, 0.06, True)],
)
def test_a_slow_disk_is_twice_as_slow_and_by_what_one_notices(before: float, now: float, expected: bool) -> None:
    assert slowdisk.slow(before, now) is expected
