"""What the parts of report.json are made of: numbers within bounds, exact fractions, and the closed lists of names."""

from __future__ import annotations

from typing import Annotated, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, FailFast, Field

DIGITS = 4300
"""Of a numerator or denominator, at most; Python reads no more."""

T = TypeVar("T")
Many = Annotated[list[T], FailFast()]
"""A list that is refused at its first wrong element: a hostile one could have millions."""
Number = Annotated[float, Field(ge=0)]
_LENGTH = 2 * DIGITS + 2
Exact = Annotated[
    str,
    Field(pattern=r"^([01]|[0-9]+/[1-9][0-9]*)$", max_length=_LENGTH, description="A fraction from 0 to 1: `9/10`."),
]
Difference = Annotated[
    str,
    Field(pattern=r"^-?[0-9]+(/[1-9][0-9]*)?$", max_length=_LENGTH, description="A fraction with its sign: `-9/10`."),
]
Count = Annotated[int, Field(ge=0, lt=2**53)]
Share = Annotated[float, Field(ge=0, le=1)]
ResultName = Literal["passed", "degraded", "flaky", "failed", "skipped", "error"]
StatusName = Literal["pass", "fail", "flaky", "skip", "error", "blocked", "na"]
ChangeName = Literal["introduced", "newly known", "unmasked", "unchanged"]
SeverityName = Literal["low", "medium", "high", "critical"]
UnitName = Literal[
    "s", "d", "By", "MiB", "%", "{blob}", "{commit}", "{file}", "{finding}", "{job}", "{package}", "{port}",
    "{request}", "{request}/s", "{service}", "{write}",
]  # fmt: skip
QuantityName = Literal[
    "success", "unavailable", "longest outage", "time to detect", "recovery", "fail-fast share", "95th percentile"
]
TrialRuleName = Literal[
    "recovery", "availability", "hangs", "data-loss", "blast-radius", "restart-loop", "out-of-memory", "dependent-died"
]


class SchemaModel(BaseModel):
    """A part of the document: nothing unknown in it, nothing converted."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False)
