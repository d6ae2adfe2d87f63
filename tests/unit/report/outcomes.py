"""Outcomes to render: a small one, an ugly one, an empty one, and any that hypothesis can think of."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from hypothesis import strategies as st

from seatrial.domain import Answer, Confidence, Finding, Location, Report, Severity, Status, Subject, Tool
from seatrial.domain.allowance import AllowanceKind, Allowed
from seatrial.domain.load import (
    LoadBound,
    LoadNumbers,
    LoadResult,
    LoadRun,
    LoadStep,
    ServiceUsage,
    UsageMoment,
)
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
from seatrial.domain.waivers import Waived
from seatrial.report import Outcome
from seatrial.settings import Settings
from seatrial.verdict import gate, path_to_pass, phases
from seatrial.verdict.catalogue import load
from seatrial.verdict.score import score

CATALOGUE = load()
CHECKS = [c.id for c in CATALOGUE.checks]
UGLY = (
    "\x1b[31mred\x1b[0m <script>alert(1)</script> | `code` @octocat #12 ![x](http://a.b) "
    "\u202e\u200b &amp; <!-- x --> \x00\udc80\ufffe"
)


PHASES = (
    Phase("A", "Compose", ("compose",)),
    Phase("D", UGLY, ("secrets", "python/bandit")),
    Phase("L", "", ("trial",)),
)


def outcome(report: Report, settings: Settings | None = None, waived: Waived | None = None) -> Outcome:
    settings, waived = settings or Settings(), waived or Waived()
    number = score(report, CATALOGUE, weights=settings.weights, waived=waived.fingerprints)
    return Outcome(
        report=report,
        catalogue=CATALOGUE,
        settings=settings,
        score=number,
        verdict=gate.decide(report, number, settings, waived),
        path=path_to_pass.find(report, CATALOGUE, settings, waived),
        waived=waived,
        phases=phases.of(PHASES, number),
    )


def finding(number: int = 1, severity: Severity = Severity.LOW, text: str = "something is wrong") -> Finding:
    return Finding(
        rule="compose/privileged",
        severity=severity,
        confidence=Confidence.HIGH,
        message=text,
        location=Location(f"deploy/{number}.yaml", number, 3),
        remedy="services:\n  api:\n    cap_drop: [ALL]",
        anchor=f"place {number}",
    )


def allowed(found: tuple[Finding, ...]) -> tuple[Allowed, ...]:
    """Hostile texts in what is hidden: of the change and counted, of the change and accepted, of the base."""
    place = Location(f"{UGLY}.py", 3, 1)
    ours = tuple(
        Allowed(AllowanceKind.NOSEC, f.rule, f.severity, f.location, UGLY, by_change=True, counts=True)
        for f in found[:12]
    )
    others = tuple(Allowed(kind, UGLY, Severity.HIGH, place, UGLY) for kind in AllowanceKind)
    return (*ours, replace(others[0], by_change=True), *others)


def small() -> Outcome:
    answers = [Answer.of_findings(c, [], evidence="3 files") for c in CHECKS]
    answers[0] = Answer.of_findings(CHECKS[0], [finding(1, Severity.CRITICAL), finding(2)], share=Fraction(9, 10))
    answers[1] = Answer.error(CHECKS[1], "the scanner is not installed")
    answers[2] = Answer.na(CHECKS[2], "nothing to ask")
    answers[3] = Answer.skip(CHECKS[3], "turned off by `skip`")
    subject = Subject("shop", "a1b2c3d4" * 5, dirty=True, digest="0" * 64, files=3, size=1000)
    return outcome(Report(subject, tuple(answers), (Tool("bandit", "1.9.4"),), started="2026-01-01T00:00:00Z"))


def ugly() -> Outcome:
    found = [finding(n, Severity(n % 4 + 1), UGLY * 3) for n in range(1, 400)]
    answers = [Answer.of_findings(c, found if n == 0 else [], notes=[UGLY]) for n, c in enumerate(CHECKS)]
    answers[1] = Answer.error(CHECKS[1], UGLY)
    return outcome(Report(Subject(UGLY, files=1, notes=(UGLY,)), tuple(answers)))


def empty() -> Outcome:
    return outcome(Report(Subject("empty"), tuple(Answer.na(c, "no file in the tree") for c in CHECKS)))


def ready() -> Outcome:
    return outcome(Report(Subject("ready", files=9), tuple(Answer.of_findings(c, []) for c in CHECKS)))


def interrupted() -> Outcome:
    answers = tuple(Answer.error(c, "interrupted before it was answered") for c in CHECKS)
    return outcome(Report(Subject("cut", files=2), answers, interrupted=True))


ALL = {"small": small, "ugly": ugly, "empty": empty, "ready": ready, "interrupted": interrupted}

texts = st.one_of(st.text(max_size=30), st.sampled_from([UGLY, "a|b", "`", "@a", "\r\n", "]]>", "www.example.com"]))
findings = st.builds(
    Finding,
    rule=texts,
    severity=st.sampled_from(Severity),
    confidence=st.sampled_from(Confidence),
    message=texts,
    location=st.builds(Location, texts, st.integers(0, 99), st.integers(0, 99)),
    remedy=texts,
    subject=texts,
    anchor=texts,
    cause=texts,
    commit=st.sampled_from(["", "0" * 40]),
)


finite = st.floats(0, 1e6)
spans = st.builds(TimeSpan, st.sampled_from(Shown), finite, finite, texts)
measured = st.builds(
    Measurement, texts, st.just(1.5), st.sampled_from(MeasureUnit), st.none(), st.none() | st.sampled_from(Quantity)
)
experiments = st.builds(
    Experiment,
    fault=texts,
    target=texts,
    result=st.sampled_from(ExperimentResult),
    parameters=texts,
    rule=st.none() | st.sampled_from(TrialRule),
    reason=texts,
    evidence=texts,
    complaints=st.lists(texts, max_size=2).map(tuple),
    measurements=st.lists(measured, max_size=1).map(tuple),
    timeline=st.lists(st.tuples(finite, texts), max_size=3).map(tuple),
    lanes=st.lists(st.builds(TimelineLane, texts, texts, st.lists(spans, max_size=1).map(tuple)), max_size=1).map(
        tuple
    ),
    seconds=finite,
)
counts = st.integers(0, 1000)
numbers = st.builds(LoadNumbers, finite, finite, counts, counts, counts, st.none() | finite, st.none() | finite)
usages = st.builds(
    ServiceUsage, texts, counts, st.lists(st.builds(UsageMoment, finite, finite, counts), max_size=2).map(tuple)
)
loads = st.builds(
    LoadRun,
    profile=texts,
    executor=texts,
    engine=texts,
    result=st.sampled_from(LoadResult),
    requests=st.lists(texts, max_size=2).map(tuple),
    reason=texts,
    complaints=st.lists(texts, max_size=2).map(tuple),
    bounds=st.lists(st.builds(LoadBound, texts, texts, finite, st.booleans()), max_size=2).map(tuple),
    steps=st.lists(st.builds(LoadStep, counts, numbers, finite), max_size=2).map(tuple),
    moments=st.lists(numbers, max_size=3).map(tuple),
    failures=st.lists(st.tuples(texts, counts), max_size=2).map(tuple),
    services=st.lists(usages, max_size=2).map(tuple),
    knee=st.none() | counts,
    generator_cpu=finite,
    generator_lag=finite,
    seconds=finite,
)


@st.composite
def answers(draw: st.DrawFn, check: str) -> Answer:
    match draw(st.sampled_from(Status)):
        case Status.PASS | Status.FAIL | Status.FLAKY:
            found = draw(st.lists(findings, max_size=3))
            made = Answer.of_findings(
                check,
                [replace(f, rule=f"{check} {f.rule}") for f in found],  # a rule is one check's
                evidence=draw(texts),
                notes=draw(st.lists(texts, max_size=2)),
                measurements=[draw(measured)],
            )
            tried, loaded = draw(st.lists(experiments, max_size=2)), draw(st.lists(loads, max_size=1))
            return replace(made, experiments=tuple(tried), loads=tuple(loaded))
        case status:
            return Answer(check, status, reason=draw(texts.filter(str.strip)))


subjects = st.builds(Subject, name=texts, files=st.integers(1, 9), notes=st.tuples(texts))
reports = st.builds(
    Report, subjects, st.tuples(*(answers(c) for c in CHECKS)), interrupted=st.booleans(), duration=st.floats(0, 9)
)
outcomes = reports.map(outcome)


def with_findings(found: list[Finding]) -> Outcome:
    """One check that found these, and others that found nothing."""
    answers = [Answer.of_findings(c, found if n == 0 else []) for n, c in enumerate(CHECKS)]
    return outcome(Report(Subject("many", files=1), tuple(answers)))
