"""How a service ends when it is asked to: which exit codes say that it did as it was asked."""

from __future__ import annotations

import pytest

from seatrial.lab.stopping import by_signal


@pytest.mark.parametrize(
    ("stop_signal", "code", "asked"),
    [
        ("", 0, True),
        ("", 143, True),
        ("SIGTERM", 143, True),
        ("SIGINT", 130, True),
        ("int", 130, True),
        ("3", 131, True),
        ("SIGQUIT", 143, True),  # an engine's SIGTERM all the same
        ("SIGWINCH", 0, True),
        ("", 1, False),
        ("", 130, False),
        ("SIGINT", 131, False),
        ("no such signal", 130, False),
        ("SIGTERM", 255, False),
    ],
)
def test_a_program_ends_well_or_by_its_stop_signal(stop_signal: str, code: int, asked: bool) -> None:
    assert by_signal(stop_signal, code) is asked
