"""Coverage follows from the list of what the tree has."""

from __future__ import annotations

from fractions import Fraction

import pytest

from seatrial.domain import Answer, Confidence, Finding, Location, Severity, Status
from seatrial.domain.extent import Extent, ExtentPart

FINDING = Finding("a/b", Severity.HIGH, Confidence.HIGH, "is wrong", Location("a.txt"))


def test_nothing_in_the_tree_is_not_applicable() -> None:
    answer = Answer.of_extent("x/y", Extent(), (), absent="no file in the tree")
    assert (answer.status, answer.reason) == (Status.NA, "no file in the tree")


def test_what_was_not_judged_lowers_the_share_and_is_named() -> None:
    extent = Extent.of(["a", "b"], {"c": "Git LFS pointer"})
    answer = Answer.of_extent("x/y", extent, (), absent="-", notes=["more"])
    assert (answer.status, answer.share, answer.evidence) == (Status.PASS, Fraction(2, 3), "2 of 3 files")
    assert answer.notes == ("not measured: c: Git LFS pointer", "more")


def test_nothing_judged_is_an_error_that_keeps_its_findings() -> None:
    answer = Answer.of_extent("x/y", Extent.of([], {"a.txt": "is empty"}), [FINDING], absent="-")
    assert (answer.status, answer.reason) == (Status.ERROR, "not measured: a.txt: is empty")
    assert [f.rule for f in answer.findings] == ["a/b"]


def test_a_part_may_be_judged_in_part() -> None:
    extent = Extent((ExtentPart("a"), ExtentPart("b", Fraction(1, 2), "2 of 4 keys")), "package")
    assert (extent.share, extent.evidence) == (Fraction(3, 4), "2 packages")


def test_extents_add_up() -> None:
    both = Extent.of(["a"]) + Extent.of([], {"b": "binary"})
    assert both.share == Fraction(1, 2)


def test_a_note_names_eight_parts_and_counts_the_rest() -> None:
    note = Extent.of([], {f"f{n}": "binary" for n in range(10)}).notes[0]
    assert note == "not measured: f0, f1, f2, f3, f4, f5, f6, f7 and 2 more: binary"


@pytest.mark.parametrize(("judged", "reason"), [(Fraction(1, 2), ""), (Fraction(0), " "), (Fraction(2), "x")])
def test_a_part_left_out_without_a_reason_is_refused(judged: Fraction, reason: str) -> None:
    with pytest.raises(ValueError, match="a: "):
        ExtentPart("a", judged, reason)
