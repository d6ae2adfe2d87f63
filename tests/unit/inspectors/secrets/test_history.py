"""Secrets in commits: each where it came in, once, and no more than that."""

from __future__ import annotations

import contextlib
import subprocess
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from searching import Repository

from seatrial.domain.errors import InspectorError
from seatrial.inspectors.secrets import changes, history, scan
from seatrial.inspectors.secrets.engine import PatternEngine
from seatrial.inspectors.secrets.history import Past
from seatrial.inspectors.secrets.samples import expand

ONE, TWO, THREE = (expand("ghp_{crc62:36}", name) for name in ("one", "two", "three"))


def line(token: str) -> str:
    return f"call('{token}')\n"


def searched(repository: Repository, engine: PatternEngine, revisions: str = "all", **settings: Any) -> Past:
    context = repository.context(history=revisions, **settings)
    return history.search(context, engine, scan.scan(context.tree, engine).found)


def places(past: Past) -> list[tuple[str, str, int]]:
    """Commit, path and line of each finding."""
    return sorted((f.finding.commit, f.finding.location.path, f.finding.location.line) for f in past.found)


@pytest.mark.parametrize(
    ("setting", "revisions"),
    [("none", None), ("auto", None), ("", None), ("all", "--all"), ("main..HEAD", "main..HEAD")],
)
def test_which_commits_are_meant(repository: Repository, setting: str, revisions: str | None) -> None:
    assert history.commit_range(repository.context(history=setting)) == revisions


def test_a_removed_secret_is_found_where_it_came_in(repository: Repository, engine: PatternEngine) -> None:
    repository.write("app.py", "first\n" + line(ONE))
    leak = repository.commit()
    repository.write("app.py", "first\n")
    repository.commit()
    past = searched(repository, engine)
    assert places(past) == [(leak, "app.py", 2)]
    assert past.commits == 2
    assert past.found[0].finding.anchor.startswith("in history: ")


ALLOWED = "  # seatrial: allow secrets/github-pat because it was revoked in May\n"


def _with_comments(
    repository: Repository, engine: PatternEngine, *, count: bool, revisions: str = "base..HEAD"
) -> Past:
    context = replace(repository.context(history=revisions), comments_in_history=count)
    tally = scan.scan(context.tree, engine)
    return history.search(context, engine, tally.found, accepted=tally.accepted)


@pytest.mark.parametrize("count", [True, False])
def test_a_comment_in_a_commit_of_the_change_accepts_nothing(
    repository: Repository, engine: PatternEngine, *, count: bool
) -> None:
    repository.commit()
    repository.git("tag", "base")
    repository.write("app.py", line(ONE).rstrip() + ALLOWED)
    leak = repository.commit()
    repository.write("app.py", "x\n")
    repository.commit()
    expected = [] if count else [(leak, "app.py", 1)]
    assert places(_with_comments(repository, engine, count=count)) == expected


def test_what_the_base_allows_is_no_news_of_its_history(repository: Repository, engine: PatternEngine) -> None:
    repository.write("app.py", line(ONE).rstrip() + ALLOWED)
    repository.commit()
    repository.git("tag", "base")
    repository.write("app.py", "y\n" + line(ONE).rstrip() + ALLOWED)
    repository.commit()
    repository.git("mv", "app.py", "lib.py")
    repository.commit()
    assert places(_with_comments(repository, engine, count=False)) == []


def test_what_the_tree_allows_itself_is_not_repeated_by_its_history(
    repository: Repository, engine: PatternEngine
) -> None:
    repository.commit()
    repository.git("tag", "base")
    repository.write("app.py", line(ONE).rstrip() + ALLOWED)
    repository.commit()
    assert places(_with_comments(repository, engine, count=False)) == []


def test_a_secret_that_is_still_there_is_reported_once(repository: Repository, engine: PatternEngine) -> None:
    repository.write("app.py", line(ONE))
    repository.commit()
    assert searched(repository, engine).found == []


def test_later_versions_of_the_file_do_not_repeat_it(repository: Repository, engine: PatternEngine) -> None:
    repository.write("app.py", line(ONE))
    leak = repository.commit()
    for text in ("x\n", "x\ny\n"):
        repository.write("app.py", text + line(ONE))
        repository.commit()
    repository.write("app.py", line(TWO))
    second = repository.commit()
    repository.write("app.py", "")
    repository.commit()
    assert places(searched(repository, engine)) == sorted([(leak, "app.py", 1), (second, "app.py", 1)])


def test_only_the_commits_of_the_range_count(repository: Repository, engine: PatternEngine) -> None:
    repository.write("app.py", line(ONE))
    repository.commit()
    repository.git("tag", "base")
    repository.write("app.py", line(ONE) + line(TWO))
    leak = repository.commit()
    repository.write("app.py", "")
    repository.commit()
    past = searched(repository, engine, "base..HEAD")
    assert places(past) == [(leak, "app.py", 2)]
    assert past.commits == 2


