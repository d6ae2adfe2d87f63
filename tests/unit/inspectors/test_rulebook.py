"""What a comment allows: the rules that it names, on its line and on the lines below it."""

from __future__ import annotations

from pathlib import Path

import pytest

from seatrial.domain import Confidence, Finding, Location, Severity
from seatrial.inspectors.registry import INSPECTORS
from seatrial.inspectors.rulebook import allows, needs_reason, without_allowed
from seatrial.system.source import open_tree
from seatrial.verdict import catalogue

RULE, CHECK = "compose/cpu-limit", "compose/resources"


def _kept(
    tmp_path: Path, text: str, line: int, severity: Severity = Severity.LOW, rule: str = RULE, check: str = CHECK
) -> bool:
    (tmp_path / "a.yml").write_text(text)
    finding = Finding(rule, severity, Confidence.HIGH, "bad", Location("a.yml", line), anchor="x")
    kept, notes = without_allowed(open_tree(tmp_path), [(check, finding)])
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
    ("severity", "rule", "check"),
    [
        (Severity.CRITICAL, RULE, CHECK),
        (Severity.LOW, "compose/privileged", "compose/privileged"),
        (Severity.LOW, "workflow/pipe-to-shell", "workflows/hardening"),
        (Severity.LOW, "workflow/syntax", "workflows/valid"),
    ],
    ids=["critical", "required", "of a required check", "of a required check that we did not name"],
)
def test_what_is_critical_or_required_needs_a_reason(tmp_path: Path, severity: Severity, rule: str, check: str) -> None:
    assert _kept(tmp_path, f"a: 1  # seatrial: allow {rule}\n", 1, severity, rule, check)
    assert _kept(tmp_path, "a: 1  # seatrial: allow because the host is ours\n", 1, severity, rule, check)
    assert not _kept(tmp_path, f"a: 1  # seatrial: allow {rule} because the host is ours\n", 1, severity, rule, check)


def test_a_reason_is_needed_for_every_required_check_and_for_no_other() -> None:
    checks = {check.id: check.required for check in catalogue.load().checks}
    assert {check: needs_reason(Severity.HIGH, check) for one in INSPECTORS for check in one.checks} == checks
    assert all(needs_reason(Severity.CRITICAL, check) for check in checks)


@pytest.mark.timeout(60)  # reading a line once for each finding takes minutes
@pytest.mark.parametrize(
    "text", ["seatrial: allow x/y " * 5000, "# seatrial: allow x/y\n" * 4500, "a: &a [b, c], " * 7000], ids=len
)
def test_thousands_of_findings_read_each_line_once(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.yml").write_text(text)
    lines = text.count("\n") or 1
    found = [
        (CHECK, Finding("a/b", Severity.LOW, Confidence.HIGH, "m", Location("a.yml", number % lines + 1, 1)))
        for number in range(5000)
    ]
    assert without_allowed(open_tree(tmp_path), found)[0] == found


def test_a_reason_for_one_rule_is_none_for_another(tmp_path: Path) -> None:
    (tmp_path / "a.yml").write_text(
        "# seatrial: allow a/critical\n# seatrial: allow a/other because it is only for this test\nx: 1\n"
    )
    at = Location("a.yml", 3, 1)
    critical = CHECK, Finding("a/critical", Severity.CRITICAL, Confidence.HIGH, "m", at)
    other = CHECK, Finding("a/other", Severity.CRITICAL, Confidence.HIGH, "m", at)
    assert without_allowed(open_tree(tmp_path), [critical, other])[0] == [critical]
