"""report.json: everything, for machines, and the way back."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from fractions import Fraction
from typing import Any, cast

from pydantic import ValidationError

from seatrial import __version__
from seatrial.domain import Answer, Confidence, Finding, Location, Measurement, Report, Severity, Status, Subject, Tool
from seatrial.errors import UsageError
from seatrial.path_to_pass import Step
from seatrial.score import CategoryScore, CheckScore, Score

from . import wire
from .outcome import Outcome
from .text import printable, printable_block

SIZE_LIMIT = 64 * 1024 * 1024
"""Bytes of a report that we read; it may come from somebody else's artifact."""
_UNDIGESTED = ("digest", "volatile")


def render(outcome: Outcome) -> str:
    """The whole report as JSON, keys in the order of the schema."""
    document = to_wire(outcome).model_dump(mode="json")
    document["digest"] = digest(document)
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def digest(document: Mapping[str, Any]) -> str:
    """SHA-256 of the canonical JSON (sorted keys, no white space) without what is volatile."""
    lasting = {key: value for key, value in document.items() if key not in _UNDIGESTED}
    text = json.dumps(lasting, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def schema_text() -> str:
    """The JSON Schema (2020-12) of report.json."""
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:seatrial:report:{wire.SCHEMA_VERSION}",
    } | wire.ReportOut.model_json_schema(mode="serialization")
    return json.dumps(schema, indent=2) + "\n"


def loads(text: str | bytes) -> wire.ReportOut:
    """
    Read a report of ours, or one that says it is.

    Raises:
        UsageError: it is too large, not JSON, not of this schema, or its digest is wrong.
    """
    if len(text) > SIZE_LIMIT:
        raise UsageError(f"the report is larger than {SIZE_LIMIT:,} bytes")
    try:
        document = json.loads(text)
        report = wire.ReportOut.model_validate(document)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"]))
        raise UsageError(f"not a report of schema {wire.SCHEMA_VERSION}: {place}: {first['msg']}") from None
    except (ValueError, RecursionError) as error:
        raise UsageError("the report is not JSON") from error
    if report.digest != digest(document):
        raise UsageError("the report was changed after it was written: its digest is wrong")
    return report


def to_wire(outcome: Outcome) -> wire.ReportOut:
    """The outcome in the shape of the schema; the digest is still empty."""
    report, settings = outcome.report, outcome.settings
    checks = {f.fingerprint: a.check for a in report for f in a.findings}
    return wire.ReportOut(
        schema_version="1.0",
        seatrial=__version__,
        digest="",
        subject=_subject(report.subject),
        model=wire.ModelOut(name=outcome.catalogue.model, sha256=outcome.catalogue.sha256),
        policy=wire.PolicyOut(
            profile=settings.profile.value,
            fail_below=settings.fail_below,
            min_coverage=settings.least_coverage,
            min_category=settings.min_category,
            weights=settings.weights.value,
        ),
        score=_score(outcome.score),
        gate=wire.GateOut(
            verdict=outcome.verdict.decision.value,
            exit_code=int(outcome.verdict.exit_code),
            conditions=[
                wire.ConditionOut(
                    name=c.name, state=c.state.value, threshold=c.threshold, actual=c.actual,
                    sentence=printable(c.sentence),
                )
                for c in outcome.verdict.conditions
            ],
        ),
        checks=[_check(c) for c in outcome.score.checks],
        findings=[_finding(f, checks[f.fingerprint], outcome) for f in report.findings],
        path_to_pass=wire.PathOut(
            opens=outcome.path.opens,
            effort=outcome.path.cost,
            steps=[_step(s) for s in outcome.path.steps],
            remaining=[printable(r) for r in outcome.path.remaining],
        ),
        tools=[wire.ToolOut(name=printable(t.name), version=printable(t.version)) for t in report.tools],
        seed=report.seed,
        interrupted=report.interrupted,
        volatile=wire.VolatileOut(
            started=report.started,
            duration=round(report.duration, 3),
            durations={a.check: round(a.duration, 3) for a in report},
        ),
    )  # fmt: skip


def _subject(subject: Subject) -> wire.SubjectOut:
    return wire.SubjectOut(
        name=printable(subject.name),
        commit=subject.commit,
        dirty=subject.dirty,
        digest=subject.digest,
        files=subject.files,
        size=subject.size,
        notes=[printable(n) for n in subject.notes],
    )


def _number(value: Fraction) -> float:
    return round(float(value), 6)


def _maybe(value: Fraction | None) -> float | None:
    return None if value is None else _number(value)


