"""What counts as a commit's name, of all that a CI system's variables may hold."""

from __future__ import annotations

import pytest

from seatrial.ci import commits


@pytest.mark.parametrize("given", ["0123456789" * 4, "a" * 64])
def test_a_full_name_is_taken(given: str) -> None:
    assert commits.name(given) == given


@pytest.mark.parametrize(
    "given",
    ["", None, 7, ["a" * 40], "0" * 40, "0" * 64, "a" * 39, "A" * 40, "a" * 40 + "\n", "--upload-pack=x", "HEAD"],
)
def test_anything_else_is_empty(given: object) -> None:
    assert commits.name(given) == ""
