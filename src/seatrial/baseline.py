"""
What a change did: the findings of two surveys of one repository, told apart. Pure.

A finding is recognised by its fingerprint; one that moved to another line, another indentation or another file is
recognised by its rule, its anchor and the text that it stands on. Copies count: what stood once and stands twice was
introduced once.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from .domain import Confidence, Finding, Severity


class Change(enum.StrEnum):
    """What became of a finding between the base and this tree."""

    INTRODUCED = "introduced"
    """By this change: the file, or what the finding rests on, is another one."""
    NEWLY_KNOWN = "newly known"
    """The file is the same; a tool or its data knows more than it did."""
    UNMASKED = "unmasked"
    """The base's check was skipped, blocked or in error, so nobody can say since when it is there."""
    UNCHANGED = "unchanged"
    FIXED = "fixed"
    """In the base only."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """This survey beside one of the base. Numbers are of the checks that were fully measured on both sides."""

    commit: str
    """Full object name of what was compared with; empty if a report file does not tell."""
    label: str
    """For people: `main at 1a2b3c4`, `report.json of 2026-11-20`."""
    changes: Mapping[str, Change] = field(default_factory=dict)
    """Of every finding of this survey, by fingerprint."""
    fixed: tuple[Finding, ...] = ()
    """Findings of the base that are gone."""
    score: Fraction | None = None
    """Difference of the score, -100..100, before caps; None without a check measured on both sides."""
    categories: Mapping[str, Fraction] = field(default_factory=dict)
    """Difference of the category scores, -10..10, by category id; only where both sides measured a check."""
    coverage: Fraction = Fraction(0)
    """Difference of the coverage, -1..1."""
    regressions: tuple[str, ...] = ()
    """Checks that passed in the base and fail here."""
    common: int = 0
    """Checks measured on both sides."""
    notes: tuple[str, ...] = ()
    """What makes the two less comparable, a sentence each: other tools, another model."""

    def of(self, finding: Finding) -> Change:
        """What became of a finding of this survey."""
        return self.changes.get(finding.fingerprint, Change.INTRODUCED)

    def introduced(self, findings: tuple[Finding, ...], least: Severity = Severity.LOW) -> tuple[Finding, ...]:
        """Those that this change brought in, of at least a severity; guesses (low confidence) only for LOW."""
        return tuple(
            f
            for f in findings
            if self.of(f) is Change.INTRODUCED
            and f.severity >= least
            and (least is Severity.LOW or f.confidence is not Confidence.LOW)
        )
