"""A new option is one field of `Settings` and nothing else: the recipe of CONTRIBUTING, followed in a copy."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from project_copy import lay_out, python

FIELD = """
    max_depth: int = _option(
        12, "Folders below this depth are not read.", stage=RunStage.TREE, unit="levels", bounds=(1, 99)
    )
"""


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = lay_out(tmp_path_factory.mktemp("copy"))
    declared = folder / "src" / "seatrial" / "settings" / "declared.py"
    before, after, rest = declared.read_text("utf-8").partition("    timeout: float = _option(")
    assert after
    declared.write_text(before.rstrip() + FIELD + after + rest, "utf-8")
    return folder


def test_the_documents_and_the_action_have_it(copy: Path) -> None:
    written = python(copy, "tests/contract/documents.py", "--write")
    assert written.returncode == 0, written.stderr
    inputs = yaml.safe_load((copy / "action.yml").read_text("utf-8"))["inputs"]
    meaning = "Folders below this depth are not read."
    assert inputs["max_depth"] == {"description": f"{meaning} [in levels; default: 12]", "default": ""}
    row = f"| `--max-depth` | `max_depth` | `max_depth` | `12` | {meaning} |"
    assert row in (copy / "docs" / "config.md").read_text("utf-8")


@pytest.mark.parametrize(("command", "taken"), [("run", True), ("plan", True), ("fix", True), ("comment", False)])
def test_the_commands_of_its_stage_take_it(copy: Path, command: str, taken: bool) -> None:
    shown = python(copy, "-m", "seatrial", command, "--help").stdout
    assert ("--max-depth NUMBER" in shown) is taken


@pytest.mark.parametrize("place", ["flag", "input", "file"])
def test_its_range_counts_wherever_it_is_given(copy: Path, tmp_path: Path, place: str) -> None:
    (tmp_path / "README.md").write_text("# A project\n", "utf-8")
    flags = ["--max-depth", "100"] if place == "flag" else []
    environ = {"INPUT_MAX_DEPTH": "100"} if place == "input" else {}
    if place == "file":
        (tmp_path / ".seatrial.yml").write_text("max_depth: 100\n", "utf-8")
    done = python(copy, "-m", "seatrial", "plan", str(tmp_path), *flags, **environ)
    assert (done.returncode, "max_depth: 100 is outside 1 to 99" in done.stderr) == (2, True), done.stderr
