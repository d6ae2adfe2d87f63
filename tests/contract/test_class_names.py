"""A name has one meaning: no two classes or types of one name, anywhere in the program."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SRC = ROOT / "src" / "seatrial"


def declared(tree: ast.Module) -> Iterator[str]:
    """The classes of a module, nested ones included, and its names for types: `Pair = tuple[int, int]`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef):
            yield node.name
    for node in tree.body:
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Subscript | ast.BinOp | ast.Call):
            for target in node.targets:
                if isinstance(target, ast.Name) and _is_type_name(target.id):
                    yield target.id


def _is_type_name(name: str) -> bool:
    bare = name.lstrip("_")
    return len(bare) > 1 and bare[0].isupper() and not bare.isupper() and "_" not in bare


def doubled(modules: dict[str, str]) -> dict[str, list[str]]:
    """Each name that more than one place declares, with the places."""
    places: dict[str, list[str]] = defaultdict(list)
    for path, text in modules.items():
        for name in declared(ast.parse(text)):
            places[name].append(path)
    return {name: found for name, found in places.items() if len(found) > 1}


def test_no_name_of_a_class_or_type_is_declared_twice() -> None:
    modules = {str(path.relative_to(ROOT)): path.read_text(encoding="utf-8") for path in sorted(SRC.rglob("*.py"))}
    assert len(modules) > 500
    assert doubled(modules) == {}


@pytest.mark.parametrize(
    ("one", "other", "name"),
    [
        ("class Mount: ...", "class Mount: ...", "Mount"),
        ("class _Way: ...", "class _Way: ...", "_Way"),
        ("Key = tuple[str, str]", "class Key: ...", "Key"),
        ("Node = int | str", "Node = list[int]", "Node"),
        ("def f():\n    class Inner: ...", "class Inner: ...", "Inner"),
    ],
)
def test_a_doubled_name_is_seen(one: str, other: str, name: str) -> None:
    assert doubled({"a.py": one, "b.py": other}) == {name: ["a.py", "b.py"]}


def test_a_constant_and_a_type_variable_may_have_the_same_name_in_two_modules() -> None:
    text = 'T = TypeVar("T")\nLIMIT = int("3")\nnames = tuple[str]'
    assert doubled({"a.py": text, "b.py": text}) == {}
