"""Which Seatrial an image is of: what runs in sidecars decides, and nothing else of the lab."""

from __future__ import annotations

import ast
import shutil
from pathlib import Path

import pytest

import seatrial.lab
from seatrial.lab.edition import edition

LAB = Path(seatrial.lab.__file__).parent


@pytest.mark.parametrize(
    ("name", "differs"), [("hog.py", True), ("cgroups.py", True), ("load/tally.py", True), ("judge.py", False)]
)
def test_a_changed_program_of_sidecars_makes_another_edition(tmp_path: Path, name: str, differs: bool) -> None:
    other = Path(shutil.copytree(LAB, tmp_path / "lab"))
    assert edition(other) == edition()
    (other / name).write_text((other / name).read_text("utf-8") + "# changed\n", "utf-8")
    assert (edition(other) != edition()) is differs


def test_line_ends_make_no_difference(tmp_path: Path) -> None:
    other = Path(shutil.copytree(LAB, tmp_path / "lab"))
    for program in other.rglob("*.py"):
        program.write_bytes(program.read_bytes().replace(b"\n", b"\r\n"))
    assert edition(other) == edition()


def test_what_sidecars_are_started_with_is_among_the_programs(tmp_path: Path) -> None:
    """Each module of the lab that is started by its name changes the edition."""
    started = {
        node.value.removeprefix("seatrial.lab.").replace(".", "/")
        for file in LAB.rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
        and node.value.startswith("seatrial.lab.") and " " not in node.value
    }  # fmt: skip
    assert {"guard", "netem", "load/generator"} <= started
    other = Path(shutil.copytree(LAB, tmp_path / "lab"))
    known = edition(other)
    for name in sorted(started):
        (other / f"{name}.py").write_text((other / f"{name}.py").read_text("utf-8") + "# changed\n", "utf-8")
        assert edition(other) != known, name
        known = edition(other)
