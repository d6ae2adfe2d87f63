"""Words for numbers and lists."""

from __future__ import annotations

import pytest

from seatrial.text.wording import listed


@pytest.mark.parametrize(
    ("names", "most", "expected"),
    [
        ((), 2, ""),
        (("a",), 2, "a"),
        (("a", "b"), 2, "a, b"),
        (("a", "b", "c"), 2, "a, b and 1 more"),
        ("abcdefgh", 8, "a, b, c, d, e, f, g, h"),
        ("abcdefghijk", 8, "a, b, c, d, e, f, g, h and 3 more"),
    ],
)
def test_a_long_list_is_cut_and_says_so(names: tuple[str, ...], most: int, expected: str) -> None:
    assert listed(iter(names), most) == expected
