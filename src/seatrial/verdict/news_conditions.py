"""The conditions about what a change brings in: `gate.decide` asks for them where the news decide. Pure."""

from __future__ import annotations

from fractions import Fraction

from seatrial.domain import Confidence, Finding, Severity
from seatrial.domain.waivers import Waived
from seatrial.settings import Profile, Settings
from seatrial.text.wording import listed

from .baseline import Comparison, FindingChange
from .decision import NAMED, Condition, State, counted
from .score import NOT_MEASURED, Score, decimal

LARGEST_DROP = 1
"""Points of the score, of 100, that a change may cost where only the news count."""
LARGEST_COVERAGE_DROP = 5
"""Percentage points of coverage that it may cost."""


def is_new(finding: Finding, settings: Settings, comparison: Comparison) -> bool:
    """Whether a finding is news that closes the gate. For a release everything counts that was not judged before."""
    pull_request = settings.profile is Profile.PULL_REQUEST
    news = (
        {FindingChange.INTRODUCED}
        if pull_request
        else {FindingChange.INTRODUCED, FindingChange.NEWLY_KNOWN, FindingChange.UNMASKED}
    )
    severe = finding.severity >= Severity.HIGH and finding.confidence is not Confidence.LOW
    return severe and comparison.of(finding) in news


def introduced(score: Score, settings: Settings, waived: Waived, comparison: Comparison) -> Condition:
    """No finding of high or critical severity is new."""
    new = [
        finding
        for cause in score.causes
        for finding in cause.findings
        if is_new(finding, settings, comparison) and finding.fingerprint not in waived.fingerprints
    ]
    asked = "no new finding that is high or critical"
    if not new:
        return Condition("introduced", State.GO, asked, "none", "No new finding is high or critical.")
    names = listed((f"{finding.rule} at {finding.location}" for finding in new), NAMED)
    sentence = f"{counted(len(new), 'new finding')} of high or critical severity: {names}."
    brief = counted(len(new), "new finding")
    return Condition("introduced", State.NO_GO, asked, str(len(new)), sentence, brief)


def regressions(score: Score, comparison: Comparison) -> Condition:
    """No check that passed in the base fails."""
    lost = comparison.regressed(score)
    if not lost:
        sentence = "No check that passed in the base fails here."
        return Condition("regressions", State.GO, "none", "none", sentence)
    sentence = f"{counted(len(lost), 'check')} passed in the base and {_verb(len(lost))} here: {listed(lost, NAMED)}."
    return Condition("regressions", State.NO_GO, "none", str(len(lost)), sentence, counted(len(lost), "regression"))


def _verb(number: int) -> str:
    return "fails" if number == 1 else "fail"


def no_worse(score: Score, comparison: Comparison) -> Condition:
    """The score of what both sides measured is about the same."""
    asked, difference = f"at most {LARGEST_DROP} lower", comparison.difference(score)
    if difference is None:
        sentence = "No check was measured both here and in the base, so the scores cannot be compared."
        return Condition("no worse", State.UNKNOWN, asked, NOT_MEASURED, sentence, "scores not comparable")
    actual = signed(difference)
    if difference < -LARGEST_DROP:
        sentence = f"The score of what both sides measured changed by {actual}; it may fall by {LARGEST_DROP}."
        return Condition("no worse", State.NO_GO, asked, actual, sentence, f"score {actual}")
    return Condition("no worse", State.GO, asked, actual, f"The score changed by {actual} against the base.")


def no_less_covered(comparison: Comparison) -> Condition:
    """About as much is measured as in the base."""
    asked, drop = f"at most {LARGEST_COVERAGE_DROP} percentage points lower", 100 * comparison.coverage
    if drop < -LARGEST_COVERAGE_DROP:
        sentence = f"The coverage changed by {signed(drop)} percentage points; it may fall by {LARGEST_COVERAGE_DROP}."
        return Condition("no less covered", State.NO_GO, asked, signed(drop), sentence, "less measured than before")
    return Condition("no less covered", State.GO, asked, signed(drop), "About as much was measured as in the base.")


def signed(difference: Fraction) -> str:
    """A difference with its sign, one decimal: `+1.5`, `−0.9`, `±0.0`; never rounded to nothing."""
    if not difference:
        return "±0.0"
    text = decimal(abs(difference))
    return ("+" if difference > 0 else "−") + ("0.1" if text == "0.0" else text)
