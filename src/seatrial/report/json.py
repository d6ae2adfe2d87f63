"""report.json: everything, for machines. The way back is `reading.py`."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any, cast

from pydantic import ValidationError

from seatrial import __version__
from seatrial.domain import Answer, Finding, Location, Report, Subject
from seatrial.domain.allowance import Allowed
from seatrial.domain.errors import UsageError
from seatrial.domain.grading import Density
from seatrial.domain.measured import Experiment, Measurement, TimeSpan
from seatrial.domain.waivers import Waived, Waiver
from seatrial.verdict.baseline import Comparison
from seatrial.verdict.path_to_pass import PathStep
from seatrial.verdict.phases import PhaseScore
from seatrial.verdict.score import CategoryScore, CheckScore, Score

from . import earlier, load, schema
from .outcome import Outcome
from .text import printable, printable_block, quoted, quoted_block

SIZE_LIMIT = 64 * 1024 * 1024
"""Bytes of a report that we read; it may come from a foreign artifact."""
_UNDIGESTED = ("digest", "volatile")
_SHOWN = 200  # characters of somebody else's text in a message
_NAMES = 1000  # of one object; ours have as many as there are checks


def render(outcome: Outcome) -> str:
    """The whole report as JSON, keys in the order of the schema."""
    document = to_schema(outcome).model_dump(mode="json")
    document["digest"] = digest(document)
    return json.dumps(document, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def digest(document: Mapping[str, Any]) -> str:
    """SHA-256 of the canonical JSON (sorted keys, no white space) without what is volatile."""
    lasting = {key: value for key, value in document.items() if key not in _UNDIGESTED}
    text = json.dumps(lasting, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()


def schema_text() -> str:
    """The JSON Schema (2020-12) of report.json."""
    published = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:seatrial:report:{schema.SCHEMA_VERSION}",
    } | schema.ReportOut.model_json_schema(mode="serialization")
    return json.dumps(published, indent=2) + "\n"


def loads(text: str | bytes) -> schema.ReportOut:
    """
    Read a report of ours, or one that says it is.

    Raises:
        UsageError: it is too large, not JSON, not of this schema, or its digest is wrong.
    """
    data = text if isinstance(text, bytes) else text.encode(errors="surrogatepass")
    if len(data) > SIZE_LIMIT:
        raise UsageError(f"the report is larger than {SIZE_LIMIT:,} bytes")
    try:
        document = json.loads(data.decode(), parse_constant=_refuse, object_pairs_hook=_each_once)
        report = schema.ReportOut.model_validate(earlier.modernised(document))
        right = digest(document)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        place = printable(".".join(map(str, first["loc"])), limit=_SHOWN)
        problem = printable(first["msg"], limit=_SHOWN)
        raise UsageError(f"not a report of schema {schema.SCHEMA_VERSION}: {place}: {problem}") from None
    except RecursionError:
        raise UsageError("the report is not JSON that we read: it is nested too deeply") from None
    except ValueError as error:
        raise UsageError(f"the report is not JSON: {printable(str(error), limit=_SHOWN)}") from None
    if report.digest != right:
        raise UsageError("the report was changed after it was written: its digest is wrong")
    return report


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is not a JSON number")


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object; a duplicate name would have one meaning here and another in other programs."""
    if len(pairs) > _NAMES:
        raise ValueError(f"an object has more than {_NAMES} names")
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"the name {twice!r} occurs twice in one object")
    return found


def _checks(report: Report) -> dict[str, str]:
    """The check of each finding, by fingerprint: where several list it, the one of the rule's own family."""
    found: dict[str, str] = {}
    for answer in report:
        for finding in answer.findings:
            own = answer.check.partition("/")[0] == finding.rule.partition("/")[0]
            if own or finding.fingerprint not in found:
                found[finding.fingerprint] = answer.check
    return found


