"""Reports in JSON that other programs print."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from typing import Any

from seatrial.domain.errors import InspectorError


@contextlib.contextmanager
def read_from(program: str, complaint: str = "") -> Iterator[None]:
    """
    Turn all errors while a report is taken apart into one.

    A report quotes the surveyed tree, and its program may be another version: any key may be missing, any value of
    another type, nested too deeply, or not a number (`1e999`).

    Args:
        program: that printed it.
        complaint: what it said besides.

    Raises:
        InspectorError: it is not a report.
    """
    try:
        yield
    except (ValueError, LookupError, TypeError, AttributeError, ArithmeticError, RecursionError, StopIteration):
        raise InspectorError(": ".join(filter(None, (f"{program} printed no report", complaint)))) from None


def entries(printed: bytes) -> list[Any]:
    """
    The entries of a report that is a list.

    Raises:
        TypeError, ValueError, RecursionError: it is none; `read_from` turns them into one error.
    """
    found = json.loads(printed)
    if not isinstance(found, list):
        raise TypeError
    return found
