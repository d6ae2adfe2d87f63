"""Stacks not made for the tests: every known weakness is caught or named as not measured, and nothing is false."""

from __future__ import annotations

import functools
import os
import re
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import image as building
import pytest
from gallery import HERE, IMAGES, Operator, Tried, Verdict, Weakness, attempt, build_images, operators

STACKS = tuple(operators())
REQUIRED = os.environ.get("SEATRIAL_REQUIRE_DOCKER") == "1"
LIVE = [pytest.mark.docker, pytest.mark.nightly, pytest.mark.timeout(2400)]


@functools.cache
def _ready() -> str:
    """The image of our sidecars, after those of the stacks."""
    try:
        subprocess.run(["docker", "info"], capture_output=True, check=True, timeout=30)
    except (OSError, subprocess.SubprocessError) as error:
        if REQUIRED:
            raise
        pytest.skip(f"no engine: {error}")
    build_images()
    return building.under_test()


@functools.cache
def tried(stack: Operator) -> Tried:
    """The stack's trial, one for all tests."""
    with tempfile.TemporaryDirectory() as folder:
        return attempt(stack, _ready(), Path(folder))


def _pairs() -> Iterator[object]:
    """Each weakness of each stack; what is known to be missed must be missed."""
    for stack in STACKS:
        for one in stack.weaknesses:
            known = [pytest.mark.xfail(strict=True, reason=one.missed)] if one.missed else []
            yield pytest.param(stack, one, id=f"{stack}-{one.id}", marks=[*LIVE, *known])


@pytest.mark.parametrize(("stack", "weakness"), list(_pairs()))
def test_a_weakness_is_caught_or_named_as_not_measured(stack: Operator, weakness: Weakness) -> None:
    verdict, _ = tried(stack).verdict(weakness)
    assert verdict is not Verdict.MISSED, tried(stack).said


@pytest.mark.parametrize("stack", [pytest.param(s, id=str(s), marks=LIVE) for s in STACKS])
def test_nothing_false_is_found(stack: Operator) -> None:
    false = tried(stack).false(stack)
    assert {k: v for k, v in false.items() if k not in stack.false} == {}
    if stack.false:
        assert false.keys() == stack.false.keys(), "what is mended is no known fault any more"
        pytest.xfail("; ".join(stack.false.values()))


@pytest.mark.parametrize("stack", [pytest.param(s, id=str(s), marks=LIVE) for s in STACKS])
def test_each_weakness_shows_by_hand(stack: Operator) -> None:
    _ready()
    done = subprocess.run(
        ["bash", str(stack.folder / "check.sh")], capture_output=True, text=True, check=False, timeout=600
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout == (stack.folder / "hand.txt").read_text("utf-8")


@pytest.mark.parametrize("stack", STACKS, ids=str)
def test_what_an_operator_knows_was_checked_by_hand(stack: Operator) -> None:
    """Every weakness of the page is one that the script shows, and the kept output says that it was shown."""
    script = (stack.folder / "check.sh").read_text("utf-8")
    shown = re.findall(r"^weakness ([\w-]+): shown by", (stack.folder / "hand.txt").read_text("utf-8"), re.MULTILINE)
    ids = [one.id for one in stack.weaknesses]
    assert sorted(ids) == sorted(set(ids))
    assert sorted(ids) == sorted(re.findall(r"^weakness ([\w-]+)", script, re.MULTILINE)) == sorted(shown)
    assert all(one.found_by or one.named_by or one.missed for one in stack.weaknesses)
    assert stack.right.isdisjoint(stack.never)
    assert stack.right.isdisjoint(stack.false)


@pytest.mark.parametrize("stack", STACKS, ids=str)
def test_stacks_use_images_of_the_gallery(stack: Operator) -> None:
    texts = [f.read_text("utf-8") for f in stack.folder.rglob("*") if f.is_file() and _names_images(f)]
    named = {i for t in texts for i in re.findall(r"gallery/[\w-]+:[\w.-]+", t)}
    assert named
    assert named <= {f"gallery/{name}:{version}" for name, version in IMAGES.items()}


def _names_images(file: Path) -> bool:
    return file.suffix in (".yml", ".yaml") or file.name.startswith("Dockerfile")


def test_every_image_is_used() -> None:
    texts = [f.read_text("utf-8") for f in HERE.glob("*/**/*") if f.is_file() and _names_images(f)]
    assert {name for name in IMAGES if not any(f"gallery/{name}:" in text for text in texts)} == set()
    assert IMAGES.keys() == {folder.name for folder in (HERE / "images").iterdir()}
