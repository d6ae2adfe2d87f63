"""
Annotations: what is wrong, at its line in the changed files.

The runner keeps ten of each kind for a step. So the worst come first, each root cause once, and the last counts the
rest. What the change brought in comes before what was there.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from seatrial.domain import Confidence, Finding, Severity
from seatrial.report import Outcome, explained
from seatrial.report.text import printable
from seatrial.text.lines import split
from seatrial.text.wording import counted
from seatrial.verdict.causes import Cause

from .commands import NOWHERE, AnnotationLevel, AnnotationPlace, annotation

PER_KIND = 10
"""Of each kind for one step; the runner drops the others (ExecutionContext.cs)."""
_MESSAGE = 1200  # characters; the page shows a few lines

_REMEDY = 15  # lines

_LINE = re.compile(r"(?P<path>[^:\n]{1,1000}):(?P<line>\d{1,9})(?::(?P<column>\d{1,9}))?: ")

_KINDS = (AnnotationLevel.NOTICE, AnnotationLevel.WARNING, AnnotationLevel.ERROR)
_KIND = {Severity.CRITICAL: 2, Severity.HIGH: 2, Severity.MEDIUM: 1, Severity.LOW: 0}


@dataclass(frozen=True, slots=True)
class Annotation:
    """One thing to say about a place, or about the run as a whole."""

    kind: AnnotationLevel
    title: str
    message: str
    place: AnnotationPlace = NOWHERE

    def __str__(self) -> str:
        return annotation(self.kind, self.message, title=self.title, place=self.place)


def of_outcome(outcome: Outcome, *, folder: str = "") -> tuple[str, ...]:
    """
    The workflow commands.

    Args:
        outcome: the run.
        folder: the surveyed directory's path in the workspace; empty for the workspace itself.
    """
    made = [*_verdict(outcome), *of_causes(outcome, folder=folder)]
    return tuple(str(one) for kind in AnnotationLevel for one in _bounded(kind, [a for a in made if a.kind is kind]))


def of_causes(outcome: Outcome, *, folder: str = "") -> Iterator[Annotation]:
    """One for each root cause with a finding: those with news first, then the worst."""
    return (_of(cause, outcome, folder) for cause in _ordered(outcome))


def of_error(message: str, remedy: str = "", *, workspace: str = "") -> str:
    """What ended a run before there was a verdict; at its line, if the message begins with `path:line:column: `."""
    text = printable(message, limit=_MESSAGE) + (f" ({printable(remedy, limit=300)})" if remedy else "")
    found = _LINE.match(message)
    if found is None:
        return annotation(AnnotationLevel.ERROR, text, title="Seatrial")
    path = found["path"].removeprefix(f"{workspace.rstrip('/')}/") if workspace else found["path"]
    place = AnnotationPlace(printable(path), int(found["line"]), column=int(found["column"] or 0))
    return annotation(AnnotationLevel.ERROR, text, title="Seatrial", place=place)


def _bounded(kind: AnnotationLevel, made: list[Annotation]) -> Iterable[Annotation]:
    if len(made) <= PER_KIND:
        return made
    left = len(made) - PER_KIND + 1
    rest = Annotation(kind, "Seatrial", f"{counted(left, f'more {kind}')} in the job's summary and in report.json")
    return [*made[: PER_KIND - 1], rest]


def _verdict(outcome: Outcome) -> Iterator[Annotation]:
    """Why the gate is not open, in one annotation without a file."""
    if outcome.verdict.passed:
        return
    reasons = " ".join(printable(reason, limit=400) for reason in outcome.verdict.reasons)
    kind = AnnotationLevel.ERROR if outcome.verdict.enforced else AnnotationLevel.WARNING
    score = f": {explained.number(outcome)}" if outcome.score.headline is not None else ""
    word = outcome.verdict.decision.value.lower()
    yield Annotation(kind, f"Seatrial: gate {word}{score}", printable(reasons, limit=_MESSAGE))


def _ordered(outcome: Outcome) -> list[Cause]:
    """Root causes with a finding: those with news first, then the worst."""
    causes = [cause for cause in outcome.causes if cause.findings]
    comparison = outcome.comparison
    if comparison is None:
        return causes
    return sorted(causes, key=lambda cause: not comparison.introduced(cause.findings))


def _of(cause: Cause, outcome: Outcome, folder: str) -> Annotation:
    finding = _shown(cause, outcome)
    level = _KIND[finding.severity] - (finding.confidence is Confidence.LOW)
    kind = AnnotationLevel.NOTICE if cause.waived else _KINDS[max(0, level)]
    return Annotation(kind, _title(finding, cause), _message(finding, cause), _place(finding, folder))


def _shown(cause: Cause, outcome: Outcome) -> Finding:
    """The finding that represents its cause: one that the change brought in, else the worst."""
    new = outcome.comparison.introduced(cause.findings) if outcome.comparison is not None else ()
    return (new or cause.findings)[0]


def _title(finding: Finding, cause: Cause) -> str:
    waived = " (waived)" if cause.waived else ""
    return printable(f"{finding.grade}: {finding.rule}{waived}", limit=200)


def _message(finding: Finding, cause: Cause) -> str:
    parts = [printable(finding.message, limit=_MESSAGE)]
    if finding.commit:
        parts.append(f"In commit {printable(finding.commit, limit=12)}.")
    if remedy := split(finding.remedy.strip()):
        lines = [printable(line, limit=300) for line in remedy[:_REMEDY]]
        parts.append("\n".join(["Remedy:", *lines]) if len(lines) > 1 else f"Remedy: {lines[0]}")
    if len(cause.findings) > 1:
        parts.append(f"The same cause shows in {counted(len(cause.findings) - 1, 'more place')}.")
    return "\n".join(parts)


def _place(finding: Finding, folder: str) -> AnnotationPlace:
    """The place in the tree; a finding in an old commit has none there."""
    if finding.commit:
        return NOWHERE
    at = finding.location
    path = printable(f"{folder}/{at.path}" if folder else at.path)
    return AnnotationPlace(path, at.line, at.end_line, at.column, at.end_column)
