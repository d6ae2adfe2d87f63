"""
The lab on a real engine. These tests measure time, so few of them may run at a time.

Each asks only for what its own runs left behind, so that two can share an engine.
"""

from __future__ import annotations

import functools
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import image as building
import pytest

REQUIRED = os.environ.get("SEATRIAL_REQUIRE_DOCKER") == "1"
ROOT = Path(__file__).parents[2]


@functools.cache
def missing() -> str:
    """Why the tests cannot run; empty if they can."""
    for command in (
        ["docker", "info"],
        ["docker", "compose", "version"],
        ["docker", "image", "inspect", "debian:trixie-slim"],
    ):
        try:
            done = subprocess.run(command, capture_output=True, check=False, timeout=30)
        except (OSError, subprocess.TimeoutExpired) as error:
            return f"{' '.join(command)}: {error}"
        if done.returncode:
            return f"`{' '.join(command)}` fails; bash tests/docker/prepare.sh sets it up"
    return ""


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip with the reason, or fail with it."""
    if reason := missing():
        if REQUIRED:
            pytest.fail(reason, pytrace=False)
        pytest.skip(reason)


@pytest.fixture(scope="session")
def image() -> str:
    """Our own image, of which sidecars and the guard are made."""
    return building.under_test()


@pytest.fixture(scope="session")
def apps(tmp_path_factory: pytest.TempPathFactory) -> None:
    """The example's images, built on the machine's own network: this machine's containers may have no other way out."""
    override = tmp_path_factory.mktemp("build") / "network.yaml"
    services = "".join(f"  {s}: {{build: {{network: host}}}}\n" for s in ("api", "worker", "store"))
    override.write_text(f"services:\n{services}", "utf-8")
    words = ["docker", "compose", "-f", str(ROOT / "examples/storefront/compose.yaml"), "-f", str(override), "build"]
    done = subprocess.run(words, capture_output=True, text=True, check=False, timeout=600)
    assert done.returncode == 0, done.stderr


@dataclass(frozen=True)
class Tried:
    """A finished `seatrial run --trial`."""

    code: int
    out: str
    report: dict[str, Any]
    reports: Path

    def check(self, name: str) -> dict[str, Any]:
        found: dict[str, Any] = next(c for c in self.report["checks"] if c["id"] == f"trial/{name}")
        return found

    @property
    def findings(self) -> set[tuple[str, str]]:
        """Rule and service of every finding of the trial."""
        trial = [f for f in self.report["findings"] if f["rule"].startswith("trial/")]
        return {(f["rule"].removeprefix("trial/"), f["subject"]) for f in trial}

    def statuses(self) -> dict[str, str]:
        return {c["id"]: c["status"] for c in self.report["checks"] if c["id"].startswith("trial/")}


Try = Callable[..., Tried]


@pytest.fixture
def attempt(image: str, apps: None, tmp_path: Path) -> Iterator[Try]:
    """`seatrial run --trial` on a directory."""

    runs: list[str] = []

    def call(root: Path, *words: str) -> Tried:
        reports = tmp_path / "reports"
        command = [sys.executable, "-m", "seatrial", "run", str(root), "--trial", "--trial-image", image]
        command += ["--report-dir", str(reports), "--only", "trial", "--fail-on", "never", *words]
        done = subprocess.run(
            command, env=environment(tmp_path), capture_output=True, text=True, check=False, timeout=400
        )
        assert "Traceback" not in done.stderr, done.stderr
        runs.extend([run_of(done.stderr)] if "reading the stack" in done.stderr else [])
        report = json.loads((reports / "report.json").read_text("utf-8"))
        return Tried(done.returncode, done.stdout + done.stderr, report, reports)

    yield call
    assert left_behind(*runs) == []


def environment(home: Path) -> dict[str, str]:
    """What a run of ours is given."""
    return {"PATH": os.environ["PATH"], "HOME": str(home), "PYTHONUNBUFFERED": "1"}


def run_of(said: str) -> str:
    """The name of the run that said this."""
    found = re.search(r"reading the stack as (seatrial-[0-9a-f]{8})", said)
    assert found, said
    return found[1]


def docker(*words: str) -> str:
    return subprocess.run(["docker", *words], capture_output=True, text=True, check=True, timeout=60).stdout.strip()


def left_behind(*runs: str) -> list[str]:
    """Everything of these runs that the engine still has."""
    found = []
    for run in runs:
        for kind, more in (("container", ["--all"]), ("network", []), ("volume", [])):
            out = docker(kind, "ls", "--quiet", "--filter", f"label=io.seatrial.run={run}", *more)
            found += [f"{kind} {line}" for line in out.split()]
        images = docker("images", "--format", "{{.Repository}}")
        found += [f"image {name}" for name in images.split() if name.startswith(f"{run}-")]
    return found
