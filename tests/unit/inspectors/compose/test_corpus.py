"""
Every rule against its samples in tests/corpus/compose/<rule>/{bad,good}/.

In a bad sample `# expect` stands on the lines that the rule must report, as often as it must report them, and it
reports no other; in a good one it is silent. A rule without both kinds fails.
"""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from seatrial.domain import Answer
from seatrial.inspectors.base import Context
from seatrial.inspectors.compose import plugin
from seatrial.inspectors.compose.inspector import ComposeInspector
from seatrial.inspectors.compose.rules import RULES
from seatrial.settings import Settings
from seatrial.system.source import open_tree

CORPUS = Path(__file__).parents[3] / "corpus" / "compose"
IDS = [rule.id for rule in RULES]


@pytest.fixture(autouse=True)
def without_plugin(monkeypatch: pytest.MonkeyPatch) -> None:
    """Our own verdict alone; the comparison with Docker's has a test of its own."""
    monkeypatch.setattr(plugin, "version", lambda tree: "")


def samples(kind: str) -> Iterator[tuple[str, Path]]:
    for rule in IDS:
        for sample in sorted((CORPUS / rule.removeprefix("compose/") / kind).glob("*.yaml")):
            yield rule, sample


def answer(rule: str, sample: Path, tmp_path: Path) -> Answer:
    shutil.copy(sample, tmp_path / "compose.yaml")
    context = Context(open_tree(tmp_path), Settings(), tmp_path / ".cache")
    check = next((r.check for r in RULES if rule == r.id), rule)
    found = next(a for a in ComposeInspector().inspect(context) if a.check == check)
    return replace(found, findings=tuple(f for f in found.findings if f.rule == rule))


@pytest.mark.parametrize("rule", IDS)
def test_every_rule_has_both_kinds_of_samples(rule: str) -> None:
    folder = CORPUS / rule.removeprefix("compose/")
    assert list((folder / "bad").glob("*.yaml")), "no bad sample"
    assert list((folder / "good").glob("*.yaml")), "no good sample"


def test_every_sample_belongs_to_a_rule() -> None:
    assert {f"compose/{folder.name}" for folder in CORPUS.iterdir()} == set(IDS)


@pytest.mark.parametrize(("rule", "sample"), tuple(samples("bad")), ids=lambda v: v.stem if isinstance(v, Path) else v)
def test_bad_samples_are_reported_at_their_lines(rule: str, sample: Path, tmp_path: Path) -> None:
    lines = sample.read_text("utf-8").splitlines()
    expected = Counter({n: line.count("expect") for n, line in enumerate(lines, 1) if "expect" in line})
    found = answer(rule, sample, tmp_path).findings
    assert Counter(f.location.line for f in found) == expected, [f.message for f in found]
    for finding in found:
        assert finding.rule == rule
        assert finding.location.path == "compose.yaml"
        assert finding.location.column > 0
        assert "kite-Plum" not in repr(finding)


@pytest.mark.parametrize(("rule", "sample"), tuple(samples("good")), ids=lambda v: v.stem if isinstance(v, Path) else v)
def test_good_samples_are_silent(rule: str, sample: Path, tmp_path: Path) -> None:
    assert [f"{f.location}: {f.message}" for f in answer(rule, sample, tmp_path).findings] == []


@pytest.mark.parametrize("rule", IDS)
def test_every_rule_has_a_page(rule: str) -> None:
    page = next(one.page for one in RULES if one.id == rule)
    for heading in ("## What it does", "## Why it matters", "## How to fix", "Source: https://", "Severity: "):
        assert heading in page
