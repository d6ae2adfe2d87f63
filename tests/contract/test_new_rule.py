"""A rule, a secret format and an inspector that follow CONTRIBUTING, in a copy: users see them everywhere."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from project_copy import ROOT, lay_out, python

from seatrial.inspectors.secrets import samples

RULE = '''"""
No service asks for a terminal.

## What it does

Reports `tty: true`.

## Why it matters

Programs colour their logs then, and collectors store the escape sequences.

## How to fix

Remove the line.

Source: https://docs.docker.com/reference/compose-file/services/#tty
"""

from __future__ import annotations

from collections.abc import Iterator

from seatrial.domain import Finding, Severity
from seatrial.inspectors.compose.project import ComposeProject
from seatrial.inspectors.rules import Rule

from .base import any_service, found, snippet


def _find(project: ComposeProject) -> Iterator[Finding]:
    for service in project.services:
        if service.text("tty") == "true":
            remedy = snippet(service, "# without tty")
            yield found(RULE.id, RULE.severity, service, service.place("tty"), "asks for a terminal", remedy, "tty")


RULE = Rule.of(
    __doc__, id="compose/tty", check="compose/observability", severity=Severity.LOW, applies=any_service, find=_find
)
'''
SAMPLE = "services:\n  shop:\n    image: example/shop:1\n    tty: true  # expect\n"
TEMPLATE = "quillmark_{base62:32}"
FORMAT = f'''    token("quillmark-key", "Quillmark API key", "https://quillmark.example/keys", MEDIUM, "{TEMPLATE}"),
)
'''
INSPECTOR = '''"""Diagrams."""

from __future__ import annotations

from collections.abc import Iterator

from seatrial.domain import Answer, Confidence, Finding, Location, Severity, Tool
from seatrial.inspectors.rules import Rule, Rules
from seatrial.system.source import Tree

from .base import Context, Reason, unless

RULE: Rule[Tree] = Rule(
    id="diagrams/binary",
    checks=("diagrams/text",),
    severity=Severity.LOW,
    title="Diagrams have a source that is text",
    what="Reports drawings of Visio.",
    why="A change of a binary file cannot be reviewed.",
    fix="Draw it with Mermaid.",
    source="https://mermaid.js.org/",
    find=lambda tree: (
        Finding("diagrams/binary", Severity.LOW, Confidence.HIGH, "is a binary drawing", Location(path, 1, 1), "")
        for path in sorted(tree.paths)
        if path.endswith(".vsdx")
    ),
)


class Diagrams:
    """Drawings."""

    name = "diagrams"
    rules = Rules("diagrams", make=lambda: (RULE,))
    per_file_inputs = None
    live = False
    checks = RULE.checks

    def tools(self, context: Context) -> tuple[Tool, ...]:
        return ()

    def applies(self, context: Context) -> Reason | None:
        return unless([p for p in context.tree.paths if p.endswith(".vsdx")], (), "no drawing in the tree")

    def inspect(self, context: Context) -> Iterator[Answer]:
        yield Answer.of_findings("diagrams/text", RULE.find(context.tree))
'''
CHECK = """      - id: diagrams/text
        title: Diagrams have a source that is text
        severity: low
        fix: draw them as text
"""
PLAIN = "import sys; sys.modules['hyperscan'] = None; from seatrial.__main__ import run; run()"
"""Without hyperscan, which takes twenty seconds to compile a changed table of formats."""
ADDED = {
    "compose/tty": "No service asks for a terminal",
    "secrets/quillmark-key": "Quillmark API key",
    "diagrams/binary": "Diagrams have a source that is text",
}


def _put(copy: Path, path: str, text: str) -> None:
    (copy / path).parent.mkdir(parents=True, exist_ok=True)
    (copy / path).write_text(text, "utf-8")


def _change(copy: Path, path: str, old: str, new: str) -> None:
    text = (copy / path).read_text("utf-8")
    head, found, tail = text.rpartition(old)
    assert found, f"{path} has no {old!r}"
    _put(copy, path, head + new + tail)


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = lay_out(tmp_path_factory.mktemp("new-rule"))
    inspectors = "src/seatrial/inspectors"
    _put(folder, f"{inspectors}/compose/rules/tty.py", RULE)
    _put(folder, "tests/corpus/compose/tty/bad/basic.yaml", SAMPLE)
    _change(folder, f"{inspectors}/secrets/formats/saas.py", ")\n", FORMAT)
    _put(folder, f"{inspectors}/diagrams.py", INSPECTOR)
    _change(folder, f"{inspectors}/registry.py", "    LiveTrial(),\n", "    Diagrams(),\n    LiveTrial(),\n")
    _change(folder, f"{inspectors}/registry.py", "from .trial", "from .diagrams import Diagrams\nfrom .trial")
    purpose = "      - id: practices/purpose\n"
    _change(folder, "src/seatrial/verdict/catalogue/2026.2.yml", purpose, CHECK + purpose)
    return folder


def test_the_documents_have_them(copy: Path) -> None:
    written = python(copy, "tests/contract/documents.py", "--write")
    assert written.returncode == 0, written.stderr
    text = (copy / "docs/checks.md").read_text("utf-8")
    assert "\n## compose/tty: No service asks for a terminal\n" in text
    assert "\n## diagrams/binary: Diagrams have a source that is text\n" in text
    assert "\n| `secrets/quillmark-key` | Quillmark API key | medium |" in text
    assert "tty: true  # reported" in text, "the sample is the example"
    before, after = ((root / "README.md").read_text("utf-8") for root in (ROOT, copy))
    assert before != after, "the figures count them"


@pytest.mark.parametrize("rule", ADDED)
def test_explain_prints_their_pages(copy: Path, rule: str) -> None:
    done = python(copy, "-m", "seatrial", "explain", rule)
    assert done.stdout.startswith(f"# {rule}: {ADDED[rule]}\n"), done.stderr
    assert "## Why it matters" in done.stdout


def test_a_survey_and_its_sarif_report_them(copy: Path, tmp_path: Path) -> None:
    tree, reports = tmp_path / "tree", tmp_path / "reports"
    _put(tree, "compose.yaml", SAMPLE)
    _put(tree, "shop.py", f'KEY = "{samples.expand(TEMPLATE)}"\n')
    _put(tree, "shop.vsdx", "drawing\n")
    words = ["run", str(tree), "--report-dir", str(reports), "--osv-url", "off"]
    words += ["--only", "compose,secrets,diagrams", "--fail-on", "never"]
    done = python(copy, "-c", PLAIN, *words)
    sarif: dict[str, Any] = json.loads((reports / "seatrial.sarif").read_text("utf-8"))
    [run] = sarif["runs"]
    described = {rule["id"]: rule["shortDescription"]["text"] for rule in run["tool"]["driver"]["rules"]}
    assert described.items() >= ADDED.items(), done.stderr
    assert {result["ruleId"] for result in run["results"]} >= ADDED.keys()


def test_a_rule_without_its_page_stops_the_program(copy: Path, tmp_path: Path) -> None:
    other = tmp_path / "copy"
    shutil.copytree(copy / "src", other / "src")
    _put(other, "src/seatrial/inspectors/compose/rules/tty.py", RULE.replace("## Why it matters", "Why"))
    done = python(other, "-c", "import seatrial.inspectors.registry")
    assert done.returncode == 1
    assert "IncompleteRuleError: the page of 'compose/tty' needs a title, `## What it does`" in done.stderr
