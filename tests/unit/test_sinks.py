"""Report files: whole or not at all, each for itself, never through a planted link."""

from __future__ import annotations

from pathlib import Path

import pytest

from seatrial.domain.errors import UsageError
from seatrial.system import sinks


def fail() -> str:
    raise ValueError("a text that quotes hunter2")


def test_one_failing_report_does_not_cost_another(tmp_path: Path) -> None:
    sinks.prepare(tmp_path / "out", tmp_path / "root")
    first, second = sinks.write(tmp_path / "out", {"broken": fail, "fine": lambda: "text"})
    assert first.failure == "internal error: ValueError; please report it"
    assert second.failure == ""
    assert (tmp_path / "out" / "fine").read_text() == "text"
    assert not (tmp_path / "out" / "broken").exists()


def test_git_does_not_see_a_directory_of_ours(tmp_path: Path) -> None:
    sinks.prepare(tmp_path / "made", tmp_path)
    assert (tmp_path / "made" / ".gitignore").read_text() == "*\n"
    (tmp_path / "theirs").mkdir()
    sinks.prepare(tmp_path / "theirs", tmp_path)
    assert list((tmp_path / "theirs").iterdir()) == []


def test_a_link_in_the_place_of_a_report_is_replaced(tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    victim.write_text("untouched")
    (tmp_path / "report.json").symlink_to(victim)
    sinks.write(tmp_path, {"report.json": lambda: "new"})
    assert victim.read_text() == "untouched"
    assert (tmp_path / "report.json").read_text() == "new"
    assert not (tmp_path / "report.json").is_symlink()


def test_nothing_is_left_of_a_failed_write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "report.json").write_text("old")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fchmod", full)
    (only,) = sinks.write(tmp_path, {"report.json": lambda: "new"})
    assert only.failure == "cannot be written: No space left on device"
    assert [p.name for p in tmp_path.iterdir()] == ["report.json"]
    assert (tmp_path / "report.json").read_text() == "old"


def test_a_link_planted_in_the_tree_is_refused(tmp_path: Path) -> None:
    root = tmp_path / "root"
    root.mkdir()
    (root / "reports").symlink_to(tmp_path)
    with pytest.raises(UsageError, match="symbolic link inside the surveyed tree"):
        sinks.prepare(root / "reports" / "below", root)


def test_a_path_that_is_no_directory(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(UsageError, match="cannot be written"):
        sinks.prepare(tmp_path / "file", tmp_path / "root")
