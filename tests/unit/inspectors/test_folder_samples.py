"""
Rules that need a whole repository, each against a small one: tests/corpus/<family>/<rule>/bad/.

`expect` stands on the lines that the rule must report; a file without comments (JSON) has none, and then the rule must
report something. `seatrial explain` shows the same files.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path

import pytest

from seatrial.app.explain import rules
from seatrial.inspectors.base import Context, Inspector
from seatrial.inspectors.dependencies.inspector import Dependencies
from seatrial.inspectors.environment.inspector import EnvironmentInspector
from seatrial.inspectors.kubernetes.inspector import KubernetesInspector
from seatrial.inspectors.prometheus.inspector import PrometheusInspector
from seatrial.settings import Settings
from seatrial.system.source import open_tree

CORPUS = Path(__file__).parents[2] / "corpus"
FAMILIES: Mapping[str, Inspector] = {
    "kubernetes": KubernetesInspector(),
    "prometheus": PrometheusInspector(),
    "environment": EnvironmentInspector(),
    "dependencies": Dependencies(),
}
RULES = sorted(rule.id for rule in rules() if rule.family in FAMILIES and not rule.unsampled)


def test_every_sample_belongs_to_a_rule() -> None:
    there = {f"{family}/{folder.name}" for family in FAMILIES for folder in (CORPUS / family).iterdir()}
    assert there == set(RULES)


@pytest.mark.parametrize("rule", RULES)
def test_it_is_reported_at_its_lines(rule: str, tmp_path: Path) -> None:
    root = tmp_path / "repository"
    shutil.copytree(CORPUS / rule / "bad", root)
    expected = {
        (path.relative_to(root).as_posix(), number)
        for path in root.rglob("*")
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if "# expect" in line
    }
    settings = Settings(osv_url="off")
    context = Context(open_tree(root), settings, tmp_path / "cache", denied_licences=("AGPL-3.0-only",))
    answers = FAMILIES[rule.partition("/")[0]].inspect(context)
    found = {(f.location.path, f.location.line) for a in answers for f in a.findings if f.rule == rule}
    assert found == expected if expected else found
