"""Fingerprints stay: what is found in every example and every sample is what the golden list says."""

from __future__ import annotations

from pathlib import Path

import golden
import pytest

LISTED = golden.golden()
PUSHED = ("samples/", "examples/")
"""Surveyed on every push; the others at night."""


def inputs() -> list[object]:
    nightly = pytest.mark.nightly
    return [
        pytest.param(name, marks=() if name.startswith(PUSHED) else nightly, id=name.replace("/", "-"))
        for name in golden.INPUTS
    ]


def test_the_list_has_every_input() -> None:
    assert tuple(LISTED) == golden.INPUTS
    assert sum(map(len, LISTED.values())) > 3000


@pytest.mark.parametrize("name", inputs())
def test_every_finding_is_the_golden_one(
    name: str, tmp_path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", golden.bare_path(tmp_path / "bin"))
    assert golden.found(name, tmp_path, cache) == LISTED[name]
