"""Fixes of hostile files take no longer than the files are long."""

from __future__ import annotations

from pathlib import Path

import pytest

from seatrial.domain import Confidence, Finding, Location, Severity
from seatrial.fixing.model import FixSources, FixTarget
from seatrial.fixing.registry import FIXERS
from seatrial.system.source import open_tree

LENGTH = 200_000


def proposed(root: Path, rule: str, path: str, text: str, line: int, column: int) -> str | None:
    """The file as the fix of a finding leaves it; None if there is none."""
    file = root / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, "utf-8")
    finding = Finding(
        rule=rule,
        severity=Severity.HIGH,
        confidence=Confidence.HIGH,
        message="x",
        location=Location(path, line, column),
        remedy="",
        subject="",
        anchor="x",
    )
    proposal = FIXERS[rule].make(FixTarget(finding, FixSources(open_tree(root)), text))
    if proposal is None:
        return None
    for edit in sorted(proposal.edits, key=lambda e: -e.start):
        text = text[: edit.start] + edit.text + text[edit.end :]
    return text


@pytest.mark.timeout(20)
@pytest.mark.parametrize("rule", ["workflow/unpinned", "zizmor/unpinned-uses"])
@pytest.mark.parametrize("unit", ["a", "a/", "a/b@", "a.-", "./", "a/b/c", "é"])
def test_a_long_reference_of_an_action_is_read_once(tmp_path: Path, rule: str, unit: str) -> None:
    text = f"jobs:\n  a:\n    steps:\n      - uses: {unit * (LENGTH // len(unit))}\n"
    assert proposed(tmp_path, rule, ".github/workflows/ci.yml", text, 4, 15) is None


@pytest.mark.timeout(20)
@pytest.mark.parametrize("unit", ["apt -", "apt -apt ", "apt a=b ", "yum ", "apt-get -y $x "])
def test_a_long_command_of_a_package_manager_is_read_once(tmp_path: Path, unit: str) -> None:
    text = f"FROM a\nRUN {unit * (LENGTH // len(unit))}\n"
    assert proposed(tmp_path, "dockerfile/interactive-install", "Dockerfile", text, 2, 1) is None


def test_an_ordinary_reference_is_pinned(tmp_path: Path) -> None:
    commit = "0123456789abcdef" * 2 + "01234567"
    steps = f"      - uses: acme/lint/sub@{commit} # v4.2.2\n      - uses: acme/lint/sub@v4\n"
    text = f"jobs:\n  a:\n    steps:\n{steps}"
    fixed = proposed(tmp_path, "zizmor/unpinned-uses", ".github/workflows/ci.yml", text, 5, 15)
    assert fixed == text.replace("sub@v4\n", f"sub@{commit} # v4.2.2\n")
