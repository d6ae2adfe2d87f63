"""`init` starts a repository off and never overwrites."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from seatrial.app import init
from seatrial.domain.errors import UsageError


def test_both_files_are_written_and_a_second_time_kept(tmp_path: Path) -> None:
    assert [line.split()[0] for line in init.write(tmp_path)] == ["written", "written"]
    before = {p: p.read_bytes() for p in tmp_path.rglob("*.yml")}
    assert len(before) == 2
    assert [line.split()[0] for line in init.write(tmp_path)] == ["kept", "kept"]
    assert {p: p.read_bytes() for p in tmp_path.rglob("*.yml")} == before


def test_the_other_spelling_counts_as_there(tmp_path: Path) -> None:
    (tmp_path / ".seatrial.yaml").write_text("version: 1\n")
    assert next(iter(init.write(tmp_path))) == "kept     .seatrial.yaml"
    assert not (tmp_path / ".seatrial.yml").exists()


def test_a_planted_link_is_not_followed(tmp_path: Path) -> None:
    root = tmp_path / "root"
    root.mkdir()
    (root / ".seatrial.yml").symlink_to(tmp_path / "outside")
    list(init.write(root))
    assert not (tmp_path / "outside").exists()


def test_the_workflow_asks_for_little(tmp_path: Path) -> None:
    list(init.write(tmp_path))
    workflow = yaml.safe_load((tmp_path / ".github" / "workflows" / "seatrial.yml").read_text())
    assert workflow["permissions"] == {}
    (job,) = workflow["jobs"].values()
    assert job["permissions"] == {"contents": "read", "pull-requests": "write"}
    assert job["timeout-minutes"] <= 30


def test_no_directory(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no such directory"):
        list(init.write(tmp_path / "missing"))