def test_branches_that_are_not_checked_out_count_with_all(repository: Repository, engine: PatternEngine) -> None:
    repository.write("app.py", "\n")
    repository.commit()
    repository.git("checkout", "-q", "-b", "side")
    repository.write("side.py", line(ONE))
    leak = repository.commit()
    repository.git("checkout", "-q", "main")
    assert places(searched(repository, engine)) == [(leak, "side.py", 1)]
    assert searched(repository, engine, "HEAD").found == []


class TestMerges:
    """What came from a parent was seen there; what was typed while merging is seen once."""

    @pytest.fixture
    def merged(self, repository: Repository) -> Repository:
        repository.write("app.py", "start\n")
        repository.commit()
        repository.git("checkout", "-q", "-b", "side")
        repository.write("app.py", "side\n")
        repository.commit()
        repository.git("checkout", "-q", "main")
        repository.write("app.py", "main\n")
        repository.commit()
        return repository

    def merge(self, repository: Repository, text: str) -> str:
        with contextlib.suppress(subprocess.CalledProcessError):  # conflicts are what somebody has to resolve
            repository.git("merge", "-q", "--no-commit", "--no-ff", "side")
        repository.write("app.py", text)
        return repository.commit("merge")

    def test_a_secret_typed_in_the_merge(self, merged: Repository, engine: PatternEngine) -> None:
        merge = self.merge(merged, "both\n" + line(ONE))
        merged.write("app.py", "clean\n")
        merged.commit()
        assert places(searched(merged, engine)) == [(merge, "app.py", 2)]

    def test_a_secret_from_a_branch_is_the_branches(self, repository: Repository, engine: PatternEngine) -> None:
        repository.write("app.py", "start\n")
        repository.commit()
        repository.git("checkout", "-q", "-b", "side")
        repository.write("app.py", "start\n" + line(ONE))
        leak = repository.commit()
        repository.git("checkout", "-q", "main")
        repository.write("app.py", "first\nstart\n")
        repository.commit()
        self.merge(repository, "first\nstart\n" + line(ONE))
        repository.write("app.py", "clean\n")
        repository.commit()
        assert places(searched(repository, engine)) == [(leak, "app.py", 2)]

    def test_a_clean_merge_brings_nothing_of_its_own(self, repository: Repository, engine: PatternEngine) -> None:
        repository.write("app.py", "start\n")
        repository.commit()
        repository.git("checkout", "-q", "-b", "side")
        repository.write("side.py", line(ONE))
        leak = repository.commit()
        repository.git("checkout", "-q", "main")
        repository.write("main.py", "x\n")
        repository.commit()
        repository.git("merge", "-q", "--no-edit", "side")
        (repository.root / "side.py").unlink()
        repository.commit()
        assert places(searched(repository, engine)) == [(leak, "side.py", 1)]


def test_a_rename_is_no_new_leak(repository: Repository, engine: PatternEngine) -> None:
    repository.write("old.py", "a\nb\nc\nd\n" + line(ONE))
    leak = repository.commit()
    repository.git("mv", "old.py", "new.py")
    repository.write("new.py", "a\nb\nc\nd\ne\n" + line(ONE))
    repository.commit()
    (repository.root / "new.py").unlink()
    repository.commit()
    assert places(searched(repository, engine)) == [(leak, "old.py", 5)]


def test_the_same_content_in_two_files_is_read_once(repository: Repository, engine: PatternEngine) -> None:
    repository.write("a.py", line(ONE))
    repository.write("b.py", line(ONE))
    repository.commit()
    (repository.root / "a.py").unlink()
    (repository.root / "b.py").unlink()
    repository.commit()
    past = searched(repository, engine)
    assert past.contents == 1
    assert len(past.found) == 1


def test_credential_files_are_read_by_their_parsers(repository: Repository, engine: PatternEngine) -> None:
    repository.write(".netrc", f"machine example.org login ada password {expand('{printable:16}')}\n")
    leak = repository.commit()
    (repository.root / ".netrc").unlink()
    repository.commit()
    past = searched(repository, engine)
    assert places(past) == [(leak, ".netrc", 1)]
    assert past.found[0].finding.rule == "secrets/netrc"


def test_binary_files_links_and_submodules_are_skipped(repository: Repository, engine: PatternEngine) -> None:
    repository.write("a.bin", b"\0\1\2\3" + line(ONE).encode())
    (repository.root / "link").symlink_to(f"nowhere-{TWO}")
    repository.commit()
    (repository.root / "a.bin").unlink()
    (repository.root / "link").unlink()
    repository.commit()
    past = searched(repository, engine)
    assert past.found == []
    assert past.notes == []


def test_large_contents_are_left_out_and_said(repository: Repository, engine: PatternEngine) -> None:
    repository.write("large.py", line(ONE) + "x = 1\n" * 1000)
    repository.commit()
    (repository.root / "large.py").unlink()
    repository.commit()
    past = searched(repository, engine, max_file_size=1000)
    assert past.found == []
    assert past.missing == "1 file version larger than 1,000 bytes"


