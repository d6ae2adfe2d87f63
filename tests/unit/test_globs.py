"""Path globs mean what they mean in .gitignore."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seatrial.text.globs import Globs


@pytest.mark.parametrize(
    ("pattern", "path"),
    [
        ("*.py", "a.py"),
        ("*.py", "deep/down/a.py"),
        ("docs", "docs/a/b.md"),
        ("docs/", "docs/a.md"),
        ("docs", "src/docs/a.md"),
        ("src/docs", "src/docs/a.md"),
        ("src/**/a.py", "src/a.py"),
        ("src/**/a.py", "src/x/y/a.py"),
        ("src/**", "src/x/y"),
        ("./src/a.py", "src/a.py"),
        ("a?.txt", "ab.txt"),
        ("[ab].txt", "b.txt"),
        ("[!ab].txt", "c.txt"),
        ("[a-c].txt", "b.txt"),
        ("a[.txt", "a[.txt"),
        ("/root.txt", "root.txt"),
        ("**/x", "x"),
    ],
)
def test_matches(pattern: str, path: str) -> None:
    assert Globs([pattern]).match(path)


@pytest.mark.parametrize(
    ("pattern", "path"),
    [
        ("*.py", "a.pyc"),
        ("src/*.py", "src/x/a.py"),
        ("src/docs", "other/src/docs/a"),
        ("docs", "docsy/a"),
        ("a?.txt", "a/.txt"),
        ("[!ab].txt", "a.txt"),
        ("src/**/a.py", "lib/a.py"),
        ("src/**", "src"),
        ("a/b", "a"),
    ],
)
def test_does_not_match(pattern: str, path: str) -> None:
    assert not Globs([pattern]).match(path)


def test_no_pattern_matches_nothing() -> None:
    assert not Globs([]).match("anything")
    assert not Globs(["", "  "]).match("anything")


@pytest.mark.parametrize(
    "pattern", ["**/" * 40 + "x", "*a" * 40 + "b", "[a-z]*" * 30 + "!", "**/*a" * 20 + "!", "?*" * 40 + "/x"]
)
def test_hostile_patterns_cost_nothing(pattern: str) -> None:
    """Trying every way for the stars to match does not end."""
    globs = Globs([pattern] * 20)
    assert not globs.match("/".join(["a" * 60] * 30) + "/end")


@given(st.text(max_size=20), st.text(max_size=20))
def test_any_text_is_a_glob(pattern: str, path: str) -> None:
    Globs([pattern]).match(path)


@given(st.text(alphabet="abc./-_+()^$|{}\\", min_size=1, max_size=20).filter(lambda s: s.strip("./")))
def test_a_literal_name_matches_itself(name: str) -> None:
    path = "/".join(part for part in name.split("/") if part not in ("", "."))
    if path:
        assert Globs([path]).match(path)


@pytest.mark.parametrize("pattern", ["[" * 100_000, "[!" * 50_000, "a/[" * 30_000, "*[" * 50_000, "**/" * 30_000])
def test_a_long_pattern_covers_nothing_and_takes_no_time(pattern: str) -> None:
    before = time.process_time()
    assert not Globs([pattern]).match("a/b/c")
    assert time.process_time() - before < 1


@pytest.mark.timeout(20)
@pytest.mark.parametrize("form", ["src/a{}/b", "src/**/a{}.py", "src/a{}/*.py", "/a{}", "a{}", "a{}/**/x/*"])
def test_thousands_of_globs_cost_as_much_as_a_few(form: str) -> None:
    globs = Globs(form.format(number) for number in range(20_000))
    assert not any(globs.match(f"src/deep/{number}/c.py") for number in range(20_000))
    there = form.format(19_999).replace("**", "q/r").replace("*", "s")
    assert globs.match(f"{there}/t".lstrip("/"))


@given(
    st.lists(st.lists(st.sampled_from(["a", "b", "**", "*", "a*", "?", "[ab]"]), min_size=1, max_size=4), max_size=6),
    st.lists(st.sampled_from(["a", "b", "ab", "c"]), min_size=1, max_size=6),
)
def test_globs_together_match_what_one_of_them_matches(patterns: list[list[str]], path: list[str]) -> None:
    every = ["/".join(parts) for parts in patterns]
    assert Globs(every).match("/".join(path)) == any(Globs([one]).match("/".join(path)) for one in every)
