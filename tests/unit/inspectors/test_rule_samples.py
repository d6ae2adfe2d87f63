"""
Every rule about Dockerfiles and workflows against its samples in tests/corpus/<family>/<rule>/{bad,good}/.

`expect` stands on the lines that the rule must report; in a Dockerfile, which has no comments behind instructions, on a
comment line right above. It reports no other line, and nothing in a good sample. A rule without both kinds fails.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from seatrial.app.explain import rule_pages
from seatrial.domain import Finding
from seatrial.inspectors.dockerfile.rules import RULES as DOCKERFILE
from seatrial.inspectors.dockerfile.syntax import parse
from seatrial.inspectors.workflows.model import Workflow
from seatrial.inspectors.workflows.rules import RULES as WORKFLOW
from seatrial.inspectors.yaml_view import YamlView
from seatrial.text.yaml_tree import load_all

CORPUS = Path(__file__).parents[2] / "corpus"
FAMILIES: Mapping[str, Any] = {"dockerfile": DOCKERFILE, "workflow": WORKFLOW}
RULES = [rule for rules in FAMILIES.values() for rule in rules]
IDS = [rule.id for rule in RULES]


def subject(sample: Path) -> Any:
    text, path = sample.read_text("utf-8"), sample.name
    if "dockerfile" in sample.parts:
        return parse(path, text, frozenset({path}))
    [node] = load_all(text)
    return Workflow(path, YamlView(path, node), frozenset({path}))


def findings(rule: Any, sample: Path) -> list[Finding]:
    return list(rule.find(subject(sample)))


def samples(kind: str) -> Iterator[Any]:
    for rule in RULES:
        for sample in sorted((CORPUS / rule.id / kind).iterdir()) if (CORPUS / rule.id / kind).is_dir() else ():
            yield pytest.param(rule, sample, id=f"{rule.id}-{sample.stem}")


@pytest.mark.parametrize("rule", IDS)
def test_every_rule_has_both_kinds_of_samples(rule: str) -> None:
    assert list((CORPUS / rule / "bad").iterdir())
    assert list((CORPUS / rule / "good").iterdir())


@pytest.mark.parametrize("family", FAMILIES)
def test_every_sample_belongs_to_a_rule(family: str) -> None:
    assert {f"{family}/{folder.name}" for folder in (CORPUS / family).iterdir()} == {r.id for r in FAMILIES[family]}


@pytest.mark.parametrize(("rule", "sample"), tuple(samples("bad")))
def test_bad_samples_are_reported_at_their_lines(rule: Any, sample: Path) -> None:
    lines = sample.read_text("utf-8").splitlines()
    below = sample.name.endswith("Dockerfile")
    expected = {number + below for number, line in enumerate(lines, 1) if "expect" in line}
    found = findings(rule, sample)
    assert Counter(f.location.line for f in found) == Counter(expected), [(f.location.line, f.message) for f in found]
    for finding in found:
        assert finding.rule == rule.id
        assert finding.location.column > 0
        assert "kite-Plum" not in repr(finding)


@pytest.mark.parametrize(("rule", "sample"), tuple(samples("good")))
def test_good_samples_are_silent(rule: Any, sample: Path) -> None:
    assert [f"{f.location}: {f.message}" for f in findings(rule, sample)] == []


@pytest.mark.parametrize("rule", IDS)
def test_every_rule_has_a_page(rule: str) -> None:
    page = rule_pages()[rule]
    for heading in ("## What it does", "## Why it matters", "## How to fix", "Source: https://", "Severity: "):
        assert heading in page
