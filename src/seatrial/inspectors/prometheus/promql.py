"""PromQL, parsed within bounds: the parser is native and recursive, and ends the process on deep input."""

from __future__ import annotations

import re
from typing import Any

import promql_parser

LENGTH_LIMIT = 32 * 1024
"""Characters of an expression that is parsed."""
OPERATOR_LIMIT = 1000
"""Brackets and operators of an expression that is parsed; with ten times as many the parser exhausts the stack."""
_LONGEST = 9e9
"""Seconds; Prometheus counts nanoseconds in 64 bits. The parser panics on longer durations, and prints that it does."""
_OUT_OF_RANGE = "a duration is out of range"
_NUMBER = r"(nan|inf|[0-9]+(?:\.[0-9]*)?(?:e[-+]?[0-9]+)?)\b"
_SECONDS = re.compile(rf"(?:\[(?:[^\[\]]{{0,200}}:)?|\boffset\b)\s*+[-+]?\s*+{_NUMBER}", re.IGNORECASE)
_STRING = re.compile(r"""(["'])(?:(?!\1)[^\\]|\\.)*+(?:\1|\Z)|`[^`]*+(?:`|\Z)""", re.DOTALL)
_OPERATOR = re.compile(r"[(\[{+\-*/%^<>=!]|\b(?:and|or|unless|atan2)\b", re.IGNORECASE)


class TooComplexError(ValueError):
    """The expression is beyond the bounds, so it was not parsed."""


def too_complex(text: str) -> str:
    """Why an expression is beyond the bounds: `longer than 32,768 characters`; empty if it is within them."""
    if len(text) > LENGTH_LIMIT:
        return f"longer than {LENGTH_LIMIT:,} characters"
    operators = sum(1 for _ in _OPERATOR.finditer(text))
    return f"beyond {OPERATOR_LIMIT:,} operators and brackets" if operators > OPERATOR_LIMIT else ""


def parse(text: str) -> Any:
    """
    The expression's syntax tree.

    Raises:
        TooComplexError: it is too long or has too many operators.
        ValueError: it is not PromQL; the text says why.
    """
    if reason := too_complex(text):
        raise TooComplexError(reason)
    if any(not abs(float(match[1])) < _LONGEST for match in _SECONDS.finditer(_STRING.sub('""', text))):
        raise ValueError(_OUT_OF_RANGE)
    try:
        return promql_parser.parse(text)
    except OverflowError:
        raise ValueError(_OUT_OF_RANGE) from None
    except BaseException as error:
        if type(error).__name__ == "PanicException":  # of Rust; no subclass of Exception, and exported by nobody
            raise ValueError(_OUT_OF_RANGE) from None
        raise
