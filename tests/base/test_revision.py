"""Which commit is the base, in clones as checkouts make them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from repositories import TOKEN, commit, git, repository, served

from seatrial.ci.github.host import GitHub
from seatrial.system import process
from seatrial.system.base import files
from seatrial.system.base.revision import Hint, Revision, Unavailable, find
from seatrial.system.base.store import ObjectStore, Remote
from seatrial.system.listing import FileListing
from seatrial.system.source import Limits, open_tree

USER = "x-access-token"


@pytest.fixture
def origin(tmp_path: Path) -> Path:
    """`main` with three commits, a branch `pr` off the first with two, and their merge as GitHub makes it."""
    where = repository(tmp_path / "served" / "o" / "r", {"a.txt": "one\n", "sub/b.txt": "b\n"})
    git(where, "branch", "pr")
    commit(where, {"a.txt": "two\n"})
    commit(where, {"a.txt": "three\n"})
    git(where, "checkout", "--quiet", "pr")
    commit(where, {"pr.txt": "x\n"})
    commit(where, {"pr.txt": "y\n"})
    git(where, "checkout", "--quiet", "--detach", "main")
    git(where, "merge", "--quiet", "--no-ff", "--no-edit", "pr")
    git(where, "branch", "merged")
    return where


@pytest.fixture
def server(origin: Path) -> Iterator[str]:
    with served(origin.parents[1], token=TOKEN) as url:
        yield f"{url}/o/r/.git"


def clone(origin: Path, where: Path, branch: str, depth: int = 0) -> Path:
    limits = [f"--depth={depth}"] if depth else []
    git(origin.parent, "clone", "--quiet", "--branch", branch, *limits, f"file://{origin}", str(where))
    return where


def found(revision: Revision | None) -> str:
    assert revision is not None
    return revision.commit


def snapshot(where: Path) -> dict[str, str]:
    """Every file of a clone, `.git` included."""
    return {
        str(p.relative_to(where)): hashlib.sha256(p.read_bytes()).hexdigest() for p in where.rglob("*") if p.is_file()
    }


def hint(origin: Path, base: str = "main") -> Hint:
    return Hint(git(origin, "rev-parse", base), git(origin, "rev-parse", "pr"), "main")


def test_the_base_of_a_merge_commit_is_its_first_parent(origin: Path, tmp_path: Path) -> None:
    store = ObjectStore(clone(origin, tmp_path / "c", "merged"))
    revision = find(store, "auto", Hint("0" * 40, git(origin, "rev-parse", "pr"), "main"))
    assert found(revision) == git(origin, "rev-parse", "main")
    assert revision is not None
    assert revision.label == f"main at {revision.commit[:7]}"


def test_the_base_of_a_branch_is_the_merge_base_and_not_the_tip(origin: Path, tmp_path: Path) -> None:
    store = ObjectStore(clone(origin, tmp_path / "c", "pr"))
    assert found(find(store, "auto", hint(origin))) == git(origin, "rev-parse", "main~2")
    assert found(find(store, "main", Hint())) == git(origin, "rev-parse", "main~2")
    assert find(store, "none", hint(origin)) is None
    assert find(store, "auto", Hint()) is None


@pytest.mark.parametrize(("branch", "base"), [("merged", "main"), ("pr", "main~2")])
def test_a_shallow_clone_is_deepened_beside_itself(
    origin: Path, tmp_path: Path, server: str, branch: str, base: str
) -> None:
    where = clone(origin, tmp_path / "c", branch, depth=1)
    before = snapshot(where)
    store = ObjectStore(where, Remote(server, TOKEN, USER))
    revision = find(store, "auto", hint(origin))
    assert found(revision) == git(origin, "rev-parse", base)
    assert revision is not None
    known = files.check_out(revision, _directory(tmp_path), Limits())
    assert known.paths == ("a.txt", "sub/b.txt")
    assert (tmp_path / "out" / "a.txt").read_text() == git(origin, "show", f"{base}:a.txt") + "\n"
    assert snapshot(where) == before
    assert not store.complete


def _directory(tmp_path: Path) -> Path:
    (tmp_path / "out").mkdir()
    return tmp_path / "out"


def test_a_wrong_token_and_no_server_are_one_clear_line(origin: Path, tmp_path: Path, server: str) -> None:
    where = clone(origin, tmp_path / "c", "merged", depth=1)
    for remote in (Remote(server, "wrong", USER), Remote("http://127.0.0.1:9/o/r", TOKEN, USER)):
        with pytest.raises(Unavailable, match="fetch-depth: 0") as problem:
            find(ObjectStore(where, remote, GitHub.full_history), "auto", hint(origin))
        assert "\n" not in str(problem.value)
        assert TOKEN not in str(problem.value)
    with pytest.raises(Unavailable, match="too little history"):
        find(ObjectStore(where), "auto", hint(origin))


def test_the_token_is_in_no_argument_list(
    origin: Path, tmp_path: Path, server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    real = process.run

    def spied(argv: Sequence[str], **more: Any) -> process.Completed:
        asked.extend(argv)
        return real(argv, **more)

    monkeypatch.setattr(process, "run", spied)
    remote = Remote(server, TOKEN, USER)
    assert TOKEN not in repr(remote)
    assert found(find(ObjectStore(clone(origin, tmp_path / "c", "pr", depth=1), remote), "auto", hint(origin)))
    assert "fetch" in asked
    assert not any(TOKEN in word for word in asked)


def test_a_revision_that_looks_like_an_option_is_none(origin: Path, tmp_path: Path) -> None:
    store = ObjectStore(clone(origin, tmp_path / "c", "pr"))
    for wanted in ("--all", "-h", "--output=/tmp/x", "no such"):
        with pytest.raises(Unavailable, match="no commit"):
            find(store, wanted, Hint())


def test_a_history_without_a_common_commit_is_compared_with_the_base_itself(tmp_path: Path) -> None:
    where = repository(tmp_path / "r", {"a": "1"})
    git(where, "checkout", "--quiet", "--orphan", "other")
    commit(where, {"b": "2"})
    main = git(where, "rev-parse", "main")
    assert found(find(ObjectStore(where), "auto", Hint(main, "", "main"))) == main


def test_a_directory_below_the_root_is_compared_with_itself(origin: Path, tmp_path: Path) -> None:
    where = clone(origin, tmp_path / "c", "pr")
    store = ObjectStore(where / "sub")
    revision = find(store, "main", Hint())
    assert revision is not None
    assert files.check_out(revision, _directory(tmp_path), Limits()).paths == ("b.txt",)
    assert store.read(revision.commit, "b.txt") == b"b\n"
    assert store.read(revision.commit, "a.txt") is None


def test_a_directory_that_the_base_lacks_has_no_files_there(origin: Path, tmp_path: Path) -> None:
    where = clone(origin, tmp_path / "c", "pr")
    commit(where, {"new/c.txt": "c"})
    store = ObjectStore(where / "new")
    revision = find(store, "main", Hint())
    assert revision is not None
    assert files.check_out(revision, _directory(tmp_path), Limits()) == FileListing(())
    assert store.read(revision.commit, "c.txt") is None


def test_links_submodules_and_hostile_paths_are_not_written(tmp_path: Path) -> None:
    where = repository(tmp_path / "r", {"ok.txt": "ok", "big.txt": "x" * 5000})
    (where / "link").symlink_to("/etc/passwd")
    git(where, "add", "--all")
    blob = git(where, "rev-parse", "main:ok.txt")
    tree = git(where, "write-tree")
    evil = where / "evil"
    evil.write_text(f"100644 blob {blob}\t..\n")
    lines = [*git(where, "ls-tree", tree).splitlines(), f"160000 commit {git(where, 'rev-parse', 'HEAD')}\tsubmodule"]
    evil.write_text("\n".join(lines) + "\n")
    made = _mktree(where, evil)
    head = git(where, "commit-tree", "-m", "evil", made)
    revision = Revision(head, "evil", ObjectStore(where))
    known = files.check_out(revision, _directory(tmp_path), Limits(file_size=4000))
    assert known == FileListing(("ok.txt",), unread={"big.txt": "larger than max_file_size (4,000 bytes)"})
    assert sorted(p.name for p in (tmp_path / "out").rglob("*")) == ["ok.txt"]


def _mktree(where: Path, listing: Path) -> str:
    import subprocess

    with listing.open() as text:
        done = subprocess.run(
            ["git", "-C", str(where), "mktree"], stdin=text, capture_output=True, text=True, check=True
        )
    return done.stdout.strip()


@pytest.mark.parametrize("path", ["../x", "a/../../x", "/x", "a//b", ".git/config", "a/.GIT/hooks/x", "."])
def test_paths_that_leave_the_directory_are_seen(path: str) -> None:
    assert not files.harmless(path)


def test_names_that_are_no_text_are_kept(tmp_path: Path) -> None:
    where = repository(tmp_path / "r", {"a": "1", "tab\there": "2", "new\nline": "3", "ü": "4"})
    revision = find(ObjectStore(where), "HEAD", Hint())
    assert revision is not None
    known = files.check_out(revision, _directory(tmp_path), Limits())
    assert set(known.paths) == {"a", "tab\there", "new\nline", "ü"}
    assert (tmp_path / "out" / "new\nline").read_text() == "3"


def test_files_beyond_the_limits_are_unread_and_not_absent(tmp_path: Path) -> None:
    where = repository(tmp_path / "r", {"a": "1", "b": "2", "big": "x" * 50, "c": "3"})
    revision = find(ObjectStore(where), "HEAD", Hint())
    assert revision is not None
    known = files.check_out(revision, _directory(tmp_path), Limits(file_size=10, files=2))
    assert known.paths == ("a", "b")
    assert known.unread == {
        "big": "larger than max_file_size (10 bytes)",
        "c": "beyond the limit of max_files (2 files)",
    }
    assert open_tree(tmp_path / "out", known=known).unread == known.unread
