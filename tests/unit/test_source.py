"""Which files belong to a tree, and what is said of the others."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

import pytest

from seatrial.domain.errors import UsageError
from seatrial.system import git, process
from seatrial.system.source import Limits, open_tree


def repository(root: Path) -> Path:
    root.mkdir(exist_ok=True)
    _git(root, "init", "-q", "-b", "main")
    return root


def _git(root: Path, *arguments: str) -> None:
    identity = {
        "GIT_AUTHOR_NAME": "t",
        "GIT_AUTHOR_EMAIL": "t@t",
        "GIT_COMMITTER_NAME": "t",
        "GIT_COMMITTER_EMAIL": "t@t",
    }
    subprocess.run(["git", "-C", root, *arguments], check=True, env=os.environ | identity, capture_output=True)


def commit(root: Path) -> None:
    _git(root, "add", "-A")
    _git(root, "commit", "-qm", "state")


def names(root: Path, **options: object) -> list[str]:
    return [f.path for f in open_tree(root, **options).files]  # type: ignore[arg-type]


def test_git_lists_tracked_and_untracked_but_not_ignored(tmp_path: Path) -> None:
    root = repository(tmp_path)
    (root / ".gitignore").write_text("*.log\n")
    (root / "tracked.py").write_text("1")
    commit(root)
    (root / "untracked.py").write_text("2")
    (root / "ignored.log").write_text("3")
    tree = open_tree(root)
    assert [f.path for f in tree.files] == [".gitignore", "tracked.py", "untracked.py"]
    assert tree.versioned
    assert len(tree.head) == 40


def test_a_subdirectory_of_a_repository(tmp_path: Path) -> None:
    root = repository(tmp_path)
    (root / "part").mkdir()
    (root / "part" / "a.py").write_text("1")
    (root / "b.py").write_text("2")
    commit(root)
    assert names(root / "part") == ["a.py"]


def test_a_deleted_file_is_noted(tmp_path: Path) -> None:
    root = repository(tmp_path)
    (root / "gone.py").write_text("1")
    commit(root)
    (root / "gone.py").unlink()
    tree = open_tree(root)
    assert tree.files == ()
    assert tree.notes == ("1 path not surveyed: missing from the work tree (for instance gone.py)",)
    assert tree.unread == {"gone.py": "missing from the work tree"}


def test_without_git_the_folders_are_walked(tmp_path: Path) -> None:
    for name in ("a.py", "x/y/b.py", "node_modules/m/c.js", ".git/config"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("1")
    tree = open_tree(tmp_path)
    assert [f.path for f in tree.files] == ["a.py", "x/y/b.py"]
    assert "directories of dependencies and caches" in tree.notes[0]


def test_a_deep_tree_does_not_exhaust_the_stack(tmp_path: Path) -> None:
    folder = tmp_path / "top"
    folder.mkdir()
    for _ in range(1200):
        folder = folder / "d"
        try:
            folder.mkdir()
        except OSError:  # the path is as long as the system allows
            break
    try:
        assert open_tree(tmp_path).files == ()
    finally:
        subprocess.run(["rm", "-rf", tmp_path / "top"], check=True)  # pytest's own clean-up recurses


def test_links_are_never_followed(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret.txt").write_text("x")
    root = tmp_path / "root"
    root.mkdir()
    (root / "file").write_text("1")
    (root / "escape").symlink_to(outside / "secret.txt")
    (root / "escape-dir").symlink_to(outside)
    (root / "inside").symlink_to("file")
    (root / "loop").symlink_to("loop")
    tree = open_tree(root)
    assert [f.path for f in tree.files] == ["file"]
    assert any("leave the tree" in n and "escape" in n for n in tree.notes)
    assert tree.unread_matching(["escape*"]).keys() == {"escape", "escape-dir"}
    assert not tree.unread_matching(["inside"])
    with pytest.raises(OSError):
        tree.read("escape")


def test_a_link_to_what_is_not_surveyed_is_not_read(tmp_path: Path) -> None:
    root = repository(tmp_path)
    (root / ".gitignore").write_text("generated/\n")
    (root / "generated").mkdir()
    (root / "generated" / "Dockerfile").write_text("FROM x\n")
    (root / "src" / "deep").mkdir(parents=True)
    (root / "src" / "deep" / "a.py").write_text("1")
    for name, target in {
        "Dockerfile": "generated/Dockerfile", "folder": "src", "file": "src/deep/a.py", "nothing": "gone", "top": ".",
    }.items():  # fmt: skip
        (root / name).symlink_to(target)
    commit(root)
    assert open_tree(root).unread == {
        "Dockerfile": "symbolic links to what is not surveyed",
        "nothing": "symbolic links that cannot be followed",
    }


def test_a_tracked_file_below_a_link_is_not_read_through_it(tmp_path: Path) -> None:
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "a.py").write_text("not ours")
    root = repository(tmp_path / "root")
    (root / "x" / "deep").mkdir(parents=True)
    (root / "x" / "a.py").write_text("1")
    (root / "x" / "deep" / "b.py").write_text("1")
    commit(root)
    shutil.rmtree(root / "x")
    (root / "x").symlink_to(tmp_path / "outside")
    tree = open_tree(root)
    assert tree.files == ()
    assert tree.unread["x/a.py"] == tree.unread["x/deep/b.py"] == "below a symbolic link"


def test_a_directory_in_the_place_of_a_tracked_file_is_not_the_file(tmp_path: Path) -> None:
    root = repository(tmp_path)
    (root / "Dockerfile").write_text("FROM x\n")
    commit(root)
    (root / "Dockerfile").unlink()
    (root / "Dockerfile").mkdir()
    (root / "Dockerfile" / "a.py").write_text("1")
    tree = open_tree(root)
    assert tree.paths == {"Dockerfile/a.py"}
    assert tree.unread == {"Dockerfile": "replaced by a directory"}


def test_a_sparse_checkout_names_what_it_leaves_out(tmp_path: Path) -> None:
    root = repository(tmp_path)
    for name in ("a.py", "part/b.py", "rest/c.py"):
        (root / name).parent.mkdir(exist_ok=True)
        (root / name).write_text("1")
    commit(root)
    _git(root, "sparse-checkout", "set", "part")
    tree = open_tree(root)
    assert tree.paths == {"a.py", "part/b.py"}
    assert tree.unread == {"rest/c.py": "left out by a sparse checkout"}
    assert open_tree(root / "part").unread == {}


@pytest.mark.parametrize("folder", [".", "part"])
def test_a_clone_without_a_checkout_has_read_nothing(tmp_path: Path, folder: str) -> None:
    root = repository(tmp_path / "root")
    (root / "part").mkdir()
    (root / "part" / "a.py").write_text("1")
    commit(root)
    clone = tmp_path / "clone"
    _git(root, "clone", "-q", "--no-checkout", ".", str(clone))
    (clone / "part").mkdir()
    (clone / "part" / "new.py").write_text("1")
    tree = open_tree(clone / folder)
    here = "part/" if folder == "." else ""
    assert tree.paths == {f"{here}new.py"}
    assert tree.unread == {f"{here}a.py": "missing from the work tree"}


def test_what_only_the_clones_own_exclusions_leave_out_is_said(tmp_path: Path) -> None:
    root = repository(tmp_path)
    (root / ".gitignore").write_text("*.log\n")
    (root / ".git" / "info").mkdir(exist_ok=True)
    (root / ".git" / "info" / "exclude").write_text("# mine\nscratch*\n")
    for name in ("a.py", "a.log", "scratch.py", "scratch.log"):
        (root / name).write_text("1")
    tree = open_tree(root)
    assert tree.paths == {".gitignore", "a.py"}
    assert tree.notes == ("1 path not surveyed: ignored by .git/info/exclude (for instance scratch.py)",)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user for a while")
@pytest.mark.parametrize("versioned", [True, False])
def test_a_folder_that_cannot_be_opened_is_not_read(versioned: bool) -> None:
    with tempfile.TemporaryDirectory() as name:
        root = Path(name) / "root"
        root.mkdir()
        if versioned:
            repository(root)
        (root / "shut").mkdir(mode=0o700)
        (root / "open").mkdir()
        (root / "open" / "it's shut").mkdir(mode=0o700)
        (root / "a.py").write_text("1")
        Path(name).chmod(0o755)
        os.seteuid(65534)
        try:
            trees = [open_tree(root), open_tree(root / "open"), open_tree(root, exclude=["shut"])]
        finally:
            os.seteuid(0)
    why = "unreadable (Permission denied)"
    assert [dict(tree.unread) for tree in trees] == [
        {"open/it's shut/": why, "shut/": why}, {"it's shut/": why}, {"open/it's shut/": why},
    ]  # fmt: skip
    assert trees[0].unread_matching(["*.py"]) == trees[0].unread


def test_special_files_do_not_hang(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    tree = open_tree(tmp_path)
    assert tree.files == ()
    assert "neither a file nor a directory" in tree.notes[0]
    with pytest.raises(OSError):
        tree.read("pipe")


def test_limits_are_visible(tmp_path: Path) -> None:
    for name, size in (("a", 1), ("b", 1), ("c", 1), ("large", 100)):
        (tmp_path / name).write_bytes(b"x" * size)
    tree = open_tree(tmp_path, limits=Limits(file_size=10, files=2))
    assert [f.path for f in tree.files] == ["a", "b"]
    assert "1 path not surveyed: beyond the limit of max_files (2 files) (for instance c)" in tree.notes
    assert "1 path not surveyed: larger than max_file_size (10 bytes) (for instance large)" in tree.notes
    assert tree.unread == {
        "c": "beyond the limit of max_files (2 files)",
        "large": "larger than max_file_size (10 bytes)",
    }


def test_submodules_are_noted(tmp_path: Path) -> None:
    inner = repository(tmp_path / "inner")
    (inner / "a").write_text("1")
    commit(inner)
    root = repository(tmp_path / "root")
    _git(root, "-c", "protocol.file.allow=always", "submodule", "add", "-q", str(inner), "sub")
    commit(root)
    tree = open_tree(root)
    assert [f.path for f in tree.files] == [".gitmodules"]
    assert "submodules" in tree.notes[0]


def test_globs_choose(tmp_path: Path) -> None:
    for name in ("src/a.py", "src/b.js", "docs/c.py"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("1")
    assert names(tmp_path, paths=["src"]) == ["src/a.py", "src/b.js"]
    assert names(tmp_path, exclude=["*.py"]) == ["src/b.js"]
    assert [f.path for f in open_tree(tmp_path).matching(["*.py"])] == ["docs/c.py", "src/a.py"]
    with pytest.raises(UsageError, match="no file matches nothing-here"):
        open_tree(tmp_path, paths=["nothing-here"])


def test_names_that_are_not_text(tmp_path: Path) -> None:
    (tmp_path / os.fsdecode(b"caf\xe9.py")).write_text("1")
    (tmp_path / "new\nline.py").write_text("2")
    tree = open_tree(tmp_path)
    assert len(tree.files) == 2
    assert len(tree.digest) == 64
    assert [tree.read(f.path) for f in tree.files] in ([b"1", b"2"], [b"2", b"1"])


def test_the_digest_is_the_same_with_and_without_git(tmp_path: Path) -> None:
    plain = tmp_path / "plain"
    versioned = repository(tmp_path / "versioned")
    plain.mkdir()
    for root in (plain, versioned):
        (root / "a.py").write_text("same")
    commit(versioned)
    assert open_tree(plain).digest == open_tree(versioned).digest
    (plain / "a.py").write_text("other")
    assert open_tree(plain).digest != open_tree(versioned).digest


@pytest.mark.parametrize(("name", "message"), [("missing", "no such directory"), ("file", "is a file")])
def test_a_wrong_path(tmp_path: Path, name: str, message: str) -> None:
    (tmp_path / "file").write_text("1")
    with pytest.raises(UsageError, match=message):
        open_tree(tmp_path / name)


def test_hostile_git_configuration_runs_nothing(tmp_path: Path) -> None:
    root = repository(tmp_path / "root")
    (root / ".gitattributes").write_text("* filter=evil diff=evil\n")
    (root / "a.txt").write_text("1")
    commit(root)
    marker = tmp_path / "ran"
    script = tmp_path / "evil.sh"
    script.write_text(f"#!/bin/sh\ntouch {marker}\ncat\n")
    script.chmod(0o755)
    for key in (
        "core.fsmonitor",
        "core.pager",
        "filter.evil.clean",
        "filter.evil.process",
        "diff.evil.textconv",
        "diff.external",
    ):
        _git(root, "config", key, str(script))
    hook = root / ".git" / "hooks" / "post-index-change"
    hook.write_text(script.read_text())
    hook.chmod(0o755)
    (root / "a.txt").write_text("2")
    tree = open_tree(root)
    assert git.dirty(root)
    assert len(tree.files) == 2
    assert not marker.exists()


def test_dirty(tmp_path: Path) -> None:
    root = repository(tmp_path)
    (root / "a").write_text("1")
    commit(root)
    assert not git.dirty(root)
    (root / "b").write_text("1")
    assert git.dirty(root)


def test_before_the_first_commit(tmp_path: Path) -> None:
    root = repository(tmp_path)
    assert open_tree(root).head == ""


def test_a_folder_knows_its_path_in_the_repository(tmp_path: Path) -> None:
    root = repository(tmp_path / "r")
    inner = root / "apps" / "shop\n[1]"
    inner.mkdir(parents=True)
    assert git.prefix(root) == ""
    assert git.prefix(inner) == "apps/shop\n[1]"
    assert git.prefix(tmp_path) is None


@pytest.mark.parametrize("kind", ["pipe", "socket"])
@pytest.mark.parametrize("name", [".gitignore", "a/.gitignore", "a/b/.gitignore"])
def test_a_pipe_that_git_would_read_is_refused_in_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, kind: str
) -> None:
    monkeypatch.setattr(git, "_PATIENCE", 1.0)
    root = repository(tmp_path)
    (root / "a" / "b").mkdir(parents=True)
    (root / "a" / "b" / "new.py").write_text("1")
    if kind == "pipe":
        os.mkfifo(root / name)
        with pytest.raises(UsageError, match="git would wait for it") as failed:
            open_tree(root / "a")
        assert failed.value.where == str(root / name)
        assert failed.value.remedy
    else:
        with socket.socket(socket.AF_UNIX) as server:
            server.bind(os.path.relpath(root / name))
            assert "b/new.py" in open_tree(root / "a").paths  # git cannot open it, and goes on


def test_a_slow_git_is_asked_once_more_with_all_its_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = repository(tmp_path)
    (root / "a.py").write_text("1")
    run, given = process.run, []

    def slow(argv: Sequence[str], *, timeout: float, **more: object) -> process.Completed:
        given.append(timeout)
        if "--others" in argv and timeout < 60:
            raise process.TimedOutError(f"git did not finish within {timeout:g} s")
        return run(argv, timeout=timeout, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(process, "run", slow)
    assert open_tree(root).paths == {"a.py"}
    assert max(given) == 120
