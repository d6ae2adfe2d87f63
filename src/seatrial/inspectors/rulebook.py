"""
What the rules of several inspectors share: a rule is a module whose docstring is its page, and answers one check
together with others.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Protocol, TypeVar

from seatrial import catalogue
from seatrial.domain import Confidence, Finding, Location, Severity
from seatrial.grading import Judged, Place, Role, Share, keys
from seatrial.inspectors.example_paths import is_example_path
from seatrial.lines import split
from seatrial.source import Tree
from seatrial.wording import counted

F = TypeVar("F")
S_contra = TypeVar("S_contra", contravariant=True)


class Rule(Protocol[S_contra]):
    """One question about a subject: a Dockerfile, a workflow, a repository."""

    ID: str
    CHECK: str
    """The check that it answers, with others."""
    SEVERITY: Severity
    """Of an ordinary finding."""

    def check(self, subject: S_contra, /) -> Iterator[Finding]:
        """What is wrong."""
        ...


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


def names_of(finding: Finding) -> tuple[str, ...]:
    """What a finding says it is about: one name, or several with commas."""
    return tuple(name for name in finding.subject.split(", ") if name)


def whole_file(finding: Finding) -> tuple[str, ...]:
    """No name: for a check that is about files as a whole."""
    del finding
    return ()


def attributed(
    findings: Iterable[Finding],
    subjects: Sequence[Judged],
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
    by_name: dict[str, list[Judged]] = {}
    for subject in subjects:
        by_name.setdefault(subject.name, []).append(subject)
        if subject.path != subject.name:
            by_name.setdefault(f"{_FILE}{subject.path}", []).append(subject)

    def about(finding: Finding) -> tuple[str, ...]:
        named = names(finding)
        paths = tuple(dict.fromkeys((finding.location.path, *(at.path for at in finding.related))))
        near = [s for name in named for s in by_name.get(name, ())]
        near += [s for path in paths for s in (*by_name.get(path, ()), *by_name.get(f"{_FILE}{path}", ()))]
        return keys(Place(named, paths), near, spreads=spreads)

    return [replace(finding, about=about(finding)) for finding in findings]


_FILE = "\0"
"""Before a path in an index of names; no name begins so."""


def of_files(judged: Iterable[str], *, one: str, many: str = "") -> Share:
    """A share whose subjects are files."""
    return Share(tuple(Judged(path, path) for path in dict.fromkeys(judged)), one, many)


def role_weight(role: Role) -> int:
    """What a subject of a role weighs in the current model."""
    return catalogue.load().roles[role]


def in_tests(finding: Finding) -> Finding:
    """What is wrong in tests, documentation and examples is worth less attention, and caps nothing."""
    return replace(finding, confidence=Confidence.LOW) if is_example_path(finding.location.path) else finding


_ALLOW = re.compile(
    r"seatrial:\s*allow\b(?![-\w])[ \t]*(?P<rules>(?:(?!\bbecause\b)[\w./, -])*)(?:\bbecause\b(?P<reason>.{0,500}))?",
    re.IGNORECASE,
)
_SHORTEST_REASON = 10
"""Letters and digits of a reason that says something."""


def without_allowed(tree: Tree, findings: Iterable[F], of: Callable[[F], Finding]) -> tuple[list[F], tuple[str, ...]]:
    """
    The findings but for those that a comment allows, and a note that counts these.

    `# seatrial: allow` on the line, or on a comment line right above it, allows everything there; with names of rules
    only those. What is critical, or answers a required check, needs `# seatrial: allow RULE because REASON`.

    Args:
        tree: where the files are.
        findings: findings, or something that has one.
        of: the finding of one.
    """
    kept, silenced, lines = [], 0, dict[str, list[str]]()
    for one in findings:
        finding = of(one)
        path = finding.location.path
        if path not in lines:
            try:
                lines[path] = split(tree.text(path) or "")
            except OSError:
                lines[path] = []
        if _allowed(lines[path], finding):
            silenced += 1
        else:
            kept.append(one)
    return kept, (f"{counted(silenced, 'finding')} allowed by a comment",) if silenced else ()


def _allowed(lines: Sequence[str], finding: Finding) -> bool:
    at = finding.location.line - 1
    near = [lines[at]] if at < len(lines) else []
    above = at - 1
    while 0 <= above < len(lines) and lines[above].lstrip().startswith("#"):
        near.append(lines[above])
        above -= 1
    return any(allows(line, finding.rule, reasoned=needs_reason(finding)) for line in near)


def needs_reason(finding: Finding) -> bool:
    """Whether a bare comment does not allow a finding: it is critical, or its check is required."""
    check = catalogue.load().by_id.get(finding.rule)
    return finding.severity is Severity.CRITICAL or (check is not None and check.required)


def allows(line: str, rule: str, *, reasoned: bool = False) -> bool:
    """
    Whether one of our comments in a line allows a rule: it names the rule, or it says nothing after `allow`.

    Args:
        line: with the comment.
        rule: `family/name`; the comment may leave out the family.
        reasoned: whether the comment has to name the rule, and to give a reason after `because`.
    """
    for match in _ALLOW.finditer(line):
        names = {name.strip("./-") for name in match["rules"].replace(",", " ").split()} - {""}
        named = bool(names & {rule, rule.partition("/")[2]})
        reason = sum(map(str.isalnum, match["reason"] or ""))
        if (named and reason >= _SHORTEST_REASON) if reasoned else (named or not names):
            return True
    return False


def pages(rules: Iterable[Any]) -> Mapping[str, str]:
    """Markdown by rule id, from the modules' docstrings."""
    return {rule.ID: page(rule.ID, rule.__doc__ or "", rule.SEVERITY.label) for rule in rules}


def page(rule: str, doc: str, severity: str) -> str:
    """
    A rule's page.

    Args:
        rule: its id.
        doc: the docstring: title, text, and a last line that names the source.
        severity: of an ordinary finding, for people.
    """
    title, _, body = doc.strip().partition("\n")
    text, _, source = body.strip().rpartition("\n")
    return f"# {rule}: {title.removesuffix('.')}\n\n{text.strip()}\n\nSeverity: {severity}\n\n{source}\n"
