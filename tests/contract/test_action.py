"""action.yml says what the code does: a workflow's author has nothing else to go by."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from seatrial import settings
from seatrial.app.cli import cli
from seatrial.ci.github.inputs import ACTION_ONLY
from seatrial.ci.github.outputs import OUTPUTS
from seatrial.domain.kinds import RepositoryKind
from seatrial.settings import OPTIONS, Where

ROOT = Path(__file__).parents[2]
ACTION: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))
INPUTS = [name for name, option in OPTIONS.items() if Where.INPUT in option.facts.where]

SAMPLES: dict[Any, str] = {
    bool: "true",
    int: "7",
    float: "5",
    float | None: "5",
    tuple[RepositoryKind, ...]: "service, library",
}
"""A text that options of each kind take; the others take any text, or one of their words."""


def test_every_option_is_an_input_and_every_input_an_option() -> None:
    assert list(ACTION["inputs"]) == [*INPUTS, *ACTION_ONLY]


def test_names_reach_the_program_in_every_shell() -> None:
    """A hyphen in a variable's name is lost in dash, and the runner upper-cases names and changes nothing else."""
    names = [*ACTION["inputs"], *ACTION["outputs"]]
    assert [name for name in names if not re.fullmatch(r"[a-z][a-z_]*", name)] == []


@pytest.mark.parametrize("name", INPUTS)
def test_an_input_is_read(name: str) -> None:
    text = (OPTIONS[name].words or (SAMPLES.get(OPTIONS[name].type, "some"),))[-1]
    read = settings.from_inputs({f"INPUT_{name.upper()}": text})
    assert read == {name: OPTIONS[name].parse(text, where="")}


def test_no_default_of_an_input_beats_the_file() -> None:
    defaults = {f"INPUT_{name.upper()}": value["default"] for name, value in ACTION["inputs"].items()}
    assert settings.from_inputs(defaults) == {}


def test_defaults_of_what_only_the_action_has() -> None:
    assert {n: ACTION["inputs"][n]["default"] for n in ACTION_ONLY} == {n: d for n, (d, _) in ACTION_ONLY.items()}
    assert ACTION["inputs"]["github_token"]["default"] == "${{ github.token }}"


def test_outputs_are_the_documented_ones() -> None:
    assert {name: value["description"] for name, value in ACTION["outputs"].items()} == OUTPUTS


def test_it_runs_in_its_image_without_a_shell() -> None:
    assert ACTION["runs"]["using"] == "docker"
    image = ACTION["runs"]["image"]
    assert image == "Dockerfile" or re.fullmatch(r"docker://\S+@sha256:[0-9a-f]{64}", image)
    assert ACTION["runs"]["args"] == ["${{ inputs.mode }}"]
    dockerfile = (ROOT / "Dockerfile").read_text("utf-8")
    last = dockerfile.rstrip().splitlines()[-1]
    assert re.match(r'ENTRYPOINT \["/opt/seatrial/bin/python", "-I", ', last)


def test_the_sweep_at_the_end_is_a_command_of_ours_in_the_image() -> None:
    assert ACTION["runs"]["post-if"] == "always()"
    folder, _, program = ACTION["runs"]["post-entrypoint"].rpartition("/")
    dockerfile = (ROOT / "Dockerfile").read_text("utf-8")
    assert f"install -m 755 -t {folder} seatrial {program}\n" in dockerfile.replace(" \\\n", "\n")
    assert cli.commands["sweep"].hidden


def test_branding_is_what_the_marketplace_takes() -> None:
    """Source: GitHub's documentation, metadata syntax, `branding`; anchor is in Feather 4.28."""
    assert ACTION["branding"] == {"icon": "anchor", "color": "blue"}


def test_texts_fit_the_marketplace() -> None:
    assert len(ACTION["description"]) < 125
    assert all(value["description"] for value in (ACTION["inputs"] | ACTION["outputs"]).values())
