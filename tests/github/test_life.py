"""A pull request's life: what a reviewer reads, and what a job's log, outputs and exit code say, run after run."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import life
import pytest
from life import HOSTILE, NUMBER, Chapter, Clone, pull_event, run_event
from server import JOB, READ_ONLY, Hub, running

from seatrial.ci.github.outputs import OUTPUTS

EMPTY = dict.fromkeys(OUTPUTS, "")


@pytest.fixture(scope="module")
def chapters(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Chapter]]:
    with running() as hub:
        told = {chapter.title: chapter for chapter in life.play(tmp_path_factory.mktemp("life"), hub)}
        assert hub.violations == []
        yield told


def first_line(chapter: Chapter) -> str:
    [comment] = chapter.comments
    return comment.split("\n")[2]


def test_opened_with_two_faults_it_gets_a_comment(chapters: dict[str, Chapter]) -> None:
    opened = chapters["opened"]
    assert opened.done.exit_code == 1
    assert first_line(opened).startswith("### ❌ Not ready: 45.9 (")
    assert "`compose/docker-socket` at `compose.yaml:19:15`" in opened.comments[0]
    assert "3 introduced, against `main at " in opened.comments[0]
    outputs = opened.done.outputs
    assert outputs.keys() == OUTPUTS.keys()
    assert outputs["verdict"] == "CLOSED"
    assert (outputs["score"], outputs["findings"], outputs["new_findings"]) == ("45.9", "3", "3")
    assert outputs["report_json"] == "seatrial-report/report.json"
    assert outputs["comment_url"].endswith("#issuecomment-1001")
    errors = [line for line in opened.done.log.splitlines() if line.startswith("::error ")]
    assert [e.partition("file=")[2].partition(",")[0] for e in errors] == ["", "compose.yaml", _escaped(HOSTILE)]


def _escaped(path: str) -> str:
    return path.replace("//", "/").replace(":", "%3A").replace(",", "%2C")


def test_the_summary_says_what_the_comment_says(chapters: dict[str, Chapter]) -> None:
    for title in ("opened", "pushed", "fixed"):
        told, [comment] = chapters[title].done.summary, chapters[title].comments
        assert told.split("\n")[0] == comment.split("\n")[2]


def test_a_push_edits_the_same_comment_and_shows_the_change(chapters: dict[str, Chapter]) -> None:
    opened, pushed = chapters["opened"], chapters["pushed"]
    assert pushed.done.exit_code == 0  # an open high cause takes 5 % of the score, which stays above 80
    assert first_line(pushed).startswith("### ✅ Ready: 94.0 (")
    assert pushed.done.outputs["comment_url"] == opened.done.outputs["comment_url"]
    assert "2 introduced, against `main at " in pushed.comments[0]
    assert "- high `bandit/B602` at " in pushed.comments[0]
    assert "docker-socket" not in pushed.comments[0]
    assert re.search(r"\| Security \| 9\.\d \| 17 of \d+ \| [\d.]+ % \| −0\.\d \|", pushed.comments[0])


def test_once_mended_it_is_green(chapters: dict[str, Chapter]) -> None:
    fixed = chapters["fixed"]
    assert fixed.done.exit_code == 0
    assert first_line(fixed).startswith("### ✅ Ready: 100.0 (")
    assert "::error" not in fixed.done.log
    assert fixed.done.outputs["verdict"] == "PASSED"


def test_from_a_fork_it_has_no_comment_and_the_gate_closes_all_the_same(chapters: dict[str, Chapter]) -> None:
    fork = chapters["fork"]
    assert fork.comments == ()
    assert fork.done.exit_code == 1
    assert fork.done.outputs["comment_url"] == ""
    assert fork.done.summary.startswith("### ❌ Not ready")
    [notice] = [line for line in fork.done.log.splitlines() if line.startswith("::notice title=Seatrial::")]
    assert notice.endswith("from a fork has a read-only token, as GitHub intends; the result is in the job's summary.")


def test_the_second_stage_comments_in_the_words_of_the_first_and_judges_nothing(chapters: dict[str, Chapter]) -> None:
    second = chapters["second stage"]
    assert second.done.exit_code == 0
    assert first_line(second).startswith("### ❌ Reported as not ready: 48.8 (")
    assert "decides nothing" in second.comments[0]
    assert "https://github.example/o/r/actions/runs/99" in second.comments[0]
    assert second.done.outputs == EMPTY | {"comment_url": "https://example.test/o/r/pull/7#issuecomment-1002"}
    assert second.done.summary == ""


def test_no_name_of_a_file_does_anything(chapters: dict[str, Chapter]) -> None:
    page = life.page(chapters["opened"].comments[0])
    assert "<b>" not in page
    assert "a.b" not in [link.partition('"')[0] for link in page.split('href="')[1:]]
    assert "@octocat" not in page
    assert "<code>src/@\N{WORD JOINER}octocat &lt;b&gt;#1&lt;/b&gt; | [x](http:/a.b).py:5:5</code>" in page


Make = Callable[[str], Clone]


@pytest.fixture
def clone(tmp_path: Path, hub: Hub) -> Clone:
    made = Clone(tmp_path, hub)
    made.start()
    return made


@pytest.fixture
def forked(clone: Clone) -> tuple[Clone, str]:
    """After a green first stage of a fork's pull request: its report is in the tree, as if downloaded."""
    base = clone.git("rev-parse", "HEAD")
    head = clone.commit({"notes.txt": "x\n"}, "from a fork")
    clone.hub.open_pull(NUMBER, head, repository="mallory/r")
    event = pull_event(base, head, repository="mallory/r")
    assert clone.run("pull_request", event=event, token=READ_ONLY, words=("run", "--comment", "off")).exit_code == 0
    return clone, head


