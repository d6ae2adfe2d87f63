"""Docker still accepts every Compose file that a fix has changed, if it accepted it before."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from seatrial.domain.patches import FixSafety
from seatrial.fixing.rounds import Rounds
from seatrial.inspectors.base import Context
from seatrial.settings import Settings
from seatrial.system.source import open_tree
from seatrial.verdict import catalogue

pytestmark = pytest.mark.docker

CORPUS = Path(__file__).parents[1] / "corpus" / "compose"
SAMPLES = sorted(CORPUS.glob("*/bad/*.yaml"))


def accepts(root: Path) -> bool:
    command = ["docker", "compose", "--profile", "*", "-f", "compose.yaml", "config", "--quiet", "--no-interpolate"]
    return subprocess.run(command, cwd=root, capture_output=True, timeout=60).returncode == 0


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda p: "-".join(p.parts[-3:]))
def test_docker_still_accepts_the_file(sample: Path, tmp_path: Path) -> None:
    root = tmp_path / "tree"
    root.mkdir()
    shutil.copy(sample, root / "compose.yaml")
    for folder in ("somewhere", "local"):
        (root / folder).mkdir()
    context = Context(open_tree(root), Settings(path=root), tmp_path / "cache")
    found = Rounds(context, catalogue.load(), {}, wanted=frozenset(FixSafety), rules=("compose",)).find()
    before = accepts(root)
    for patch in found.patches:
        (root / patch.path).write_bytes(patch.after.encode())
    assert accepts(root) or not before
    assert any(patch.path == "compose.yaml" for patch in found.patches) or not before
