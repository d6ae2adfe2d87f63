"""What a comment allows: the rules that it names, on its line and on the lines below it."""

from __future__ import annotations

from pathlib import Path

import pytest

from seatrial.domain import Confidence, Finding, Location, Severity
from seatrial.inspectors.rulebook import allows, without_allowed
from seatrial.source import open_tree

RULE = "compose/cpu-limit"


def _kept(tmp_path: Path, text: str, line: int, severity: Severity = Severity.LOW, rule: str = RULE) -> bool:
    (tmp_path / "a.yml").write_text(text)
    finding = Finding(rule, severity, Confidence.HIGH, "bad", Location("a.yml", line), anchor="x")
    kept, notes = without_allowed(open_tree(tmp_path), [finding], lambda f: f)
    assert bool(notes) is not bool(kept)
    return bool(kept)


@pytest.mark.parametrize(
    ("text", "line", "kept"),
    [
        ("a: 1  # seatrial: allow\n", 1, False),
        ("# seatrial: allow\na: 1\n", 2, False),
        ("# seatrial: allow\n# a note\n  # another\na: 1\n", 4, False),
        ("# seatrial: allow\n\na: 1\n", 3, True),
        ("b: 1  # seatrial: allow\na: 1\n", 2, True),
        ("a: 1\n# seatrial: allow\n", 1, True),
        ("# seatrial: allow compose/pids-limit\na: 1\n", 2, True),
    ],
)
def test_a_comment_is_about_its_line_or_what_follows_it(tmp_path: Path, text: str, line: int, kept: bool) -> None:
    assert _kept(tmp_path, text, line) is kept


@pytest.mark.parametrize(
    ("comment", "allowed"),
    [
        ("seatrial: allow", True),
        ("seatrial: allow -->", True),
        ("seatrial: allow (for the demo)", True),
        (f"seatrial: allow {RULE}", True),
        ("seatrial: allow cpu-limit", True),
        (f"seatrial: allow compose/pids-limit, {RULE}.", True),
        ("seatrial: allow because of compose/pids-limit", True),
        ("seatrial: allow compose/pids-limit", False),
        ("seatrial: allow pids-limit", False),
        ("seatrial: allow compose", False),
        ("seatrial: allow privileged", False),
        (f"seatrial: allow compose/pids-limit because {RULE} is right", False),
        ("seatrial: allowed", False),
        ("seatrial: allow-list", False),
    ],
)
def test_a_comment_allows_what_it_names(comment: str, allowed: bool) -> None:
    assert allows(f"a: 1  # {comment}", RULE) is allowed


@pytest.mark.parametrize(
    ("severity", "rule"),
    [(Severity.CRITICAL, RULE), (Severity.LOW, "compose/privileged")],
    ids=["critical", "required"],
)
def test_what_is_critical_or_required_needs_a_reason(tmp_path: Path, severity: Severity, rule: str) -> None:
    assert _kept(tmp_path, f"a: 1  # seatrial: allow {rule}\n", 1, severity, rule)
    assert _kept(tmp_path, "a: 1  # seatrial: allow because the host is ours\n", 1, severity, rule)
    assert not _kept(tmp_path, f"a: 1  # seatrial: allow {rule} because the host is ours\n", 1, severity, rule)
