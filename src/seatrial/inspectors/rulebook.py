"""What becomes of the findings of rules: answers of checks, whose fault they are, and comments that allow them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

from seatrial.domain import Answer, Confidence, Finding, Location, Severity
from seatrial.domain.grading import GradedSubject, SubjectPlace, SubjectRole, WeightedShare, keys
from seatrial.system.source import Tree
from seatrial.text.lines import split
from seatrial.text.wording import counted
from seatrial.verdict import catalogue


def found(
    rule: str,
    severity: Severity,
    at: Location,
    message: str,
    remedy: str = "",
    *,
    confidence: Confidence = Confidence.HIGH,
    subject: str = "",
    anchor: str = "",
    related: Sequence[Location] = (),
) -> Finding:
    """
    A finding of a rule.

    Args:
        rule: its id.
        severity: of this one.
        at: where.
        message: one sentence, without a secret.
        remedy: what to do.
        confidence: how sure it is.
        subject: the thing inside the file.
        anchor: what identifies it; the message if it is not said.
        related: other places.
    """
    return Finding(
        rule=rule,
        severity=severity,
        confidence=confidence,
        message=message,
        location=at,
        remedy=remedy,
        subject=subject,
        anchor=anchor or f"{subject} {message}".strip(),
        related=tuple(related),
    )


def answers(
    checks: Iterable[str],
    findings: Iterable[tuple[str, Finding]],
    *,
    share: Fraction = Fraction(1),
    evidence: str = "",
    notes: Iterable[str] = (),
) -> Iterator[Answer]:
    """
    An answer for each check, from findings with the check that each belongs to.

    Args:
        checks: all of them, in order.
        findings: check and finding.
        share: how much of what there is was looked at.
        evidence: what was looked at.
        notes: of the first check.
    """
    by_check: dict[str, list[Finding]] = {check: [] for check in checks}
    for check, finding in findings:
        by_check[check].append(finding)
    said = tuple(notes)
    for check, found_ in by_check.items():
        yield Answer.of_findings(check, found_, share=share, evidence=evidence, notes=said)
        said = ()


def names_of(finding: Finding) -> tuple[str, ...]:
    """What a finding says it is about: one name, or several with commas."""
    return tuple(name for name in finding.subject.split(", ") if name)


def whole_file(finding: Finding) -> tuple[str, ...]:
    """No name: for a check that is about files as a whole."""
    del finding
    return ()


def attributed(
    findings: Iterable[Finding],
    subjects: Sequence[GradedSubject],
    *,
    spreads: bool = False,
    names: Callable[[Finding], tuple[str, ...]] = names_of,
) -> list[Finding]:
    """
    The findings, each with the subjects that it makes wrong: those that it names, in the files that it names.

    Args:
        findings: of rules.
        subjects: everything that was judged.
        spreads: whether what is wrong with a file holds for every subject in it.
        names: the names of the subjects that a finding is about.
    """
    by_name: dict[str, list[GradedSubject]] = {}
    for subject in subjects:
        by_name.setdefault(subject.name, []).append(subject)
        if subject.path != subject.name:
            by_name.setdefault(f"{_FILE}{subject.path}", []).append(subject)

    def about(finding: Finding) -> tuple[str, ...]:
        named = names(finding)
        paths = tuple(dict.fromkeys((finding.location.path, *(at.path for at in finding.related))))
        near = [s for name in named for s in by_name.get(name, ())]
        near += [s for path in paths for s in (*by_name.get(path, ()), *by_name.get(f"{_FILE}{path}", ()))]
        return keys(SubjectPlace(named, paths), near, spreads=spreads)

    return [replace(finding, about=about(finding)) for finding in findings]


_FILE = "\0"
"""Before a path in an index of names; no name begins so."""


def of_files(judged: Iterable[str], *, one: str, many: str = "") -> WeightedShare:
    """A share whose subjects are files."""
    return WeightedShare(tuple(GradedSubject(path, path) for path in dict.fromkeys(judged)), one, many)


def role_weight(role: SubjectRole) -> int:
    """What a subject of a role weighs in the current model."""
    return catalogue.load().roles[role]


_ALLOW = re.compile(
    r"seatrial:\s*allow\b(?![-\w])[ \t]*(?P<rules>(?:(?!\bbecause\b)[\w./, -])*)(?:\bbecause\b(?P<reason>.{0,500}))?",
    re.IGNORECASE,
)
_ABOVE = 100
"""Comment lines above a finding that are looked at: there may be a finding on each line of a comment, too."""
_SHORTEST_REASON = 10
"""Letters and digits of a reason that says something."""


def without_allowed(
    tree: Tree, findings: Iterable[tuple[str, Finding]]
) -> tuple[list[tuple[str, Finding]], tuple[str, ...]]:
    """
    The findings but for those that a comment allows, and a note that counts these.

    `# seatrial: allow` on the line, or on a comment line right above it, allows everything there; with names of rules
    only those. What is critical, or answers a required check, needs `# seatrial: allow RULE because REASON`.

    Args:
        tree: where the files are.
        findings: each with the check that it answers.
    """
    kept, silenced, comments = list[tuple[str, Finding]](), 0, dict[str, _Comments]()
    for check, finding in findings:
        path = finding.location.path
        if path not in comments:
            try:
                comments[path] = _Comments(split(tree.text(path) or ""))
            except OSError:
                comments[path] = _Comments(())
        reasoned = needs_reason(finding.severity, check)
        if comments[path].about(finding.location.line).allow(finding.rule, reasoned=reasoned):
            silenced += 1
        else:
            kept.append((check, finding))
    return kept, (f"{counted(silenced, 'finding')} allowed by a comment",) if silenced else ()


@dataclass(slots=True)
class _Allowed:
    """What one or several of our comments allow."""

    bare: bool = False
    """Whether one names no rule."""
    names: dict[str, int] = field(default_factory=dict)
    """Each name with the letters and digits of the longest reason that is given for it."""

    def add(self, line: str) -> None:
        """The comments of one more line."""
        for match in _ALLOW.finditer(line):
            names = {name.strip("./-") for name in match["rules"].replace(",", " ").split()} - {""}
            self.bare |= not names
            reason = sum(map(str.isalnum, match["reason"] or ""))
            for name in names:
                self.names[name] = max(reason, self.names.get(name, 0))

    def allow(self, rule: str, *, reasoned: bool) -> bool:
        """As for `allows`."""
        best = max(self.names.get(rule, -1), self.names.get(rule.partition("/")[2], -1))
        return best >= _SHORTEST_REASON if reasoned else best >= 0 or self.bare


class _Comments:
    """Our comments in a file. Each line is read once: a long one may hold thousands of findings."""

    def __init__(self, lines: Sequence[str]) -> None:
        self._lines = lines
        self._known: dict[int, _Allowed] = {}

    def about(self, number: int) -> _Allowed:
        """What is allowed on a line (from 1), by it and by the comment lines right above it."""
        if number not in self._known:
            at = number - 1
            found = self._known[number] = _Allowed()
            if at < len(self._lines):
                found.add(self._lines[at])
            end = max(0, at - _ABOVE)
            while end < at <= len(self._lines) and self._lines[at - 1].lstrip().startswith("#"):
                at -= 1
                found.add(self._lines[at])
        return self._known[number]


def allowed_of(tree: Tree, check: str, findings: Iterable[Finding]) -> tuple[list[Finding], tuple[str, ...]]:
    """The same for findings of one check."""
    kept, notes = without_allowed(tree, ((check, finding) for finding in findings))
    return [finding for _, finding in kept], notes


def needs_reason(severity: Severity, check: str) -> bool:
    """
    Whether a bare comment does not allow a finding: it is critical, or its check is required.

    Args:
        severity: of the finding.
        check: the id of the check that it answers.

    Raises:
        KeyError: the catalogue has no such check.
    """
    return severity is Severity.CRITICAL or catalogue.load().by_id[check].required


def allows(line: str, rule: str, *, reasoned: bool = False) -> bool:
    """
    Whether one of our comments in a line allows a rule: it names the rule, or it says nothing after `allow`.

    Args:
        line: with the comment.
        rule: `family/name`; the comment may leave out the family.
        reasoned: whether the comment has to name the rule, and to give a reason after `because`.
    """
    found = _Allowed()
    found.add(line)
    return found.allow(rule, reasoned=reasoned)
