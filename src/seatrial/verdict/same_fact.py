"""
One fact that several inspectors report is one finding: the stronger one, in the answer of each of their checks.

Each check still fails, because each question has the answer no. The report lists the finding once, and counts it as
one root cause. Only rules about the same thing are joined: the secret scan reports a literal secret in a line, and so
do rules about how programs get secrets.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from seatrial.domain import Answer, Confidence, Finding, Location, Status

SECRET_VALUES = frozenset(
    {"compose/plain-secret", "compose/secret-in-url", "compose/secret-in-command", "dockerfile/secret"}
    | {"environment/default-password", "environment/weak-key", "environment/shared-secret", "kubernetes/plain-secret"}
    | {"bandit/B105", "bandit/B106", "bandit/B107", "zizmor/hardcoded-container-credentials"}
)
"""Rules besides the secret scan's about a literal secret at a place."""
_SCAN = "secrets"
_FAR = 10_000
"""The distance of a line from the next: columns matter only within a line."""
_WIDE = 200
"""Columns between a name and its value; farther apart they are about different things."""
_LONG = 30
"""Lines of one call or instruction that are looked at."""
_CROWD = 60
"""Findings of one line, as minified or hostile files have them; of more it is unknown which belong together."""
_PLACES = 20


@dataclass(frozen=True, slots=True)
class _Twin:
    """A pair of findings about one fact, of two families."""

    distance: int
    one: int
    """By their places in the list of all."""
    other: int


def joined(answers: Iterable[Answer]) -> tuple[Answer, ...]:
    """The answers, with one finding for each fact that several families of rules report."""
    every = tuple(answers)
    instead = _instead(f for answer in every for f in answer.findings)
    return tuple(_with(answer, instead) for answer in every) if instead else every


def once(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Findings of several inspectors with each fact once."""
    every = tuple(findings)
    return _exchanged(every, _instead(every))


def apart(findings: Iterable[Finding]) -> Iterator[Finding]:
    """The findings as the inspectors report them: what was joined comes apart again."""
    for finding in findings:
        yield from finding.joined or (finding,)


def own(findings: Iterable[Finding], families: Collection[str]) -> Iterator[Finding]:
    """The findings as one inspector reports them: of what is joined, its own part."""
    for finding in findings:
        yield from (f for f in finding.joined if _family(f) in families) if finding.joined else (finding,)


def with_findings(answer: Answer, findings: tuple[Finding, ...]) -> Answer:
    """The answer with other findings about the same facts; a value that follows from them does so afterwards."""
    made = answer.status is Status.FAIL and answer.value == answer.basis.value(answer.findings)
    return replace(answer, findings=findings, value=answer.basis.value(findings) if made else answer.value)


def may_be_shared(rule: str) -> bool:
    """Whether several checks can list one finding of a rule."""
    return rule.startswith(f"{_SCAN}/") or rule in SECRET_VALUES


def _instead(findings: Iterable[Finding]) -> dict[Finding, Finding]:
    """By finding: the one that is listed for the fact that several families of rules report."""
    instead = dict[Finding, Finding]()
    for group in _groups([f for f in findings if _is_about_a_secret(f)]):
        if len(group) > 1:
            instead.update(dict.fromkeys(group, _whole(group)))
    return instead


def _exchanged(findings: Iterable[Finding], instead: dict[Finding, Finding]) -> tuple[Finding, ...]:
    return tuple(dict.fromkeys(instead.get(finding, finding) for finding in findings))


def _is_about_a_secret(finding: Finding) -> bool:
    return not finding.commit and may_be_shared(finding.rule)


def _family(finding: Finding) -> str:
    return finding.rule.partition("/")[0]


def _groups(found: Sequence[Finding]) -> Iterator[list[Finding]]:
    """Findings about one value each: the nearest of each family, and at most one of each."""
    by_path: dict[str, list[int]] = {}
    for number, finding in enumerate(found):
        by_path.setdefault(finding.location.path, []).append(number)
    for numbers in by_path.values():
        yield from _groups_of_file(found, numbers)


def _groups_of_file(found: Sequence[Finding], numbers: Sequence[int]) -> Iterator[list[Finding]]:
    by_line: dict[int, list[int]] = {}
    for number in numbers:
        by_line.setdefault(found[number].location.line, []).append(number)
    crowded = {line for line, members in by_line.items() if len(members) > _CROWD}
    twins = {
        (one, other): _Twin(distance, one, other)
        for one in numbers
        for line in range(found[one].location.line, min(_last(found[one]), found[one].location.line + _LONG) + 1)
        if line not in crowded
        for other in by_line.get(line, ())
        if one != other
        and _family(found[one]) != _family(found[other])
        and (distance := _distance(found[one].location, found[other].location)) is not None
    }
    group = {number: [number] for number in numbers}
    for twin in sorted(twins.values(), key=lambda t: (t.distance, t.one, t.other)):
        one, other = group[twin.one], group[twin.other]
        if one is not other and {_family(found[n]) for n in one}.isdisjoint(_family(found[n]) for n in other):
            one += other
            group.update(dict.fromkeys(other, one))
    for members in {id(members): members for members in group.values()}.values():
        yield [found[number] for number in sorted(members)]


def _last(finding: Finding) -> int:
    return max(finding.location.line, finding.location.end_line)


def _distance(one: Location, other: Location) -> int | None:
    """How far the other begins behind the one: a key comes before its value, a call before its argument."""
    if other.line > one.line:
        return (other.line - one.line) * _FAR + other.column
    behind = other.column - one.column
    return behind if 0 <= behind <= _WIDE else None


def _strength(finding: Finding) -> tuple[object, ...]:
    certain = finding.confidence is not Confidence.LOW
    return finding.counts_as, certain, finding.severity, _family(finding) == _SCAN


def _whole(group: Sequence[Finding]) -> Finding:
    """The strongest, with the rules, places and remedies of the others."""
    first = max(group, key=_strength)
    others = [finding for finding in group if finding is not first]
    rules = ", ".join(dict.fromkeys(finding.rule for finding in others))
    places = dict.fromkeys((*first.related, *(at for f in others for at in (f.location, *f.related))))
    places.pop(first.location, None)
    same_line = {at for at in places if (at.path, at.line) == (first.location.path, first.location.line)}
    remedies = dict.fromkeys(f.remedy for f in (first, *others) if f.remedy and not f.rule.startswith("bandit/"))
    of_the_value = next((f.cause for f in group if _family(f) == _SCAN), first.cause)
    return replace(
        first,
        cause=of_the_value,
        message=f"{first.message} (also {rules})",
        related=tuple(at for at in places if at not in same_line)[:_PLACES],
        remedy="\n".join(remedies) or first.remedy,
        about=tuple(dict.fromkeys(key for finding in group for key in finding.about)),
        joined=tuple(group),
    )


def _with(answer: Answer, instead: dict[Finding, Finding]) -> Answer:
    if not any(finding in instead for finding in answer.findings):
        return answer
    return with_findings(answer, _exchanged(answer.findings, instead))
