"""codequality.json and outputs.env: what GitLab's documentation asks for, whatever was found."""

from __future__ import annotations

import datetime as dt
import json
import re
from dataclasses import replace
from typing import Any

import outcomes
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from seatrial.ci.gitlab import reports
from seatrial.domain import Answer, Confidence, Location, Report, Severity, Subject, waivers
from seatrial.domain.waivers import Waiver
from seatrial.report import Outcome

TEXT = {"type": "string", "minLength": 1}
REPORT = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["description", "check_name", "fingerprint", "severity", "location"],
        "properties": {
            "description": TEXT,
            "check_name": TEXT,
            "fingerprint": TEXT,
            "severity": {"enum": ["info", "minor", "major", "critical", "blocker"]},
            "location": {
                "type": "object",
                "required": ["path", "lines"],
                "properties": {
                    "path": {"type": "string", "pattern": "^[^/]"},
                    "lines": {
                        "type": "object",
                        "required": ["begin"],
                        "properties": {"begin": {"type": "integer", "minimum": 1}},
                    },
                },
            },
        },
    },
}
"""https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format."""
CHECK = outcomes.CHECKS[0]


def issues(outcome: Outcome) -> list[Any]:
    text = reports.code_quality(outcome)
    read: list[Any] = json.loads(text.encode("utf-8", "backslashreplace"))
    return read


def of(*found: Any, subject: Subject | None = None, waived: Any = None) -> Outcome:
    answers = [Answer.of_findings(c, found if c == CHECK else []) for c in outcomes.CHECKS]
    return outcomes.outcome(Report(subject or Subject("s", files=1), tuple(answers)), waived=waived)


@pytest.mark.parametrize("name", sorted(outcomes.ALL))
def test_every_report_has_the_documented_form(name: str) -> None:
    Draft202012Validator(REPORT).validate(issues(outcomes.ALL[name]()))


@given(st.lists(outcomes.findings, max_size=6))
@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_any_finding_is_json_without_a_mark_of_order(found: list[Any]) -> None:
    outcome = outcomes.with_findings(found)
    assert not reports.code_quality(outcome).startswith("\ufeff")
    read = issues(outcome)
    assert len({issue["fingerprint"] for issue in read}) == len(read)
    assert all(issue["location"]["lines"]["begin"] >= 1 for issue in read)


@pytest.mark.parametrize(
    ("severity", "confidence", "level"),
    [
        (Severity.CRITICAL, Confidence.HIGH, "blocker"),
        (Severity.HIGH, Confidence.CONFIRMED, "critical"),
        (Severity.MEDIUM, Confidence.HIGH, "major"),
        (Severity.LOW, Confidence.HIGH, "minor"),
        (Severity.CRITICAL, Confidence.LOW, "critical"),
        (Severity.LOW, Confidence.LOW, "info"),
    ],
)
def test_a_severity_is_one_of_gitlabs(severity: Severity, confidence: Confidence, level: str) -> None:
    found = replace(outcomes.finding(1, severity), confidence=confidence)
    assert [issue["severity"] for issue in issues(of(found))] == [level]


def test_what_has_no_line_in_the_tree_is_left_out() -> None:
    old = replace(outcomes.finding(1), commit="0" * 40)
    nowhere = replace(outcomes.finding(2), location=Location(""))
    kept = replace(outcomes.finding(3), location=Location("a.py"))
    assert [i["location"] for i in issues(of(old, nowhere, kept))] == [{"path": "a.py", "lines": {"begin": 1}}]


def test_what_is_waived_is_left_out() -> None:
    found = of(outcomes.finding(1), outcomes.finding(2)).findings
    day = dt.date(2026, 1, 1)
    waiver = Waiver(
        reason="it is meant to be open for now",
        owner="me",
        created=day,
        expires=day + dt.timedelta(30),
        fingerprint=found[0].fingerprint,
    )
    waived = waivers.apply((waiver,), found, day)
    assert [issue["location"]["path"] for issue in issues(of(*found, waived=waived))] == ["deploy/2.yaml"]


def test_jobs_in_folders_do_not_share_fingerprints_and_name_paths_of_the_repository() -> None:
    [api] = issues(of(outcomes.finding(1), subject=Subject("s", files=1, folder="services/api")))
    [web] = issues(of(outcomes.finding(1), subject=Subject("s", files=1, folder="services/web")))
    assert api["location"]["path"] == "services/api/deploy/1.yaml"
    assert api["fingerprint"] != web["fingerprint"]


@pytest.mark.parametrize("name", sorted(outcomes.ALL))
def test_the_outputs_are_variables_of_one_line(name: str) -> None:
    for line in reports.dotenv(outcomes.ALL[name]()).splitlines():
        assert re.fullmatch(r"SEATRIAL_[A-Z_]+=(?:-?[\d.]*|PASSED|CLOSED|INCONCLUSIVE)", line)
