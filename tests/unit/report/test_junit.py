"""junit.xml of what is long or hostile: bounded, nothing dropped in silence, and XML whatever the text."""

from __future__ import annotations

import re
from dataclasses import replace
from fractions import Fraction
from xml.sax.saxutils import escape

import outcomes
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from junitparser import JUnitXml, TestCase
from lxml import etree

from seatrial.domain import Answer, Confidence, Finding, Location, Report, Severity, Status, Subject
from seatrial.domain.allowance import AllowanceKind, Allowed
from seatrial.domain.measured import Experiment, ExperimentResult, Measurement, MeasureUnit, TrialRule
from seatrial.report import Outcome, junit

FIRST = outcomes.CHECKS[0]
GIVEN = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
anything = st.text(st.characters(), max_size=30) | st.sampled_from(
    ["]]>", "&" * 3000, '"<>&' * 2000, "\ufffe\U0001ffff"]
)


def of(*findings: Finding, notes: tuple[str, ...] = ()) -> Outcome:
    return outcomes.outcome(Report(Subject("x", files=1), (Answer.of_findings(FIRST, findings, notes=notes),)))


def case(outcome: Outcome) -> TestCase:
    parsed = JUnitXml.fromstring(junit.render(outcome).encode())
    return next(case for suite in parsed for case in suite if case.name.startswith(f"{FIRST}:"))


def size(case: TestCase) -> int:
    """Bytes of all text in a case, as it stands in the file."""
    texts = [element.text or "" for element in case._elem.iter()]
    return sum(len(escape(text, {'"': "&quot;"}).encode()) for text in texts)


def test_one_huge_finding_is_shown_and_said_to_be_cut() -> None:
    text = case(of(outcomes.finding(1, text="wrong " * 100_000))).result[0].text
    assert text.startswith("deploy/1.yaml:1:3: low: compose/privileged\nwrong wrong")
    assert "cap_drop: [ALL]" in text
    assert len(text) < junit.FINDING_LIMIT


def test_a_huge_remedy_leaves_room_for_the_next_finding() -> None:
    huge = replace(outcomes.finding(1, Severity.HIGH), remedy="do this\n" * 100_000)
    text = case(of(huge, outcomes.finding(2))).result[0].text
    assert "… (cut; all of it in report.json)" in text
    assert "deploy/2.yaml:2:3: low" in text


def test_no_finding_is_dropped_in_silence() -> None:
    number = 1000
    found = [outcomes.finding(n, text="& " * 700) for n in range(1, number + 1)]
    one = case(of(*found))
    text = one.result[0].text
    shown = len(re.findall(r"^deploy/\d+\.yaml:", text, re.MULTILINE))
    left = re.search(r"… and ([\d,]+) more findings in report\.json$", text)
    assert left
    assert shown + int(left[1].replace(",", "")) == number
    assert shown >= 12  # as many of the largest as fit into 64 KiB
    assert size(one) <= junit.TEXT_LIMIT


def test_notes_do_not_crowd_out_the_findings() -> None:
    one = case(of(outcomes.finding(1), notes=tuple(f"{n} " + "x" * 900 for n in range(500))))
    assert re.search(r"… and \d+ more lines in report\.json$", one.system_out)
    assert "deploy/1.yaml" in one.result[0].text
    assert size(one) <= junit.TEXT_LIMIT


def test_attributes_are_bounded() -> None:
    finding = replace(outcomes.finding(1), location=Location('"' * 100_000))
    assert 0 < len(case(of(finding))._elem.get("file", "")) <= 2048
    answers = (Answer.error(FIRST, "why & " * 100_000),)
    message = case(outcomes.outcome(Report(Subject("x", files=1), answers))).result[0].message
    assert message.startswith("why & why")
    assert len(message) <= 1024


@pytest.mark.parametrize("number", [60, 1000])
def test_the_whole_is_bounded_however_many_checks_there_are(number: int) -> None:
    model = outcomes.CATALOGUE
    checks = tuple(replace(model.checks[0], id=f"compose/{n}") for n in range(number))
    found = [
        Finding(f"a/{n}", Severity.LOW, Confidence.HIGH, '"' * 900, Location(f"{n}" + '"' * 4000), '"\n' * 5000)
        for n in range(40)
    ]
    answers = tuple(
        Answer.of_findings(c.id, found, evidence='"' * 900, notes=['"' * 900] * 99, share=Fraction(1, 3))
        for c in checks
    )
    small = outcomes.outcome(Report(Subject("x", files=1), ()))
    scored = tuple(replace(small.score.checks[0], check=c, answer=a) for c, a in zip(checks, answers, strict=True))
    many = replace(small.score, categories=(replace(small.score.categories[0], checks=scored),))
    rendered = junit.render(replace(small, score=many)).encode()
    assert len(rendered) <= junit.TOTAL_LIMIT
    cases = [case for suite in JUnitXml.fromstring(rendered) for case in suite]
    assert len(cases) == number
    for one in cases:
        shown = len(re.findall(r": low: ", one.result[0].text))
        left = re.search(r"… and (\d+) more findings in report\.json$", one.result[0].text)
        assert left
        assert shown >= 1
        assert shown + int(left[1]) == len(found)


