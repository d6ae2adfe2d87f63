"""
What a run knows, from the smallest fact up.

    Location -> Finding -> Answer -> Report          Check: the question that an Answer answers

Everything here is frozen, free of I/O, and complete when made. Every other module speaks these types.
"""

from __future__ import annotations

from seatrial.domain.grading import GradingBasis, WeightedShare
from seatrial.domain.severity import Confidence, Severity

from .answer import Answer
from .check import Check, Effort, Status
from .finding import ABSENT, Finding, Location, numbered, worst_first
from .report import Report, Subject, Tool

__all__ = [
    "ABSENT",
    "Answer",
    "Check",
    "Confidence",
    "Effort",
    "Finding",
    "GradingBasis",
    "Location",
    "Report",
    "Severity",
    "Status",
    "Subject",
    "Tool",
    "WeightedShare",
    "numbered",
    "worst_first",
]  # fmt: skip
