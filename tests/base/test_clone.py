"""Versions of a repository in one directory, as a clone has them."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from seatrial.domain.errors import InspectorError
from seatrial.system.base import clone
from seatrial.system.base.clone import LINK, PROGRAM, Clone, PlainFile
from seatrial.system.base.revision import Revision
from seatrial.system.base.store import ObjectStore


def git(root: Path, *words: str) -> None:
    who = ["-c", "user.name=T", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", *who, *words], cwd=root, check=True, capture_output=True)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A repository whose first commit has a program, a link, and a filter that would write a file elsewhere."""
    made = tmp_path / "shop"
    (made / "app").mkdir(parents=True)
    git(made, "init", "--quiet")
    (made / "app/run.sh").write_text("echo base\n")
    (made / "app/run.sh").chmod(0o755)
    (made / "old").write_text("old\n")
    (made / "current").symlink_to("app")
    (made / "away").symlink_to("/etc/passwd")
    (made / ".gitattributes").write_text("* filter=evil\n")
    git(made, "add", "--all")
    git(made, "commit", "--quiet", "--message", "base")
    git(made, "config", "filter.evil.smudge", f"touch {tmp_path}/run")
    return made


def base_of(root: Path) -> Revision:
    store = ObjectStore(root)
    return Revision(store.commit("HEAD"), "base", store)


def test_a_commit_is_written_as_a_clone_has_it_and_no_filter_runs(root: Path, tmp_path: Path) -> None:
    made = tmp_path / "clone"
    Clone(made).become(clone.of_commit(base_of(root)))
    assert os.access(made / "app/run.sh", os.X_OK)
    assert (made / "old").stat().st_mode & 0o777 == 0o644
    assert (made / "current").readlink() == Path("app")
    assert not (made / "away").is_symlink()
    assert not (tmp_path / "run").exists()


def test_the_next_version_touches_only_what_differs(root: Path, tmp_path: Path) -> None:
    made = Clone(tmp_path / "clone")
    base = base_of(root)
    kept = (PlainFile(".env", b"KEY=x\n"),)
    made.become(clone.of_commit(base), kept)
    same, folder = (made.root / "app/run.sh").stat().st_ino, (made.root / "app").stat().st_ino
    (made.root / "app/written").write_text("by a container")
    (root / "old").unlink()
    (root / "new").write_text("uncommitted")
    (root / "current").unlink()
    (root / "current").mkdir()
    (root / "current/file").write_text("no link any more")
    made.become(clone.of_work_tree(root, tmp_path / "reports"), kept)
    assert not (made.root / "old").exists()
    assert (made.root / "new").read_text() == "uncommitted"
    assert (made.root / "current/file").read_text() == "no link any more"
    assert not (made.root / "app/file").exists(), "nothing is written through the link of the version before"
    assert (made.root / ".env").read_text() == "KEY=x\n"
    assert (made.root / "app/written").exists()
    assert ((made.root / "app/run.sh").stat().st_ino, (made.root / "app").stat().st_ino) == (same, folder)
    made.become(clone.of_commit(base), kept)
    assert (made.root / "old").read_text() == "old\n"
    assert (made.root / "current").is_symlink()


@pytest.mark.parametrize("target", ["/etc/passwd", "../x", "a/../../x", "..", ""])
def test_no_link_leads_out(tmp_path: Path, target: str) -> None:
    made = Clone(tmp_path / "clone")
    made.become([PlainFile("link", target.encode(), LINK), PlainFile("link/x", b"x"), PlainFile("p", b"", PROGRAM)])
    assert not (made.root / "link").is_symlink()
    assert not (tmp_path / "x").exists()


def test_our_own_reports_are_no_part_of_it(root: Path) -> None:
    (root / "out").mkdir()
    (root / "out/report.html").write_text("x")
    paths = {one.path for one in clone.of_work_tree(root, root / "out")}
    assert "old" in paths
    assert not any(path.startswith("out/") for path in paths)


def test_a_repository_with_submodules_is_refused(root: Path) -> None:
    git(root, "update-index", "--add", "--cacheinfo", f"160000,{'1' * 40},lib")
    git(root, "commit", "--quiet", "--message", "a submodule")
    with pytest.raises(InspectorError, match="submodules"):
        list(clone.of_commit(base_of(root)))
    with pytest.raises(InspectorError, match="submodules"):
        list(clone.of_work_tree(root, root / "out"))


def test_only_files_within_the_directory_are_kept(root: Path, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("x")
    (root / ".env").write_text("A=1\n")
    found = {one.path for one in clone.some(root, [".env", "../secret", "away", "no", "app"])}
    assert found == {".env"}
