"""The lab on a real engine. These tests measure time, so they run alone, one after the other."""

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

    def call(root: Path, *words: str) -> Tried:
        reports = tmp_path / "reports"
        command = [sys.executable, "-m", "seatrial", "run", str(root), "--trial", "--trial-image", image]
        command += ["--report-dir", str(reports), "--only", "trial", "--fail-on", "never", *words]
        environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path)}
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=400)
        assert "Traceback" not in done.stderr, done.stderr
        report = json.loads((reports / "report.json").read_text("utf-8"))
        return Tried(done.returncode, done.stdout + done.stderr, report, reports)

    yield call
    assert left_behind() == []


def left_behind() -> list[str]:
    """Everything of ours that the engine still has."""
    found = []
    for kind in ("container", "network", "volume"):
        words = [
            "docker",
            kind,
            "ls",
            "--quiet",
            "--filter",
            "label=io.seatrial.run",
            *(["--all"] if kind == "container" else []),
        ]
        out = subprocess.run(words, capture_output=True, text=True, check=True).stdout
        found += [f"{kind} {line}" for line in out.split()]
    images = subprocess.run(
        ["docker", "images", "--format", "{{.Repository}}"], capture_output=True, text=True, check=True
    )
    found += [f"image {name}" for name in images.stdout.split() if re.match(r"seatrial-[0-9a-f]{8}-", name)]
    return found
