"""Group what is wrong by what has to be fixed: a root cause is one fix, however many findings it makes."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace

from seatrial.domain import (
    Answer,
    Check,
    Confidence,
    Effort,
    Finding,
    Severity,
    Status,
    worst_first,
)
from seatrial.domain.grading import Grade

from .same_fact import SECRET_VALUES


@dataclass(frozen=True, slots=True)
class Cause:
    """
    One thing to fix: the findings that share a root, or a check that failed without findings.

    Findings of history count like those of the tree: a clone of the repository has the commit.
    """

    id: str
    """The findings' root; for a failure without findings the check's id."""
    checks: tuple[Check, ...]
    """What it fails; the one with its worst finding first."""
    findings: tuple[Finding, ...]
    """Worst first, and certain ones before guesses; empty for a plain failure."""
    limits: Severity | None
    """The worst severity that counts for the headline and the gate; None if all is waived or of low confidence."""
    waived: bool = False
    """Whether every finding is."""

    @property
    def check(self) -> Check:
        """The check to name when there is room for one."""
        return self.checks[0]

    @property
    def severity(self) -> Severity:
        """The worst that a finding counts as, waived or not. A guess counts as low."""
        return self.findings[0].counts_as if self.findings else self.check.severity

    @property
    def grade(self) -> Grade:
        """The same for readers, where a guess is a kind of its own."""
        return self.findings[0].grade if self.findings else Grade(self.check.severity.label)

    @property
    def place(self) -> str:
        """The file to work on, from the repository's root: that of the worst finding; empty for a plain failure."""
        first = self.findings[0] if self.findings else None
        return "" if first is None or first.is_nowhere else first.location.repository_path

    @property
    def effort(self) -> Effort:
        """What the fix costs: as much as in the hardest of its checks."""
        return max((check.effort for check in self.checks), key=lambda effort: effort.cost)

    @property
    def summary(self) -> str:
        """One line for people: the rule and where, or the check. Holds no text of the repository but a path."""
        if not self.findings:
            return self.check.id
        more = f" ({len(self.findings)} places)" if len(self.findings) > 1 else ""
        return f"{self.findings[0].rule} at {self.findings[0].location}{more}"


def find(answers: Iterable[Answer], checks: Mapping[str, Check], waived: Collection[str] = ()) -> tuple[Cause, ...]:
    """
    All root causes of some answers, worst first.

    Args:
        answers: of checks that the model knows; others are passed over.
        checks: the model's checks by id.
        waived: fingerprints of waived findings.
    """
    groups: dict[str, list[tuple[Finding, Check]]] = {}
    causes = []
    for answer in answers:
        if (check := checks.get(answer.check)) is None:
            continue
        for finding in answer.findings:
            groups.setdefault(finding.root, []).append((finding, check))
        if failed_plainly(answer):
            causes.append(Cause(check.id, (check,), (), check.severity))
    causes += [_cause(root, group, waived) for root, group in groups.items()]
    return tuple(sorted(causes, key=_worst_first))


def with_shared_causes(answers: Iterable[Answer]) -> tuple[Answer, ...]:
    """The answers; what the secret scan and another check say of the same line has one cause: one change mends both."""
    every = tuple(answers)
    roots = {
        (f.location.path, f.location.line): f.root
        for answer in every
        for f in answer.findings
        if f.rule.startswith("secrets/") and not f.commit
    }
    files = {path: root for (path, _), root in sorted(roots.items(), reverse=True)}
    return tuple(
        replace(a, findings=tuple(_tie(f, roots, files) for f in a.findings)) if a.findings else a for a in every
    )


_ABOUT_FILES = frozenset({"environment/committed-env"})
"""Rules about a file with secrets: the change that mends its first secret mends it."""


def _tie(finding: Finding, roots: Mapping[tuple[str, int], str], files: Mapping[str, str]) -> Finding:
    if finding.rule in _ABOUT_FILES and not finding.cause and finding.location.path in files:
        return replace(finding, cause=files[finding.location.path])
    root = roots.get((finding.location.path, finding.location.line))
    alone = finding.rule not in SECRET_VALUES or finding.cause or root is None
    return finding if alone else replace(finding, cause=str(root))


def failed_plainly(answer: Answer) -> bool:
    """Whether the check failed as such, without findings. A flaky one did: for the gate it is a failure."""
    return answer.status in (Status.FAIL, Status.FLAKY) and not answer.findings


def _cause(root: str, group: list[tuple[Finding, Check]], waived: Collection[str]) -> Cause:
    group = sorted(group, key=lambda pair: (*worst_first(pair[0]), pair[0].rule, pair[0].location, pair[1].id))
    findings = tuple(dict.fromkeys(finding for finding, _ in group))
    counting = [f for f in findings if f.fingerprint not in waived]
    return Cause(
        id=root,
        checks=tuple({check.id: check for _, check in group}.values()),
        findings=findings,
        limits=max((f.severity for f in counting if f.confidence is not Confidence.LOW), default=None),
        waived=not counting,
    )


def _worst_first(cause: Cause) -> tuple[object, ...]:
    place = cause.findings[0].location if cause.findings else None
    return (-(cause.limits or 0), -cause.severity, cause.grade is Grade.GUESS, cause.check.id, str(place), cause.id)
