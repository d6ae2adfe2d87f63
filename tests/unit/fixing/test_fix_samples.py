"""
Every fixer against every bad sample of its rule: the finding goes, nothing new appears, and a second run has no more.
"""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from seatrial.domain.patches import Fixes, FixSafety
from seatrial.fixing.registry import FIXERS
from seatrial.fixing.rounds import Rounds
from seatrial.inspectors.base import Context
from seatrial.inspectors.compose import plugin
from seatrial.settings import Settings
from seatrial.system.source import open_tree
from seatrial.verdict import catalogue

CORPUS = Path(__file__).parents[2] / "corpus"
WITHOUT_SAMPLES = {"zizmor/unpinned-uses", "zizmor/excessive-permissions"}
"""Rules of another tool; tests/acceptance/test_fix.py has their files."""
PLACES = {"compose": "compose.yaml", "workflow": ".github/workflows/ci.yml", "dockerfile": "Dockerfile"}
LEFT: Mapping[str, tuple[str, ...]] = {
    "compose/healthcheck/none-or-disabled.yaml": ("a", "b", "c"),
    "dockerfile/healthcheck/basic.Dockerfile": ("",),
    "dockerfile/interactive-install/Dockerfile": ("", ""),
    "workflow/unpinned/basic.yml": (),
}
"""
What stays, by sample: images that bring no known program to ask with, the exec form, and `apk --interactive`. The
unpinned actions are unknown ones, and zizmor reports them.
"""


@pytest.fixture(autouse=True)
def without_plugin(monkeypatch: pytest.MonkeyPatch) -> None:
    """Docker is asked by tests/docker/test_fixed_files.py."""
    monkeypatch.setattr(plugin, "version", lambda tree: "")


def samples() -> Iterator[Any]:
    for rule in FIXERS:
        folder, family = CORPUS / rule / "bad", rule.partition("/")[0]
        paths = [folder] if family == "environment" else sorted(folder.iterdir()) if folder.is_dir() else []
        for path in paths:
            yield pytest.param(rule, path, id=f"{rule}-{path.stem}")


def lay_out(rule: str, sample: Path, root: Path) -> Path:
    if sample.is_dir():
        shutil.copytree(sample, root)
        return root
    target = root / PLACES[rule.partition("/")[0]]
    target.parent.mkdir(parents=True)
    shutil.copy(sample, target)
    return root


def fixes(root: Path, cache: Path, *rules: str) -> Fixes:
    context = Context(open_tree(root), Settings(path=root), cache)
    return Rounds(context, catalogue.load(), {}, wanted=frozenset(FixSafety), rules=rules).find()


def names(found: Fixes, rule: str) -> list[str]:
    return sorted(n for f in found.left if f.rule == rule for n in f.subject.split(", "))


def test_every_fixer_has_samples() -> None:
    assert {rule for rule in FIXERS if not (CORPUS / rule / "bad").is_dir()} == WITHOUT_SAMPLES


@pytest.mark.parametrize(("rule", "sample"), tuple(samples()))
def test_the_finding_goes_and_nothing_new_comes(rule: str, sample: Path, tmp_path: Path) -> None:
    root = lay_out(rule, sample, tmp_path / "tree")
    before = fixes(root, tmp_path / "cache", "environment/none-of-them")
    found = fixes(root, tmp_path / "cache", rule)
    key = f"{rule}/{sample.name}"
    assert tuple(names(found, rule)) == LEFT.get(key, ())
    assert found.patches or key in LEFT
    there = Counter((f.rule, f.location.path, n) for f in before.left for n in f.subject.split(", "))
    here = Counter((f.rule, f.location.path, n) for f in found.left for n in f.subject.split(", "))
    assert {rule for rule, _, _ in here - there} <= {"compose/datastore-port"}  # still a port, on loopback now
    for patch in found.patches:
        target = root / patch.path
        assert (target.read_text("utf-8") if patch.before is not None else None) == patch.before
        target.write_bytes(patch.after.encode())
        kept = [line for line in (patch.before or "").splitlines() if line.lstrip().startswith("#")]
        assert Counter(kept) <= Counter(patch.after.splitlines())  # comments stay
    assert not fixes(root, tmp_path / "cache", rule).patches
