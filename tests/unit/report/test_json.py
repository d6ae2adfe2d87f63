"""report.json of anything we can find comes back as it was; of others nothing is taken that we cannot vouch for."""

from __future__ import annotations

import datetime as dt
import json as standard
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import outcomes
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from seatrial.domain import (
    Answer,
    Confidence,
    Finding,
    Location,
    Report,
    Severity,
    Status,
    Subject,
    Tool,
    numbered,
    waivers,
)
from seatrial.domain.allowance import Unjudged
from seatrial.domain.errors import UsageError
from seatrial.domain.grading import GradedSubject, WeightedShare
from seatrial.domain.measured import Measurement, MeasureUnit, Quantity
from seatrial.domain.waivers import Waived, Waiver
from seatrial.report import Outcome, json, reading, trial
from seatrial.report.schema import SCHEMA_VERSION
from seatrial.report.text import printable
from seatrial.settings import FailOn, Profile, Settings, Weights
from seatrial.verdict import baseline, gate, path_to_pass
from seatrial.verdict.decision import Decision
from seatrial.verdict.score import score

CAPTURED = Path(__file__).parents[2] / "captured" / "reports"
"""Reports of earlier schemas: 1.0 of a small tree, 1.1 of a trial."""

GIVEN = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
DAY = dt.date(2026, 11, 20)
STARTED = f"{DAY}T10:00:00Z"
CHECKS = outcomes.CHECKS

odd = st.text(st.characters(codec=None), max_size=12) | st.sampled_from(
    [
        "",
        "a\\nb",
        "\\x1b[31m",
        "\x1b[31m",
        "\udc80\ud83d\ude00",
        "\r\n\t",
        "\\",
        "é\u200b\u202e",
        "\U000e0041",
        " x ",
        "a\n\n",
    ]
)
said = odd.filter(str.strip)
places = st.builds(Location, odd, st.integers(0, 2**40), st.integers(0, 99), st.integers(0, 99), st.integers(0, 99))
numbers = st.floats(allow_nan=False, allow_infinity=False)
measurements = st.builds(
    Measurement,
    odd,
    numbers,
    st.sampled_from(MeasureUnit),
    st.none() | numbers,
    st.none() | st.sampled_from(Quantity),
)
fractions = st.fractions(0, 1, max_denominator=10**40)
lists = st.lists(odd, max_size=2).map(tuple)


def findings(check: str) -> st.SearchStrategy[tuple[Finding, ...]]:
    """Of one check; rules belong to one, so no fingerprint can be in two."""
    one = st.builds(
        Finding,
        rule=odd.map(lambda text: f"{check}:{text}".replace("\0", "")),
        severity=st.sampled_from(Severity),
        confidence=st.sampled_from(Confidence),
        message=odd,
        location=places.map(lambda place: replace(place, path=place.path.replace("\0", ""))),
        remedy=odd,
        related=st.lists(places, max_size=2).map(tuple),
        subject=odd,
        anchor=odd,
        cause=odd,
        commit=odd,
    )
    return st.lists(one, max_size=4).map(numbered)


@st.composite
def answers(draw: st.DrawFn, check: str) -> Answer:
    status = draw(st.sampled_from(Status))
    return Answer(
        check,
        status,
        value=draw(fractions) if status.measured else None,
        share=draw(fractions.filter(bool)),
        findings=() if status is Status.PASS else draw(findings(check)),
        reason=draw(odd if status.measured else said),
        evidence=draw(odd),
        measurements=tuple(draw(st.lists(measurements, max_size=2))),
        notes=draw(lists),
    )


RICH = CHECKS[::4]
"""Checks that get findings and measurements of any kind; for all of them the outcomes would be too large to make."""


def plain(check: str) -> st.SearchStrategy[Answer]:
    """An answer without findings."""
    return st.sampled_from(
        [
            Answer.of_findings(check, ()),
            Answer.skip(check, "not now"),
            Answer.na(check, "nothing"),
            Answer.error(check, "no"),
        ]
    )


