"""Expressions: where one ends, what it is, and that no text takes longer than its length allows."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seatrial.inspectors.workflows.expression import (
    DEPTH_LIMIT,
    LENGTH_LIMIT,
    ExpressionError,
    embedded,
    parse,
    references,
)
from seatrial.inspectors.workflows.values import sources


@pytest.mark.parametrize(
    ("text", "bodies"),
    [
        ("a ${{ b }} c", ["b"]),
        ("${{ format('{{Hello {0}!}}', 'a') }}", ["format('{{Hello {0}!}}', 'a')"]),
        ("${{ 'it''s }}' }} ${{ b }}", ["'it''s }}'", "b"]),
        ("${{ '}}''}}' }}", ["'}}''}}'"]),
        ("${{ a}}}", ["a"]),
        ("it's ${{ a }} isn't ${{ b }}", ["a", "b"]),
        ("${{\n  a\n}}", ["a"]),
        ("$ {{ a }} {{ b }}", []),
        ("$${{ a }}", ["a"]),
    ],
)
def test_quotes_hide_braces(text: str, bodies: list[str]) -> None:
    assert [one.body for one in embedded(text) if one.closed] == bodies


@pytest.mark.parametrize("text", ["${{ a", "${{ 'a }}", "${{ a }", "${{ format('}}', a) "])
def test_an_open_expression_is_known_as_such(text: str) -> None:
    assert [one.closed for one in embedded(text)] == [False]


@pytest.mark.parametrize(
    "text",
    [
        "a", "a.b", "a['b'].c", "a.*.b", "a[*].b", "a[b.c]", "!a", "!!a", "a == 'x'", "a != -1.5e3", "a < .5",
        "a >= 0xff", "a && b || !c", "(a || b) && c", "fromJSON(a).b[0]", "contains(a, 'it''s')", "a\n&& b",
        "success()", "case(a, 1, b, 2, 3)", "github.event.null", "NaN", "Infinity", "a.b-c_d",
    ],
)  # fmt: skip
def test_what_github_reads_is_read(text: str) -> None:
    parse(text)


@pytest.mark.parametrize(
    "text",
    [
        "", "a b", "a ==", "&& a", "a &&", "(a", "a)", "a.", "a[", "a[1", "'a", '"a"', "a = b", "a & b", "nosuch(a)",
        "contains(a)", "success(", "a..b", "1 2", "a,b", "`a`", "a + b",
    ],
)  # fmt: skip
def test_what_github_refuses_is_refused(text: str) -> None:
    with pytest.raises(ExpressionError):
        parse(text)


def verdict(text: str) -> str:
    """What is wrong with an expression; empty if nothing is. Any other exception is a failure of the test."""
    try:
        list(sources(parse(text)))
    except ExpressionError as error:
        return str(error)
    return ""


HOSTILE = [
    "(" * 20_000, "!" * 20_000 + "a", "a||" * 6_000 + "a", "a==" * 6_000 + "a", "a<" * 9_000 + "a", "a." * 9_000 + "a",
    "a[" * 9_000, "'" * 20_001, "''" * 10_000, "success(" * 2_000, "-" * 20_000, " " * 20_000 + "a", "a" * 30_000,
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_expressions_end_in_an_answer(text: str) -> None:
    assert len(verdict(text)) < 200


@pytest.mark.parametrize(
    ("levels", "good"), [(DEPTH_LIMIT - 1, True), (DEPTH_LIMIT + 1, False)], ids=["as deep as GitHub", "deeper"]
)
def test_the_depth_is_githubs(levels: int, good: bool) -> None:
    text = "(" * levels + "a" + ")" * levels
    if good:
        parse(text)
    else:
        with pytest.raises(ExpressionError, match="nested"):
            parse(text)


def test_the_length_is_githubs() -> None:
    parse("a" * LENGTH_LIMIT)
    with pytest.raises(ExpressionError, match="longer than"):
        parse("a" * (LENGTH_LIMIT + 1))


ATOMS = ["a", "github.event", "'x'", "''", "1", "true", "(", ")", "[", "]", ".", "*", "!", "&&", "||", "==", "<", ",",
         " ", "fromJSON(", "contains(", "${{", "}}", "'", "é", "\n", '"']  # fmt: skip


@given(st.lists(st.sampled_from(ATOMS), max_size=120).map("".join))
def test_any_sequence_of_tokens_is_a_tree_or_an_error(text: str) -> None:
    for one in embedded(text):
        assert text[one.start :].startswith("${{")
    if not verdict(text):
        known = {str(one) for one in references(text)}
        assert {str(source.reference) for source in sources(parse(text))} <= known


@given(st.text(max_size=200))
def test_any_text_is_a_tree_or_an_error(text: str) -> None:
    assert all(one.end <= len(text) for one in embedded(text))
    assert "\n" not in verdict(text)
