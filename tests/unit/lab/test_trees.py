"""Which directories and files are copied because containers may write to them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from seatrial.lab.compose import ProjectFiles
from seatrial.lab.trees import Trees, _name


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "static").mkdir()
    (tmp_path / "current").symlink_to("static")
    (tmp_path / "away").symlink_to("/srv")
    return tmp_path


def trees(root: Path, *mounts: tuple[str, str, bool], outside: Path | None = None) -> Trees:
    """A service for each mount: source, target, and whether it can only be read."""
    services: dict[str, Any] = {
        f"s{n}": {"volumes": [{"type": "bind", "source": source, "target": target, "read_only": read_only}]}
        for n, (source, target, read_only) in enumerate(mounts)
    }
    made = Trees({"services": services}, ProjectFiles(root, outside or root, ("compose.yaml",), root, root))
    made._base = "/volume"
    return made


def sources(made: Trees) -> list[str]:
    """Where the mounts lead; empty if to where they led."""
    services = made.document["services"]
    return [next((str(m["source"]) for m in made.mounts(name)), "") for name in services]


def place(source: str) -> str:
    """Where the copy of a directory is, whichever others are copied besides."""
    return f"/volume/{_name(source)}"


def test_another_version_of_a_stack_finds_what_containers_wrote(root: Path) -> None:
    one = trees(root, (f"{root}/static", "/srv", False))
    other = trees(root, ("/srv/new", "/new", False), (f"{root}/static", "/srv", False), ("/a", "/a", False))
    assert sources(one)[0] == sources(other)[1]


def test_what_can_only_be_read_is_not_copied(root: Path) -> None:
    made = trees(root, (f"{root}/static", "/static", True), ("/etc/localtime", "/etc/localtime", True))
    assert (sources(made), list(made.notes)) == (["", ""], [])


def test_who_shares_a_directory_shares_its_copy(root: Path) -> None:
    made = trees(
        root,
        (f"{root}", "/src", False),
        (f"{root}/static", "/srv", True),
        (f"{root}/current", "/now", True),
        (f"{root}/app.db", "/app.db", False),
        ("/srv/shop", "/data", False),
    )
    ours, other = place(str(root)), place("/srv/shop")
    assert ours != other
    assert sources(made) == [ours, f"{ours}/static", f"{ours}/static", f"{ours}/app.db", other]
    assert set(made.notes) == {
        "a copy replaces ., which containers may write to",
        "a copy replaces /srv/shop, which containers may write to",
    }


def test_who_reads_above_sees_what_is_written_below(root: Path) -> None:
    made = trees(root, (f"{root}", "/src", True), (f"{root}/static", "/out", False), ("/", "/host", True))
    assert sources(made) == [place(str(root)), f"{place(str(root))}/static", ""]


@pytest.mark.parametrize(
    "source", ["/", "/etc", "/var/run/docker.sock", "/dev/snd", "/run/user/1000/bus", "/srv/app.sock", "/sys/fs/cgroup"]
)
def test_what_is_no_data_stays_as_it_is(root: Path, source: str) -> None:
    assert sources(trees(root, (source, "/x", False))) == [""]


def test_in_a_container_paths_are_those_of_the_engines_machine(root: Path) -> None:
    outside = Path("/home/runner/work")
    made = trees(root, (f"{outside}/current/x", "/x", False), (f"{outside}/static", "/s", True), outside=outside)
    static = place(f"{outside}/static")
    assert sources(made) == [f"{static}/x", static]
    assert list(made.notes) == ["a copy replaces static, which containers may write to"]
