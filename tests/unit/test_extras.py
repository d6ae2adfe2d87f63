"""Extras: what is missing says which one to install, and the files of the project name the same ones."""

from __future__ import annotations

import re
import sys
import tomllib
from pathlib import Path
from typing import cast

import pytest

from seatrial.lab import markers
from seatrial.lab.events import Events
from seatrial.lab.model import Service
from seatrial.lab.stack import RunningProject
from seatrial.system.extras import Extra

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]


def package(requirement: str) -> str:
    found = re.match(r"[\w.-]+", requirement)
    assert found
    return found[0].lower()


@pytest.mark.parametrize("extra", Extra)
def test_what_is_installed_has_a_version(extra: Extra) -> None:
    assert extra.missing == ""
    assert re.fullmatch(r"\d+(\.\d+)+.*", extra.version)


@pytest.mark.parametrize("extra", Extra)
def test_what_is_missing_says_which_extra_to_install(extra: Extra, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, extra.value, None)
    assert extra.missing == f"install seatrial[{extra.name.lower()}]"
    assert extra.version == "not installed"


@pytest.mark.parametrize(
    ("image", "extra"), [("mongo:7", "seatrial[mongodb]"), ("rabbitmq:4-management", "seatrial[rabbitmq]")]
)
def test_a_store_without_its_driver_is_not_measured(monkeypatch: pytest.MonkeyPatch, image: str, extra: str) -> None:
    for one in Extra:
        monkeypatch.setitem(sys.modules, one.value, None)
    untouched = cast("RunningProject", None), cast("Events", None)
    found = markers.find(*untouched, Service(name="store", image=image))
    assert str(found) == f"store: whether it keeps its data is not measured: install {extra}"


def test_the_extras_are_those_of_the_project() -> None:
    declared = {name: [package(r) for r in wanted] for name, wanted in PROJECT["optional-dependencies"].items()}
    assert {extra.name.lower(): extra.value for extra in Extra} == {
        name: first for name, (first, *_) in declared.items()
    }
    assert not {extra.value for extra in Extra} & set(map(package, PROJECT["dependencies"]))


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock"])
def test_the_image_and_the_developers_have_every_extra(lock: str) -> None:
    pinned = re.findall(r"^([\w.-]+)==", (ROOT / lock).read_text("utf-8"), re.MULTILINE)
    assert {extra.value for extra in Extra} <= set(pinned)
