"""
What Docker's Compose made of small trees, captured, and what we make of them.

tests/docker/capture.py writes the answers; tests/docker/test_model_oracle.py makes new trees.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from compose_oracle import CORPUS, differences, laid_out, refusals

from seatrial.inspectors.compose import plugin
from seatrial.inspectors.compose.project import survey
from seatrial.system.source import open_tree

CASES = {path.stem: json.loads(path.read_text("utf-8")) for path in sorted(CORPUS.glob("*.json"))}


@pytest.fixture(autouse=True)
def without_plugin(monkeypatch: pytest.MonkeyPatch) -> None:
    """Our own verdict alone."""
    monkeypatch.setattr(plugin, "version", lambda tree: "")


@pytest.mark.parametrize("case", [pytest.param(case, id=name) for name, case in CASES.items() if case["model"]])
def test_what_docker_accepts_comes_to_the_same(case: dict[str, Any], tmp_path: Path) -> None:
    laid_out(tmp_path, case["files"])
    tree = open_tree(tmp_path)
    [project] = [p for p in survey(tree).projects if list(p.files) == case["asked"]]
    assert differences(project, case["model"], "/project", case["variables"]) == []
    assert refusals(tree, tmp_path / ".cache") == []


@pytest.mark.parametrize("case", [pytest.param(case, id=name) for name, case in CASES.items() if case["refused"]])
def test_what_docker_refuses_is_reported(case: dict[str, Any], tmp_path: Path) -> None:
    laid_out(tmp_path, case["files"])
    assert refusals(open_tree(tmp_path), tmp_path / ".cache"), case["refused"]
