"""
Numbers in texts from outside.

`str.isdigit` is true for `²`, which `int` refuses; `int` refuses more than 4,300 digits; `float` makes 400 digits
infinite. So no text is asked by `isdigit` and then converted (tests/contract/test_conversions.py).
"""

from __future__ import annotations

import re

_DIGITS = re.compile(r"[0-9]{1,15}")


def whole(text: str | None) -> int | None:
    """A whole number of up to 15 decimal digits, without a sign; None if the text is something else."""
    return int(text) if text is not None and _DIGITS.fullmatch(text) else None
