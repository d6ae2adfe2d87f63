"""Every report in every format: complete, valid, safe to show, and the same for the same outcome."""

from __future__ import annotations

import json as standard
import re
from dataclasses import replace
from pathlib import Path

import jsonschema
import outcomes
import pytest
from hypothesis import HealthCheck, given, settings
from junitparser import JUnitXml
from lxml import etree

from seatrial.domain import Answer, Report, Severity, Status, Subject
from seatrial.domain.errors import UsageError
from seatrial.domain.waivers import Waived
from seatrial.report import Outcome, console, json, junit, reading, text

XSD = Path(__file__).parents[2] / "contract" / "xsd"
GIVEN = settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
NAMES = sorted(outcomes.ALL)
UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069\u200b\ud800-\udfff]")


@pytest.fixture(params=NAMES)
def outcome(request: pytest.FixtureRequest) -> Outcome:
    return outcomes.ALL[request.param]()


def test_json_is_valid_and_comes_back(outcome: Outcome) -> None:
    rendered = json.render(outcome)
    jsonschema.validate(standard.loads(rendered), standard.loads(json.schema_text()))
    report = json.loads(rendered)
    back = reading.report_of(report)
    assert [a.status for a in back] == [a.status for a in outcome.report]
    assert [f.severity for f in back.findings] == [f.severity for f in outcome.report.findings]
    again = outcomes.outcome(back)
    assert again.verdict.decision is outcome.verdict.decision
    assert again.headline == outcome.headline


@given(outcomes.outcomes)
@GIVEN
def test_any_json_is_valid(outcome: Outcome) -> None:
    rendered = json.render(outcome)
    jsonschema.validate(standard.loads(rendered), standard.loads(json.schema_text()))
    assert reading.report_of(json.loads(rendered)).subject.files == outcome.report.subject.files