subjects = st.builds(Subject, odd, odd, st.booleans(), odd, st.integers(0, 10**6), st.integers(0, 2**50), lists)
reports = st.builds(
    Report,
    subjects,
    st.tuples(*(answers(check) if check in RICH else plain(check) for check in CHECKS)),
    st.lists(st.builds(Tool, odd, odd), max_size=3).map(tuple),
    st.integers(0, 2**50),
    st.booleans(),
    st.just(STARTED),
)
policies = st.builds(
    Settings,
    profile=st.sampled_from(Profile),
    fail_below=st.floats(0, 100),
    min_coverage=st.none() | st.floats(0, 100),
    min_category=st.floats(0, 10),
    weights=st.sampled_from(Weights),
    fail_on=st.sampled_from(FailOn),
    only=st.lists(st.sampled_from(CHECKS) | odd, max_size=3).map(tuple),
)


@st.composite
def acceptances(draw: st.DrawFn, found: tuple[Finding, ...]) -> tuple[Waiver, ...]:
    """Waivers of some findings, of a rule everywhere and of nothing; early, in force, too long or over."""
    dates = st.sampled_from([(-60, -1), (-1, 0), (-80, 9), (1, 2), (-5, 20)])

    def one(**target: str) -> Waiver:
        first, last = draw(dates)
        created, expires = (DAY + dt.timedelta(days) for days in (first, last))
        reason = draw(odd) + "accepted until the rewrite"
        return Waiver(reason=reason, owner=draw(said), created=created, expires=expires, ticket=draw(odd), **target)

    chosen = draw(st.lists(st.sampled_from(found), max_size=3, unique=True)) if found else []
    return (*(one(fingerprint=f.fingerprint) for f in chosen), one(rule="x/y", path="**"))


@st.composite
def any_outcome(draw: st.DrawFn) -> Outcome:
    report, policy = draw(reports), draw(policies)
    waived = waivers.apply(draw(acceptances(report.findings)), report.findings, DAY)
    number = score(report, outcomes.CATALOGUE, weights=policy.weights, waived=waived.fingerprints)
    comparison = draw(st.none() | comparisons(report, policy))
    lost = tuple(Unjudged(path, reason) for path, reason in draw(st.lists(st.tuples(odd, odd), max_size=2)))
    return Outcome(
        report=report,
        catalogue=outcomes.CATALOGUE,
        settings=policy,
        score=number,
        verdict=gate.decide(report, number, policy, waived, comparison, lost),
        path=path_to_pass.find(report, outcomes.CATALOGUE, policy, waived, comparison, lost),
        waived=waived,
        comparison=comparison,
        policy_changes=draw(lists),
        notices=draw(lists),
        allowed=outcomes.allowed(report.findings) if draw(st.booleans()) else (),
        unjudged=lost,
    )


@st.composite
def comparisons(draw: st.DrawFn, report: Report, policy: Settings) -> baseline.Comparison:
    """With a base that shares some of the answers."""
    own = draw(reports)
    kept = draw(st.sets(st.sampled_from(CHECKS)))
    mixed = replace(own, answers=tuple(h if h.check in kept else b for h, b in zip(report, own, strict=True)))
    sides = (
        baseline.Side(r, score(r, outcomes.CATALOGUE, weights=policy.weights), outcomes.CATALOGUE.sha256)
        for r in (mixed, report)
    )
    return baseline.compare(*sides, commit=draw(odd), label=draw(odd))


def of(*found: Finding, **more: Any) -> Outcome:
    answers = [Answer.of_findings(c, [] if n else found, **({} if n else more)) for n, c in enumerate(CHECKS)]
    return outcomes.outcome(Report(Subject("x", files=1), tuple(answers), started=STARTED))


def back(outcome: Outcome) -> Outcome:
    return reading.outcome_of(json.loads(json.render(outcome)), outcomes.CATALOGUE)


@given(any_outcome())
@GIVEN
def test_every_outcome_comes_back(outcome: Outcome) -> None:
    rendered = json.render(outcome)
    document = json.loads(rendered)
    assert reading.report_of(document) == outcome.report
    again = reading.outcome_of(document, outcomes.CATALOGUE)
    assert again.report == outcome.report
    for name in (
        "score",
        "verdict",
        "path",
        "waived",
        "comparison",
        "policy_changes",
        "notices",
        "allowed",
        "unjudged",
        "headline",
    ):
        assert getattr(again, name) == getattr(outcome, name), name
    assert json.render(again) == rendered


