"""The score says what an operator would sign: every repository of the calibration set is in its band."""

from __future__ import annotations

from pathlib import Path

import calibration
import pytest
from calibration import CALIBRATION, JUDGEMENT, NAMES, judgement, made
from running import Seatrial

from seatrial.inspectors.identity import recognise
from seatrial.inspectors.whole import Whole
from seatrial.system.source import open_tree


@pytest.mark.parametrize("name", NAMES)
def test_the_score_is_in_the_band(name: str, seatrial: Seatrial, tmp_path: Path) -> None:
    told = judgement(name)
    run = seatrial("run", made(name, tmp_path), "--osv-url", "off")
    score = run.json["score"]["headline"]
    assert calibration.row(name, score) in calibration.block(), "python tests/acceptance/calibration.py --write"
    assert told.holds(score), f"{score} is not within {told.shown}: {told.reasons}"
    if told.decision:
        assert run.json["gate"]["verdict"] == told.decision


@pytest.mark.parametrize("name", NAMES)
def test_it_is_told_for_what_it_is(name: str, tmp_path: Path) -> None:
    found = recognise(Whole(open_tree(made(name, tmp_path))))
    assert tuple(sorted(found.kinds)) == judgement(name).kinds
    assert all(trait.evidence for trait in found.traits)


@pytest.mark.parametrize("name", [name for name in NAMES if judgement(name).variant])
def test_a_variant_differs_in_what_it_says_and_nothing_else(name: str) -> None:
    def contents(folder: str) -> dict[str, bytes]:
        root = CALIBRATION / folder
        paths = (p for p in root.rglob("*") if p.is_file() and p.name != JUDGEMENT)
        return {p.relative_to(root).as_posix(): p.read_bytes() for p in paths}

    told = judgement(name)
    ours, theirs = contents(name), contents(told.variant)
    different = {path for path in ours.keys() | theirs.keys() if ours.get(path) != theirs.get(path)}
    assert different == set(told.differs)


def test_the_picture_shows_the_table() -> None:
    """The test above holds the table against real surveys."""
    drawn = calibration.PICTURE.read_text("utf-8")
    assert drawn == calibration.picture(), "python tests/acceptance/calibration.py --write"
    assert drawn.count('<circle class="in"') == 1 + sum(judgement(name).band is not None for name in NAMES)


def test_the_set_is_large_enough_and_every_judgement_has_its_reasons() -> None:
    assert len(NAMES) >= 14
    assert len(calibration.block()) == len(NAMES)
    for name in NAMES:
        told = judgement(name)
        assert len(told.reasons.split()) >= 15, name
        assert told.band is None or 0 <= told.band[0] < told.band[1] <= 100, name


def test_no_live_token_is_committed() -> None:
    """What scanners know is made by the test; the repository holds the name of the format alone."""
    planted = [(name, path) for name in NAMES for path in judgement(name).planted]
    assert planted
    assert all("@@" in (CALIBRATION / name / path).read_text("utf-8") for name, path in planted)