@given(st.lists(anything, min_size=7, max_size=7), st.booleans())
@GIVEN
def test_any_text_makes_valid_xml(texts: list[str], error: bool) -> None:
    finding = Finding(
        texts[0], Severity.LOW, Confidence.LOW, texts[1], Location(texts[2]), texts[3], commit=texts[4], anchor=texts[5]
    )
    measured = [Measurement(texts[6], 1, MeasureUnit.SECONDS)]
    if error:
        answer = replace(Answer.error(FIRST, "x", findings=[finding], notes=texts), reason=f"x{texts[6]}")
    else:
        answer = Answer.of_findings(FIRST, [finding], evidence=texts[4], notes=texts, measurements=measured)
    rendered = junit.render(outcomes.outcome(Report(Subject(texts[0], files=1), (answer,))))
    document = etree.fromstring(rendered.encode(), etree.XMLParser(huge_tree=False))
    assert len(document.findall(".//testcase")) == len(outcomes.CHECKS)
    one = next(
        case for suite in JUnitXml.fromstring(rendered.encode()) for case in suite if case.name.startswith(FIRST)
    )
    assert type(one.result[0]).__name__ == ("Error" if error else "Failure")
    assert ": guess: " in one.result[0].text
    assert error or one.result[0].message == "1 finding: 1 guess"


def tried(*experiments: Experiment) -> Outcome:
    answer = replace(Answer.of_findings(FIRST, []), experiments=experiments)
    return outcomes.outcome(Report(Subject("x", files=1), (answer,)))


def trial_properties(outcome: Outcome) -> dict[str, str]:
    rendered = JUnitXml.fromstring(junit.render(outcome).encode())
    suite = next(s for s in rendered if s.name == "seatrial.trial")
    return {p.get("name", ""): p.get("value", "") for p in suite._elem.iterfind("properties/property")}


def test_what_an_experiment_measured_is_in_the_properties_of_its_suite() -> None:
    measured = (
        Measurement("api recovery", 1.13, MeasureUnit.SECONDS),
        Measurement("lost writes", 0, MeasureUnit.WRITES),
    )
    one = Experiment(
        "partition", "store", ExperimentResult.PASSED, parameters="duration 5s", evidence="49", measurements=measured
    )
    assert trial_properties(tried(one, replace(one, measurements=()))) == {
        "partition store.result": "passed",
        "partition store.parameters": "duration 5s",
        "partition store.evidence": "49",
        "partition store.api recovery": "1.13 s",
        "partition store.lost writes": "0 {write}",
        "partition store (2).result": "passed",
        "partition store (2).parameters": "duration 5s",
        "partition store (2).evidence": "49",
    }


def test_a_flaky_experiment_is_a_failure_with_its_reason() -> None:
    flaky = Experiment("latency", "store", ExperimentResult.FLAKY, reason="failed, and passed when repeated")
    rendered = JUnitXml.fromstring(junit.render(tried(flaky)).encode())
    [case] = next(s for s in rendered if s.name == "seatrial.trial")
    assert (case.result[0].type, case.result[0].message) == ("flaky", "flaky: failed, and passed when repeated")


def test_a_flaky_check_says_why() -> None:
    answer = Answer(FIRST, Status.FLAKY, Fraction(1, 2), reason="store failed, and passed when repeated")
    rendered = junit.render(outcomes.outcome(Report(Subject("x", files=1), (answer,))))
    assert 'message="flaky: store failed, and passed when repeated"' in rendered


@pytest.mark.parametrize("result", ExperimentResult)
def test_every_result_of_an_experiment_has_a_place(result: ExperimentResult) -> None:
    one = Experiment("crash", "api", result, reason="because", complaints=("api: slow",))
    rendered = JUnitXml.fromstring(junit.render(tried(one)).encode())
    [case] = next(s for s in rendered if s.name == "seatrial.trial")
    assert bool(case.result) == (result not in (ExperimentResult.PASSED, ExperimentResult.DEGRADED))


def test_a_path_is_that_in_the_repository() -> None:
    subject = Subject("x", files=1, folder="services/api")
    answer = Answer.of_findings(FIRST, [outcomes.finding()])
    rendered = junit.render(outcomes.outcome(Report(subject, (answer,))))
    assert f'file="services/api/{outcomes.finding().location.path}"' in rendered


def test_properties_of_experiments_are_bounded() -> None:
    measured = tuple(Measurement(f"{n}" + "x" * 9000, 1, MeasureUnit.SECONDS) for n in range(900))
    known = trial_properties(tried(Experiment("crash", "y" * 9000, ExperimentResult.PASSED, measurements=measured)))
    assert 1 < len(known) < len(measured)
    assert sum(len(name) + len(value) for name, value in known.items()) < junit.TEXT_LIMIT // 4
    assert max(map(len, known)) < 3 * junit._PROPERTY_LIMIT


def test_a_failed_experiment_says_by_which_rule_and_a_warning_is_in_its_output() -> None:
    failed = Experiment(
        "crash", "api", ExperimentResult.FAILED, rule=TrialRule.RECOVERY, complaints=("api: slow", "api: away")
    )
    degraded = Experiment("pause", "api", ExperimentResult.DEGRADED, complaints=("api: slow (a warning)",))
    rendered = JUnitXml.fromstring(junit.render(tried(failed, degraded)).encode())
    first, second = next(s for s in rendered if s.name == "seatrial.trial")
    assert (first.result[0].type, first.result[0].message) == ("recovery", "api: slow")
    assert first.result[0].text == "api: slow\napi: away"
    assert second.result == []
    assert second.system_out == "api: slow (a warning)"


def test_what_the_change_allows_itself_is_a_failure_with_that_reason() -> None:
    first, second = outcomes.finding(1), outcomes.finding(2)
    mark = Allowed(AllowanceKind.LINK, first.rule, first.severity, first.location, by_change=True, counts=True)
    [failure] = case(replace(of(first, second), allowed=(mark,))).result
    assert failure.message == "2 findings: 2 low; 1 allowed by this change itself"
    ours, other = failure.text.split("\n\n")
    assert "allowed by this change itself (symbolic link), so it counts as open" in ours
    assert "allowed by" not in other