@given(any_outcome())
@GIVEN
def test_no_terminal_can_be_steered_by_it(outcome: Outcome) -> None:
    """Neither by the file nor by what `jq -r` makes of its texts."""
    rendered = json.render(outcome)
    assert [line for line in rendered.split("\n") if printable(line) != line] == []

    def check(value: Any) -> None:
        match value:
            case str():
                assert [line for line in value.split("\n") if printable(line) != line] == []
            case dict():
                list(map(check, [*value, *value.values()]))
            case list():
                list(map(check, value))

    check(standard.loads(rendered))


def test_a_value_comes_back_exactly_with_what_it_was_made_from() -> None:
    services = WeightedShare(
        tuple(GradedSubject(f"s{n}\x1b", "compose.yaml", weight) for n, weight in enumerate((7, 11, 13))), "service"
    )
    found = [replace(outcomes.finding(1), about=(services.subjects[1].key,))]
    lines = [replace(outcomes.finding(n), rule="bandit/B1") for n in range(2, 5)]
    answers = {
        "compose/privileged": Answer.of_findings("compose/privileged", found, basis=services),
        "python/bandit": Answer.of_findings(
            "python/bandit", lines, basis=outcomes.CATALOGUE.density("python/bandit", 1234)
        ),
    }
    made = tuple(answers.get(c, Answer.of_findings(c, [])) for c in outcomes.CHECKS)
    outcome = outcomes.outcome(Report(Subject("x", files=1), made))
    told = {c["id"]: c for c in standard.loads(json.render(outcome))["checks"]}
    assert told["compose/privileged"]["tally"] == "2 of 3 services"
    assert [s["right"] for s in told["compose/privileged"]["basis"]["subjects"]] == [True, False, True]
    assert told["compose/privileged"]["value_exact"] == "20/31"
    assert told["python/bandit"]["tally"] == "3 findings in 1,234 lines"
    again = back(outcome)
    assert (again.report, again.score, again.path) == (outcome.report, outcome.score, outcome.path)


def test_a_report_of_an_earlier_schema_is_read_and_not_scored_anew() -> None:
    document = json.loads((CAPTURED / "schema-1.0.json").read_bytes())
    assert (document.model.name, document.schema_version) == ("2026.1", SCHEMA_VERSION)
    report = reading.report_of(document)
    assert {f.rule for f in report.findings} >= {"compose/privileged", "bandit/B605"}
    with pytest.raises(UsageError, match=r"made with model '2026\.1'"):
        reading.outcome_of(document, outcomes.CATALOGUE)
    number = score(report, outcomes.CATALOGUE)
    base = baseline.Side(report, number, document.model.sha256)
    head = baseline.Side(report, number, outcomes.CATALOGUE.sha256)
    comparison = baseline.compare(base, head, commit="", label="before")
    assert comparison.score is None
    assert "The base was scored with another model, so the scores are not compared." in comparison.notes


def test_experiments_of_an_earlier_schema_keep_their_figures() -> None:
    text = (CAPTURED / "schema-1.1.json").read_text("utf-8")
    before = {check["id"]: check for check in standard.loads(text)["checks"]}
    for answer in reading.report_of(json.loads(text)):
        for told, one in zip(before[answer.check]["experiments"], answer.experiments, strict=True):
            assert (told["rule"] or None) == one.rule
            for figure, read in zip(told["measurements"], one.measurements, strict=True):
                assert (figure["name"], figure["value"]) == (read.name, read.value)
                assert read.quantity is None or figure["name"].endswith(f" {read.quantity}")
            worst = trial.worst_of(one)
            served = [figure["value"] for figure in told["measurements"] if figure["name"].endswith(" success")]
            assert worst[0] == (f"{min(served):.0f} %" if served else "–")


def test_a_report_from_before_load_was_measured_is_read_without_any() -> None:
    text = (CAPTURED / "schema-1.2.json").read_text("utf-8")
    before = standard.loads(text)
    report = reading.report_of(json.loads(text))
    assert not any(answer.loads for answer in report)
    assert {a.check: (a.status.value, len(a.findings)) for a in report} == {
        c["id"]: (c["status"], len(c["findings"])) for c in before["checks"]
    }


