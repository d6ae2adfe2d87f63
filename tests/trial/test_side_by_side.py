"""Several runs on one engine: each ends with its own verdict, and takes nothing of another's."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import yaml
from conftest import environment, left_behind, run_of
from stacks import APP, CRASH_API, lay_out, small

pytestmark = [pytest.mark.docker, pytest.mark.timeout(900)]

LONELY = {
    "services": {
        "api": {
            "image": APP,
            "entrypoint": ["python3", "-m", "http.server", "8080"],
            "restart": "unless-stopped",
            "stop_signal": "SIGINT",
            "ports": ["8080:8080"],
        }
    }
}


def begin(root: Path, image: str, reports: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "seatrial", "run", str(root), "--trial", "--trial-image", image, "--only", "trial"]
    return subprocess.Popen(
        [*command, "--report-dir", str(reports), "--fail-on", "never"],
        env=environment(reports.parent), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip


def statuses(reports: Path) -> dict[str, str]:
    told = json.loads((reports / "report.json").read_text("utf-8"))["checks"]
    return {c["id"]: c["status"] for c in told if c["id"] in ("trial/start", "trial/recovery", "trial/stop")}


@pytest.mark.parametrize(
    "runs", [2, pytest.param(5, marks=pytest.mark.nightly), pytest.param(10, marks=pytest.mark.nightly)]
)
def test_each_run_has_its_own_verdict(image: str, apps: None, tmp_path: Path, runs: int) -> None:
    """All in one directory, as jobs of a matrix are on one machine. One of them has no restart policy."""
    roots = [lay_out(tmp_path / f"r{n}", yaml.safe_dump(LONELY), [CRASH_API]) for n in range(runs)]
    weak = {"services": {"api": {**LONELY["services"]["api"], "restart": "no"}}}
    (roots[0] / "compose.yaml").write_text(yaml.safe_dump(weak), "utf-8")
    running = [begin(root, image, tmp_path / f"reports{n}") for n, root in enumerate(roots)]
    said = [one.communicate(timeout=600)[0] for one in running]
    for n in range(runs):
        told = statuses(tmp_path / f"reports{n}")
        assert told == {
            "trial/start": "pass", "trial/recovery": "pass" if n else "skip", "trial/stop": "pass",
        }, said[n]  # fmt: skip


def test_the_others_survive_the_death_of_one(image: str, apps: None, tmp_path: Path) -> None:
    living = begin(lay_out(tmp_path / "ok", small(), [CRASH_API]), image, tmp_path / "reports")
    dying = begin(
        lay_out(tmp_path / "killed", small(), [{"pause": {"service": "store", "duration": "60s"}}]),
        image,
        tmp_path / "gone",
    )
    assert dying.stdout is not None
    heard = []
    for line in dying.stdout:
        heard.append(line)
        if "trial: pause store" in line:
            break
    run = run_of("".join(heard))
    dying.send_signal(signal.SIGKILL)
    dying.communicate()
    began = time.monotonic()
    while left_behind(run):
        assert time.monotonic() - began < 20, left_behind(run)
        time.sleep(0.1)
    said = living.communicate(timeout=300)[0]
    assert set(statuses(tmp_path / "reports").values()) == {"pass"}, said
