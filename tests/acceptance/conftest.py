"""Run the program from outside, in an environment that knows nothing of the machine or its CI."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from running import Run, Seatrial, Tree


@pytest.fixture
def seatrial(tmp_path: Path, cache: Path) -> Seatrial:
    """Call it like the command, plus `env` and `cwd`; reports go to a folder of this test."""
    reports = tmp_path / "reports"

    def call(*arguments: str | Path, env: dict[str, str] | None = None, cwd: Path | None = None) -> Run:
        clean = {
            "PATH": os.environ["PATH"],
            "HOME": str(tmp_path / "home"),
            "XDG_CACHE_HOME": str(cache),
            "COLUMNS": "100",
        }
        words = [str(a) for a in arguments]
        if words and words[0] == "run" and "--report-dir" not in words:
            words += ["--report-dir", str(reports)]
        done = subprocess.run(
            [sys.executable, "-I", "-m", "seatrial", *words],
            cwd=cwd or tmp_path,
            env=clean | (env or {}),
            capture_output=True,
            check=False,
            timeout=120,
        )
        out, err = (text.decode("utf-8", "replace") for text in (done.stdout, done.stderr))
        return Run(done.returncode, out, err, reports)

    return call


@pytest.fixture
def tree(tmp_path: Path) -> Tree:
    """Make a directory from a mapping of paths to contents."""

    def make(files: dict[str, str | bytes]) -> Path:
        root = tmp_path / "repository"
        for name, content in files.items():
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content.encode() if isinstance(content, str) else content)
        root.mkdir(exist_ok=True)
        return root

    return make