def test_an_expired_waiver_still_closes_the_gate_elsewhere() -> None:
    found = outcomes.finding(1)
    waiver = Waiver(
        reason="accepted until the rewrite", owner="me", fingerprint=found.fingerprint,
        created=dt.date(2026, 10, 1), expires=dt.date(2026, 11, 1),
    )  # fmt: skip
    report = of(found).report
    outcome = outcomes.outcome(report, waived=waivers.apply([waiver], report.findings, DAY))
    assert outcome.verdict.decision is Decision.CLOSED
    again = back(outcome)
    assert again.verdict == outcome.verdict
    assert again.waived.expired == (waiver,)


def test_flags_alone_are_waivers_too() -> None:
    found = outcomes.finding(1, Severity.CRITICAL)
    outcome = outcomes.outcome(of(found).report, waived=Waived(frozenset({found.fingerprint})))
    assert back(outcome).score.taken == ()


def test_what_was_fixed_is_told_in_full() -> None:
    found = replace(outcomes.finding(1), anchor="a\\n\x1b", related=(Location("b", 2),))
    base, head = of(found).report, of().report
    sides = (baseline.Side(r, score(r, outcomes.CATALOGUE), outcomes.CATALOGUE.sha256) for r in (base, head))
    outcome = replace(of(), comparison=baseline.compare(*sides, commit="1" * 40, label="main"))
    told = standard.loads(json.render(outcome))["comparison"]
    assert told["fixed"][0]["anchor"] == r"a\\n\x1b"
    comparison = back(outcome).comparison
    assert comparison is not None
    assert comparison.fixed == base.findings


def test_every_text_has_a_fingerprint() -> None:
    """Two halves of a pair are not the character that they would be together."""
    odd = "\ud83d\ude00"
    found = Finding("a/b", Severity.LOW, Confidence.LOW, "m", Location(odd), anchor=odd)
    plain = replace(found, location=Location("\U0001f600"), anchor="\U0001f600")
    assert found.fingerprint != plain.fingerprint
    outcome = of(found, plain)
    assert back(outcome).report == outcome.report


Change = Callable[[dict[str, Any]], object]


def document(change: Change, outcome: Outcome | None = None) -> str:
    """A report that somebody changed, with the right digest."""
    made: dict[str, Any] = standard.loads(json.render(outcome or of(outcomes.finding(1), outcomes.finding(2))))
    change(made)
    made["digest"] = json.digest(made)
    return standard.dumps(made)


def compared() -> Outcome:
    outcome = of(outcomes.finding(1), outcomes.finding(2))
    sides = [
        baseline.Side(r, score(r, outcomes.CATALOGUE), outcomes.CATALOGUE.sha256)
        for r in (of(outcomes.finding(2), outcomes.finding(3)).report, outcome.report)
    ]
    made = baseline.compare(sides[0], sides[1], commit="1" * 40, label="main")
    return replace(outcome, comparison=made)


def accepted() -> Outcome:
    report = of(outcomes.finding(1)).report
    waiver = Waiver(
        reason="accepted until the rewrite", owner="me", fingerprint=report.findings[0].fingerprint,
        created=DAY, expires=DAY,
    )  # fmt: skip
    return outcomes.outcome(report, waived=waivers.apply([waiver], report.findings, DAY))


def first(d: dict[str, Any]) -> Any:
    return next(c for c in d["checks"] if c["findings"])


def steal(d: dict[str, Any]) -> None:
    """Another check has the finding, too."""
    other = next(c for c in d["checks"] if not c["findings"])
    other.update(status="error", value=None, value_exact=None, reason="x", findings=[first(d)["findings"][0]])


def move(d: dict[str, Any]) -> None:
    d["findings"][0]["check"] = next(c["id"] for c in d["checks"] if not c["findings"])


def disown(d: dict[str, Any]) -> None:
    """Its check does not name it."""
    first(d)["findings"].pop()


def double(d: dict[str, Any]) -> None:
    first(d)["findings"].append(first(d)["findings"][0])


