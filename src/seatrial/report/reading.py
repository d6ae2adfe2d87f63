"""
The way back from report.json: to the report, and to everything that is concluded from it.

A document may be somebody else's. Its shape is checked by `json.loads`; here its parts have to agree with one another,
and what was concluded is concluded anew and has to come out the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction

from seatrial import gate, path_to_pass
from seatrial.baseline import Change, Comparison
from seatrial.catalogue import Catalogue
from seatrial.domain import Answer, Confidence, Finding, Location, Measurement, Report, Severity, Status, Subject, Tool
from seatrial.errors import UsageError
from seatrial.score import score
from seatrial.settings import FailOn, Profile, Settings, Weights
from seatrial.waivers import Waived

from . import wire
from .outcome import Outcome
from .text import unquoted


def report_of(document: wire.ReportOut) -> Report:
    """
    The report that a document tells of.

    Raises:
        UsageError: its parts contradict one another.
    """
    findings = dict(_findings(document))
    answers = tuple(_answer(c, findings, document.volatile.durations) for c in document.checks)
    _each_once("check", [c.id for c in document.checks])
    owned = [fingerprint for check in document.checks for fingerprint in check.findings]
    _each_once("finding", owned)
    if left := findings.keys() - set(owned):
        raise UsageError(f"the report contradicts itself: no check has the finding {min(left)}")
    return Report(
        subject=Subject(**document.subject.model_dump() | {"notes": tuple(document.subject.notes)}),
        answers=answers,
        tools=tuple(Tool(t.name, t.version) for t in document.tools),
        seed=document.seed,
        interrupted=document.interrupted,
        started=document.volatile.started,
        duration=document.volatile.duration,
    )


def outcome_of(document: wire.ReportOut, catalogue: Catalogue) -> Outcome:
    """
    Everything that follows from a document, worked out by ourselves.

    Its waivers are taken as it tells them: which findings they cover, and not why.

    Raises:
        UsageError: it contradicts itself, was made with another model, or its numbers do not follow from its answers.
    """
    report = report_of(document)
    if (document.model.name, document.model.sha256) != (catalogue.model, catalogue.sha256):
        raise UsageError(
            f"the report was made with model {document.model.name!r}, which is not the one of this version",
            remedy="use the same version of Seatrial in both places",
        )
    settings, comparison = _settings(document.policy), _comparison(document)
    waived = Waived(frozenset(f.fingerprint for f in document.findings if f.waived))
    number = score(report, catalogue, weights=settings.weights, waived=waived.fingerprints)
    verdict = gate.decide(report, number, settings, waived, comparison)
    expired = any(c.name == "waivers" and c.state != gate.State.GO for c in document.gate.conditions)
    same = _same(document.score.headline, number.headline) and _same(document.score.floor, number.floor)
    if not same or (verdict.decision != document.gate.verdict and not expired):
        raise UsageError("the report contradicts itself: its numbers do not follow from its answers")
    return Outcome(
        report=report,
        catalogue=catalogue,
        settings=settings,
        score=number,
        verdict=verdict,
        path=path_to_pass.find(report, catalogue, settings, waived, comparison),
        waived=waived,
        comparison=comparison,
        policy_changes=tuple(document.policy_changes),
        notices=tuple(document.notices),
    )


def _same(told: float | None, worked_out: Fraction | None) -> bool:
    if told is None or worked_out is None:
        return told is None and worked_out is None
    return abs(told - float(worked_out)) < 1e-5


def _each_once(what: str, names: list[str]) -> None:
    if twice := sorted({name for name in names if names.count(name) > 1}) if len(set(names)) < len(names) else []:
        raise UsageError(f"the report contradicts itself: the {what} {twice[0]} stands twice")


def _findings(document: wire.ReportOut) -> Iterator[tuple[str, Finding]]:
    """The findings by fingerprint, each of which has to follow from what it is made of."""
    seen: set[str] = set()
    for told in document.findings:
        finding = _finding(told)
        if finding.fingerprint != told.fingerprint:
            raise UsageError(f"the report contradicts itself: {told.fingerprint} is not the fingerprint of its finding")
        if told.fingerprint in seen:
            raise UsageError(f"the report contradicts itself: the finding {told.fingerprint} stands twice")
        seen.add(told.fingerprint)
        yield told.fingerprint, finding


def _finding(told: wire.FindingOut) -> Finding:
    return Finding(
        rule=unquoted(told.rule),
        severity=Severity[told.severity.upper()],
        confidence=Confidence(told.confidence),
        message=told.message,
        location=_location(told.location),
        remedy=told.remedy,
        related=tuple(map(_location, told.related)),
        subject=unquoted(told.subject),
        anchor=unquoted(told.anchor),
        occurrence=told.occurrence,
        cause="" if told.root == told.fingerprint else unquoted(told.root),
        commit=unquoted(told.commit),
    )


def _location(told: wire.LocationOut) -> Location:
    return Location(unquoted(told.path), told.line, told.column, told.end_line, told.end_column)


def _answer(check: wire.CheckOut, findings: Mapping[str, Finding], durations: Mapping[str, float]) -> Answer:
    if unknown := [f for f in check.findings if f not in findings]:
        raise UsageError(f"the report contradicts itself: {check.id} has a finding {unknown[0]} that is not there")
    try:
        return Answer(
            check=check.id,
            status=Status(check.status),
            value=None if check.value_exact is None else Fraction(check.value_exact),
            share=Fraction(check.share_exact),
            findings=tuple(findings[f] for f in check.findings),
            reason=check.reason,
            evidence=check.evidence,
            measurements=tuple(Measurement(m.name, m.value, m.unit, m.threshold) for m in check.measurements),
            notes=tuple(check.notes),
            duration=durations.get(check.id, 0.0),
        )
    except ValueError as error:
        raise UsageError(f"the report contradicts itself: {error}") from None


def _settings(policy: wire.PolicyOut) -> Settings:
    try:
        return Settings(
            profile=Profile(policy.profile),
            fail_below=policy.fail_below,
            min_coverage=policy.min_coverage,
            min_category=policy.min_category,
            weights=Weights(policy.weights),
            fail_on=FailOn(policy.fail_on),
        )
    except ValueError as error:
        raise UsageError(f"the report's policy makes no sense: {error}") from None


def _comparison(document: wire.ReportOut) -> Comparison | None:
    told = document.comparison
    if told is None:
        return None
    return Comparison(
        commit=told.commit,
        label=told.label,
        changes={f.fingerprint: Change(f.change) for f in document.findings if f.change is not None},
        fixed=tuple(
            Finding(
                unquoted(f.rule),
                Severity[f.severity.upper()],
                Confidence(f.confidence),
                f.message,
                _location(f.location),
            )
            for f in told.fixed
        ),
        score=None if told.score is None else Fraction(str(told.score)),
        categories={name: Fraction(str(value)) for name, value in told.categories.items()},
        coverage=Fraction(str(told.coverage)),
        regressions=tuple(told.regressions),
        common=told.common,
        worths={check: Fraction(worth) for check, worth in told.worths.items()},
        notes=tuple(told.notes),
    )
