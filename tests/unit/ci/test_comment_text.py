"""The hidden lines of a comment, whatever the job is called."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from seatrial.ci import comments
from seatrial.ci.comments import Leg, RunId

words = st.text(max_size=40) | st.sampled_from(["-->", "--!>", "<!--", "-- >", "\n", '"', "\\", "\u2028"])


@given(words, words, words, words)
def test_two_comments_in_html_and_then_the_text(key: str, run: str, attempt: str, job: str) -> None:
    body = comments.body_of(key, RunId(run, attempt, "a" * 40, job), "the text", closed=True)
    first, second, rest = body.split("\n")
    assert rest == "the text"
    for line in (first, second):
        assert line.startswith("<!-- seatrial:")
        assert line.index("-->") == len(line) - 3
        assert "--!>" not in line


@given(words, words)
def test_jobs_and_legs_have_keys_of_their_own(one: str, other: str) -> None:
    leg = Leg(folder="api")
    assert (comments.key_of(one, "", leg) == comments.key_of(other, "", leg)) == (
        (one or "seatrial") == (other or "seatrial")
    )
    assert comments.key_of(one, "chosen", leg) == "chosen"
