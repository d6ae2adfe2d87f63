"""A pull request from outside: what is compared, whose policy judges, and what is said about it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from repositories import TENDED, commit, git, repository

from seatrial.app.cli import main

SHELL = 'import subprocess\n\n\ndef run(x):\n    return subprocess.call("ls " + x, shell=True)\n'
CLEAN = "def add(a, b):\n    return a + b\n"


@dataclass
class Project:
    """A repository with a `main`, in a job of GitHub Actions."""

    root: Path
    reports: Path
    events: Path
    cache: Path

    def run(
        self, *arguments: str, event: str = "pull_request", payload: dict[str, Any] | None = None, head: str = ""
    ) -> int:
        head = head or git(self.root, "rev-parse", "HEAD")
        if payload is None:
            base = {"sha": git(self.root, "rev-parse", "main"), "ref": "main"}
            repo = {"full_name": "o/r"}
            payload = {"pull_request": {"number": 7, "head": {"sha": head, "ref": "x", "repo": repo}, "base": base}}
        self.events.write_text(json.dumps(payload))
        environ = {
            "GITHUB_ACTIONS": "true", "GITHUB_EVENT_NAME": event, "GITHUB_EVENT_PATH": str(self.events),
            "GITHUB_REPOSITORY": "o/r", "GITHUB_SHA": head, "INPUT_PATH": str(self.root), "INPUT_COMMENT": "off",
            "INPUT_CACHE_DIR": str(self.cache),
        }  # fmt: skip
        return main(["run", "--report-dir", str(self.reports), *arguments], environ)

    def report(self) -> dict[str, Any]:
        read: dict[str, Any] = json.loads((self.reports / "report.json").read_text())
        return read


@pytest.fixture
def project(tmp_path: Path, cache: Path) -> Project:
    root = repository(tmp_path / "r", {"old.py": SHELL, ".seatrial.yml": "fail_below: 70\n", **TENDED})
    git(root, "checkout", "--quiet", "-b", "change")
    return Project(root, tmp_path / "reports", tmp_path / "event.json", cache / "seatrial")


def shallow(project: Project, tmp_path: Path) -> Path:
    """A clone that holds the change's last commit only."""
    target = tmp_path / "shallow"
    git(tmp_path, "clone", "--quiet", "--depth=1", "--branch", "change", f"file://{project.root}", str(target))
    return target


def changes(report: dict[str, Any]) -> dict[str, int]:
    found = [f["change"] for f in report["findings"]]
    return {name: found.count(name) for name in found}


def test_old_findings_do_not_fail_a_change_that_adds_none(project: Project) -> None:
    commit(project.root, {"new.py": CLEAN})
    assert project.run("--fail-on", "new") == 0
    report = project.report()
    assert set(changes(report)) == {"unchanged"}
    assert report["comparison"]["commit"] == git(project.root, "rev-parse", "main")
    assert report["comparison"]["label"].startswith("main at ")


