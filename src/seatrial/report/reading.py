"""
The way back from report.json: to the report, and to everything that is concluded from it.

A document may be foreign. Its shape is checked by `json.loads`; here its parts have to agree. All conclusions are
drawn anew and have to come out the same. That a document is consistent does not make it
true: its author chose its answers, its policy and its waivers.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from fractions import Fraction
from typing import NoReturn

from seatrial.domain import Answer, Confidence, Finding, Location, Report, Severity, Status, Subject, Tool, waivers
from seatrial.domain.allowance import AllowanceKind, Allowed, Unjudged
from seatrial.domain.errors import UsageError
from seatrial.domain.grading import Density, GradedSubject, GradingBasis, Unit, WeightedShare
from seatrial.domain.measured import (
    Experiment,
    ExperimentResult,
    Measurement,
    MeasureUnit,
    Quantity,
    Shown,
    TimelineLane,
    TimeSpan,
    TrialRule,
)
from seatrial.domain.phase import Phase
from seatrial.domain.waivers import Waived, Waiver
from seatrial.settings import FailOn, Profile, Settings, Weights
from seatrial.verdict import catalogue as models
from seatrial.verdict import gate, path_to_pass, phases
from seatrial.verdict.baseline import Comparison, FindingChange
from seatrial.verdict.catalogue import Catalogue
from seatrial.verdict.same_fact import may_be_shared
from seatrial.verdict.score import Score, score

from . import load, schema, schema_experiments, writing
from .outcome import Outcome
from .text import printable, unquoted

MOST_RULES = 2000
"""Rules with findings in one check; we have fewer than a thousand."""
_NOT_FOLLOWING = "its numbers do not follow from its answers"


def report_of(document: schema.ReportOut) -> Report:
    """
    The report that a document tells of, exactly as it was; volatile times are rounded to milliseconds.

    Raises:
        UsageError: its parts contradict one another; the message names the place.
    """
    _known(document)
    findings = dict(_findings(document))
    owners = _owners(document, findings)
    for number, told in enumerate(document.findings):
        if told.check not in owners.get(told.fingerprint, set()):
            _contradiction(f"findings.{number}", f"no check has the finding {told.fingerprint}, or another one")
    durations = document.volatile.durations
    if foreign := durations.keys() - {check.id for check in document.checks}:
        _contradiction("volatile.durations", f"there is no check {min(foreign)}")
    return Report(
        subject=_subject(document.subject),
        answers=tuple(_answer(n, c, findings, durations) for n, c in enumerate(document.checks)),
        tools=tuple(Tool(unquoted(t.name), unquoted(t.version)) for t in document.tools),
        seed=document.seed,
        interrupted=document.interrupted,
        started=unquoted(document.volatile.started),
        duration=document.volatile.duration,
    )


def outcome_of(document: schema.ReportOut, catalogue: Catalogue) -> Outcome:
    """
    Everything that follows from a document, worked out by ourselves; waivers as of the day on which it was made.

    Args:
        document: from `json.loads`.
        catalogue: the model that it has to be made with.

    Raises:
        UsageError: it contradicts itself, was made with another model, or its numbers do not follow from its answers.
    """
    report = report_of(document)
    if (document.model.name, document.model.sha256) != (catalogue.model, catalogue.sha256):
        name = printable(document.model.name, limit=40)
        raise UsageError(
            f"the report was made with model {name!r}, which is not the one of this version",
            remedy="use the same version of Seatrial in both places",
        )
    settings = _settings(document.policy)
    waived = _waived(document, report)
    number = score(report, catalogue, weights=settings.weights, waived=waived.fingerprints)
    comparison = _comparison(document, number)
    unjudged = tuple(Unjudged(unquoted(one.path), unquoted(one.reason)) for one in document.unjudged)
    outcome = Outcome(
        report=report,
        catalogue=catalogue,
        settings=settings,
        score=number,
        verdict=gate.decide(report, number, settings, waived, comparison, unjudged),
        path=path_to_pass.find(report, catalogue, settings, waived, comparison, unjudged),
        waived=waived,
        comparison=comparison,
        policy_changes=tuple(map(unquoted, document.policy_changes)),
        notices=tuple(map(unquoted, document.notices)),
        allowed=tuple(_allowed(document, report)),
        unjudged=unjudged,
        phases=phases.of(_phases(document), number),
    )
    _compare(document, writing.to_schema(outcome))
    return outcome


def _phases(document: schema.ReportOut) -> Iterator[Phase]:
    _each_once("phases", (told.label for told in document.phases))
    for told in document.phases:
        yield Phase(told.label, unquoted(told.title), tuple(map(unquoted, told.checks)))


def _allowed(document: schema.ReportOut, report: Report) -> Iterator[Allowed]:
    open_ = {(f.rule, f.location) for f in report.findings}
    for number, told in enumerate(document.allowed):
        place = replace(_location(told.location), folder=report.subject.folder)
        one = Allowed(
            AllowanceKind(told.kind), unquoted(told.rule), Severity[told.severity.upper()], place,
            unquoted(told.reason), told.by_change, told.counts,
        )  # fmt: skip
        if one.counts and (one.rule, one.location) not in open_:
            _contradiction(f"allowed.{number}", "it counts, and is not among the findings")
        yield one


def _contradiction(place: str, problem: str) -> NoReturn:
    raise UsageError(f"the report contradicts itself at {place}: {printable(problem, limit=200)}")


def _known(document: schema.ReportOut) -> None:
    """Every check once, and under a model of ours as that model has it. Of other models we know nothing."""
    _each_once("checks", (check.id for check in document.checks))
    if document.model.name not in models.MODELS:
        return
    model = models.load(document.model.name)
    if document.model.sha256 != model.sha256:
        return
    for number, told in enumerate(document.checks):
        check = model.by_id.get(told.id)
        if check is None:
            _contradiction(f"checks.{number}", f"model {model.model} has no check {told.id}")
        if (told.title, told.category, told.required) != (check.title, check.category, check.required):
            _contradiction(f"checks.{number}", f"title, category or required are not those of {told.id}")


def _each_once(place: str, names: Iterable[str]) -> None:
    seen: set[str] = set()
    for number, name in enumerate(names):
        if name in seen:
            _contradiction(f"{place}.{number}", f"{name} occurs twice")
        seen.add(name)


def _findings(document: schema.ReportOut) -> Iterator[tuple[str, Finding]]:
    """The findings by fingerprint, each of which has to follow from what it is made of."""
    _each_once("findings", (told.fingerprint for told in document.findings))
    compared = document.comparison is not None
    for number, told in enumerate(document.findings):
        if compared != (told.change is not None):
            _contradiction(f"findings.{number}", "a change without a comparison, or a comparison without it")
        finding = _finding(f"findings.{number}", told)
        yield told.fingerprint, replace(finding, about=tuple(map(unquoted, told.about)))


def _finding(place: str, told: schema.FixedOut) -> Finding:
    finding = Finding(
        rule=unquoted(told.rule),
        severity=Severity[told.severity.upper()],
        confidence=Confidence(told.confidence),
        message=unquoted(told.message),
        location=_location(told.location),
        remedy=unquoted(told.remedy),
        related=tuple(map(_location, told.related)),
        subject=unquoted(told.subject),
        anchor=unquoted(told.anchor),
        occurrence=told.occurrence,
        cause="" if told.root == told.fingerprint else unquoted(told.root),
        commit=unquoted(told.commit),
    )
    if finding.fingerprint != told.fingerprint:
        _contradiction(place, f"{told.fingerprint} is not the fingerprint of this finding")
    return finding


def _location(told: schema.LocationOut) -> Location:
    return Location(unquoted(told.path), told.line, told.column, told.end_line, told.end_column)


def _owners(document: schema.ReportOut, findings: Mapping[str, Finding]) -> Mapping[str, set[str]]:
    """The checks of every finding, by fingerprint: several can ask about one fact."""
    owners: dict[str, set[str]] = {}
    for number, check in enumerate(document.checks):
        place = f"checks.{number}.findings"
        for fingerprint in check.findings:
            if fingerprint not in findings:
                _contradiction(place, f"{check.id} has a finding {fingerprint} that is not there")
            others = owners.setdefault(fingerprint, set())
            if check.id in others or (others and not may_be_shared(findings[fingerprint].rule)):
                _contradiction(place, f"the finding {fingerprint} occurs twice")
            owners[fingerprint].add(check.id)
        if len({findings[fingerprint].rule for fingerprint in check.findings}) > MOST_RULES:
            _contradiction(place, f"findings of more than {MOST_RULES:,} rules")
    return owners


def _subject(told: schema.SubjectOut) -> Subject:
    return Subject(
        name=unquoted(told.name),
        commit=unquoted(told.commit),
        folder=unquoted(told.folder),
        dirty=told.dirty,
        digest=unquoted(told.digest),
        files=told.files,
        size=told.size,
        notes=tuple(map(unquoted, told.notes)),
    )


def _answer(
    number: int, told: schema.CheckOut, findings: Mapping[str, Finding], durations: Mapping[str, float]
) -> Answer:
    place = f"checks.{number}"
    try:
        answer = Answer(
            check=told.id,
            status=Status(told.status),
            value=None if told.value_exact is None else Fraction(told.value_exact),
            share=Fraction(told.share_exact),
            findings=tuple(findings[f] for f in told.findings),
            reason=unquoted(told.reason),
            evidence=unquoted(told.evidence),
            measurements=_measurements(told.measurements),
            notes=tuple(map(unquoted, told.notes)),
            experiments=tuple(map(_experiment, told.experiments)),
            loads=tuple(map(load.of_schema, told.loads)),
            basis=_basis(told.basis),
            duration=durations.get(told.id, 0.0),
        )
    except ValueError as error:
        _contradiction(place, str(error))
    if told.value != writing.rounded(answer.value) or told.share != writing.rounded(answer.share):
        _contradiction(place, f"value or share is not the exact one: {_NOT_FOLLOWING}")
    return answer


def _basis(told: schema.ShareOut | schema.DensityOut) -> GradingBasis:
    if isinstance(told, schema.DensityOut):
        return Density(Unit(told.unit), told.size, told.half)
    subjects = tuple(GradedSubject(unquoted(one.name), unquoted(one.path), one.weight) for one in told.subjects)
    return WeightedShare(subjects, told.one, told.many)


def _measurements(told: Iterable[schema_experiments.MeasurementOut]) -> tuple[Measurement, ...]:
    return tuple(
        Measurement(
            unquoted(m.name), m.value, MeasureUnit(m.unit), m.threshold, Quantity(m.quantity) if m.quantity else None
        )
        for m in told
    )


def _experiment(told: schema_experiments.ExperimentOut) -> Experiment:
    return Experiment(
        fault=unquoted(told.fault),
        target=unquoted(told.target),
        result=ExperimentResult(told.result),
        parameters=unquoted(told.parameters),
        rule=TrialRule(told.rule) if told.rule else None,
        reason=unquoted(told.reason),
        evidence=unquoted(told.evidence),
        complaints=tuple(map(unquoted, told.complaints)),
        measurements=_measurements(told.measurements),
        timeline=tuple((m.at, unquoted(m.text)) for m in told.timeline),
        lanes=tuple(TimelineLane(unquoted(one.name), unquoted(one.told), _spans(one.spans)) for one in told.lanes),
        seconds=told.seconds,
    )


def _spans(told: Iterable[schema_experiments.SpanOut]) -> tuple[TimeSpan, ...]:
    return tuple(TimeSpan(Shown(one.shown), one.began, one.ended, unquoted(one.text)) for one in told)


def _settings(policy: schema.PolicyOut) -> Settings:
    try:
        return Settings(
            profile=Profile(policy.profile),
            fail_below=policy.fail_below,
            min_coverage=policy.min_coverage,
            min_category=policy.min_category,
            weights=Weights(policy.weights),
            fail_on=FailOn(policy.fail_on),
            only=tuple(map(unquoted, policy.only)),
        )
    except ValueError as error:
        raise UsageError(f"the report's policy is invalid: {printable(str(error), limit=200)}") from None


def _waived(document: schema.ReportOut, report: Report) -> Waived:
    """What its waivers come to; without waivers the flags of its findings have to do."""
    flags = frozenset(told.fingerprint for told in document.findings if told.waived)
    if not document.waivers:
        return Waived(flags)
    day = _day("volatile.started", document.volatile.started[:10])
    given = [_waiver(number, told) for number, told in enumerate(document.waivers)]
    waived = waivers.apply(given, report.findings, day)
    if waived.fingerprints != flags:
        _contradiction("waivers", "they waive other findings than those that are marked")
    return waived


def _waiver(number: int, told: schema.WaiverOut) -> Waiver:
    place = f"waivers.{number}"
    created, expires = _day(f"{place}.created", told.created), _day(f"{place}.expires", told.expires)
    texts = told.model_dump(exclude={"created", "expires"})
    try:
        return Waiver(created=created, expires=expires, **{name: unquoted(text) for name, text in texts.items()})
    except UsageError as error:
        _contradiction(place, error.message)


def _day(place: str, text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        _contradiction(place, f"{text!r} is not a date")


def _comparison(document: schema.ReportOut, number: Score) -> Comparison | None:
    """The comparison; what follows from the worths in the base is worked out anew."""
    told = document.comparison
    if told is None:
        return None
    try:
        worths = {check: Fraction(worth) for check, worth in told.worths.items()}
        coverage = Fraction(told.coverage_exact)
    except ValueError as error:
        _contradiction("comparison", str(error))
    if any(not 0 <= worth <= 1 for worth in worths.values()) or not -1 <= coverage <= 1:
        _contradiction("comparison", "a worth is outside 0 to 1, or the coverage outside -1 to 1")
    bare = Comparison(unquoted(told.commit), unquoted(told.label), worths=worths)
    return Comparison(
        commit=bare.commit,
        label=bare.label,
        changes={f.fingerprint: FindingChange(f.change) for f in document.findings if f.change},
        fixed=tuple(_finding(f"comparison.fixed.{n}", f) for n, f in enumerate(told.fixed)),
        score=bare.difference(number),
        categories=bare.by_category(number),
        coverage=coverage,
        regressions=bare.regressed(number),
        common=bare.in_common(number),
        worths=worths,
        notes=tuple(map(unquoted, told.notes)),
    )


def _compare(told: schema.ReportOut, found: schema.ReportOut) -> None:
    """Hold what a document says against what follows from it. Sentences may differ: another version words them."""
    for place, said, follows in (
        ("score", told.score, found.score),
        ("phases", told.phases, found.phases),
        ("gate", _decided(told), _decided(found)),
        ("checks", _points(told), _points(found)),
        ("comparison", _differences(told), _differences(found)),
    ):
        if said != follows:
            raise UsageError(f"the report contradicts itself at {place}: {_NOT_FOLLOWING}")


def _decided(document: schema.ReportOut) -> object:
    made = document.gate
    return made.verdict, made.exit_code, [(c.name, c.state) for c in made.conditions]


def _points(document: schema.ReportOut) -> object:
    return [(check.id, check.points, check.earned, check.basis, check.tally) for check in document.checks]


def _differences(document: schema.ReportOut) -> object:
    made = document.comparison
    return made and (made.score, made.categories, made.coverage, made.regressions, made.common)
