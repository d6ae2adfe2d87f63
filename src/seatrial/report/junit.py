"""
junit.xml, through the junit-xml package: one suite for each category, one case for each check.

A check that passed is a passed case, so that a reader sees what was asked. Valid against the schema of Jenkins'
xUnit plugin; properties carry what JUnit has no word for.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import accumulate
from typing import assert_never

from junit_xml import TestCase, TestSuite, to_xml_report_string

from seatrial.domain import Finding, Severity, Status
from seatrial.domain.grading import Grade
from seatrial.domain.measured import Experiment, ExperimentResult
from seatrial.text.wording import counted
from seatrial.verdict.score import CategoryScore, CheckScore, decimal, percent

from .outcome import Outcome
from .text import printable, printable_block

TEXT_LIMIT = 64 * 1024
"""Bytes of text in one case, facts and findings together; servers refuse or hide more."""
TOTAL_LIMIT = 8 * 1024 * 1024
"""Bytes of text in the whole file: with so many cases that it would be more, each gets its share."""
FINDING_LIMIT = 4 * 1024
"""Bytes of one finding: a huge one leaves room for others."""
_FACTS_SHARE = 4  # one part in so many of a case's text is for what was looked at
_LONG_TIME = re.compile(r'(<test(?:case|suites?) [^>]*\btime="\d+\.\d{3})\d+')
"""junit-xml writes six digits of a second; Jenkins' schema takes three. No attribute holds a bare `>`."""
_LINE_LIMIT = 1024  # bytes
_PATH_LIMIT = 2048  # bytes
_PROPERTY_LIMIT = 256  # bytes of a name or a value
_PROPERTY = 32  # bytes of a property's markup
_MARKUP = 4096  # bytes of one case besides its text, at most
_LEAST = 1024  # bytes of text that a case has in any case: no catalogue of ours has thousands of checks
_WEIGHTS = {"&": 5, "<": 4, ">": 4, '"': 6}  # bytes of what XML has to escape
_TAIL = 64  # bytes kept for the words that say what was cut


def render(outcome: Outcome) -> str:
    """The report as JUnit XML."""
    experiments = [e for c in outcome.score.checks for e in c.answer.experiments]
    share = TOTAL_LIMIT // max(1, len(outcome.score.checks) + len(experiments))
    room = max(_LEAST, min(TEXT_LIMIT, share - _MARKUP))
    suites = [_suite(category, outcome, room) for category in outcome.score.categories if category.checks]
    if experiments:
        suites.append(_trial(experiments, room))
    text: str = to_xml_report_string(suites, prettyprint=True)
    return _LONG_TIME.sub(r"\1", text)


def _suite(category: CategoryScore, outcome: Outcome, room: int) -> TestSuite:
    name = f"seatrial.{category.category.id}"
    suite = TestSuite(name, [_case(check, name, room, outcome.reason_of) for check in category.checks])
    suite.properties = dict(_properties(category, outcome))
    return suite


def _properties(category: CategoryScore, outcome: Outcome) -> Iterator[tuple[str, str]]:
    score = outcome.score
    yield "category", category.category.title
    yield "category.score", decimal(category.score)
    yield "category.coverage", percent(category.coverage)
    yield "category.points", decimal(category.points)
    yield "score", outcome.headline
    yield "score.raw", decimal(score.raw)
    yield "score.coverage", percent(score.coverage)
    yield "score.floor", decimal(score.floor)
    yield "gate", outcome.verdict.decision.value
    yield "model", score.model
    for check in category.checks:
        yield f"{check.check.id}.points", f"{decimal(check.earned)} of {decimal(check.points)}"


