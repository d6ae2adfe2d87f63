"""Two habits that break on odd text: digits that are no number, and sets of characters where a prefix is meant."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[2] / "src" / "seatrial"
HARMLESS = ("\"'`", " \t\r\n\v\f", "0123456789", "[]", "()", "{}", " \"'", "@-")
"""Sets of which any number and order of characters is meant, wherever they are taken off."""
ALLOWED = {
    ("change/allowed/words.py", " :=#*/->{}"): "what separates a word from its reason, and ends a comment",
    ("inspectors/dependencies/inspector.py", " ()"): "brackets of an SPDX expression that was cut at OR",
    ("inspectors/rulebook.py", "./-"): "punctuation around a rule's name in prose",
    ("inspectors/secrets/weighing.py", ".:!?"): "punctuation after a value in prose",
    ("inspectors/secrets/files/sql_statements.py", '`"[] \n\t'): "the quotes of three dialects",
    ("inspectors/secrets/key_structure.py", "+#*|>"): "signs of diffs, comments and quotes",
    ("inspectors/secrets/values.py", "!@#$%^&*.?0123456789"): "what people put behind a word to pass a check",
    ("inspectors/secrets/values.py", "!@#$*.?"): "the same without digits",
    ("inspectors/secrets/values.py", "_-.:*?!()[] "): "punctuation around a value",
    ("inspectors/workflows/guards.py", "+-0."): "what a number that is zero is written with",
    ("inspectors/workflows/rules/pipe_to_shell.py", " \t\r\n;&|"): "operators between commands",
    ("text/yaml_tree.py", " -"): "signs of lists in front of a value",
}
"""`strip` with a set of characters: module and set, each with what the set is."""


def modules() -> Iterator[tuple[str, ast.Module]]:
    for path in sorted(SOURCE.rglob("*.py")):
        yield path.relative_to(SOURCE).as_posix(), ast.parse(path.read_text("utf-8"))


def sets_stripped(tree: ast.AST) -> Iterator[str]:
    """Literal arguments of `strip`, `lstrip` and `rstrip` that are several different characters."""
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Attribute(attr="strip" | "lstrip" | "rstrip"), args=[ast.Constant(value=given)]):
                characters = given.decode("latin-1") if isinstance(given, bytes) else str(given)
                if len(set(characters)) > 1 and not any(set(characters) <= set(some) for some in HARMLESS):
                    yield characters


def converted(tree: ast.AST) -> Iterator[str]:
    """Functions that ask `isdigit` and its like, and convert."""
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef):
            calls = [node.func for node in ast.walk(function) if isinstance(node, ast.Call)]
            asked = {f.attr for f in calls if isinstance(f, ast.Attribute)} & {"isdigit", "isdecimal", "isnumeric"}
            if asked and {f.id for f in calls if isinstance(f, ast.Name)} & {"int", "float"}:
                yield function.name


SAMPLES = {"inspectors/secrets/samples.py": ["_field"]}
"""Templates of our own."""


def test_a_set_of_characters_is_meant_as_one() -> None:
    found = {(path, characters) for path, tree in modules() for characters in sets_stripped(tree)}
    assert found - set(ALLOWED) == set(), "use removeprefix or removesuffix, or say here what the set is"
    assert set(ALLOWED) - found == set()


def test_no_text_is_asked_for_digits_and_then_converted() -> None:
    found = {path: names for path, tree in modules() if (names := list(converted(tree)))}
    assert found == SAMPLES, "use numerals.whole"


@pytest.mark.parametrize("code", ["x.lstrip('=v')", "x.rstrip(': ')", "x.strip('./')", "f(b'ab'.strip(b'ab'))"])
def test_the_search_finds_a_set(code: str) -> None:
    assert list(sets_stripped(ast.parse(code)))


@pytest.mark.parametrize("code", ["x.strip()", "x.rstrip('/')", "x.rstrip(b'0')", "x.removeprefix('=v')"])
def test_the_search_leaves_others(code: str) -> None:
    assert not list(sets_stripped(ast.parse(code)))


@pytest.mark.parametrize(
    "code", ["def f(x):\n return int(x) if x.isdigit() else 0", "def f(x):\n if x.isnumeric():\n  return float(x)"]
)
def test_the_search_finds_a_conversion(code: str) -> None:
    assert list(converted(ast.parse(code))) == ["f"]
