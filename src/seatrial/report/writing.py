"""An outcome in the shape of report.json; the way back is `reading.py`."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import Any, cast

from seatrial import __version__
from seatrial.domain import Answer, Finding, Location, Report, Subject
from seatrial.domain.allowance import Allowed
from seatrial.domain.grading import Density
from seatrial.domain.measured import Experiment, Measurement, TimeSpan
from seatrial.domain.waivers import Waived, Waiver
from seatrial.verdict.baseline import Comparison
from seatrial.verdict.path_to_pass import PathStep
from seatrial.verdict.phases import PhaseScore
from seatrial.verdict.score import CategoryScore, CheckScore, Score

from . import load, schema, schema_experiments, schema_types
from .outcome import Outcome
from .text import printable, printable_block, quoted, quoted_block


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


def _measurements(made: Iterable[Measurement]) -> list[schema_experiments.MeasurementOut]:
    return [
        schema_experiments.MeasurementOut(
            name=quoted(m.name),
            value=m.value,
            unit=m.unit.value,
            threshold=m.threshold,
            quantity=m.quantity.value if m.quantity else None,
        )
        for m in made
    ]


def _experiment(one: Experiment) -> schema_experiments.ExperimentOut:
    return schema_experiments.ExperimentOut.model_validate(
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
            "timeline": [schema_experiments.MomentOut(at=at, text=quoted(text)) for at, text in one.timeline],
            "lanes": [
                schema_experiments.LaneOut(
                    name=quoted(lane.name), told=quoted(lane.told), spans=list(map(_span, lane.spans))
                )
                for lane in one.lanes
            ],
            "seconds": one.seconds,
        }
    )


def _span(one: TimeSpan) -> schema_experiments.SpanOut:
    return schema_experiments.SpanOut(shown=one.shown.value, began=one.began, ended=one.ended, text=quoted(one.text))


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


def _change(finding: Finding, outcome: Outcome) -> schema_types.ChangeName | None:
    if outcome.comparison is None:
        return None
    return cast("schema_types.ChangeName", outcome.comparison.of(finding).value)


def _allowed(one: Allowed) -> schema.AllowedOut:
    return schema.AllowedOut(
        kind=one.kind.value,
        rule=quoted(one.rule),
        severity=cast("schema_types.SeverityName", one.severity.label),
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
