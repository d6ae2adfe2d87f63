"""The sweep takes away what is not written whole, gives back what is root's, and touches nothing else."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from seatrial.app import sweep
from seatrial.domain.errors import UsageError
from seatrial.system import sinks

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")
SOMEBODY = (12345, 23456)


def owner(path: Path) -> tuple[int, int]:
    status = path.lstat()
    return status.st_uid, status.st_gid


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """Somebody's directory."""
    made = tmp_path / "workspace"
    made.mkdir()
    if os.geteuid() == 0:
        os.chown(made, *SOMEBODY)
    return made


def swept(workspace: Path, reports: Path) -> str:
    return sweep.run({"path": workspace, "report_dir": reports}, {})


def test_unfinished_reports_go_and_other_files_stay(workspace: Path) -> None:
    start, end = sinks.UNFINISHED
    kept = {"report.json", ".env.tmp", f"{start}notes", f"x{end}"}
    for name in (*kept, f"{start}report.json.abcd1234{end}", f"{start}junit.xml.wxyz5678{end}"):
        (workspace / name).write_text("")
    assert "2 unfinished reports removed" in swept(workspace, workspace)
    assert {path.name for path in workspace.iterdir()} == kept


def test_a_run_that_dies_while_it_writes_leaves_what_the_sweep_removes(workspace: Path) -> None:
    child = os.fork()
    if child == 0:
        os.fchmod = lambda *_: os._exit(9)  # killed at the worst moment, nothing unwinds
        sinks.atomically(workspace / "report.json", "half of it")
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9
    assert len(list(workspace.iterdir())) == 1
    assert "1 unfinished report removed" in swept(workspace, workspace)
    assert list(workspace.iterdir()) == []


def test_no_directory_is_no_error(workspace: Path) -> None:
    assert swept(workspace, workspace / "none").endswith("nothing to sweep")


def test_a_link_planted_in_the_workspace_is_refused(workspace: Path, tmp_path: Path) -> None:
    (workspace / "reports").symlink_to(tmp_path)
    with pytest.raises(UsageError, match="symbolic link"):
        swept(workspace, workspace / "reports")


def test_the_action_names_the_directory(workspace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(workspace)
    (workspace / "out").mkdir()
    assert sweep.run({}, {"INPUT_REPORT_DIR": "out"}).startswith("out: 0 unfinished reports removed")


@as_root
def test_reports_belong_to_the_owner_of_the_workspace(workspace: Path) -> None:
    reports = workspace / "deep" / "reports"
    sinks.prepare(reports, workspace)
    sinks.write(reports, {"report.json": lambda: "{}"})
    made = [reports.parent, reports, reports / ".gitignore", reports / "report.json"]
    assert [owner(path) for path in made] == [SOMEBODY] * 4


@as_root
def test_what_root_left_in_the_reports_is_given_back_but_nothing_by_another_name(
    workspace: Path, tmp_path: Path
) -> None:
    reports, foreign = workspace / "reports", tmp_path / "foreign"
    reports.mkdir()
    foreign.write_text("root's")
    (reports / "report.json").write_text("{}")
    (reports / "link").symlink_to(foreign)
    (reports / "second-name").hardlink_to(foreign)
    (reports / "theirs").write_text("")
    os.chown(reports / "theirs", 777, 777)
    assert "2 files given" in swept(workspace, reports)
    assert owner(reports) == owner(reports / "report.json") == SOMEBODY
    assert owner(foreign) == (0, 0)
    assert owner(reports / "theirs") == (777, 777)
