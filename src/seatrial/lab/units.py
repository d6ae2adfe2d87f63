"""Numbers with units: `200ms`, `10%`, `1mbit`, `64MiB`. A bare number is an error: its unit is unknown."""

from __future__ import annotations

import re
from collections.abc import Mapping

from seatrial.domain.errors import UsageError

_NUMBER = re.compile(r"(\d{1,9}(?:\.\d{1,6})?)\s?([A-Za-z%]{1,6})")
_UNITS: Mapping[str, Mapping[str, float]] = {
    "duration": {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0},
    "share": {"%": 0.01},
    "rate": {"kbit": 1e3, "mbit": 1e6, "gbit": 1e9},
    "size": {"KiB": 1024.0, "MiB": 1024.0**2, "GiB": 1024.0**3},
}
_EXAMPLES = {"duration": "200ms or 5s", "share": "10%", "rate": "1mbit", "size": "64MiB"}


def parse(kind: str, text: str, *, where: str = "") -> float:
    """
    The value of a text in the kind's base unit: seconds, a share of 1, bits a second, or bytes.

    Args:
        kind: `duration`, `share`, `rate` or `size`.
        text: number and unit.
        where: what to name in an error.

    Raises:
        UsageError: it has no unit, or another kind's.
    """
    found = _NUMBER.fullmatch(text.strip())
    if found is None or found[2] not in _UNITS[kind]:
        raise UsageError(f"{text!r} is not a {kind} with a unit, such as {_EXAMPLES[kind]}", where=where)
    return float(found[1]) * _UNITS[kind][found[2]]


def seconds(value: float) -> str:
    """A duration for people: `0.42 s`, `12.3 s`."""
    return f"{value:.2f} s" if value < 10 else f"{value:.1f} s"
