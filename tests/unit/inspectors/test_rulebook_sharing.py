"""What rules share: their findings and answers, and what the comments of a file come to."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from seatrial.domain import Answer, Confidence, Finding, Location, Severity, Status
from seatrial.inspectors.rulebook import allowed_of, allows, answers, found, without_allowed
from seatrial.system.source import open_tree
from seatrial.verdict.catalogue import load

RULE = "compose/cpu-limit"
CHECK = next(check.id for check in load().checks if not check.required)


def _kept(root: Path, findings: list[Finding]) -> tuple[list[Finding], tuple[str, ...]]:
    return allowed_of(open_tree(root), CHECK, findings)


@pytest.mark.parametrize(
    ("comment", "allowed"),
    [
        (f"seatrial: allow {RULE},compose/pids-limit", True),
        ("seatrial: allow limit", False),
        ("seatrial: allow Xcpu-limit", False),
    ],
)
def test_a_name_is_a_whole_name(comment: str, allowed: bool) -> None:
    assert allows(f"a: 1  # {comment}", RULE) is allowed


@pytest.mark.parametrize(
    ("text", "line", "allowed"),
    [
        ("# seatrial: allow\n# a note\na: 1\n", 3, True),
        ("# seatrial: allow\n", 2, True),
        ("# seatrial: allow\n", 3, False),
        ("# seatrial: allow\n", 9, False),
        ("a: 1\n", 9, False),
    ],
)
def test_a_place_beyond_the_end_of_a_file_has_no_comment(tmp_path: Path, text: str, line: int, allowed: bool) -> None:
    (tmp_path / "a.yml").write_text(text)
    finding = found(RULE, Severity.LOW, Location("a.yml", line), "bad")
    assert _kept(tmp_path, [finding])[0] == ([] if allowed else [finding])


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
    assert _kept(tmp_path, every) == ([every[1], every[3]], ("2 findings allowed by a comment",))
    assert _kept(tmp_path, every[:1]) == ([], ("1 finding allowed by a comment",))
    assert _kept(tmp_path, every[1:2]) == ([every[1]], ())


@pytest.mark.parametrize("content", [b"\x00\xff\x00# seatrial: allow\n", None], ids=["binary", "missing"])
def test_a_file_that_cannot_be_read_allows_nothing(tmp_path: Path, content: bytes | None) -> None:
    (tmp_path / "a.yml").write_bytes(content or b"")
    tree = open_tree(tmp_path)
    if content is None:
        (tmp_path / "a.yml").unlink()
    finding = found(RULE, Severity.LOW, Location("a.yml", 1), "bad")
    given = [(CHECK, finding), (CHECK, finding)]
    assert without_allowed(tree, given) == (given, ())


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
