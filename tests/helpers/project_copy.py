"""A copy of the project in which a test follows a recipe of CONTRIBUTING, and the programs of that copy."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
COPIED = (
    ".github",
    "src",
    "docs",
    "workflows",
    "tests/contract",
    "tests/corpus",
    "README.md",
    "action.yml",
    "pyproject.toml",
)
"""What the code and the generated documents are made from."""


def lay_out(folder: Path) -> Path:
    """The copy, in an empty folder."""
    for name in COPIED:
        source, target = ROOT / name, folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("node_modules", "__pycache__"))
        else:
            shutil.copyfile(source, target)
    return folder


def python(copy: Path, *arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
    """Python with the copy's code, in the copy."""
    environment = {**os.environ, "PYTHONPATH": str(copy / "src"), "NO_COLOR": "1", "COLUMNS": "100", **environ}
    command = [sys.executable, *arguments]
    return subprocess.run(command, cwd=copy, env=environment, capture_output=True, text=True, check=False, timeout=1200)
