"""Several legs on one pull request: each keeps its own comment, and none hides another's verdict."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from life import NUMBER, Clone, Done, pull_event
from server import Hub, running

from seatrial.ci.comments import Leg

BAD = "import subprocess\n\nsubprocess.call(input(), shell=True)\n"
OPTIONS = {"INPUT_ONLY": "python", "INPUT_OSV_URL": "off", "INPUT_COMMENT": "always"}

Job = Callable[..., Done]


@pytest.fixture
def job(tmp_path: Path, hub: Hub) -> Job:
    """Run one leg on a pull request that spoils `api` and keeps `web` clean."""
    clone = Clone(tmp_path, hub)
    clone.tree.mkdir()
    clone.git("init", "--quiet", "--initial-branch", "main")
    before = {"api/main.py": "print(1)\n", "web/main.py": "print(1)\n", "strict.yml": "version: 1\n"}
    base = clone.commit(before, "before")
    clone.git("switch", "--quiet", "--create", "change")
    head = clone.commit({"api/main.py": BAD, "web/main.py": "print(2)\n"}, "change")
    hub.open_pull(NUMBER, head)

    def run(run_id: int = 100, **variables: str) -> Done:
        more = OPTIONS | {"GITHUB_RUN_ID": str(run_id)} | variables
        return clone.run("pull_request", event=pull_event(base, head), more=more)

    return run


@pytest.fixture
def hub() -> object:
    with running() as made:
        yield made
        assert made.violations == []


def headlines(hub: Hub) -> list[str]:
    return [body.split("\n")[2] for body in hub.bodies(NUMBER)]


def test_legs_with_paths_of_their_own_have_comments_of_their_own(job: Job, hub: Hub) -> None:
    assert [job(INPUT_PATH=path).exit_code for path in ("api", "web", "api", "web")] == [1, 0, 1, 0]
    bad, good = headlines(hub)
    assert bad.startswith("### ❌ Not ready")
    assert bad.endswith("`api`")
    assert good.startswith("### ✅ Ready")
    assert good.endswith("`web`")


@pytest.mark.parametrize(
    "legs",
    [
        ({"INPUT_MATRIX": '{"os": "a"}'}, {"INPUT_MATRIX": '{"os": "b"}'}),
        ({"GITHUB_WORKFLOW": "CI"}, {"GITHUB_WORKFLOW": "Nightly"}),
        ({"GITHUB_JOB": "one"}, {"GITHUB_JOB": "two"}),
        ({"INPUT_CONFIG": "strict.yml"}, {}),
        ({"INPUT_COMMENT_ID": "one"}, {"INPUT_COMMENT_ID": "two"}),
    ],
)
def test_legs_that_differ_never_share_a_comment(job: Job, hub: Hub, legs: tuple[dict[str, str], ...]) -> None:
    for variables in legs:
        job(**variables)
    assert len(hub.bodies(NUMBER)) == 2


def test_two_calls_with_the_same_inputs_keep_the_worse_verdict(job: Job, hub: Hub) -> None:
    job(INPUT_PATH="api", INPUT_COMMENT_ID="same")
    second = job(INPUT_PATH="web", INPUT_COMMENT_ID="same")
    [headline] = headlines(hub)
    assert headline.startswith("### ❌ Not ready")
    assert "give each leg its own `comment_id`" in second.log
    job(run_id=101, INPUT_PATH="web", INPUT_COMMENT_ID="same")
    [headline] = headlines(hub)
    assert headline.startswith("### ✅ Ready")


def test_a_job_without_a_matrix_keeps_its_marker(job: Job, hub: Hub) -> None:
    job(INPUT_MATRIX="null")
    assert hub.bodies(NUMBER)[0].startswith("<!-- seatrial:CI/readiness -->\n")


@pytest.mark.parametrize(
    ("leg", "label"),
    [
        (Leg(), ""),
        (Leg("services/api", "strict.yml"), "services/api, strict.yml"),
        (Leg(matrix='{"python": 3.11, "os": "linux"}'), "os=linux, python=3.11"),
        (Leg(matrix='{"x": {"b": 1, "a": [2]}}'), 'x={"a": [2], "b": 1}'),
        (Leg(matrix="not JSON"), "not JSON"),
        (Leg(matrix="[1]"), ""),
    ],
)
def test_a_leg_is_named_by_what_differs(leg: Leg, label: str) -> None:
    assert leg.label == label


@pytest.mark.parametrize("encoding", ["latin-1", "ascii", "cp1252"])
def test_a_console_in_any_encoding_gets_the_verdict(job: Job, encoding: str) -> None:
    done = job(INPUT_PATH="api", PYTHONIOENCODING=encoding, PYTHONUTF8="0", LC_ALL="C")
    assert done.exit_code == 1
    assert "Traceback" not in done.log
