"""One definition of a line: no text of the tree is cut into lines by anything but `seatrial.text.lines`."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[2] / "src" / "seatrial"
ALLOWED = {
    "system/base/store.py": "bytes of a commit from git: `bytes.splitlines` ends lines at LF, CRLF and CR only",
    "ci/github/files.py": "bytes of our own summary: `bytes.splitlines` ends lines at LF, CRLF and CR only",
}
"""Modules that may call `splitlines`, each with the reason."""


def calls(source: str) -> Iterator[int]:
    """Lines of a module where `splitlines` is called or passed on."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Attribute) and node.attr == "splitlines":
            yield node.lineno


def users() -> dict[str, list[int]]:
    found = {p.relative_to(SOURCE).as_posix(): list(calls(p.read_text("utf-8"))) for p in SOURCE.rglob("*.py")}
    return {path: places for path, places in found.items() if places}


def test_no_module_cuts_text_into_lines_by_itself() -> None:
    assert {path: places for path, places in users().items() if path not in ALLOWED} == {}


def test_every_exception_is_still_needed() -> None:
    assert set(ALLOWED) <= set(users())


@pytest.mark.parametrize("code", ["x.splitlines()", "f(x).splitlines(True)", "map(str.splitlines, x)"])
def test_the_search_finds_a_call(code: str) -> None:
    assert list(calls(code)) == [1]