def second(clone: Clone, head: str, *words: str, conclusion: str = "success", token: str = JOB) -> life.Done:
    event = run_event(head, conclusion, repository="mallory/r")
    return clone.run("workflow_run", event=event, token=token, words=("comment", *words))


REPORT = "seatrial-report/report.json"


def test_a_fork_cannot_report_itself_green(forked: tuple[Clone, str]) -> None:
    clone, head = forked
    done = second(clone, head, REPORT, "--comment", "always", conclusion="failure")
    assert done.exit_code == 0
    [body] = clone.hub.bodies(NUMBER)
    assert "✅" not in body
    assert "### ℹ️ Reported as ready: 100.0 (" in body
    assert "says that the gate is open, but the run that made it ended as &#96;failure&#96;" in body
    assert clone.hub.statuses == []


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda path: path.write_text("{}"), "not a report of schema"),
        (lambda path: path.write_text('{"a":' * 100_000), "not JSON"),
        (lambda path: path.write_bytes(b" " * (64 * 1024 * 1024 + 1)), "larger than 67,108,864 bytes"),
        (lambda path: path.unlink(), "does not exist"),
        (lambda path: (path.unlink(), path.symlink_to("/etc/passwd")), "is not a regular file"),
        (lambda path: path.write_text(path.read_text().replace('"PASSED"', '"CLOSED"')), "digest is wrong"),
    ],
)
def test_what_is_no_report_is_refused(forked: tuple[Clone, str], spoil: Callable[[Path], object], said: str) -> None:
    clone, head = forked
    spoil(clone.tree / REPORT)
    done = second(clone, head, REPORT)
    assert done.exit_code == 2
    assert said in done.log
    assert "Traceback" not in done.log
    assert clone.hub.writes() == []


@pytest.mark.parametrize("head", ["f" * 40, ""])
def test_the_pull_request_is_found_by_github_alone(forked: tuple[Clone, str], head: str) -> None:
    """The report is of a pull request that is open; the run that the event tells of is of none."""
    clone, _ = forked
    done = second(clone, head, REPORT, "--comment", "always")
    assert "There is no comment: no open pull request has" in done.log or "names no commit" in done.log
    assert clone.hub.bodies(NUMBER) == []


def test_a_second_stage_that_may_not_comment_says_which_line_to_add(forked: tuple[Clone, str]) -> None:
    clone, head = forked
    done = second(clone, head, REPORT, "--comment", "always", token=READ_ONLY)
    assert done.exit_code == 3
    assert "add `pull-requests: write` to the job's `permissions`" in done.log


def test_the_second_stage_is_for_nothing_else(clone: Clone) -> None:
    event = pull_event("b" * 40, "a" * 40)
    done = clone.run("pull_request", event=event, words=("comment", REPORT))
    assert done.exit_code == 2
    assert "works only in a job of GitHub Actions that `workflow_run` starts" in done.log


def test_a_missing_permission_is_told_and_changes_no_verdict(clone: Clone) -> None:
    base = clone.git("rev-parse", "HEAD")
    head = clone.commit({"notes.txt": "x\n"}, "change")
    clone.hub.open_pull(NUMBER, head)
    words = ("run", "--comment", "always", "--commit-status")
    done = clone.run("pull_request", event=pull_event(base, head), token=READ_ONLY, words=words)
    assert done.exit_code == 0
    assert "Could not create the comment: the token may not" in done.log
    assert "add `pull-requests: write` to the job's `permissions`" in done.log
    assert "Could not set the commit status: the token may not" in done.log
    assert "add `statuses: write` to the job's `permissions`" in done.log


