"""Variables that are made of variables grow with each line: they are filled in within bounds."""

from __future__ import annotations

from pathlib import Path

import pytest

from seatrial.inspectors.compose import dotenv
from seatrial.inspectors.compose.interpolate import LONGEST_TEXT, interpolate
from seatrial.inspectors.compose.project import survey
from seatrial.system.source import open_tree


def growing(form: str) -> str:
    """Each line four times as long as the one before: 30 lines come to 10^18 characters."""
    return "A0=aaaaaaaaaa\n" + "".join(f"A{n}={form.format(name=f'A{n - 1}') * 4}\n" for n in range(1, 30))


@pytest.mark.parametrize(
    "form", ["${name}", "${{{name}}}", "${{{name}:-x}}", "${{X:-${{{name}}}}}", "${{{name}:+${name}}}"]
)
def test_lines_that_repeat_one_another_stay_small(form: str) -> None:
    found = dotenv.parse(growing(form))
    assert len(found) == 30
    assert max(map(len, found.values())) <= LONGEST_TEXT
    assert len(found["A2"]) == 160


def test_a_text_with_many_long_variables_stays_as_it_is_written() -> None:
    text = "$A" * 10_000
    assert interpolate(text, {"A": "x" * 4096}) == text
    assert interpolate("<$A$B>", {"A": "x" * 5000, "B": "y"}) == "<${A}y>"
    assert interpolate("$A" * 10, {"A": "x" * 4096}) == "x" * 40_960


def test_a_growing_environment_file_beside_a_project(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text(growing("${name}"))
    (tmp_path / "compose.yaml").write_text("services:\n  a:\n    image: acme/a:$A1\n    command: $A29\n")
    (project,) = survey(open_tree(tmp_path)).projects
    assert project.services[0].text("image") == "acme/a:" + "a" * 40
