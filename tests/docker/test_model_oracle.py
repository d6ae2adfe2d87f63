"""
Docker's own Compose judges our whole model: generated trees of files come to the same, key by key.

The plugin has to be current: an older one merges by older rules. SEATRIAL_ORACLE_COMPOSE names another one than that
of this machine, and SEATRIAL_ORACLE_EXAMPLES how many trees are made. Each costs about 200 ms.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Any

import pytest
from compose_oracle import ask, differences, laid_out, refusals, version
from compose_projects import written
from compose_trees import trees
from hypothesis import HealthCheck, given, settings

from seatrial.inspectors.compose import plugin
from seatrial.inspectors.compose.dotenv import parse
from seatrial.inspectors.compose.project import survey
from seatrial.system.source import open_tree

pytestmark = pytest.mark.docker
EXAMPLES = int(os.environ.get("SEATRIAL_ORACLE_EXAMPLES", "15"))
"""Trees that one run makes."""
_CURRENT = 5
"""The major version of Compose with today's rules; `dev` is one that was built from its source."""
_MACHINE = ("no such file or directory", "required variable", "couldn't find env file")
"""Complaints about a file or a variable that somebody's machine may have: no fault of the files."""


@pytest.fixture(autouse=True)
def current(monkeypatch: pytest.MonkeyPatch) -> None:
    """A plugin that is current; and none for our own verdict."""
    found = version()
    major = found.removeprefix("v").partition(".")[0]
    if major.isdecimal() and int(major) < _CURRENT:
        pytest.skip(f"docker compose {found} merges by older rules; its answers are in tests/corpus/oracle")
    monkeypatch.setattr(plugin, "version", lambda tree: "")


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
@given(trees())
def test_generated_trees_come_to_the_same(files: dict[str, Any]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        laid_out(root, written(files))
        tree = open_tree(root)
        answers = [(project, ask(root, project.files)) for project in survey(tree).projects]
        reported = refusals(tree, root / ".cache")
        for project, answer in answers:
            if answer.model is not None:
                beside = root / Path(project.files[0]).parent / ".env"
                variables = parse(beside.read_text("utf-8")) if beside.exists() else {}
                assert differences(project, answer.model, folder, variables) == []
        refused = [answer.complaint for _, answer in answers if answer.model is None]
        if not refused:
            assert reported == []
        elif not all(any(word in complaint for word in _MACHINE) for complaint in refused):
            assert reported, refused
