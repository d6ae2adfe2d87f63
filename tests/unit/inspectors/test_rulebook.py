"""What rules share: their findings, answers and pages, and the comments that allow a finding."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from types import SimpleNamespace

import pytest

from seatrial.domain import Answer, Confidence, Finding, Location, Severity, Status
from seatrial.inspectors.rulebook import allows, answers, found, in_tests, pages, without_allowed
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
        ("# seatrial: allow\n# a note\na: 1\n", 3, False),
        ("# seatrial: allow\n\na: 1\n", 3, True),
        ("b: 1  # seatrial: allow\na: 1\n", 2, True),
        ("a: 1\n# seatrial: allow\n", 1, True),
        ("# seatrial: allow\n", 2, False),
        ("# seatrial: allow\n", 3, True),
        ("a: 1\n", 9, True),
        ("# seatrial: allow\n", 9, True),
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
        (f"seatrial: allow {RULE},compose/pids-limit", True),
        ("seatrial: allow limit", False),
        ("seatrial: allow Xcpu-limit", False),
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


def test_only_the_family_may_be_left_out() -> None:
    assert allows("# seatrial: allow chart/user", "helm/chart/user")
    assert not allows("# seatrial: allow user", "helm/chart/user")


@pytest.mark.parametrize(("reason", "enough"), [("it is mine", False), ("it is mine 23", True), ("it is ours", False)])
def test_a_reason_has_ten_letters_or_digits(reason: str, enough: bool) -> None:
    for last in ("", " - - - ---"):
        assert allows(f"# seatrial: allow {RULE} because {reason}{last}", RULE, reasoned=True) is enough
    assert not allows(f"# seatrial: allow {RULE}", RULE, reasoned=True)
    assert not allows(f"# seatrial: allow compose/other because {reason} and more", RULE, reasoned=True)


def test_all_that_is_allowed_is_counted_and_the_rest_kept_in_order(tmp_path: Path) -> None:
    (tmp_path / "a.yml").write_text("a: 1  # seatrial: allow\nb: 1\nc: 1  # seatrial: allow\nd: 1\n")
    every = [found(RULE, Severity.LOW, Location("a.yml", line), f"line {line}") for line in range(1, 5)]
    pairs = [(number, finding) for number, finding in enumerate(every)]
    kept, notes = without_allowed(open_tree(tmp_path), pairs, lambda pair: pair[1])
    assert kept == [pairs[1], pairs[3]]
    assert notes == ("2 findings allowed by a comment",)
    assert without_allowed(open_tree(tmp_path), every[:1], lambda f: f) == ([], ("1 finding allowed by a comment",))
    assert without_allowed(open_tree(tmp_path), every[1:2], lambda f: f) == ([every[1]], ())


@pytest.mark.parametrize("gone", ["binary", "missing"])
def test_a_file_that_cannot_be_read_allows_nothing(tmp_path: Path, gone: str) -> None:
    file = tmp_path / "a.yml"
    file.write_bytes(b"\x00\xff\x00# seatrial: allow\n" if gone == "binary" else b"# seatrial: allow\n")
    tree = open_tree(tmp_path)
    if gone == "missing":
        file.unlink()
    finding = found(RULE, Severity.LOW, Location("a.yml", 1), "bad")
    assert without_allowed(tree, [finding, finding], lambda f: f) == ([finding, finding], ())


def test_a_finding_of_a_rule() -> None:
    at, other = Location("a.yml", 3, 5), Location("b.yml", 1)
    assert found(RULE, Severity.HIGH, at, "It is bad.") == Finding(
        RULE, Severity.HIGH, Confidence.HIGH, "It is bad.", at, anchor="It is bad."
    )
    assert found(RULE, Severity.LOW, at, "It is bad.", subject="web").anchor == "web It is bad."
    assert found(
        RULE, Severity.LOW, at, "bad", "mend it",
        confidence=Confidence.LOW, subject="web", anchor="x", related=[other],
    ) == Finding(
        RULE, Severity.LOW, Confidence.LOW, "bad", at,
        remedy="mend it", subject="web", anchor="x", related=(other,),
    )  # fmt: skip


def test_every_check_has_an_answer_and_the_first_has_the_notes() -> None:
    bad = found(RULE, Severity.LOW, Location("a.yml", 1), "bad")
    given = answers(
        ["one", "two", "three"], [("two", bad)], share=Fraction(1, 2), evidence="3 files", notes=iter(["said"])
    )
    assert list(given) == [
        Answer.of_findings("one", [], share=Fraction(1, 2), evidence="3 files", notes=("said",)),
        Answer.of_findings("two", [bad], share=Fraction(1, 2), evidence="3 files"),
        Answer.of_findings("three", [], share=Fraction(1, 2), evidence="3 files"),
    ]
    worse = found(RULE, Severity.LOW, Location("a.yml", 2), "worse")
    [alone] = answers(["one"], [("one", bad), ("one", worse)])
    assert (alone.status, alone.findings, alone.share, alone.evidence, alone.notes) == (
        Status.FAIL, (bad, worse), Fraction(1), "", (),
    )  # fmt: skip


def test_examples_and_tests_are_less_sure() -> None:
    shipped = found(RULE, Severity.HIGH, Location("src/a.yml", 1), "bad")
    sample = found(RULE, Severity.HIGH, Location("tests/a.yml", 1), "bad")
    assert in_tests(shipped) is shipped
    assert in_tests(sample).confidence is Confidence.LOW
    assert (in_tests(sample).message, in_tests(sample).location) == (sample.message, sample.location)


def test_a_rules_docstring_is_its_page() -> None:
    doc = """
    Containers run as root.

    It is bad.

    Mend it.

    Source: https://x.example/
    """.replace("\n    ", "\n")
    rule = SimpleNamespace(ID="compose/user", __doc__=doc, SEVERITY=Severity.HIGH)
    page = (
        "# compose/user: Containers run as root\n\nIt is bad.\n\nMend it.\n\nSeverity: high\n\n"
        "Source: https://x.example/\n"
    )
    silent = SimpleNamespace(ID="compose/none", __doc__=None, SEVERITY=Severity.LOW)
    assert pages([rule, silent]) == {
        "compose/user": page,
        "compose/none": "# compose/none: \n\n\n\nSeverity: low\n\n\n",
    }
