"""Text of others made fit to show: what nobody would see is shown, and what was quoted comes back."""

from __future__ import annotations

import tracemalloc
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from seatrial.report.text import printable, printable_block, quoted, quoted_block, unquoted

INVISIBLE = {"Cc", "Cf", "Cs", "Zl", "Zp", "Co"}
"""General categories: control, format, surrogate, line and paragraph separator, private use."""
IGNORABLE = [
    (0x00AD, 0x00AD), (0x034F, 0x034F), (0x061C, 0x061C), (0x115F, 0x1160), (0x17B4, 0x17B5), (0x180B, 0x180F),
    (0x200B, 0x200F), (0x202A, 0x202E), (0x2060, 0x206F), (0x3164, 0x3164), (0xFE00, 0xFE0F), (0xFEFF, 0xFEFF),
    (0xFFA0, 0xFFA0), (0xFFF0, 0xFFF8), (0x1BCA0, 0x1BCA3), (0x1D173, 0x1D17A), (0xE0000, 0xE0FFF),
]  # fmt: skip
"""Default_Ignorable_Code_Point of the Unicode Character Database, which `unicodedata` does not know."""
BLANK = "\u2800\U0001d159"
"""A Braille cell without dots and a note without a head: signs, and nothing is seen of them."""
FOLDED = "\t\n\r"
"""White space, which becomes a space."""
anything = st.text(st.characters(), max_size=40) | st.text(
    st.sampled_from("\\xuU01ab\n\t\r\x1b\udc80\u200b"), max_size=40
)


def hidden(character: str) -> bool:
    code = ord(character)
    return (
        unicodedata.category(character) in INVISIBLE
        or character in BLANK
        or any(first <= code <= last for first, last in IGNORABLE)
        or code & 0xFFFE == 0xFFFE  # no character in any plane; writers of XML drop it
        or 0xFDD0 <= code <= 0xFDEF
    )


HIDDEN = [character for character in map(chr, range(0x110000)) if hidden(character) and character not in FOLDED]


def test_whatever_does_not_show_is_escaped() -> None:
    assert len(HIDDEN) > 137_000  # the private use planes alone are more than that
    assert [hex(ord(c)) for c in HIDDEN if c in printable(f"a{c}b")] == []
    assert [hex(ord(c)) for c in HIDDEN if c in printable_block(f"a{c}b")] == []
    assert [hex(ord(c)) for c in HIDDEN if c in quoted(f"a{c}b")] == []


def test_nothing_else_is() -> None:
    """What this Python's Unicode does not know yet is left out: a later one may call it a format character."""
    assigned = [c for c in map(chr, range(0x110000)) if unicodedata.category(c) != "Cn"]
    shown = [c for c in assigned if not hidden(c) and c not in FOLDED]
    assert [hex(ord(c)) for c in shown if printable(f"a{c}b") != f"a{c}b"] == []


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[31mred", r"\x1b[31mred"),
        ("a\r\nb\tc\n", "a b c"),
        ("caf\udce9", r"caf\xe9"),
        ("\u202egnp.exe", r"\u202egnp.exe"),
        ("👩\u200d💻", r"👩\u200d💻"),
        ("Straße, 日本語, שלום, é", "Straße, 日本語, שלום, é"),
    ],
)
def test_printable(text: str, shown: str) -> None:
    assert printable(text) == shown


@given(anything, st.integers(1, 30))
def test_a_limit_cuts_what_is_shown_and_nothing_more(text: str, limit: int) -> None:
    """What it skips beyond the limit for speed changes nothing."""
    for show in (printable, printable_block):
        whole = show(text)
        assert show(text, limit=limit) == (whole if len(whole) <= limit else whole[: limit - 1].rstrip() + "…")


@given(anything)
@example("\\x1b")
@example("\\\\udc80")
@example("\x80 \udc80 \\x80")
def test_what_is_quoted_comes_back(text: str) -> None:
    assert unquoted(quoted(text)) == text
    assert unquoted(quoted_block(text)) == text
    assert not [c for c in quoted(text) if hidden(c)]
    assert {c for c in quoted_block(text) if hidden(c)} <= {"\n"}
    assert quoted_block(text).count("\n") == text.count("\n")


@given(anything)
def test_any_text_can_be_unquoted(text: str) -> None:
    """Also what we did not quote; once quoted it stays as it is."""
    meant = unquoted(text)
    assert unquoted(quoted(meant)) == meant


def test_quoted_leaves_ordinary_names_alone() -> None:
    assert quoted("src/app é (1).py") == "src/app é (1).py"
    assert quoted("a\\b\n\udcff\u200b\U000e0041") == r"a\\b\x0a\xff\u200b\U000e0041"
    assert unquoted(r"\U00110000 \q") == r"\U00110000 \q"


def test_a_limit_spares_the_work_on_the_rest() -> None:
    huge = "\x1b" * 2_000_000
    tracemalloc.start()
    try:
        assert len(printable(huge, limit=100)) == 100
        assert len(printable_block(huge, limit=100)) == 100
        assert tracemalloc.get_traced_memory()[1] < 100_000  # bytes; all of it, escaped, is many times as long
    finally:
        tracemalloc.stop()