def _case(check: CheckScore, suite: str, room: int, hiding: Callable[[Finding], str]) -> TestCase:
    answer = check.answer
    worst = answer.findings[0] if answer.findings else None
    facts = _facts(check, room // _FACTS_SHARE)
    case = TestCase(
        name=f"{check.check.id}: {check.check.title}",
        classname=suite,
        elapsed_sec=round(answer.duration, 3),
        stdout=facts or None,
        file=_shown(worst.location.repository_path, _PATH_LIMIT) if worst else None,
        line=worst.location.line or None if worst else None,
    )
    found = _findings(answer.findings, room - _weight(facts), hiding)
    reason = _shown(answer.reason)
    match answer.status:
        case Status.PASS:
            pass
        case Status.FAIL | Status.FLAKY:
            case.add_failure_info(_summary(check, hiding), found, _worst(check).label)
        case Status.ERROR:
            case.add_error_info(reason, found or None, "error")
        case Status.NA:
            case.add_skipped_info(f"not applicable: {reason}")
        case Status.SKIP | Status.BLOCKED:
            case.add_skipped_info(f"{answer.status}: {reason}")
        case _:
            assert_never(answer.status)
    return case


def _trial(experiments: Sequence[Experiment], room: int) -> TestSuite:
    """
    The experiments, a case each. What was measured is in the suite's properties: Jenkins' schema allows a case none.

    `crash store.recovery = 1.13 s` is about the case of that name; a second one of the same name has a number.
    """
    suite = TestSuite("seatrial.trial", [_experiment(e, room) for e in experiments])
    suite.properties = {}
    seen: Counter[str] = Counter()
    for one in experiments:
        name = _shown(f"{one.fault} {one.target}", _PROPERTY_LIMIT)
        seen[name] += 1
        prefix = name if seen[name] == 1 else f"{name} ({seen[name]})"
        left = room // _FACTS_SHARE
        for key, value in _told(one):
            name, shown = f"{prefix}.{_shown(key, _PROPERTY_LIMIT)}", _shown(value, _PROPERTY_LIMIT)
            left -= _weight(name) + _weight(shown) + _PROPERTY
            if left < 0:
                break  # the case's own text says how much there is more
            suite.properties[name] = shown
    return suite


def _told(one: Experiment) -> Iterator[tuple[str, str]]:
    yield "result", one.result
    if one.parameters:
        yield "parameters", one.parameters
    if one.evidence:
        yield "evidence", one.evidence
    for m in one.measurements:
        yield m.name, f"{m.value:g} {m.unit}".strip()


def _experiment(one: Experiment, room: int) -> TestCase:
    """One experiment as a case of its own."""
    lines = [one.evidence] if one.evidence else []
    lines += [f"{m.name}: {m.value:g} {m.unit}" for m in one.measurements]
    lines += one.complaints if one.result is not ExperimentResult.FAILED else ()
    lines += [f"{at:+.2f} {text}" for at, text in one.timeline]
    case = TestCase(
        name=_shown(f"{one.fault} {one.target}"),
        classname=_shown(f"seatrial.trial.{one.target}"),
        elapsed_sec=round(one.seconds, 3),
        stdout=_joined(map(_shown, lines), len(lines), room // _FACTS_SHARE, separator="\n", what="more line") or None,
    )
    told = _joined(map(_shown, one.complaints), len(one.complaints), room // 2, separator="\n", what="more line")
    match one.result:
        case ExperimentResult.PASSED | ExperimentResult.DEGRADED:
            pass
        case ExperimentResult.FAILED:
            case.add_failure_info(_shown(one.complaints[0] if one.complaints else "failed"), told, one.rule or "failed")
        case ExperimentResult.FLAKY:  # for the gate a failure, so for every reader of this file as well
            case.add_failure_info(f"flaky: {_shown(one.reason or 'repeats disagree')}", told, "flaky")
        case ExperimentResult.ERROR:
            case.add_error_info(_shown(one.reason), None, "error")
        case ExperimentResult.SKIPPED:
            case.add_skipped_info(_shown(one.reason))
        case _:
            assert_never(one.result)
    return case


def _worst(check: CheckScore) -> Severity:
    return max((f.counts_as for f in check.answer.findings), default=check.check.severity)


def _summary(check: CheckScore, hiding: Callable[[Finding], str]) -> str:
    findings = check.answer.findings
    if check.answer.status is Status.FLAKY:
        return f"flaky: {_shown(check.answer.reason or 'repeats disagree')}"
    if not findings:
        return f"failed: {check.check.title}"
    number = Counter(f.grade for f in findings)
    kinds = ", ".join(f"{number[grade]} {grade}" for grade in reversed(Grade) if number[grade])
    said = f"{counted(len(findings), 'finding')}: {kinds}"
    ours = sum(bool(hiding(finding)) for finding in findings)
    return f"{said}; {ours} allowed by this change itself" if ours else said


def _findings(findings: tuple[Finding, ...], room: int, hiding: Callable[[Finding], str]) -> str:
    """Every finding, each cut on its own, as far as there is room, and how many are left."""
    limit = min(FINDING_LIMIT, room // 2)
    parts = (_finding(f, limit, hiding(f)) for f in findings)
    return _joined(parts, len(findings), room, separator="\n\n", what="more finding")


def _finding(finding: Finding, limit: int, hiding: str) -> str:
    """In at most so many bytes; no part can crowd out the others."""
    line = limit // 5
    place, rule = _shown(str(finding.location), line), _shown(finding.rule, line)
    lines = [f"{place}: {finding.grade}: {rule}", _shown(finding.message, line)]
    if hiding:
        lines.append(f"allowed by this change itself ({_shown(hiding, line)}), so it counts as open")
    if finding.commit:
        lines.append(f"in commit {_shown(finding.commit, line)}")
    if finding.remedy:
        lines.append(printable_block(finding.remedy, limit=limit))
    return _cut("\n".join(lines), limit)


def _shown(text: str, limit: int = _LINE_LIMIT) -> str:
    """One line of at most so many bytes."""
    return _cut(printable(text, limit=limit), limit)


def _facts(check: CheckScore, room: int) -> str:
    """What was looked at, measured and noticed, a line each."""
    answer = check.answer
    lines = [answer.evidence] if answer.evidence else []
    lines += [f"{m.name}: {m.value:g} {m.unit}" for m in answer.measurements]
    lines += answer.notes
    return _joined(map(_shown, lines), len(lines), room, separator="\n", what="more line")


def _joined(parts: Iterable[str], number: int, room: int, *, separator: str, what: str) -> str:
    """The parts that fit into so many bytes, and how many of the `number` do not."""
    taken: list[str] = []
    room -= _TAIL
    for index, part in enumerate(parts):
        room -= _weight(part) + len(separator)
        if room < 0:
            taken.append(f"… and {counted(number - index, what)} in report.json")
            break
        taken.append(part)
    return separator.join(taken)


def _weight(text: str) -> int:
    """Bytes of a text in the file, at most."""
    return len(text.encode()) + sum((size - 1) * text.count(character) for character, size in _WEIGHTS.items())


def _cut(text: str, limit: int) -> str:
    """The text, or as much of its beginning as fits with the word that it goes on."""
    if _weight(text) <= limit:
        return text
    weights = accumulate(_WEIGHTS.get(c) or len(c.encode()) for c in text)
    kept = sum(weight <= limit - _TAIL for weight in weights)
    return f"{text[:kept].rstrip()}… (cut; all of it in report.json)"
