"""What a change would do to the policy, in the words of the file; and which file of the base is the policy."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest
from repositories import commit, repository

from seatrial.change.policy import Policy, of_base, unreadable
from seatrial.ci.github.host import GitHub
from seatrial.domain.errors import UsageError
from seatrial.domain.waivers import Waiver
from seatrial.settings import config
from seatrial.settings.config import Config
from seatrial.system.base.revision import Revision
from seatrial.system.base.store import ObjectStore
from seatrial.system.process import ProcessError

ADVICE = "a change is not judged by its own policy"


class Base:
    """A repository with one commit, of which a folder is surveyed."""

    def __init__(self, top: Path, files: dict[str, str], folder: str = "") -> None:
        repository(top, files | {f"{folder}/kept.txt".lstrip("/"): ""})
        self.top, self.root = top, top / folder
        commit(top, {})
        store = ObjectStore(self.root, history=GitHub.full_history)
        self.revision = Revision(store.commit("HEAD"), "main at 1234567", store)

    def policy(self, own: Config | None = None) -> Policy:
        return of_base(own or Config(), self.revision, self.root)

    def threshold(self, path: str | Path = "") -> object:
        return self.policy(Config(path=str(path))).config.options.get("fail_below")


def waiver(path: str, *, reason: str = "needed until the kernel arrives", day: int = 2) -> Waiver:
    first, last = dt.date(2026, 1, 1), dt.date(2026, 2, day)
    return Waiver(rule="compose/privileged", path=path, reason=reason, owner="ops", created=first, expires=last)


def changes(base: str, own: str, tmp_path: Path) -> tuple[str, ...]:
    return Base(tmp_path / "r", {".seatrial.yml": base}).policy(replace(config.parse(own, "own"), path="")).changes


@pytest.mark.parametrize(
    ("base", "own", "expected"),
    [
        ("fail_below: 90\n", "fail_below: 90\n", ()),
        ("fail_below: 90\n", "fail_below: 0\n", ("fail_below: 90.0 → 0.0",)),
        ("fail_below: 90\n", "{}", ("fail_below: 90.0 → (default)",)),
        ("{}", "fail_on: never\n", ("fail_on: (default) → never",)),
        ("exclude: [a/**]\n", "exclude: [a/**, b/**]\n", ("exclude: a/** → a/**, b/**",)),
        ("chaos: {files: [a.yml]}\n", "chaos: {files: [b.yml]}\n", ("chaos: changed",)),
        ("licenses: {deny: [AGPL-3.0-only]}\n", "{}", ("licenses: changed",)),
        ("environment: {known: [A]}\n", "environment: {known: [A, B]}\n", ("environment: changed",)),
        (
            "chaos: {files: [a.yml]}\nlicenses: {deny: [X]}\nenvironment: {known: [A]}\n",
            "chaos: {files: [a.yml]}\nlicenses: {deny: [X]}\nenvironment: {known: [A]}\n",
            (),
        ),
        (
            "fail_below: 90\nmax_files: 10\n",
            "fail_below: 80\nmax_files: 20\n",
            ("fail_below: 90.0 → 80.0", "max_files: 10 → 20"),
        ),
    ],
)
def test_each_difference_is_a_line(tmp_path: Path, base: str, own: str, expected: tuple[str, ...]) -> None:
    assert changes(base, own, tmp_path) == expected


def test_disabled_checks_are_lines_in_order(tmp_path: Path) -> None:
    given = "disable:\n  compose/cpu-limit: {}\n  compose/pids-limit: the host has its own limits\n"
    base = given.format("the scheduler does it") + "  compose/log-rotation: the driver is another one\n"
    own = given.format("somebody else does it") + "  compose/healthcheck: there is nothing to ask here\n"
    assert changes(base, own, tmp_path) == (
        "disable compose/cpu-limit: the scheduler does it → somebody else does it",
        "disable compose/healthcheck: added (there is nothing to ask here)",
        "disable compose/log-rotation: removed",
    )


def test_waivers_are_lines_by_what_they_accept(tmp_path: Path) -> None:
    base = Base(tmp_path / "r", {"a.txt": ""})
    same, changed, gone = waiver("same/**"), waiver("changed/**"), waiver("gone/**")
    longer, added = waiver("changed/**", day=20), waiver("new/**")
    twice = waiver("changed/**", reason="the other one of the two")
    text = "2026-01-01 to 2026-02-{:02}, ops: {}"
    first, long, other = text.format(2, same.reason), text.format(20, same.reason), text.format(2, twice.reason)
    target = "waiver of compose/privileged in"
    own = Config(waivers=(same, longer, twice, added))
    assert base.policy(own).changes == (
        f"{target} changed/**: added ({long}; {other})",
        f"{target} new/**: added ({first})",
        f"{target} same/**: added ({first})",
    )
    entry = "  - {{rule: {}, path: '{}', reason: {}, owner: ops, created: {}, expires: {}}}"
    written = "\n".join(entry.format(w.rule, w.path, w.reason, w.created, w.expires) for w in (same, changed, gone))
    base = Base(tmp_path / "s", {".seatrial.yml": f"waivers:\n{written}\n"})
    assert base.policy(own).changes == (
        f"{target} changed/**: {first} → {long}; {other}",
        f"{target} gone/**: removed",
        f"{target} new/**: added ({first})",
    )


def test_a_base_without_a_policy_has_the_defaults(tmp_path: Path) -> None:
    base = Base(tmp_path / "r", {"a.txt": ""})
    assert base.policy(Config(options={"fail_below": 1.0})) == Policy(Config(), ("fail_below: (default) → 1.0",))


@pytest.mark.parametrize("folder", ["", "app", "apps/shop"])
def test_the_policy_lies_in_the_surveyed_folder(tmp_path: Path, folder: str) -> None:
    name = f"{folder}/.seatrial.yml".lstrip("/")
    base = Base(tmp_path / "r", {name: "fail_below: 11\n", "other/.seatrial.yml": "fail_below: 12\n"}, folder)
    assert base.threshold() == 11
    assert base.policy().config.path == name
    for own in (base.root / ".seatrial.yml", base.root / ".seatrial.yaml", base.top / name):
        assert base.threshold(own) == 11
    assert base.threshold(base.top / "other" / ".seatrial.yml") == 12
    assert base.threshold(base.top / "other" / "none.yml") is None


def test_the_second_name_counts_where_the_first_is_not_there(tmp_path: Path) -> None:
    assert Base(tmp_path / "r", {".seatrial.yaml": "fail_below: 13\n"}).threshold() == 13
    both = {".seatrial.yaml": "fail_below: 13\n", ".seatrial.yml": "fail_below: 14\n"}
    assert Base(tmp_path / "s", both).threshold() == 14
    assert Base(tmp_path / "t", both).threshold(tmp_path / "t" / ".seatrial.yaml") == 14


def test_a_file_from_outside_is_the_callers_and_never_the_bases(tmp_path: Path) -> None:
    base = Base(tmp_path / "r", {".seatrial.yml": "fail_below: 15\n"})
    own = Config(path=str(tmp_path / "mine.yml"), options={"fail_below": 16.0})
    assert base.policy(own) == Policy(own)


def test_a_name_is_taken_from_where_we_are(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    base = Base(tmp_path / "r", {"ci/gate.yml": "fail_below: 17\n", "app/x": ""}, "app")
    monkeypatch.chdir(base.root)
    assert base.threshold("../ci/gate.yml") == 17
    monkeypatch.chdir(base.top / "ci")
    assert base.threshold("gate.yml") == 17


def test_a_folder_of_links_leads_to_the_same_file(tmp_path: Path) -> None:
    base = Base(tmp_path / "r", {"ci/gate.yml": "fail_below: 18\n"})
    (tmp_path / "link").symlink_to(base.top)
    (tmp_path / "gate.yml").symlink_to(base.top / "ci" / "gate.yml")
    for way in (tmp_path / "link" / "ci" / "gate.yml", tmp_path / "gate.yml"):
        assert base.threshold(way) == 18


@pytest.mark.parametrize(
    ("content", "message", "where"),
    [
        (b"fail_below: 1 # \xe9\n", "is not UTF-8 text", ".seatrial.yml of the base main at 1234567"),
        (b"#" * (config.SIZE_LIMIT + 1), "larger than 1,048,576 bytes", ".seatrial.yml of the base main at 1234567"),
        (b"fail_belwo: 1\n", "fail_belwo", ".seatrial.yml:1:1 of the base main at 1234567"),
    ],
)
def test_a_policy_that_cannot_be_read_names_the_base(tmp_path: Path, content: bytes, message: str, where: str) -> None:
    base = Base(tmp_path / "r", {"a.txt": ""})
    (base.top / ".seatrial.yml").write_bytes(content)
    store = ObjectStore(base.root)
    broken = Revision(commit(base.top), "main at 1234567", store)
    with pytest.raises(UsageError) as caught:
        of_base(Config(options={"fail_below": 0.0}), broken, base.root)
    assert message in caught.value.message
    assert caught.value.where == where
    assert caught.value.remedy == f"fix the policy on the base branch: {ADVICE}"


def test_the_largest_policy_is_read(tmp_path: Path) -> None:
    text = "fail_below: 19\n"
    base = Base(tmp_path / "r", {".seatrial.yml": text + "#" * (config.SIZE_LIMIT - len(text))})
    assert base.threshold() == 19


def test_a_commit_that_is_not_there_stops_the_run(tmp_path: Path) -> None:
    base = Base(tmp_path / "r", {"a.txt": ""})
    lost = Revision("1" * 40, "main", base.revision.store)
    with pytest.raises(UsageError) as caught:
        of_base(Config(), lost, base.root)
    assert isinstance(caught.value.__cause__, ProcessError)
    assert caught.value.message == f"the policy of the base cannot be read: {caught.value.__cause__}"
    assert caught.value.remedy == f"give actions/checkout `fetch-depth: 0`: {ADVICE}"
    assert str(unreadable("why", GitHub.full_history)) == "the policy of the base cannot be read: why"