@pytest.mark.parametrize(
    ("change", "place"),
    [
        (steal, r"checks\.\d+\.findings"),
        (double, r"checks\.\d+\.findings"),
        (move, r"findings\.0"),
        (disown, r"findings\.1"),
        (lambda d: d["findings"].append(d["findings"][1]), r"findings\.2"),
        (lambda d: d["findings"][1].update(fingerprint="\n" * 9999), r"findings\.1"),
        (lambda d: d["findings"][1].update(occurrence=2), r"findings\.1"),
        (lambda d: d["findings"][1].update(change="introduced"), r"findings\.1"),
        (lambda d: d["checks"][2].update(id="compose/unheard-of"), r"checks\.2"),
        (lambda d: d["checks"][2].update(title="Nothing to see"), r"checks\.2"),
        (lambda d: d["checks"][2].update(required=not d["checks"][2]["required"]), r"checks\.2"),
        (lambda d: d["checks"][3].update(value=0.5), r"checks\.3"),
        (lambda d: d["checks"][3].update(share=0.5), r"checks\.3"),
        (lambda d: d["checks"][3].update(share=0, share_exact="0"), r"checks\.3"),
        (lambda d: d["checks"][3].update(value=1, value_exact="7/5"), r"checks\.3"),
        (lambda d: d["checks"][3].update(status="skip", reason="x"), r"checks\.3"),
        (lambda d: d["checks"][3].update(status="skip", value=None, value_exact=None), r"checks\.3"),
        (lambda d: d["volatile"]["durations"].update({"z/z": 1.0}), r"volatile\.durations"),
    ],
)
def test_a_contradiction_is_named_by_its_place(change: Change, place: str) -> None:
    read = json.loads(document(change))
    with pytest.raises(UsageError, match=rf"contradicts itself at {place}: ") as refused:
        reading.report_of(read)
    assert printable(str(refused.value), limit=400) == str(refused.value)


@pytest.mark.parametrize(
    ("make", "change", "place"),
    [
        (compared, lambda d: d["comparison"].update(score=50.0), "comparison"),
        (compared, lambda d: d["comparison"].update(regressions=[CHECKS[1]]), "comparison"),
        (compared, lambda d: d["comparison"].update(coverage=0.25), "comparison"),
        (compared, lambda d: d["comparison"].update(coverage_exact="-3/2"), "comparison"),
        (compared, lambda d: d["comparison"]["worths"].update({CHECKS[0]: "3/2"}), "comparison"),
        (compared, lambda d: d["comparison"]["fixed"][0].update(rule="x/y"), r"comparison\.fixed\.0"),
        (compared, lambda d: d["findings"][0].update(change=None), r"findings\.0"),
        (compared, lambda d: d.update(comparison=None), r"findings\.0"),
        (accepted, lambda d: d["findings"][0].update(waived=False), "waivers"),
        (accepted, lambda d: d["waivers"][0].update(expires="2026-99-01"), r"waivers\.0\.expires"),
        (accepted, lambda d: d["waivers"][0].update(expires="2028-11-20"), r"waivers\.0"),
        (accepted, lambda d: d["waivers"][0].update(reason=""), r"waivers\.0"),
        (accepted, lambda d: d["volatile"].update(started="yesterday"), r"volatile\.started"),
        (accepted, lambda d: d["volatile"].update(started="2026-12-24T00:00:00Z"), "waivers"),
        (compared, lambda d: d["checks"][0].update(points=99.0), "checks"),
        (compared, lambda d: d["gate"].update(exit_code=3), "gate"),
        (compared, lambda d: d["gate"]["conditions"].pop(), "gate"),
        (compared, lambda d: d["volatile"]["durations"].pop(d["checks"].pop()["id"]), "score"),
        (compared, lambda d: d["score"]["categories"][0].update(title="x"), "score"),
        (compared, lambda d: d["policy"].update(fail_below=100.0), "gate"),
    ],
)
def test_what_does_not_follow_is_refused(make: Callable[[], Outcome], change: Change, place: str) -> None:
    assert json.loads(document(lambda d: None, make())).checks
    read = json.loads(document(change, make()))
    with pytest.raises(UsageError, match=rf"contradicts itself at ({place}): ") as refused:
        reading.outcome_of(read, outcomes.CATALOGUE)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("change", "place"),
    [
        (lambda d: d["subject"].update(files=2**53), "subject.files"),
        (lambda d: d["subject"].update(files="1"), "subject.files"),
        (lambda d: d["subject"].update(files=True), "subject.files"),
        (lambda d: d["checks"][0].update(points="1"), "checks.0.points"),
        (lambda d: d["checks"][0].update(share_exact="1e9"), "checks.0.share_exact"),
        (lambda d: d["checks"][0].update(share_exact="1/" + "9" * 9000), "checks.0.share_exact"),
        (lambda d: d["findings"][0].update(root=""), "findings.0.root"),
        (lambda d: d["findings"][0].update(occurrence=0), "findings.0.occurrence"),
        (lambda d: d["findings"][0].update({"x\n\x1b" * 9999: 1}), "findings.0.x"),
        (lambda d: d["policy"].update(fail_below=101), "policy.fail_below"),
        (lambda d: d.update(seed=-1), "seed"),
    ],
)
def test_a_value_of_the_wrong_kind_is_named_by_its_place(change: Change, place: str) -> None:
    with pytest.raises(UsageError, match=rf"not a report of schema 1\.3: {place}") as refused:
        json.loads(document(change))
    assert printable(str(refused.value), limit=500) == str(refused.value)