def test_equal_runs_give_equal_bytes_but_for_what_is_volatile(outcome: Outcome) -> None:
    first = standard.loads(json.render(outcome))
    later = replace(outcome, report=replace(outcome.report, started="2030-01-01T00:00:00Z", duration=99.0))
    second = standard.loads(json.render(later))
    assert first.pop("volatile") != second.pop("volatile")
    assert first == second


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "not JSON"),
        ("[" * 100_000, "not JSON"),
        ("[]", "not a report of schema 1.3"),
        ('{"schema_version": "9"}', "not a report of schema 1.3"),
    ],
)
def test_what_is_no_report_is_refused(text: str, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        json.loads(text)


def test_a_changed_report_is_refused() -> None:
    changed = json.render(outcomes.small()).replace('"CLOSED"', '"PASSED"')
    with pytest.raises(UsageError, match="digest is wrong"):
        json.loads(changed)


def check_junit(outcome: Outcome) -> None:
    rendered = junit.render(outcome)
    document = etree.fromstring(rendered.encode())
    schema = etree.XMLSchema(etree.parse(XSD / "junit-10-14c6e39.xsd"))
    assert schema.validate(document), schema.error_log
    # the plugin's newest schema knows no place in the source; without it the document is valid there too
    for element in document.iter():
        for name in ("disabled", "file", "line"):
            if name in element.attrib:
                del element.attrib[name]
    newest = etree.XMLSchema(etree.parse(XSD / "junit-10-ae25da5.xsd"))
    assert newest.validate(document), newest.error_log


def test_junit_is_valid_and_complete(outcome: Outcome) -> None:
    check_junit(outcome)
    parsed = JUnitXml.fromstring(junit.render(outcome).encode())
    cases = {case.name.partition(": ")[0]: case for suite in parsed for case in suite}
    assert set(cases) == {c.check.id for c in outcome.score.checks}
    for check in outcome.score.checks:
        kinds = [type(r).__name__ for r in cases[check.check.id].result]
        expected = {
            Status.PASS: [],
            Status.FAIL: ["Failure"],
            Status.FLAKY: ["Failure"],
            Status.ERROR: ["Error"],
        }.get(check.answer.status, ["Skipped"])
        assert kinds == expected
    properties = {p.name: p.value for suite in parsed for p in suite.properties()}  # type: ignore[no-untyped-call]
    assert properties["gate"] == outcome.verdict.decision.value
    assert properties["score"] == outcome.headline


@given(outcomes.outcomes)
@GIVEN
def test_any_junit_is_valid(outcome: Outcome) -> None:
    check_junit(outcome)


def test_junit_names_the_place() -> None:
    parsed = JUnitXml.fromstring(junit.render(outcomes.small()).encode())
    case = next(case for suite in parsed for case in suite if case.name.startswith(outcomes.CHECKS[0] + ":"))
    assert case._elem.get("file") == "deploy/1.yaml"
    assert case._elem.get("line") == "1"
    assert "deploy/2.yaml:2:3: low: compose/privileged" in case.result[0].text
    assert "cap_drop: [ALL]" in case.result[0].text


def test_long_texts_are_cut_honestly() -> None:
    rendered = junit.render(outcomes.ugly())
    assert len(rendered) < 4 * junit.TEXT_LIMIT
    assert re.search(r"… and \d+ more findings in report\.json", rendered)


@pytest.mark.parametrize("width", [60, 80, 120])
def test_the_plain_console_is_plain(outcome: Outcome, width: int) -> None:
    rendered = console.render(outcome, width=width, colour=False)
    assert not UNSAFE.search(rendered)
    assert max(map(len, rendered.splitlines())) <= width
    first = rendered.splitlines()[0]
    assert any(word in first for word in ("READY", "INCONCLUSIVE"))
    assert (" 100.0 (" in first) == (outcome.headline == "100.0")


def test_an_empty_repository_is_not_called_ready() -> None:
    rendered = console.render(outcomes.empty(), width=80, colour=False)
    assert "INCONCLUSIVE" in rendered.splitlines()[0]
    assert "100" not in rendered.splitlines()[0]


def test_verbose_shows_all_and_quiet_the_verdict() -> None:
    wide = {"width": 200, "colour": False}
    assert len(console.render(outcomes.small(), quiet=True, **wide).splitlines()) == 1  # type: ignore[arg-type]
    normal = console.render(outcomes.ugly(), **wide)  # type: ignore[arg-type]
    verbose = console.render(outcomes.ugly(), verbose=True, **wide)  # type: ignore[arg-type]
    assert normal.count("compose/privileged") < 30 < verbose.count("compose/privileged")


def test_colours_only_where_asked(outcome: Outcome) -> None:
    assert "\x1b[" in console.render(outcome, width=80, colour=True)
    picture = console.svg(outcome, title="seatrial run")
    assert picture == console.svg(outcome, title="seatrial run")
    etree.fromstring(picture.encode())
    assert "font-face" not in picture
    assert "url(http" not in picture


@given(outcomes.texts)
def test_printable_text_prints(hostile: str) -> None:
    shown = text.printable(hostile)
    assert not UNSAFE.search(shown)
    assert "\n" not in shown
    assert len(text.printable(hostile, limit=5)) <= 5


@pytest.mark.parametrize("others", [3, 30])
@pytest.mark.parametrize("verbose", [False, True])
def test_the_console_always_counts_what_is_waived(others: int, verbose: bool) -> None:
    """Waived root causes come last, so a list of ten may end before them."""
    found = [outcomes.finding(n, Severity.MEDIUM) for n in range(others)]
    old = replace(outcomes.finding(99, Severity.HIGH), rule="compose/docker-socket")
    answers = [Answer.of_findings(c, [*found, old] if n == 0 else []) for n, c in enumerate(outcomes.CHECKS)]
    report = Report(Subject("many", files=1), tuple(answers))
    waived = next(f.fingerprint for f in report.findings if f.rule == "compose/docker-socket")
    outcome = outcomes.outcome(report, waived=Waived(frozenset({waived})))
    assert "\n  1 of them waived: compose/docker-socket\n" in console.render(
        outcome, width=120, colour=False, verbose=verbose
    )
    bare = console.render(outcomes.outcome(report), width=120, colour=False, verbose=verbose)
    assert "of them waived" not in bare