def test_a_github_that_is_down_changes_no_verdict(clone: Clone) -> None:
    clone.hub.url = "http://127.0.0.1:9"
    event = pull_event(clone.git("rev-parse", "HEAD"), clone.commit({"notes.txt": "x\n"}, "change"))
    done = clone.run("pull_request", event=event, words=("run", "--comment", "always"))
    assert done.exit_code == 0
    assert "no connection to GitHub (ConnectionError)" in done.log
    assert done.outputs["verdict"] == "PASSED"


def test_what_ends_a_run_early_is_an_annotation_at_its_line(clone: Clone) -> None:
    clone.commit({".seatrial.yml": "version: 1\nfail_bellow: 80\n"}, "a typo")
    done = clone.run("push", event={"ref": "refs/heads/main", "before": "0" * 40})
    assert done.exit_code == 2
    [error] = [line for line in done.log.splitlines() if line.startswith("::error ")]
    assert error.startswith("::error title=Seatrial,file=.seatrial.yml,line=2,col=1::.seatrial.yml:2:1: ")


def test_a_policy_changed_by_the_pull_request_is_told_and_not_followed(clone: Clone) -> None:
    base = clone.git("rev-parse", "HEAD")
    compose = (clone.tree / "compose.yaml").read_text("utf-8")
    risky = compose.replace("  api:\n", f"  api:\n{life.SOCKET}", 1)
    lax = "version: 1\nfail_below: 0\nfail_on: never\n"
    head = clone.commit({"compose.yaml": risky, ".seatrial.yml": lax}, "look away")
    clone.hub.open_pull(NUMBER, head)
    done = clone.run("pull_request", event=pull_event(base, head))
    assert done.exit_code == 1
    [body] = clone.hub.bodies(NUMBER)
    assert "**This change edits the policy.**" in body
    assert "fail_on" in body
    assert "on GitHub" not in json.dumps(done.outputs)


def test_a_check_run_has_every_annotation_fifty_a_request(clone: Clone) -> None:
    base = clone.git("rev-parse", "HEAD")
    head = clone.commit({f"job_{n}.py": life.SHELL for n in range(60)}, "many")
    clone.hub.open_pull(NUMBER, head)
    done = clone.run("pull_request", event=pull_event(base, head), words=("run", "--check-run", "--comment", "off"))
    assert done.exit_code == 1
    [made] = clone.hub.check_runs
    assert (made["name"], made["head_sha"], made["conclusion"]) == ("Seatrial", head, "failure")
    assert made["output"]["summary"].startswith("### ❌ Not ready")
    places = {(a["path"], a["start_line"], a["annotation_level"]) for a in made["annotations"]}
    assert places == {(f"job_{n}.py", *p) for n in range(60) for p in ((5, "failure"), (1, "notice"))}
    assert [method for method, path in clone.hub.writes() if "check-runs" in path] == ["POST", "PATCH", "PATCH"]


def test_a_check_run_that_is_not_allowed_says_which_line_to_add(clone: Clone) -> None:
    event = {"ref": "refs/heads/main", "before": "0" * 40}
    done = clone.run("push", event=event, token=READ_ONLY, words=("run", "--check-run"))
    assert done.exit_code == 0
    assert "Could not make the check run: the token may not" in done.log
    assert "add `checks: write` to the job's `permissions`" in done.log


def test_what_is_not_enforced_makes_a_neutral_check_run(clone: Clone) -> None:
    clone.commit({"job.py": life.SHELL}, "one")
    event = {"ref": "refs/heads/main", "before": "0" * 40}
    words = ("run", "--check-run", "--commit-status", "--fail-on", "never", "--fail-below", "100")
    assert clone.run("push", event=event, words=words).exit_code == 0
    assert [run["conclusion"] for run in clone.hub.check_runs] == ["neutral"]
    assert [status["state"] for status in clone.hub.statuses] == ["success"]


@pytest.mark.parametrize(("token", "told"), [("ghs_0123456789", False), ("from-a-vault", True), ("xyz", False)])
def test_a_token_that_the_runner_does_not_know_is_hidden(clone: Clone, token: str, told: bool) -> None:
    done = clone.run("push", event={"ref": "refs/heads/main", "before": "0" * 40}, token=token)
    assert (f"::add-mask::{token}" in done.log.splitlines()) is told
    assert done.log.count(token) == told


def test_a_debug_run_shows_every_finding(clone: Clone) -> None:
    many = {f"job_{n}.py": life.SHELL for n in range(30)}
    event = {"ref": "refs/heads/main", "before": "0" * 40}
    clone.commit(many, "many")
    quiet = clone.run("push", event=event)
    loud = clone.run("push", event=event, more={"RUNNER_DEBUG": "1"})
    assert "more root causes in report.json" in quiet.log
    assert "more root causes in report.json" not in loud.log
    assert all(f"job_{n}.py:5" in loud.log for n in range(30))
