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
from stacks import APP, CRASH_API, lay_out

pytestmark = [pytest.mark.docker, pytest.mark.timeout(900)]

_SERVER = """
import http.server, os, signal
signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
http.server.ThreadingHTTPServer(("", 8080), http.server.SimpleHTTPRequestHandler).serve_forever()
"""


def lonely(restart: str) -> str:
    """A service that needs nobody."""
    api = {"image": APP, "entrypoint": ["python3", "-c", _SERVER], "restart": restart, "ports": ["8080:8080"]}
    return yaml.safe_dump({"services": {"api": api}})


def begin(root: Path, image: str, reports: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "seatrial", "run", str(root), "--trial", "--trial-image", image, "--only", "trial"]
    return subprocess.Popen(
        [*command, "--report-dir", str(reports), "--fail-on", "never"],
        env=environment(reports.parent), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip


def verdict(reports: Path) -> str:
    """What became of the start and of the only experiment, as far as that is the stack's doing."""
    checks = {c["id"]: c for c in json.loads((reports / "report.json").read_text("utf-8"))["checks"]}
    start, recovery = checks["trial/start"], checks["trial/recovery"]
    busy = "the machine is too busy to judge" in recovery["reason"]
    return f"{start['status']}, {'pass' if busy else recovery['status']}"


@pytest.mark.parametrize(
    "runs", [2, pytest.param(5, marks=pytest.mark.nightly), pytest.param(10, marks=pytest.mark.nightly)]
)
def test_each_run_has_its_own_verdict(image: str, apps: None, tmp_path: Path, runs: int) -> None:
    """All in one directory, as jobs of a matrix are on one machine. One of them has no restart policy."""
    stacks = [lonely("unless-stopped" if n else "no") for n in range(runs)]
    roots = [lay_out(tmp_path / f"r{n}", stack, [CRASH_API]) for n, stack in enumerate(stacks)]
    running = [begin(root, image, tmp_path / f"reports{n}") for n, root in enumerate(roots)]
    said = [one.communicate(timeout=800)[0] for one in running]
    for n in range(runs):
        assert verdict(tmp_path / f"reports{n}") == ("pass, pass" if n else "pass, skip"), said[n]
    assert left_behind(*map(run_of, said)) == []


def test_the_others_survive_the_death_of_one(image: str, apps: None, tmp_path: Path) -> None:
    living = begin(lay_out(tmp_path / "ok", lonely("always"), [CRASH_API]), image, tmp_path / "reports")
    pause = {"pause": {"service": "api", "duration": "60s"}}
    dying = begin(lay_out(tmp_path / "killed", lonely("always"), [pause]), image, tmp_path / "gone")
    assert dying.stdout is not None
    heard = []
    for line in dying.stdout:
        heard.append(line)
        if "trial: pause api" in line:
            break
    run = run_of("".join(heard))
    dying.send_signal(signal.SIGKILL)
    dying.communicate()
    began = time.monotonic()
    while left_behind(run):
        assert time.monotonic() - began < 60, left_behind(run)
        time.sleep(0.1)
    said = living.communicate(timeout=300)[0]
    assert verdict(tmp_path / "reports") == "pass, pass", said
