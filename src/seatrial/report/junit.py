"""
junit.xml, through the junit-xml package: one suite for each category, one case for each check.

A check that passed is a passed case, so that a reader sees what was asked. Valid against the schema of Jenkins'
xUnit plugin; properties carry what JUnit has no word for.
"""

from __future__ import annotations

from collections.abc import Iterator

from junit_xml import TestCase, TestSuite, to_xml_report_string

from seatrial.domain import Finding, Severity, Status
from seatrial.score import CategoryScore, CheckScore, decimal, percent
from seatrial.wording import counted

from .outcome import Outcome
from .text import printable, printable_block

TEXT_LIMIT = 64 * 1024
"""Characters of the findings in one case; servers refuse or hide more."""


def render(outcome: Outcome) -> str:
    """The report as JUnit XML."""
    suites = [_suite(category, outcome) for category in outcome.score.categories if category.checks]
    text: str = to_xml_report_string(suites, prettyprint=True)
    return text


def _suite(category: CategoryScore, outcome: Outcome) -> TestSuite:
    name = f"seatrial.{category.category.id}"
    suite = TestSuite(name, [_case(check, name) for check in category.checks])
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


def _case(check: CheckScore, suite: str) -> TestCase:
    answer = check.answer
    worst = answer.findings[0] if answer.findings else None
    case = TestCase(
        name=f"{check.check.id}: {check.check.title}",
        classname=suite,
        elapsed_sec=round(answer.duration, 3),
        stdout=_facts(check),
        file=printable(worst.location.path) if worst else None,
        line=worst.location.line or None if worst else None,
    )
    match answer.status:
        case Status.PASS:
            pass
        case Status.FAIL | Status.FLAKY:
            case.add_failure_info(_summary(check), _text(answer.findings), _worst(check).label)
        case Status.ERROR:
            case.add_error_info(printable(answer.reason), _text(answer.findings) or None, "error")
        case Status.NA:
            case.add_skipped_info(f"not applicable: {printable(answer.reason)}")
        case Status.SKIP | Status.BLOCKED:
            case.add_skipped_info(f"{answer.status}: {printable(answer.reason)}")
    return case


def _worst(check: CheckScore) -> Severity:
    return max((f.severity for f in check.answer.findings), default=check.check.severity)


def _summary(check: CheckScore) -> str:
    findings = check.answer.findings
    if not findings:
        return f"does not hold: {check.check.title}"
    number = {s: sum(f.severity is s for f in findings) for s in sorted(Severity, reverse=True)}
    return f"{counted(len(findings), 'finding')}: " + ", ".join(f"{n} {s.label}" for s, n in number.items() if n)


def _text(findings: tuple[Finding, ...]) -> str:
    """Every finding in full, as far as the limit goes, and how many are left."""
    parts: list[str] = []
    length = 0
    for shown, finding in enumerate(findings):
        part = _finding(finding)
        length += len(part) + 2
        if length > TEXT_LIMIT:
            parts.append(f"… and {counted(len(findings) - shown, 'more finding')} in report.json")
            break
        parts.append(part)
    return "\n\n".join(parts)


def _finding(finding: Finding) -> str:
    lines = [f"{printable(str(finding.location))}: {finding.severity.label}: {printable(finding.rule)}"]
    lines.append(printable(finding.message))
    if finding.commit:
        lines.append(f"in commit {finding.commit}")
    if finding.remedy:
        lines.append(printable_block(finding.remedy))
    return "\n".join(lines)


def _facts(check: CheckScore) -> str | None:
    answer = check.answer
    lines = [answer.evidence] if answer.evidence else []
    lines += [f"{m.name}: {m.value:g} {m.unit}" for m in answer.measurements]
    lines += answer.notes
    return "\n".join(printable(line) for line in lines) or None
