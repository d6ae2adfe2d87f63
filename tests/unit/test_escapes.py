"""Files that a change takes out of the survey, found in small repositories; what is judged: tests/github."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from seatrial.change.allowed import escapes
from seatrial.change.allowed.escapes import Escapes
from seatrial.domain.allowance import AllowanceKind
from seatrial.settings import Settings
from seatrial.system.base import revision
from seatrial.system.base.store import ObjectStore
from seatrial.system.source import Limits, open_tree

TEXT = "".join(f"line {number}\n" for number in range(20))
Act = Callable[[Path], None]


def git(root: Path, *words: str) -> None:
    who = {f"GIT_{who}_{what}": "n@x.y" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    nobody = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    subprocess.run(["git", "-C", str(root), *words], check=True, capture_output=True, env=os.environ | who | nobody)


def left(root: Path, act: Act, before: dict[str, str], **options: object) -> Escapes:
    """What left the survey when somebody acted on the files of the base."""
    root.mkdir()
    git(root, "init", "--quiet")
    for name, text in before.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--allow-empty", "--message", "before")
    act(root)
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--allow-empty", "--message", "change")
    settings = Settings(path=root, max_file_size=1000, exclude=("vendor",), **options)  # type: ignore[arg-type]
    tree = open_tree(root, paths=settings.paths, exclude=settings.exclude, limits=Limits(1000, settings.max_files))
    base = revision.find(ObjectStore(root), "HEAD~1", revision.Hint())
    assert base is not None
    return escapes.of_change(tree, base, settings)


def write(name: str, text: str) -> Act:
    def act(root: Path) -> None:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)

    return act


def move(old: str, new: str, text: str = "") -> Act:
    def act(root: Path) -> None:
        (root / new).parent.mkdir(parents=True, exist_ok=True)
        (root / old).rename(root / new)
        if text:
            (root / new).write_text(text)

    return act


def link(name: str, target: str) -> Act:
    def act(root: Path) -> None:
        (root / name).unlink(missing_ok=True)
        (root / name).symlink_to(target)

    return act


HALF = TEXT[: len(TEXT) // 2]
WAYS: dict[str, tuple[Act, dict[str, tuple[AllowanceKind, str]]]] = {
    "nothing": (write("b.txt", "b\n"), {}),
    "deleted": (lambda root: (root / "a.txt").unlink(), {}),
    "changed": (write("a.txt", "x\n"), {}),
    "grown": (write("a.txt", TEXT * 9), {"a.txt": (AllowanceKind.SIZE, "a.txt")}),
    "grown to the limit": (write("a.txt", "x" * 1000), {}),
    "one byte beyond it": (write("a.txt", "x" * 1001), {"a.txt": (AllowanceKind.SIZE, "a.txt")}),
    "four times as large": (write("a.txt", "x" * 4000), {"a.txt": (AllowanceKind.SIZE, "a.txt")}),
    "moved and excluded": (move("a.txt", "vendor/b.txt"), {"a.txt": (AllowanceKind.EXCLUDED, "vendor/b.txt")}),
    "moved, half of it the same": (
        move("a.txt", "vendor/b.txt", HALF + "new\n"), {"a.txt": (AllowanceKind.EXCLUDED, "vendor/b.txt")}
    ),
    "moved, little of it the same": (move("a.txt", "vendor/b.txt", HALF[:30] + "new\n" * 20), {}),
    "moved and surveyed": (move("a.txt", "lib/b.txt"), {}),
    "moved and grown": (move("a.txt", "b.txt", TEXT * 9), {"b.txt": (AllowanceKind.SIZE, "b.txt")}),
    "another case": (move("a.txt", "A.TXT"), {"a.txt": (AllowanceKind.RENAMED, "A.TXT")}),
    "another case of the folder": (move("d/a.txt", "D/a.txt"), {"d/a.txt": (AllowanceKind.RENAMED, "D/a.txt")}),
    "a link to a surveyed file": (link("a.txt", "d/b.txt"), {"a.txt": (AllowanceKind.LINK, "d/b.txt")}),
    "a link to a surveyed file of its name": (link("a.txt", "d/a.txt"), {}),
    "a new link": (link("n.txt", "a.txt"), {"n.txt": (AllowanceKind.LINK, "a.txt")}),
    "a link that the base has": (write("b.txt", "b\n"), {}),
}  # fmt: skip


@pytest.mark.parametrize(("act", "expected"), WAYS.values(), ids=WAYS)
def test_what_leaves_the_survey_is_found(
    tmp_path: Path, act: Act, expected: dict[str, tuple[AllowanceKind, str]]
) -> None:
    before = {"a.txt": TEXT, "d/a.txt": "other\n", "d/b.txt": "more\n"}
    found = left(tmp_path / "r", act, before)
    assert {path: (one.kind, one.at) for path, one in found.judged.items()} == expected
    assert found.lost == {}


LOST: dict[str, tuple[Act, str]] = {
    "beyond four times the limit": (write("a.txt", "x" * 4001), "larger than 4,000 bytes"),
    "a link to nothing": (link("a.txt", "nothing"), "a symbolic link that cannot be followed"),
    "a link to itself": (link("a.txt", "a.txt"), "a symbolic link that cannot be followed"),
    "a link out of the tree": (link("a.txt", "/etc/hostname"), "a symbolic link out of the tree"),
    "a link to git's own files": (link("a.txt", ".git/HEAD"), "a symbolic link out of the tree"),
    "a link to a folder": (link("a.txt", "d"), "not a regular file"),
}


@pytest.mark.parametrize(("act", "reason"), LOST.values(), ids=LOST)
def test_what_has_no_content_is_lost(tmp_path: Path, act: Act, reason: str) -> None:
    found = left(tmp_path / "r", act, {"a.txt": TEXT, "d/b.txt": "more\n"})
    assert found.judged == {}
    assert found.lost == {"a.txt": reason}


def test_only_what_the_policy_wants_is_looked_for(tmp_path: Path) -> None:
    act = move("a.txt", "vendor/a.txt")
    assert left(tmp_path / "r", act, {"a.txt": TEXT, "b.txt": "b\n"}, paths=("b.txt",)).judged == {}


def test_all_files_together_have_a_bound(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(escapes, "_TOGETHER", 3000)

    def grow(root: Path) -> None:
        for number in range(3):
            write(f"{number}.txt", "x" * 1400)(root)

    found = left(tmp_path / "r", grow, {f"{number}.txt": "x\n" for number in range(3)})
    assert sorted(found.judged) == ["0.txt", "1.txt"]
    assert list(found.lost) == ["2.txt"]


def test_a_file_that_many_others_push_out_is_judged(tmp_path: Path) -> None:
    def crowd(root: Path) -> None:
        for number in range(5):
            write(f"a{number}.txt", "x\n")(root)
        write("z.txt", "new\n")(root)

    found = left(tmp_path / "r", crowd, {"m.txt": TEXT, "a.txt": "a\n"}, max_files=3)
    assert {path: one.kind for path, one in found.judged.items()} == dict.fromkeys(
        ["a2.txt", "a3.txt", "a4.txt", "m.txt", "z.txt"], AllowanceKind.NUMBER
    )
    assert found.judged["m.txt"].reason("m.txt") == "there are more files than max_files"


def test_a_repository_with_more_files_than_are_surveyed_hides_nothing_by_that(tmp_path: Path) -> None:
    before = {f"{name}.txt": f"{name}\n" for name in "abcdef"}
    found = left(tmp_path / "r", write("g.txt", "new\n"), before, max_files=3)
    assert found == Escapes({}, {}, frozenset({"g.txt"}))


def test_what_the_checkout_lacks_is_not_the_changes_doing(tmp_path: Path) -> None:
    root = tmp_path / "r"
    left(root, write("b.txt", "b\n"), {"a.txt": TEXT, "d/b.txt": "more\n"})
    git(root, "sparse-checkout", "set", "--no-cone", "/*", "!/d/")
    tree = open_tree(root)
    assert "d/b.txt" in tree.unread
    base = revision.find(ObjectStore(root), "HEAD~1", revision.Hint())
    assert base is not None
    assert escapes.of_change(tree, base, Settings(path=root)) == Escapes({}, {}, frozenset())


def test_each_new_file_stands_for_one_that_is_gone(tmp_path: Path) -> None:
    def both(root: Path) -> None:
        move("a.txt", "vendor/x.txt")(root)
        (root / "b.txt").unlink()

    found = left(tmp_path / "r", both, {"a.txt": TEXT, "b.txt": TEXT})
    assert [one.at for one in found.judged.values()] == ["vendor/x.txt"]