SMALL = json.render(outcomes.small())


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("[" * 10_000 + "]" * 10_000, "nested too deeply"),
        ('{"a":' * 10_000 + "1" + "}" * 10_000, "nested too deeply"),
        (SMALL.replace('"seed": 0', '"seed": 0, "seed": 0'), "the name 'seed' occurs twice"),
        (SMALL.replace('"seed": 0', '"seed": ' + "9" * 5000), "not JSON"),
        (SMALL.replace('"seed": 0', '"seed": NaN'), "NaN is not a JSON number"),
        (SMALL.replace('"duration": 0.0', '"duration": -Infinity'), "-Infinity is not a JSON number"),
        (SMALL.replace('"duration": 0.0', '"duration": 1e999'), "volatile.duration: .*finite"),
        (SMALL.replace("something is wrong", "\\ud800", 1), "not JSON.*surrogates"),
        (SMALL.encode("utf-16"), "not JSON"),
        (b"\xff" + SMALL.encode(), "not JSON"),
        ("\ufeff" + SMALL, "not JSON"),
        (SMALL.encode() + b"\0", "not JSON"),
    ],
)
def test_what_is_not_quite_json_is_refused(text: str | bytes, problem: str) -> None:
    with pytest.raises(UsageError, match=problem) as refused:
        json.loads(text)
    assert printable(str(refused.value), limit=400) == str(refused.value)


@pytest.mark.parametrize("text", ["é" * (32 * 1024 * 1024), b"x" * (64 * 1024 * 1024)], ids=["text", "bytes"])
def test_the_limit_counts_bytes(text: str | bytes) -> None:
    """64 MiB are read, and found to be no report; a byte more is refused unread."""
    with pytest.raises(UsageError, match="not"):
        json.loads(text)
    with pytest.raises(UsageError, match="larger than 67,108,864 bytes"):
        json.loads(text + "x" if isinstance(text, str) else text + b"x")


@pytest.mark.parametrize(
    "make",
    [
        lambda d: d.update(findings=[1] * 5_000_000),
        lambda d: d.update({f"x{n}": n for n in range(500_000)}),
        lambda d: d.update(findings=[d["findings"][0]] * 50_000),
        lambda d: first(d).update(findings=["x"] * 500_000),
        lambda d: first(d).update(findings=[d["findings"][0]["fingerprint"]] * 500_000),
    ],
)
def test_what_is_wrong_a_million_times_is_refused(make: Change) -> None:
    """What takes more time than in proportion does not end here."""
    text = document(make)
    with pytest.raises(UsageError):
        reading.report_of(json.loads(text))


def test_many_rules_are_refused_before_they_are_graded() -> None:
    found = numbered(Finding(f"a/{n}", Severity.LOW, Confidence.LOW, "m", Location("p")) for n in range(2001))
    answers = [Answer(c, Status.ERROR, reason="x", findings=() if n else found) for n, c in enumerate(CHECKS)]
    read = json.loads(json.render(outcomes.outcome(Report(Subject("x"), tuple(answers)))))
    with pytest.raises(UsageError, match="more than 2,000 rules"):
        reading.report_of(read)
