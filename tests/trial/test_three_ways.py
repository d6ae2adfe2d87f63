"""The example's trial as a process and as the Action in its container: the same verdicts."""

from __future__ import annotations

import json
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import ROOT, Try, left_behind, run_of
from runner import Machine, Result, Step, post, run
from stacks import fresh_clone

pytestmark = [pytest.mark.docker, pytest.mark.timeout(900)]

NETWORK = "".join(f"  {s}: {{build: {{network: host}}}}\n" for s in ("api", "worker", "store"))
POLICY = "version: 1\nchaos:\n  files: [compose.yaml, network.yaml]\n"


def lay_out(where: Path) -> None:
    """The example; its images are built on the machine's own network here, because containers may have no other."""
    unwanted = shutil.ignore_patterns(".ruff_cache", "__pycache__", "seatrial-report")
    shutil.copytree(ROOT / "examples" / "storefront", where, dirs_exist_ok=True, ignore=unwanted)
    (where / "network.yaml").write_text(f"services:\n{NETWORK}", "utf-8")
    (where / ".seatrial.yml").write_text(POLICY, "utf-8")


@pytest.fixture
def machine(image: str) -> Iterator[Machine]:
    work = Path(tempfile.mkdtemp(prefix="seatrial-runner-"))
    try:
        work.chmod(0o755)
        made = Machine(work, image, "http://127.0.0.1:9")
        lay_out(made.workspace)
        subprocess.run(["git", "-C", str(made.workspace), "init", "--quiet"], check=True)
        made.lay_out()
        yield made
    finally:
        shutil.rmtree(work)


def as_action(machine: Machine) -> tuple[Result, dict[str, str]]:
    inputs = {"trial": "auto", "only": "trial", "comment": "off", "fail_on": "never"}
    result = run(machine, Step(event="schedule", inputs=inputs), timeout=400)
    assert left_behind(run_of(result.log)) == []
    report = json.loads((machine.workspace / "seatrial-report" / "report.json").read_text("utf-8"))
    return result, {c["id"]: c["status"] for c in report["checks"] if c["id"].startswith("trial/")}


def test_the_example_is_ready_as_a_process_and_as_the_action(attempt: Try, tmp_path: Path, machine: Machine) -> None:
    lay_out(tmp_path / "storefront")
    tried = attempt(tmp_path / "storefront")
    assert tried.findings == set(), tried.out
    assert set(tried.statuses().values()) == {"pass"}
    result, statuses = as_action(machine)
    assert (result.exit_code, tried.code) == (0, 0), result.log  # what `only` leaves out is not missing
    assert statuses == tried.statuses(), result.log
    assert "trial: crash" in result.log
    logs = machine.workspace / "seatrial-report" / "logs"
    assert {p.name for p in logs.iterdir()} == {"api.log", "store.log", "worker.log"}
    assert {p.stat().st_uid for p in (logs, *logs.iterdir())} == {machine.workspace.stat().st_uid}
    assert post(machine, Step(event="schedule")).exit_code == 0


def test_what_is_not_committed_is_stood_in_for_in_the_action_too(apps: None, machine: Machine) -> None:
    fresh_clone(machine.workspace)
    result, statuses = as_action(machine)
    assert (statuses["trial/start"], statuses["trial/recovery"]) == ("pass", "pass"), result.log
    assert ".env.example replaces .env, which is missing" in result.log


def test_a_fork_is_not_tried_and_neither_is_a_laptop_that_was_not_asked(tmp_path: Path, machine: Machine) -> None:
    words = ["git", "-c", "safe.directory=*", "-c", "user.name=n", "-c", "user.email=n@x.example", "-C"]
    subprocess.run([*words, str(machine.workspace), "commit", "--quiet", "--allow-empty", "-m", "base"], check=True)
    head = subprocess.run(
        [*words, str(machine.workspace), "rev-parse", "HEAD"], check=True, capture_output=True, text=True
    )
    pull = {
        "number": 1,
        "head": {"sha": "a" * 40, "ref": "x", "repo": {"full_name": "mallory/demo"}},
        "base": {"sha": head.stdout.strip(), "ref": "main"},  # without a base a pull request has no policy
    }
    inputs = {"trial": "auto", "comment": "off", "only": "trial"}
    run(machine, Step(event="pull_request", payload={"number": 1, "pull_request": pull}, inputs=inputs))
    report = json.loads((machine.workspace / "seatrial-report" / "report.json").read_text("utf-8"))
    told = next(c for c in report["checks"] if c["id"] == "trial/start")
    assert told["status"] == "skip"
    assert "not for a fork's change" in told["reason"]
