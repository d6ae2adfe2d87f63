"""Merge requests from beginning to end: what the job, the note and the reports say."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from gitlab_life import FORK, HOSTILE, Clone, merge_request
from gitlab_markdown import live
from gitlab_server import PROJECT, PROJECT_TOKEN, READ_ONLY, Server

SHELL = "import subprocess\n\n\ndef show(name: str) -> None:\n    subprocess.call(name, shell=True)\n"
POLICY = "version: 1\nfail_below: 100\n"
LAX = "version: 1\nfail_below: 0\nfail_on: never\n"
SECTION = re.compile(r"\x1b\[0Ksection_(start|end):\d+:([A-Za-z0-9_.-]+)(?:\[collapsed=true\])?\r\x1b\[0K")


@pytest.fixture
def clone(tmp_path: Path, server: Server) -> Clone:
    return Clone(tmp_path, server)


@pytest.fixture
def base(clone: Clone) -> str:
    return clone.start({"main.py": "print(1)\n", ".seatrial.yml": POLICY})


def test_a_merge_request_is_noted_kept_up_to_date_and_judged_by_its_base(
    clone: Clone, base: str, server: Server
) -> None:
    clone.commit({HOSTILE: SHELL, ".seatrial.yml": LAX}, "a fault, and a policy that allows it")
    opened = clone.run(merge_request(base))
    assert opened.exit_code == 1, opened.log
    [note] = server.bodies()
    assert "Not ready" in note
    assert "bandit/B602" in note
    assert "https://gitlab.example/g/p/-/jobs/1" in note

    (clone.tree / HOSTILE).unlink()
    clone.commit({".seatrial.yml": POLICY}, "fixed")
    fixed = clone.run(merge_request(base))
    assert fixed.exit_code == 0, fixed.log
    [note] = server.bodies()
    assert "Ready" in note.split("\n")[2]


def test_the_log_has_sections_and_no_commands_of_another_system(clone: Clone, base: str) -> None:
    clone.commit({HOSTILE: SHELL}, "a fault")
    log = clone.run(merge_request(base)).log
    assert [found.groups() for found in SECTION.finditer(log)] == [
        ("start", "seatrial_survey"),
        ("end", "seatrial_survey"),
    ]
    assert not re.search(r"(?m)^::|##\[", log)
    assert PROJECT_TOKEN not in log
    assert "a-job-token" not in log


def test_nothing_of_a_hostile_tree_is_live_in_the_note(clone: Clone, base: str, server: Server) -> None:
    names = [HOSTILE, "src/\n/close\n.py", "src/\r/merge\r.py", "src/```\n/label ~bug\n```.py", "src/\x1b[0Ksection_end:1:seatrial_survey\r\x1b[0K.py"]  # fmt: skip  # noqa: E501
    clone.commit(dict.fromkeys(names, SHELL), "\n/close\n")
    done = clone.run(merge_request(base))
    [note] = server.bodies()
    assert server.orders == []
    assert live(note) == ["https://gitlab.example/g/p/-/jobs/1"]
    assert len(SECTION.findall(done.log)) == 2


def test_code_quality_is_what_gitlab_reads(clone: Clone, base: str) -> None:
    clone.commit({HOSTILE: SHELL, "two.py": SHELL}, "faults")
    done = clone.run(merge_request(base))
    raw = done.report("codequality.json")
    assert not raw.startswith("\ufeff")
    issues = json.loads(raw)
    assert {issue["location"]["path"] for issue in issues} >= {HOSTILE, "two.py"}
    assert len({issue["fingerprint"] for issue in issues}) == len(issues)
    for issue in issues:
        assert set(issue) == {"description", "check_name", "fingerprint", "severity", "location"}
        assert issue["severity"] in {"info", "minor", "major", "critical", "blocker"}
        assert issue["location"]["lines"]["begin"] >= 1
    assert {"critical", "blocker"} & {i["severity"] for i in issues if i["check_name"] == "bandit/B602"}
    assert "<testsuite" in done.report("junit.xml")
    outputs = dict(line.split("=", 1) for line in done.report("outputs.env").splitlines())
    assert outputs["SEATRIAL_VERDICT"] == "CLOSED"
    assert re.fullmatch(r"[\d.]+", outputs["SEATRIAL_SCORE"])
    assert int(outputs["SEATRIAL_NEW_FINDINGS"]) >= 2


@pytest.mark.parametrize("target", [PROJECT, FORK], ids=["in the parent project", "in another project"])
def test_a_fork_gets_no_note_and_its_gate_works(clone: Clone, base: str, server: Server, target: int) -> None:
    clone.commit({"bad.py": SHELL}, "a fault")
    source = FORK if target == PROJECT else PROJECT
    done = clone.run(merge_request(base, source=source, target=target))
    assert done.exit_code == 1
    assert "the merge request comes from a fork" in done.log
    assert server.log == []


@pytest.mark.parametrize(
    ("token", "says"),
    [("", "the job has no `SEATRIAL_GITLAB_TOKEN`"), (READ_ONLY, "Could not create the note: the token may not")],
)
def test_a_note_that_cannot_be_written_costs_the_note_only(
    clone: Clone, base: str, server: Server, token: str, says: str
) -> None:
    clone.commit({"ok.py": "print(2)\n"}, "fine")
    done = clone.run(merge_request(base), "--comment", "always", token=token)
    assert done.exit_code == 0
    assert says in done.log
    assert server.notes == []


def test_jobs_of_one_pipeline_keep_a_note_each(clone: Clone, base: str, server: Server) -> None:
    clone.commit({"api/bad.py": SHELL, "web/ok.py": "print(1)\n"}, "a fault in one of two")
    variables = merge_request(base) | {"CI_PIPELINE_ID": "500"}
    for name, folder in [("readiness: [api]", "api"), ("readiness: [web]", "web")] * 2:
        clone.run(variables | {"CI_JOB_NAME": name}, folder, "--comment", "always")
    verdicts = [body.split("\n")[2] for body in server.bodies()]
    assert ["Not ready" in verdict for verdict in verdicts] == [True, False]


def test_a_push_is_compared_with_what_it_replaced_and_noted_nowhere(clone: Clone, base: str, server: Server) -> None:
    clone.commit({"bad.py": SHELL}, "a fault")
    variables = {"CI_PIPELINE_SOURCE": "push", "CI_COMMIT_BRANCH": "change", "CI_COMMIT_BEFORE_SHA": base}
    done = clone.run(variables)
    assert json.loads(done.report("report.json"))["comparison"]["label"].startswith("change at ")
    assert server.log == []


def test_another_system_can_be_named(clone: Clone, base: str, server: Server) -> None:
    clone.commit({"bad.py": SHELL}, "a fault")
    done = clone.run(merge_request(base), "--ci", "plain")
    assert not SECTION.search(done.log)
    assert not (done.reports / "codequality.json").exists()
    assert server.log == []


def test_the_second_stage_is_for_another_system(clone: Clone, base: str) -> None:
    done = clone.run(merge_request(base), "report.json", command="comment")
    assert done.exit_code == 2
    assert "this one was started by merge_request_event" in done.log


def test_a_base_that_the_clone_lacks_names_the_variable(clone: Clone, base: str) -> None:
    variables = merge_request("1" * 40) | {"CI_MERGE_REQUEST_PROJECT_URL": "not an address"}
    done = clone.run(variables)
    assert done.exit_code == 2
    assert "GIT_DEPTH: 0" in done.log
    assert "actions/checkout" not in done.log
