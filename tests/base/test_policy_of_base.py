"""The policy that judges a change is the base's, wherever it lies; where it cannot be read, nothing passes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from repositories import commit, git, repository
from test_change import CLEAN, SHELL, Project, project, shallow

__all__ = ["project"]

STRICT = "fail_below: 100\n"
LENIENT = "fail_below: 0\nfail_on: never\n"


@pytest.fixture
def nested(tmp_path: Path, cache: Path) -> Project:
    """A project whose folder `app` is surveyed, and whose policies lie beside it."""
    files = {"app/old.py": CLEAN, ".seatrial.yml": STRICT, "ci/gate.yml": STRICT}
    top = repository(tmp_path / "r", files)
    git(top, "checkout", "--quiet", "-b", "change")
    return Project(top / "app", tmp_path / "reports", tmp_path / "event.json", cache / "seatrial")


@pytest.mark.parametrize("name", [".seatrial.yml", "ci/gate.yml"])
def test_a_policy_outside_path_is_read_from_the_base(nested: Project, name: str) -> None:
    top = nested.root.parent
    commit(top, {name: LENIENT, "app/new.py": SHELL})
    assert nested.run("--config", str(top / name)) == 1
    assert nested.report()["policy_changes"] == ["fail_below: 100.0 → 0.0", "fail_on: (default) → never"]


def test_a_relative_name_means_the_same_file(nested: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    top = nested.root.parent
    commit(top, {".seatrial.yml": LENIENT, "app/new.py": SHELL})
    monkeypatch.chdir(nested.root)
    assert nested.run("--config", "../.seatrial.yml") == 1


@pytest.mark.parametrize("target", ["../easy.yml", "/outside/easy.yml"])
def test_a_policy_that_the_change_replaces_by_a_link_is_the_bases(nested: Project, tmp_path: Path, target: str) -> None:
    top = nested.root.parent
    easy = tmp_path / "easy.yml" if target.startswith("/") else top / "easy.yml"
    easy.write_text(LENIENT)
    (top / "ci" / "gate.yml").unlink()
    (top / "ci" / "gate.yml").symlink_to(easy if target.startswith("/") else target)
    commit(top, {"app/new.py": SHELL})
    assert nested.run("--config", str(top / "ci" / "gate.yml")) == 1
    assert nested.report()["policy"]["fail_below"] == 100


def test_a_folder_that_the_change_replaces_by_a_link_has_the_bases_policy(nested: Project, tmp_path: Path) -> None:
    top, elsewhere = nested.root.parent, tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "gate.yml").write_text(LENIENT)
    (top / "ci" / "gate.yml").unlink()
    (top / "ci").rmdir()
    (top / "ci").symlink_to(elsewhere)
    commit(top, {"app/new.py": SHELL})
    assert nested.run("--config", str(top / "ci" / "gate.yml")) == 1


def test_a_link_out_of_path_as_the_policy_is_refused(nested: Project) -> None:
    top = nested.root.parent
    (nested.root / ".seatrial.yml").symlink_to("../easy.yml")
    commit(top, {"easy.yml": LENIENT, "app/new.py": SHELL})
    assert nested.run() == 2


def test_a_policy_beside_the_repository_is_the_callers(nested: Project, tmp_path: Path) -> None:
    (tmp_path / "mine.yml").write_text("fail_below: 12\n")
    commit(nested.root.parent, {"app/new.py": CLEAN})
    nested.run("--config", str(tmp_path / "mine.yml"))
    assert nested.report()["policy"]["fail_below"] == 12


@pytest.mark.parametrize("link", [".seatrial.yml", "ci"])
def test_links_of_the_base_are_followed_in_the_base(tmp_path: Path, cache: Path, link: str) -> None:
    root = repository(tmp_path / "r", {"old.py": CLEAN, "real/gate.yml": STRICT})
    (root / link).symlink_to("real/gate.yml" if link.endswith("yml") else "real")
    commit(root)
    git(root, "checkout", "--quiet", "-b", "change")
    commit(root, {"real/gate.yml": LENIENT, "new.py": SHELL})
    project = Project(root, tmp_path / "reports", tmp_path / "event.json", cache / "seatrial")
    named = () if link.endswith("yml") else ("--config", str(root / "ci" / "gate.yml"))
    assert project.run(*named) == 1


def test_the_first_policy_is_shown_and_does_not_count_yet(tmp_path: Path, cache: Path) -> None:
    root = repository(tmp_path / "r", {"old.py": CLEAN})
    git(root, "checkout", "--quiet", "-b", "change")
    commit(root, {".seatrial.yml": LENIENT})
    project = Project(root, tmp_path / "reports", tmp_path / "event.json", cache / "seatrial")
    project.run()
    report = project.report()
    assert report["policy"]["fail_below"] == 80
    assert report["policy_changes"] == ["fail_below: (default) → 0.0", "fail_on: (default) → never"]


def test_a_second_name_that_comes_first_does_not_count_yet(tmp_path: Path, cache: Path) -> None:
    root = repository(tmp_path / "r", {"old.py": CLEAN, ".seatrial.yaml": STRICT})
    git(root, "checkout", "--quiet", "-b", "change")
    commit(root, {".seatrial.yml": LENIENT, "new.py": SHELL})
    project = Project(root, tmp_path / "reports", tmp_path / "event.json", cache / "seatrial")
    assert project.run() == 1


BROKEN = {
    "an unknown key": b"fail_belwo: 1\n",
    "not UTF-8": "fail_below: 1 # \u00e9\n".encode("latin-1"),
    "UTF-16": "fail_below: 1\n".encode("utf-16"),
    "too large": b"#" * (1024 * 1024 + 1),
    "no mapping": b"- 1\n",
    "no YAML": b"a: [\n",
    "a value out of range": b"fail_below: high\n",
}


@pytest.mark.parametrize("event", ["pull_request", "pull_request_target"])
@pytest.mark.parametrize("broken", BROKEN.values(), ids=BROKEN)
def test_a_base_policy_that_cannot_be_read_stops_the_run(
    project: Project, capsys: pytest.CaptureFixture[str], broken: bytes, event: str
) -> None:
    git(project.root, "checkout", "--quiet", "main")
    (project.root / ".seatrial.yml").write_bytes(broken)
    commit(project.root)
    git(project.root, "checkout", "--quiet", "-b", "mend")
    commit(project.root, {".seatrial.yml": LENIENT})
    assert project.run(event=event) == 2
    said = capsys.readouterr().err
    assert ".seatrial.yml" in said
    assert "of the base main at" in said
    assert "fix the policy on the base branch" in said
    assert not (project.reports / "report.json").exists()


@pytest.mark.parametrize("target", ["/etc/passwd", "../elsewhere.yml", ".seatrial.yml"])
def test_a_base_policy_that_is_a_link_to_nowhere_stops_the_run(project: Project, target: str) -> None:
    git(project.root, "checkout", "--quiet", "main")
    (project.root / ".seatrial.yml").unlink()
    (project.root / ".seatrial.yml").symlink_to(target)
    commit(project.root)
    git(project.root, "checkout", "--quiet", "-b", "mend")
    (project.root / ".seatrial.yml").unlink()
    commit(project.root, {".seatrial.yml": LENIENT})
    assert project.run() == 2


def test_a_base_that_is_not_in_a_shallow_clone_stops_the_run(
    project: Project, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    commit(project.root, {".seatrial.yml": LENIENT})
    base = git(project.root, "rev-parse", "main")
    project.root = shallow(project, tmp_path)
    head = {"sha": "0" * 40, "ref": "x", "repo": {"full_name": "o/r"}}
    payload = {"pull_request": {"number": 7, "head": head, "base": {"sha": base, "ref": "main"}}}
    assert project.run(payload=payload) == 2
    group = {"merge_group": {"head_sha": "0" * 40, "base_sha": base, "base_ref": "refs/heads/main"}}
    assert project.run(event="merge_group", payload=group) == 2
    assert "fetch-depth: 0" in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [(), ("--base", "none")])
def test_an_event_without_a_base_stops_the_run(project: Project, arguments: tuple[str, ...]) -> None:
    commit(project.root, {".seatrial.yml": LENIENT})
    assert project.run(*arguments, payload={}) == 2


def test_a_change_without_git_stops_the_run(project: Project, tmp_path: Path) -> None:
    commit(project.root, {".seatrial.yml": LENIENT})
    base = {"sha": git(project.root, "rev-parse", "main"), "ref": "main"}
    head = {"sha": git(project.root, "rev-parse", "HEAD"), "ref": "x", "repo": {"full_name": "o/r"}}
    (project.root / ".git").rename(tmp_path / "gone")
    payload = {"pull_request": {"number": 7, "head": head, "base": base}}
    assert project.run(payload=payload, head="0" * 40) == 2


ELSEWHERE = {"repository": {"default_branch": "main"}}


@pytest.mark.parametrize("event", ["issue_comment", "workflow_run", "pull_request_review"])
def test_a_job_that_checks_out_a_change_is_judged_by_the_default_branch(project: Project, event: str) -> None:
    git(project.root, "update-ref", "refs/remotes/origin/main", "main")
    allowed = SHELL.replace("shell=True)", "shell=True)  # nosec")
    commit(project.root, {".seatrial.yml": LENIENT, "new.py": allowed})
    assert project.run("--only", "python", "--fail-on", "severity:high", event=event, payload=ELSEWHERE) == 1
    report = project.report()
    assert report["policy_changes"] == ["fail_below: 70.0 → 0.0", "fail_on: (default) → never"]
    assert [one["location"]["path"] for one in report["allowed"] if one["counts"]] == ["new.py"]


@pytest.mark.parametrize("payload", [ELSEWHERE, {}], ids=["no branch in the clone", "no name"])
def test_a_default_branch_that_cannot_be_read_is_said(project: Project, payload: dict[str, Any]) -> None:
    commit(project.root, {".seatrial.yml": LENIENT})
    project.run("--only", "python", event="issue_comment", payload=payload)
    report = project.report()
    assert report["policy"]["fail_below"] == 0
    [notice] = [text for text in report["notices"] if "issue_comment does not say whose code" in text]
    assert "fetch-depth: 0" in notice


def test_the_default_branch_itself_has_its_own_policy(project: Project) -> None:
    git(project.root, "checkout", "--quiet", "main")
    git(project.root, "update-ref", "refs/remotes/origin/main", "main")
    project.run("--only", "python", event="issue_comment", payload=ELSEWHERE)
    report = project.report()
    assert report["policy"]["fail_below"] == 70
    assert not [text for text in report["notices"] if "does not say" in text]