def test_a_new_finding_fails_it(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    commit(project.root, {"new.py": SHELL.replace("run", "start")})
    assert project.run("--fail-on", "new") == 1
    assert changes(project.report()).keys() == {"unchanged", "introduced"}
    assert "new finding" in capsys.readouterr().out


def test_what_was_fixed_is_said(project: Project) -> None:
    commit(project.root, {"old.py": CLEAN})
    assert project.run() == 0
    report = project.report()
    assert {f["rule"] for f in report["comparison"]["fixed"]} == {"bandit/B602", "bandit/B404"}
    assert report["comparison"]["score"] > 0


def test_a_pull_request_is_judged_by_the_policy_of_its_base(project: Project) -> None:
    easier = "fail_below: 1\nexclude: [old.py]\ndisable:\n  python: we do not want to know\n"
    commit(project.root, {".seatrial.yml": easier, "new.py": CLEAN})
    project.run()
    report = project.report()
    assert report["policy"]["fail_below"] == 70
    assert {f["location"]["path"] for f in report["findings"]} == {"old.py"}
    assert report["policy_changes"] == [
        "fail_below: 70.0 → 1.0",
        "exclude: (default) → old.py",
        "disable python: added (we do not want to know)",
    ]


def test_a_push_is_judged_by_its_own_policy(project: Project) -> None:
    commit(project.root, {".seatrial.yml": "fail_below: 1\n"})
    before = git(project.root, "rev-parse", "main")
    project.run(event="push", payload={"before": before, "ref": "refs/heads/change"})
    assert project.report()["policy"]["fail_below"] == 1
    assert project.report()["policy_changes"] == []
    assert project.report()["comparison"]["commit"] == before


def test_a_policy_that_the_change_deletes_counts_until_it_is_merged(project: Project) -> None:
    (project.root / ".seatrial.yml").unlink()
    commit(project.root)
    project.run()
    assert project.report()["policy"]["fail_below"] == 70
    assert project.report()["policy_changes"] == ["fail_below: 70.0 → (default)"]


def test_a_broken_policy_in_the_change_is_refused_at_its_line(
    project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    commit(project.root, {".seatrial.yml": "fail_below: 70\nfail_belwo: 1\n"})
    assert project.run() == 2
    assert ".seatrial.yml:2:1: unknown key 'fail_belwo'" in capsys.readouterr().err


def test_the_commits_of_a_pull_request_are_searched_for_secrets(project: Project) -> None:
    commit(project.root, {".env": "DB_PASSWORD=" + "Tr0ub4dor9xKqLm2" + "\n"})
    (project.root / ".env").unlink()
    commit(project.root)
    project.run()
    found = [f for f in project.report()["findings"] if f["commit"]]
    assert found
    assert {f["change"] for f in found} == {"introduced"}


def test_without_the_base_of_a_push_it_is_said_and_the_absolute_conditions_count(
    project: Project, tmp_path: Path
) -> None:
    commit(project.root, {"new.py": CLEAN})
    base = git(project.root, "rev-parse", "main")
    project.root = shallow(project, tmp_path)
    project.run("--fail-on", "new", event="push", payload={"before": base, "ref": "refs/heads/change"})
    report = project.report()
    assert report["comparison"] is None
    assert {c["name"] for c in report["gate"]["conditions"]} >= {"score", "critical"}
    assert any("fetch-depth: 0" in notice for notice in report["notices"])


def test_an_earlier_report_can_be_the_base(project: Project, tmp_path: Path) -> None:
    project.run("--base", "none")
    earlier = tmp_path / "earlier.json"
    earlier.write_text((project.reports / "report.json").read_text())
    commit(project.root, {"new.py": SHELL.replace("run", "start")})
    project.run("--base", str(earlier))
    report = project.report()
    assert changes(report).keys() == {"unchanged", "introduced"}
    assert report["comparison"]["label"].startswith("earlier.json of ")


def test_a_base_that_is_no_report_is_one_clear_line(
    project: Project, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "bad.json").write_text("{}")
    assert project.run("--base", str(tmp_path / "bad.json")) == 2
    assert project.run("--base", str(tmp_path / "missing.json")) == 2
    said = capsys.readouterr().err
    assert "not a report" in said
    assert "missing.json: cannot be read" in said


def test_what_the_repository_lacks_is_the_same_finding_when_another_file_shows_it(tmp_path: Path, cache: Path) -> None:
    root = repository(tmp_path / "r", {"old.py": CLEAN})
    git(root, "checkout", "--quiet", "-b", "change")
    project = Project(root, tmp_path / "reports", tmp_path / "event.json", cache / "seatrial")
    commit(root, {"a_new.py": CLEAN})
    assert project.run("--fail-on", "new") == 0
    report = project.report()
    lacking = [f for f in report["findings"] if f["rule"].startswith("practices/")]
    assert {f["location"]["path"] for f in lacking} == {"a_new.py"}
    assert changes(report) == {"unchanged": len(lacking)}
    assert report["comparison"]["fixed"] == []


SECRET = "Tr0ub4dor9xKqLm2"
FACTS = {
    "app.py": f'def connect():\n    password = "{SECRET}"\n    return login("admin", password)\n',
    "compose.yaml": f"services:\n  db:\n    image: postgres:16\n    environment:\n      POSTGRES_PASSWORD: {SECRET}\n",
}
"""One value that the secret scan and another inspector report."""


@pytest.mark.parametrize("touched", ["app.py", "compose.yaml", "other.py"])
def test_one_fact_is_one_finding_on_both_sides(tmp_path: Path, cache: Path, touched: str) -> None:
    root = repository(tmp_path / "r", FACTS)
    git(root, "checkout", "--quiet", "-b", "change")
    project = Project(root, tmp_path / "reports", tmp_path / "event.json", cache / "seatrial")
    commit(root, {touched: "# a remark\n" + FACTS.get(touched, CLEAN)})
    assert project.run("--fail-on", "new", "--only", "secrets,python,compose") == 0
    report = project.report()
    assert {"app.py", "compose.yaml"} <= {f["location"]["path"] for f in report["findings"] if "(also " in f["message"]}
    assert changes(report).keys() == {"unchanged"}
    assert report["comparison"]["fixed"] == []
    assert report["comparison"]["score"] == 0
