"""report.json comes back exactly, and one that contradicts itself does not."""

from __future__ import annotations

import json as standard
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from typing import Any

import outcomes
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from seatrial.domain import Answer, Confidence, Finding, Location, Report, Severity, Subject
from seatrial.domain.errors import UsageError
from seatrial.domain.measured import Measurement, MeasureUnit
from seatrial.report import json, reading, text

GIVEN = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
ODD = st.text(st.characters(codec=None), max_size=30) | st.sampled_from(["a\\nb", "\\x1b", "\udc80", "\r\n", "\\"])


@st.composite
def findings(draw: st.DrawFn) -> Finding:
    return Finding(
        rule=draw(st.sampled_from(["bandit/B602", "compose/privileged"])),
        severity=draw(st.sampled_from(Severity)),
        confidence=draw(st.sampled_from(Confidence)),
        message="wrong",
        location=Location(draw(ODD), draw(st.integers(0, 9999)), draw(st.integers(0, 200))),
        subject=draw(ODD),
        anchor=draw(ODD),
        cause=draw(ODD),
        commit=draw(ODD),
        related=(Location(draw(ODD), 1),),
    )


@given(st.lists(findings(), max_size=6), st.fractions(0, 1), st.fractions(Fraction(1, 999), 1))
@GIVEN
def test_what_identifies_and_what_counts_comes_back_exactly(
    found: list[Finding], value: Fraction, share: Fraction
) -> None:
    answers = [Answer.of_findings(c, []) for c in outcomes.CHECKS]
    answers[0] = Answer.of_findings(outcomes.CHECKS[0], found, share=share)
    if found:
        answers[0] = replace(answers[0], value=value)
    report = Report(Subject("t", files=1), tuple(answers))
    outcome = outcomes.outcome(report)
    document = json.loads(json.render(outcome))
    back = reading.report_of(document)
    assert back == report
    assert [f.fingerprint for f in back.findings] == [f.fingerprint for f in report.findings]
    again = reading.outcome_of(document, outcomes.CATALOGUE)
    assert again.score == outcome.score
    assert json.render(again) == json.render(outcome)


@given(ODD)
@settings(max_examples=500)
def test_quoting_can_be_undone_and_prints(odd: str) -> None:
    quoted = text.quoted(odd)
    assert text.unquoted(quoted) == odd
    assert text.printable(quoted) == quoted
    quoted.encode()


def document(change: Callable[[dict[str, Any]], object]) -> str:
    """A report that somebody changed, with the right digest."""
    made: dict[str, Any] = standard.loads(json.render(outcomes.small()))
    change(made)
    made["digest"] = json.digest(made)
    return standard.dumps(made)


def test_a_changed_document_with_a_right_digest_is_what_these_tests_make() -> None:
    assert reading.outcome_of(json.loads(document(lambda d: None)), outcomes.CATALOGUE).report.findings


def _with_check(name: str, value: object) -> Callable[[dict[str, Any]], object]:
    return lambda d: next(c for c in d["checks"] if c["findings"]).update({name: value})


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda d: d["findings"].append(d["findings"][0]), "occurs twice"),
        (lambda d: d["checks"].append(d["checks"][0]), "occurs twice"),
        (lambda d: d["findings"][0].update(anchor="another"), "is not the fingerprint"),
        (lambda d: d["findings"][0]["location"].update(path="another"), "is not the fingerprint"),
        (_with_check("findings", []), "no check has the finding"),
        (_with_check("findings", ["0" * 32]), "that is not there"),
        (_with_check("status", "pass"), "passed with findings"),
        (_with_check("value_exact", None), "with value None"),
        (_with_check("share_exact", "0"), "share 0"),
        (_with_check("value_exact", "1/1"), "do not follow from its answers"),
        (lambda d: d["score"].update(headline=100.0), "do not follow from its answers"),
        (lambda d: d["phases"][0].update(passed=0, failed=0), "do not follow from its answers"),
        (lambda d: d["phases"].append(d["phases"][0]), "occurs twice"),
        (lambda d: d["gate"].update(verdict="PASSED"), "do not follow from its answers"),
        (lambda d: d["model"].update(sha256="0" * 64), "not the one of this version"),
        (lambda d: d["policy"].update(fail_on="whatever"), "policy is invalid"),
    ],
)
def test_a_report_that_contradicts_itself_is_refused(change: Callable[[dict[str, Any]], object], message: str) -> None:
    read = json.loads(document(change))
    with pytest.raises(UsageError, match=message) as refused:
        reading.outcome_of(read, outcomes.CATALOGUE)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    "change",
    [
        lambda d: d["checks"][0].update(share=1.5),
        lambda d: d["checks"][0].update(value_exact="1/0"),
        lambda d: d["checks"][0].update(value_exact="9" * 1000),
        lambda d: d["findings"][0]["location"].update(line=-1),
        lambda d: d["findings"][0]["location"].update(line=10**30),
        lambda d: d["findings"][0].update(change="perhaps"),
        lambda d: d.update(unknown=1),
        lambda d: d["phases"][0].update(label="M"),
        lambda d: d["phases"][0].update(checks=["compose"] * 1001),
        lambda d: d["policy"].update(weights="none"),
    ],
)
def test_a_value_out_of_shape_is_refused(change: Callable[[dict[str, Any]], object]) -> None:
    with pytest.raises(UsageError, match=r"not a report of schema 1\.3"):
        json.loads(document(change))


@pytest.mark.parametrize("number", ["Infinity", "-Infinity", "NaN", "1e999"])
def test_numbers_that_json_does_not_know_are_refused(number: str) -> None:
    infinite = json.render(outcomes.small()).replace('"duration": 0.0', f'"duration": {number}')
    assert number in infinite
    with pytest.raises(UsageError):
        json.loads(infinite)


def test_a_name_that_stands_twice_is_refused() -> None:
    with pytest.raises(UsageError, match="not JSON"):
        json.loads(json.render(outcomes.small()).replace('"seed": 0,', '"seed": 0, "seed": 1,'))


def test_a_document_beyond_the_limit_is_refused_by_its_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json, "SIZE_LIMIT", 10)
    with pytest.raises(UsageError, match="larger than 10 bytes"):
        json.loads('"ééééééé"')


def test_a_measurement_is_a_finite_number() -> None:
    for value in (float("inf"), float("nan")):
        with pytest.raises(ValueError, match="finite"):
            Measurement("t", value, MeasureUnit.SECONDS)
