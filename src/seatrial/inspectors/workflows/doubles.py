"""
Several tools on one fact: the stronger verdict stays, and only what says the same thing is dropped.

The pairs are read from the tools' documentation (https://docs.zizmor.sh/audits/ and actionlint's docs/checks.md). Two
findings are one if their rules are a pair and they are about one place; each replaces one of the other tool's.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from seatrial.domain import Confidence, Finding, Severity
from seatrial.text import lines

from .expression import ExpressionError, parse
from .untrusted import chosen_by_maintainers
from .values import sources


@dataclass(frozen=True, slots=True)
class AuditPair:
    """zizmor's audit of the fact that a rule of ours is about."""

    audit: str
    below: int = 0
    """Lines that our place may be below zizmor's, which is the start of the block."""
    above: int = 0
    """Lines that it may be above, as an expression may begin lines before what it holds."""


PAIRS: Mapping[str, AuditPair] = {
    "workflow/injection": AuditPair("zizmor/template-injection", above=3),
    "workflow/self-hosted": AuditPair("zizmor/self-hosted-runner", below=1, above=1),
    "workflow/unsecure-commands": AuditPair("zizmor/insecure-commands", below=30),
    "workflow/unpinned": AuditPair("zizmor/unpinned-uses"),
    "workflow/artifact-poisoning": AuditPair("zizmor/github-env", below=30),
    "workflow/expression": AuditPair("zizmor/unsound-condition"),
}
"""By our rule."""
KINDS: Mapping[str, frozenset[str]] = {
    "syntax-check": frozenset({"workflow/syntax", "workflow/events", "workflow/permissions", "workflow/uses"}),
    "expression": frozenset({"workflow/expression", "workflow/injection", "zizmor/template-injection"}),
    "if-cond": frozenset({"workflow/expression", "zizmor/unsound-condition"}),
    "events": frozenset({"workflow/events"}),
    "glob": frozenset({"workflow/events"}),
    "job-needs": frozenset({"workflow/needs"}),
    "id": frozenset({"workflow/needs"}),
    "action": frozenset({"workflow/uses"}),
    "workflow-call": frozenset({"workflow/uses", "workflow/syntax"}),
    "runner-label": frozenset({"workflow/runner"}),
    "shell-name": frozenset({"workflow/runner"}),
    "permissions": frozenset({"workflow/permissions"}),
    "deprecated-commands": frozenset({"workflow/deprecated-command"}),
}
"""By actionlint's kind of rule: rules of ours and of zizmor about the same fact."""
_SURE = (Confidence.LOW, Confidence.HIGH, Confidence.CONFIRMED)
_REFERENCE = re.compile(r"[A-Za-z_][\w-]*(?:\.[\w*-]+|\[(?:'[^']*'|\d+|\*)\])*")


def without(
    ours: Sequence[tuple[str, Finding]], theirs: Sequence[Finding], texts: Mapping[str, str] | None = None
) -> tuple[list[tuple[str, Finding]], tuple[Finding, ...]]:
    """
    Our findings and zizmor's, each fact once.

    Args:
        ours: check and finding.
        theirs: zizmor's.
        texts: by path, to see which value an injection is about.
    """
    left = list(theirs)
    partners: dict[int, Finding] = {}
    for exact in (True, False):
        for index, (_, finding) in enumerate(ours):
            other = None if index in partners else _same(finding, left, exact=exact)
            if other is not None:
                left.remove(other)
                partners[index] = other
    kept: list[tuple[str, Finding]] = []
    replaced: list[Finding] = []
    for index, (check, finding) in enumerate(ours):
        other = partners.get(index)
        if other is None:
            kept.append((check, finding))
        elif _strength(finding) > _strength(other):
            kept.append((check, _joined(finding, other)))
        else:
            replaced.append(_joined(other, finding))
    return kept, (*replaced, *(_graded(finding, texts or {}) for finding in left))


def without_actionlint(theirs: Iterable[Finding], said: Iterable[Finding]) -> tuple[Finding, ...]:
    """actionlint's findings but for those that another finding on the same line says already, as strongly."""
    known: dict[tuple[str, int], list[Finding]] = {}
    for finding in said:
        known.setdefault((finding.location.path, finding.location.line), []).append(finding)
    return tuple(f for f in theirs if not _said(f, known.get((f.location.path, f.location.line), [])))


def _said(finding: Finding, others: Sequence[Finding]) -> bool:
    rules = KINDS.get(finding.rule.rpartition("/")[2], frozenset())
    return any(other.rule in rules and other.counts_as >= finding.counts_as for other in others)


def _same(finding: Finding, theirs: Sequence[Finding], *, exact: bool) -> Finding | None:
    """The nearest finding of zizmor about the same fact: on the same line, or where the block begins."""
    pair = PAIRS.get(finding.rule)
    if pair is None:
        return None
    near = [
        other for other in theirs
        if other.rule == pair.audit and other.location.path == finding.location.path
        and (0 if exact else -pair.above) <= finding.location.line - other.location.line <= (0 if exact else pair.below)
    ]  # fmt: skip
    return min(near, key=lambda other: _distance(finding, other), default=None)


def _distance(one: Finding, other: Finding) -> tuple[int, int]:
    return abs(one.location.line - other.location.line), abs(one.location.column - other.location.column)


def _strength(finding: Finding) -> tuple[Severity, Severity, int]:
    return finding.counts_as, finding.severity, _SURE.index(finding.confidence)


def _joined(stronger: Finding, other: Finding) -> Finding:
    """The stronger finding with what the other adds: confidence, places."""
    confidence = max(stronger.confidence, other.confidence, key=_SURE.index)
    places = dict.fromkeys((*stronger.related, other.location, *other.related))
    places.pop(stronger.location, None)
    return replace(stronger, confidence=confidence, related=tuple(places)[:5])


def _graded(theirs: Finding, texts: Mapping[str, str]) -> Finding:
    """
    An injection does not stop a merge if its value comes from maintainers or holds no free text.

    zizmor says "may" of every value that is not constant. It stays a flaw: the next author copies the pattern.
    """
    if theirs.rule != "zizmor/template-injection" or theirs.severity is not Severity.HIGH:
        return theirs
    rows = lines.split(texts.get(theirs.location.path, ""))
    row = rows[theirs.location.line - 1] if theirs.location.line <= len(rows) else ""
    match = _REFERENCE.match(row, max(0, theirs.location.column - 1))
    if match is None:
        return theirs
    try:
        found = list(sources(parse(match[0])))
    except ExpressionError:
        return theirs
    known = all(chosen_by_maintainers(str(source.reference)) for source in found)
    return replace(theirs, severity=Severity.MEDIUM) if known else theirs