def to_schema(outcome: Outcome) -> schema.ReportOut:
    """The outcome in the shape of the schema; the digest is still empty."""
    report, settings = outcome.report, outcome.settings
    checks = _checks(report)
    return schema.ReportOut(
        schema_version=schema.SCHEMA_VERSION,
        seatrial=__version__,
        digest="",
        subject=_subject(report.subject, outcome.identity),
        model=schema.ModelOut(name=outcome.catalogue.model, sha256=outcome.catalogue.sha256),
        policy=schema.PolicyOut(
            profile=settings.profile.value,
            fail_below=settings.fail_below,
            min_coverage=settings.least_coverage,
            min_category=settings.min_category,
            weights=settings.weights.value,
            fail_on=settings.fail_on.value,
            only=list(map(quoted, settings.only)),
        ),
        score=_score(outcome.score),
        phases=[_phase(one) for one in outcome.phases],
        gate=schema.GateOut(
            verdict=outcome.verdict.decision.value,
            exit_code=int(outcome.verdict.exit_code),
            conditions=[
                schema.ConditionOut(
                    name=c.name, state=c.state.value, threshold=c.threshold, actual=c.actual,
                    sentence=printable(c.sentence),
                )
                for c in outcome.verdict.conditions
            ],
        ),
        checks=[_check(c) for c in outcome.score.checks],
        findings=[_finding(f, checks[f.fingerprint], outcome) for f in report.findings],
        waivers=[_waiver(w) for w in _waivers(outcome.waived)],
        path_to_pass=schema.PathOut(
            opens=outcome.path.opens,
            cheapest=outcome.path.cheapest,
            effort=outcome.path.cost,
            steps=[_step(s) for s in outcome.path.steps],
            remaining=[printable(r) for r in outcome.path.remaining],
        ),
        comparison=_comparison(outcome.comparison) if outcome.comparison else None,
        policy_changes=list(map(quoted, outcome.policy_changes)),
        notices=list(map(quoted, outcome.notices)),
        allowed=[_allowed(one) for one in outcome.allowed],
        unjudged=[schema.UnjudgedOut(path=quoted(one.path), reason=quoted(one.reason)) for one in outcome.unjudged],
        tools=[schema.ToolOut(name=quoted(t.name), version=quoted(t.version)) for t in report.tools],
        seed=report.seed,
        interrupted=report.interrupted,
        volatile=schema.VolatileOut(
            started=quoted(report.started),
            duration=round(report.duration, 3),
            durations={a.check: round(a.duration, 3) for a in report},
        ),
    )  # fmt: skip


def _subject(subject: Subject, identity: str) -> schema.SubjectOut:
    return schema.SubjectOut(
        name=quoted(subject.name),
        commit=quoted(subject.commit),
        folder=quoted(subject.folder),
        dirty=subject.dirty,
        digest=quoted(subject.digest),
        identity=quoted(identity),
        files=subject.files,
        size=subject.size,
        notes=list(map(quoted, subject.notes)),
    )


def _number(value: Fraction) -> float:
    return round(float(value), 6)


def rounded(value: Fraction | None) -> float | None:
    """A number as the document has it."""
    return None if value is None else _number(value)


def _score(score: Score) -> schema.ScoreOut:
    return schema.ScoreOut(
        headline=rounded(score.headline),
        raw=rounded(score.raw),
        coverage=rounded(score.coverage),
        floor=rounded(score.floor),
        ceiling=rounded(score.ceiling),
        leaves=_number(score.leaves),
        taken_by=score.taken_by,
        categories=[_category(c) for c in score.categories],
    )


def _category(one: CategoryScore) -> schema.CategoryOut:
    return schema.CategoryOut(
        id=one.category.id,
        title=one.category.title,
        weight=one.category.weight,
        score=rounded(one.score),
        coverage=rounded(one.coverage),
        passed=one.passed,
        asked=one.asked,
    )


def _phase(one: PhaseScore) -> schema.PhaseOut:
    return schema.PhaseOut(
        label=cast("Any", one.phase.label),
        title=quoted(one.phase.title),
        checks=list(map(quoted, one.phase.checks)),
        passed=one.passed,
        failed=one.failed,
        unmeasured=one.unmeasured,
        score=rounded(one.score),
    )


def _check(one: CheckScore) -> schema.CheckOut:
    answer = one.answer
    return schema.CheckOut(
        id=one.check.id,
        title=one.check.title,
        category=one.check.category,
        required=one.check.required,
        status=answer.status.value,
        value=rounded(answer.value),
        value_exact=None if answer.value is None else str(answer.value),
        share=_number(answer.share),
        share_exact=str(answer.share),
        points=_number(one.points),
        earned=_number(one.earned),
        basis=_basis(answer),
        tally=quoted(answer.tally),
        reason=quoted(answer.reason),
        evidence=quoted(answer.evidence),
        measurements=_measurements(answer.measurements),
        notes=list(map(quoted, answer.notes)),
        experiments=list(map(_experiment, answer.experiments)),
        loads=list(map(load.to_schema, answer.loads)),
        findings=[f.fingerprint for f in answer.findings],
    )


def _basis(answer: Answer) -> schema.ShareOut | schema.DensityOut:
    basis = answer.basis
    if isinstance(basis, Density):
        return schema.DensityOut(measure="density", unit=basis.unit.value, size=basis.size, half=basis.half)
    wrong = {subject.key for subject in basis.wrong(answer.findings)}
    subjects = [
        schema.JudgedOut(name=quoted(s.name), path=quoted(s.path), weight=s.weight, right=s.key not in wrong)
        for s in basis.subjects
    ]
    return schema.ShareOut(measure="share", one=basis.one, many=basis.many, subjects=subjects)


