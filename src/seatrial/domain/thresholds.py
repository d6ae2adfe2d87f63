"""
Thresholds in k6's words: `http_req_duration: ["p(95)<500"]`, in milliseconds, and `http_req_failed: ["rate<0.01"]`.

Source: k6's documentation, "Thresholds" and "Built-in metrics".
"""

from __future__ import annotations

import enum
import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

_EXPRESSION = re.compile(
    r"\s*(?P<statistic>avg|min|max|med|rate|count|p\((?P<share>\d{1,2}(?:\.\d{1,3})?|100)\))\s*"
    r"(?P<operator><=|>=|===|==|!=|<|>)\s*(?P<number>\d{1,12}(?:\.\d{1,9})?)\s*"
)
_OPERATORS: Mapping[str, Callable[[float, float], bool]] = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge, "==": operator.eq, "===": operator.eq,
    "!=": operator.ne,
}  # fmt: skip


class Metric(enum.StrEnum):
    """The metrics that a threshold can be about, by k6's names."""

    DURATION = "http_req_duration"
    FAILED = "http_req_failed"
    REQUESTS = "http_reqs"


STATISTICS: Mapping[Metric, tuple[str, ...]] = {
    Metric.DURATION: ("avg", "min", "max", "med", "p(N)"),
    Metric.FAILED: ("rate",),
    Metric.REQUESTS: ("count", "rate"),
}
"""What can be asked of each."""


@dataclass(frozen=True, slots=True)
class Threshold:
    """One bound."""

    metric: Metric
    expression: str
    """As it is written, without spaces around it: `p(95)<500`."""

    def __post_init__(self) -> None:
        """
        Refuse what k6 would refuse.

        Raises:
            ValueError: it is not an expression, or its statistic is not one of the metric's.
        """
        found = _EXPRESSION.fullmatch(self.expression)
        if found is None:
            raise ValueError(f"{self.expression!r} is not a threshold such as `p(95)<500` or `rate<0.01`")
        statistic = "p(N)" if found["share"] else found["statistic"]
        if statistic not in STATISTICS[self.metric]:
            known = ", ".join(STATISTICS[self.metric])
            raise ValueError(f"{self.metric} has no {found['statistic']}; it has {known}")

    def __str__(self) -> str:
        """For people."""
        return f"{self.metric} {self.expression}"

    @property
    def bound(self) -> float:
        """The number: milliseconds of a duration, a share, or a count."""
        return float(self._parts["number"])

    @property
    def statistic(self) -> str:
        """What of the metric: `avg`, `rate`, …; `p(N)` of a percentile."""
        return "p(N)" if self._parts["share"] else self._parts["statistic"]

    @property
    def share(self) -> float:
        """Of a percentile: 0 to 1."""
        return float(self._parts["share"]) / 100

    @property
    def _parts(self) -> Mapping[str, str]:
        found = _EXPRESSION.fullmatch(self.expression)
        return found.groupdict() if found is not None else {}

    def holds(self, value: float) -> bool:
        """Whether a value is within the bound."""
        return _OPERATORS[self._parts["operator"]](value, self.bound)

    def shown(self, value: float) -> str:
        """A value with its unit, for people."""
        if self.metric is Metric.DURATION:
            return f"{value:.0f} ms"
        return f"{100 * value:.2f} %" if self.metric is Metric.FAILED else f"{value:.6g}"


DEFAULTS = (
    Threshold(Metric.DURATION, "p(95)<500"),
    Threshold(Metric.DURATION, "p(99)<1000"),
    Threshold(Metric.FAILED, "rate<0.01"),
)
"""Those of a profile that names none."""