def _score(score: Score) -> wire.ScoreOut:
    return wire.ScoreOut(
        headline=_maybe(score.headline),
        raw=_maybe(score.raw),
        coverage=_maybe(score.coverage),
        floor=_maybe(score.floor),
        ceiling=_maybe(score.ceiling),
        cap=score.cap.limit if score.cap else None,
        cap_reason=score.cap.reason if score.cap else "",
        categories=[_category(c) for c in score.categories],
    )


def _category(one: CategoryScore) -> wire.CategoryOut:
    return wire.CategoryOut(
        id=one.category.id,
        title=one.category.title,
        weight=one.category.weight,
        score=_maybe(one.score),
        coverage=_maybe(one.coverage),
        passed=one.passed,
        asked=one.asked,
    )


def _check(one: CheckScore) -> wire.CheckOut:
    answer = one.answer
    return wire.CheckOut(
        id=one.check.id,
        title=one.check.title,
        category=one.check.category,
        required=one.check.required,
        status=answer.status.value,
        value=_maybe(answer.value),
        share=_number(answer.share),
        points=_number(one.points),
        earned=_number(one.earned),
        reason=printable(answer.reason),
        evidence=printable(answer.evidence),
        measurements=[
            wire.MeasurementOut(name=printable(m.name), value=m.value, unit=m.unit, threshold=m.threshold)
            for m in answer.measurements
        ],
        notes=[printable(n) for n in answer.notes],
        findings=[f.fingerprint for f in answer.findings],
    )


def _finding(finding: Finding, check: str, outcome: Outcome) -> wire.FindingOut:
    return wire.FindingOut(
        fingerprint=finding.fingerprint,
        check=check,
        rule=printable(finding.rule),
        severity=cast("wire.SeverityName", finding.severity.label),
        confidence=finding.confidence.value,
        message=printable(finding.message),
        location=_location(finding.location),
        related=[_location(place) for place in finding.related],
        remedy=printable_block(finding.remedy),
        subject=printable(finding.subject),
        root=printable(finding.root),
        commit=printable(finding.commit),
        anchor=printable(finding.anchor),
        occurrence=finding.occurrence,
        waived=finding.fingerprint in outcome.waived.fingerprints,
    )


def _location(place: Location) -> wire.LocationOut:
    return wire.LocationOut(
        path=printable(place.path), line=place.line, column=place.column, end_line=place.end_line,
        end_column=place.end_column,
    )  # fmt: skip


def _step(step: Step) -> wire.StepOut:
    return wire.StepOut(
        check=step.check.id,
        roots=[printable(c.id) for c in step.causes],
        remedies=[printable_block(r) for r in step.remedies],
        effort=step.cost,
        gain=_number(step.gain),
        score=_maybe(step.score.headline),
    )


def from_wire(report: wire.ReportOut) -> Report:
    """The report that a document tells of; what was concluded from it is concluded anew by whoever needs it."""
    findings = {f.fingerprint: _found(f) for f in report.findings}
    return Report(
        subject=Subject(**report.subject.model_dump() | {"notes": tuple(report.subject.notes)}),
        answers=tuple(_answer(c, findings, report.volatile.durations) for c in report.checks),
        tools=tuple(Tool(t.name, t.version) for t in report.tools),
        seed=report.seed,
        interrupted=report.interrupted,
        started=report.volatile.started,
        duration=report.volatile.duration,
    )


def _answer(check: wire.CheckOut, findings: Mapping[str, Finding], durations: Mapping[str, float]) -> Answer:
    value = None if check.value is None else Fraction(str(check.value))
    return Answer(
        check=check.id,
        status=Status(check.status),
        value=value,
        share=Fraction(str(check.share)),
        findings=tuple(findings[f] for f in check.findings if f in findings),
        reason=check.reason,
        evidence=check.evidence,
        measurements=tuple(Measurement(m.name, m.value, m.unit, m.threshold) for m in check.measurements),
        notes=tuple(check.notes),
        duration=durations.get(check.id, 0.0),
    )


def _found(finding: wire.FindingOut) -> Finding:
    return Finding(
        rule=finding.rule,
        severity=Severity[finding.severity.upper()],
        confidence=Confidence(finding.confidence),
        message=finding.message,
        location=Location(**finding.location.model_dump()),
        remedy=finding.remedy,
        related=tuple(Location(**place.model_dump()) for place in finding.related),
        subject=finding.subject,
        anchor=finding.anchor,
        occurrence=finding.occurrence,
        cause="" if finding.root == finding.fingerprint else finding.root,
        commit=finding.commit,
    )
