"""Docker's own Compose judges our schema check: what it accepts is valid to us, what it rejects is reported."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from seatrial.domain import Answer
from seatrial.inspectors.base import Context
from seatrial.inspectors.compose import plugin
from seatrial.inspectors.compose.inspector import REFUSED, ComposeInspector
from seatrial.inspectors.compose.project import survey
from seatrial.settings import Settings
from seatrial.system.source import open_tree

pytestmark = pytest.mark.docker

CORPUS = Path(__file__).parents[1] / "corpus" / "compose"
STRUCTURE = ("compose/schema", "compose/undefined-reference", "compose/interpolation", "compose/secret-source")
"""Rules about what Compose refuses."""
NEWER = {("docker-socket", "bad", "use-api-socket.yaml"), ("privileged", "bad", "hooks.yaml")}
"""Bad samples whose fault is a key that an older Compose does not know and refuses."""
SAMPLES = sorted(CORPUS.glob("*/*/*.yaml"))


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda p: "-".join(p.parts[-3:]))
def test_we_agree_with_docker(sample: Path, tmp_path: Path) -> None:
    shutil.copy(sample, tmp_path / "compose.yaml")
    for folder in ("somewhere", "local"):
        (tmp_path / folder).mkdir()
    tree = open_tree(tmp_path)
    projects = survey(tree).projects
    verdict = plugin.ask(tree, projects[0]) if projects else plugin.PluginAnswer(plugin.Opinion.REJECTS)
    answers: list[Answer] = list(ComposeInspector().inspect(Context(tree, Settings(), tmp_path / ".cache")))
    reported = [f for a in answers for f in a.findings if a.check in STRUCTURE[:2] or f.rule in STRUCTURE]
    too_old = verdict.dated and ("good" in sample.parts or sample.parts[-3:] in NEWER)
    if verdict.opinion is plugin.Opinion.ACCEPTS:
        assert [f.message for f in reported] == []
    elif verdict.opinion is plugin.Opinion.REJECTS and not too_old:
        assert reported or {f.rule for a in answers for f in a.findings} & REFUSED
