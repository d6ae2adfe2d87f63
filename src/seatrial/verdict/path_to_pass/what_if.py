"""What a report would come to if some of its root causes were fixed and nothing else changed. Pure."""

from __future__ import annotations

from collections.abc import Collection
from fractions import Fraction

from seatrial.domain import Answer, Report
from seatrial.settings import Weights
from seatrial.verdict.catalogue import Catalogue
from seatrial.verdict.score import CheckScore, Score, score, score_of, worth


class WhatIf:
    """
    A report with its causes, scored with any of them fixed.

    A check can hold 100,000 findings: they are grouped by cause once, and every answer that was worked out is kept.
    """

    def __init__(self, report: Report, catalogue: Catalogue, weights: Weights, waived: Collection[str]) -> None:
        self._answers, self._catalogue, self._weights = tuple(report), catalogue, weights
        self.now = score(report, catalogue, weights=weights, waived=waived)
        self.checks = {check.check.id: check for check in self.now.checks}
        self._roots = {answer.check: tuple(finding.root for finding in answer.findings) for answer in report}
        self._causes: dict[str, set[str]] = {}
        for cause in self.now.causes:
            for check in cause.checks:
                self._causes.setdefault(check.id, set()).add(cause.id)
        self._known: dict[tuple[str, frozenset[str]], Answer] = {}

    def score(self, fixed: frozenset[str]) -> Score:
        """The score with the causes of these ids fixed."""
        answers = [self._after(answer, fixed) for answer in self._answers]
        left = tuple(cause for cause in self.now.causes if cause.id not in fixed)
        return score_of(answers, self._catalogue, left, self._weights)

    def earned(self, check: str, fixed: frozenset[str]) -> Fraction:
        """The points that one check earns with these causes fixed."""
        was = self.checks[check]
        answer = self._after(was.answer, fixed)
        return CheckScore(was.check, answer, was.points, worth(answer, self._weights)).earned

    def _after(self, answer: Answer, fixed: frozenset[str]) -> Answer:
        here = fixed & self._causes.get(answer.check, set())
        if not here:
            return answer
        key = (answer.check, here)
        if key not in self._known:
            pairs = zip(answer.findings, self._roots[answer.check], strict=True)
            self._known[key] = answer.with_only(tuple(finding for finding, root in pairs if root not in here))
        return self._known[key]
