"""Durations as k6 and Docker write them: `60s`, `1m30s`, `500ms`."""

from __future__ import annotations

import re

_FORM = re.compile(r"(?:(?P<h>\d{1,3})h)?(?:(?P<m>\d{1,4})m)?(?:(?P<s>\d{1,5}(?:\.\d{1,3})?)s)?(?:(?P<ms>\d{1,7})ms)?")
_FACTORS = {"h": 3600.0, "m": 60.0, "s": 1.0, "ms": 0.001}


def parse(text: object) -> float:
    """
    Seconds of a duration.

    Raises:
        ValueError: it is not one.
    """
    found = _FORM.fullmatch(text) if isinstance(text, str) and text else None
    if found is None:
        raise ValueError(f"{text!r} is not a duration such as `30s` or `1m30s`")
    return sum(float(number) * _FACTORS[unit] for unit, number in found.groupdict().items() if number)


def or_number(given: object) -> object:
    """
    Seconds of a duration with a unit; what is not such a text stays as it is.

    An option that counts seconds was a plain number before it had units, and still may be.
    """
    try:
        return parse(given)
    except ValueError:
        return given