def _measurements(made: Iterable[Measurement]) -> list[schema.MeasurementOut]:
    return [
        schema.MeasurementOut(
            name=quoted(m.name),
            value=m.value,
            unit=m.unit.value,
            threshold=m.threshold,
            quantity=m.quantity.value if m.quantity else None,
        )
        for m in made
    ]


def _experiment(one: Experiment) -> schema.ExperimentOut:
    return schema.ExperimentOut.model_validate(
        {
            "fault": quoted(one.fault),
            "target": quoted(one.target),
            "result": one.result.value,
            "parameters": quoted(one.parameters),
            "rule": one.rule.value if one.rule else None,
            "reason": quoted(one.reason),
            "evidence": quoted(one.evidence),
            "complaints": list(map(quoted, one.complaints)),
            "measurements": _measurements(one.measurements),
            "timeline": [schema.MomentOut(at=at, text=quoted(text)) for at, text in one.timeline],
            "lanes": [
                schema.LaneOut(name=quoted(lane.name), told=quoted(lane.told), spans=list(map(_span, lane.spans)))
                for lane in one.lanes
            ],
            "seconds": one.seconds,
        }
    )


def _span(one: TimeSpan) -> schema.SpanOut:
    return schema.SpanOut(shown=one.shown.value, began=one.began, ended=one.ended, text=quoted(one.text))


def _finding(finding: Finding, check: str, outcome: Outcome) -> schema.FindingOut:
    return schema.FindingOut(
        **_parts(finding),
        check=check,
        about=list(map(quoted, finding.about)),
        waived=finding.fingerprint in outcome.waived.fingerprints,
        change=_change(finding, outcome),
    )


def _parts(finding: Finding) -> dict[str, Any]:
    """What every finding has, by the names of the schema."""
    return {
        "fingerprint": finding.fingerprint,
        "rule": quoted(finding.rule),
        "severity": finding.severity.label,
        "confidence": finding.confidence.value,
        "message": quoted(finding.message),
        "location": _location(finding.location),
        "related": [_location(place) for place in finding.related],
        "remedy": quoted_block(finding.remedy),
        "subject": quoted(finding.subject),
        "root": quoted(finding.root),
        "commit": quoted(finding.commit),
        "anchor": quoted(finding.anchor),
        "occurrence": finding.occurrence,
    }


def _change(finding: Finding, outcome: Outcome) -> schema.ChangeName | None:
    if outcome.comparison is None:
        return None
    return cast("schema.ChangeName", outcome.comparison.of(finding).value)


def _allowed(one: Allowed) -> schema.AllowedOut:
    return schema.AllowedOut(
        kind=one.kind.value,
        rule=quoted(one.rule),
        severity=cast("schema.SeverityName", one.severity.label),
        location=_location(one.location),
        reason=quoted(one.reason),
        by_change=one.by_change,
        counts=one.counts,
    )


def _comparison(made: Comparison) -> schema.ComparisonOut:
    return schema.ComparisonOut(
        commit=quoted(made.commit),
        label=quoted(made.label),
        score=None if made.score is None else _number(made.score),
        categories={name: _number(value) for name, value in sorted(made.categories.items())},
        coverage=_number(made.coverage),
        coverage_exact=str(made.coverage),
        regressions=list(made.regressions),
        common=made.common,
        worths={check: str(worth) for check, worth in sorted(made.worths.items())},
        fixed=[schema.FixedOut(**_parts(f)) for f in made.fixed],
        notes=list(map(quoted, made.notes)),
    )


def _waivers(waived: Waived) -> list[Waiver]:
    """Every waiver that had a say, each once; none of the others would change anything."""
    used = (*(m.waiver for m in waived.matches), *waived.expired, *waived.too_long, *waived.early, *waived.unused)
    return sorted(dict.fromkeys(used), key=lambda w: (w.expires, w.target, w.created, w.owner, w.reason))


def _waiver(waiver: Waiver) -> schema.WaiverOut:
    return schema.WaiverOut(
        fingerprint=quoted(waiver.fingerprint),
        rule=quoted(waiver.rule),
        path=quoted(waiver.path),
        reason=quoted(waiver.reason),
        owner=quoted(waiver.owner),
        approved_by=quoted(waiver.approved_by),
        ticket=quoted(waiver.ticket),
        created=waiver.created.isoformat(),
        expires=waiver.expires.isoformat(),
    )


def _location(place: Location) -> schema.LocationOut:
    return schema.LocationOut(
        path=quoted(place.path), line=place.line, column=place.column, end_line=place.end_line,
        end_column=place.end_column,
    )  # fmt: skip


def _step(step: PathStep) -> schema.StepOut:
    return schema.StepOut(
        places=list(map(quoted, step.places)),
        checks=[check.id for check in step.works],
        roots=[quoted(c.id) for c in step.causes],
        remedies=[printable_block(r) for r in step.remedies],
        effort=step.cost,
        gain=_number(step.gain),
        score=rounded(step.score.headline),
    )
