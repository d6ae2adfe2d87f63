"""Lines end at LF, CRLF and CR: what `bytes.splitlines` does is the oracle."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from seatrial.text import lines

TEXT = st.text(alphabet="ab\n\r\f\v\x1c\x1d\x1e\x85\u2028\u2029", max_size=40)


@given(TEXT)
def test_lines_end_where_those_of_bytes_do(text: str) -> None:
    expected = [line.decode() for line in text.encode().splitlines()]
    assert lines.split(text) == expected
    assert lines.split(text, keep_ends=True) == [line.decode() for line in text.encode().splitlines(keepends=True)]


@given(TEXT, st.data())
def test_a_character_lies_on_the_line_that_counting_ends_gives(text: str, data: st.DataObject) -> None:
    kept = lines.split(text, keep_ends=True)
    offset = data.draw(st.integers(0, max(0, len(text) - 1)))
    starts = [sum(map(len, kept[:n])) for n in range(len(kept))]
    if text:
        assert lines.line_at(text, offset) == sum(start <= offset for start in starts)
