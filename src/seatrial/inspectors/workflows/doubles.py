"""
Two tools on one fact: the stronger verdict stays, and only what says the same thing is dropped.

The pairs are read from both tools' documentation (https://docs.zizmor.sh/audits/). Two findings are one if their rules
are a pair and they are at most one line apart in one file; each finding stands for one of the other tool's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from seatrial.domain import Confidence, Finding, Severity

SAME: Mapping[str, str] = {
    "workflow/injection": "zizmor/template-injection",
    "workflow/self-hosted": "zizmor/self-hosted-runner",
    "workflow/unsecure-commands": "zizmor/insecure-commands",
    "workflow/unpinned": "zizmor/unpinned-uses",
}
"""Our rule, and zizmor's audit of the same fact."""
_SURE = (Confidence.LOW, Confidence.HIGH, Confidence.CONFIRMED)


def without(
    ours: Sequence[tuple[str, Finding]], theirs: Sequence[Finding]
) -> tuple[list[tuple[str, Finding]], tuple[Finding, ...]]:
    """
    Both tools' findings, each fact once.

    Args:
        ours: check and finding.
        theirs: zizmor's.
    """
    left = list(theirs)
    kept: list[tuple[str, Finding]] = []
    replaced: list[Finding] = []
    for check, finding in ours:
        other = _same(finding, left)
        if other is None:
            kept.append((check, finding))
            continue
        left.remove(other)
        if _strength(finding) > _strength(other):
            kept.append((check, _joined(finding, other)))
        else:
            replaced.append(_joined(other, finding))
    return kept, (*replaced, *map(_graded, left))


def _same(finding: Finding, theirs: Sequence[Finding]) -> Finding | None:
    """The nearest finding of the other tool about the same fact."""
    rule = SAME.get(finding.rule)
    near = [
        f for f in theirs
        if f.rule == rule and f.location.path == finding.location.path
        and abs(f.location.line - finding.location.line) <= 1
    ]  # fmt: skip
    return min(near, key=lambda f: abs(f.location.line - finding.location.line), default=None)


def _strength(finding: Finding) -> tuple[Severity, Severity, int]:
    return finding.counts_as, finding.severity, _SURE.index(finding.confidence)


def _joined(stronger: Finding, other: Finding) -> Finding:
    """The stronger finding with what the other adds: confidence, places."""
    confidence = max(stronger.confidence, other.confidence, key=_SURE.index)
    places = dict.fromkeys((*stronger.related, other.location, *other.related))
    places.pop(stronger.location, None)
    return replace(stronger, confidence=confidence, related=tuple(places)[:5])


def _graded(theirs: Finding) -> Finding:
    """
    An injection that our own rule does not see is one of a value that only maintainers choose: zizmor says "may".

    It stays a flaw, and is no reason to stop a merge.
    """
    if theirs.rule != "zizmor/template-injection" or theirs.severity is not Severity.HIGH:
        return theirs
    return replace(theirs, severity=Severity.MEDIUM)