def test_globs_hold_for_the_history_too(repository: Repository, engine: PatternEngine) -> None:
    repository.write("src/a.py", line(ONE))
    repository.write("vendor/b.py", line(TWO))
    repository.write("keep.py", "")
    leak = repository.commit()
    repository.git("rm", "-qr", "src", "vendor")
    repository.commit()
    assert places(searched(repository, engine, exclude=("vendor/",))) == [(leak, "src/a.py", 1)]


def test_a_directory_of_a_repository_has_the_history_of_that_directory(
    repository: Repository, engine: PatternEngine, patterns_cache: Path
) -> None:
    repository.write("other/a.py", line(ONE))
    repository.write("sub/b.py", line(TWO))
    leak = repository.commit()
    repository.write("other/a.py", "x")
    repository.write("sub/b.py", "x")
    repository.commit()
    below = Repository.__new__(Repository)
    below.root, below.cache = repository.root / "sub", patterns_cache
    assert places(searched(below, engine)) == [(leak, "b.py", 1)]


def test_odd_names(repository: Repository, engine: PatternEngine) -> None:
    names = ["with space.py", "with\nnewline.py", "ünïcode.py", ":100644 colon.py", "-dash.py", 'quote".py']
    for number, name in enumerate(names):
        repository.write(name, line(expand("ghp_{crc62:36}", str(number))))
    leak = repository.commit()
    repository.git("rm", "-qr", ".")
    repository.commit()
    assert [path for _, path, _ in places(searched(repository, engine))] == sorted(names)
    assert {commit for commit, _, _ in places(searched(repository, engine))} == {leak}


def test_a_hostile_configuration_runs_nothing(repository: Repository, engine: PatternEngine, tmp_path: Path) -> None:
    """Text conversion, external diff and filters of the repository's own configuration stay off."""
    for key in ("diff.evil.textconv", "diff.evil.command", "filter.evil.clean", "filter.evil.smudge", "diff.external"):
        repository.git("config", key, f"touch {tmp_path}/ran; cat")
    repository.write(".gitattributes", "*.py diff=evil filter=evil\n")
    repository.write("a.py", line(ONE))
    repository.git("-c", "filter.evil.clean=cat", "add", "-A")
    repository.git("-c", "filter.evil.clean=cat", "commit", "-qm", "x")
    (tmp_path / "ran").unlink(missing_ok=True)
    repository.git("-c", "filter.evil.clean=cat", "rm", "-q", "--cached", "a.py")
    (repository.root / "a.py").unlink()
    repository.git("commit", "-qm", "y")
    (tmp_path / "ran").unlink(missing_ok=True)
    assert len(searched(repository, engine).found) == 1
    assert not (tmp_path / "ran").exists()


def test_a_shallow_clone_is_said(repository: Repository, engine: PatternEngine, tmp_path: Path) -> None:
    for text in ("a", "b"):
        repository.write("app.py", text)
        repository.commit()
    repository.git("clone", "-q", "--depth=1", f"file://{repository.root}", str(tmp_path / "shallow"))
    shallow = Repository.__new__(Repository)
    shallow.root, shallow.cache = tmp_path / "shallow", repository.cache
    past = searched(shallow, engine)
    assert past.commits == 1
    assert "shallow" in past.missing


def test_outside_git_there_is_a_note(folder: Repository, engine: PatternEngine) -> None:
    folder.write("a.py", "x")
    assert "not a git repository" in searched(folder, engine).missing


def test_a_repository_without_a_commit(repository: Repository, engine: PatternEngine) -> None:
    repository.write("a.py", "x")
    assert searched(repository, engine).commits == 0


@pytest.mark.parametrize("revisions", ["--output=/tmp/x", "-n1", "main --all", "nothing..here", "a b c"])
def test_what_is_no_range_is_refused(repository: Repository, engine: PatternEngine, revisions: str) -> None:
    repository.write("a.py", "x")
    repository.commit()
    with pytest.raises(InspectorError):
        searched(repository, engine, revisions)


def test_out_of_time_is_said(repository: Repository, engine: PatternEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(history, "STEP", 1)
    for text in ("a", "b", "c"):
        repository.write("app.py", text)
        repository.commit()
    ticks = iter([0.0, 1.0, 1000.0])
    past = history.search(repository.context(history="all"), engine, [], lambda: next(ticks))
    assert past.commits == 1
    assert past.missing == "out of time: 2 commits of 3 not searched; give a range or a longer timeout"


def test_contents_are_asked_for_in_groups(
    repository: Repository, engine: PatternEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    groups: list[int] = []
    real = changes._group

    def counting(root: Path, ids: Sequence[str]) -> object:
        groups.append(len(ids))
        return real(root, ids)

    monkeypatch.setattr(changes, "_group", counting)
    monkeypatch.setattr(changes, "GROUP", 1000)
    for number in range(6):
        repository.write(f"{number}.py", line(expand("ghp_{crc62:36}", str(number))) + "x" * 400)
    repository.commit()
    repository.git("rm", "-qr", ".")
    repository.commit()
    assert len(searched(repository, engine).found) == 6
    assert groups == [2, 2, 2]
