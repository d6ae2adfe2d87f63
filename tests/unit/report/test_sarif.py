"""seatrial.sarif as code scanning reads it. What its validator says: tests/contract/test_code_scanning.py."""

from __future__ import annotations

import datetime as dt
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import unquote_to_bytes

import outcomes
import pytest
from hypothesis import HealthCheck, given, settings

from seatrial.app import explain
from seatrial.domain import Answer, Confidence, Finding, Location, Report, Severity, Subject
from seatrial.domain.allowance import AllowanceKind, Allowed, Unjudged
from seatrial.domain.waivers import Waiver, apply
from seatrial.report import Outcome, sarif
from seatrial.report.text import printable
from seatrial.verdict.baseline import Comparison, FindingChange

GIVEN = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
SECURITY, OTHER = "compose/privileged", "compose/healthcheck"


def of(*findings: Finding, check: str = SECURITY, folder: str = "") -> Outcome:
    answers = [Answer.of_findings(c, findings if c == check else []) for c in outcomes.CHECKS]
    return outcomes.outcome(Report(Subject("x", files=1, folder=folder), tuple(answers)))


def run(outcome: Outcome) -> dict[str, Any]:
    (only,) = json.loads(sarif.render(outcome))["runs"]
    return only  # type: ignore[no-any-return]


def texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from (text for part in (*value, *value.values()) for text in texts(part))
    elif isinstance(value, list):
        yield from (text for part in value for text in texts(part))


def result(finding: Finding) -> dict[str, Any]:
    (only,) = run(of(finding))["results"]
    return only  # type: ignore[no-any-return]


def rule(outcome: Outcome) -> dict[str, Any]:
    (only,) = run(outcome)["tool"]["driver"]["rules"]
    return only  # type: ignore[no-any-return]


@given(outcomes.outcomes)
@GIVEN
def test_every_finding_is_a_result_of_a_rule_that_is_described(outcome: Outcome) -> None:
    made = run(outcome)
    rules = made["tool"]["driver"]["rules"]
    assert [r["id"] for r in rules] == sorted({printable(f.rule) for f in outcome.findings})
    assert [text for text in texts(made) if UNSAFE.search(text)] == []
    results = made["results"]
    assert [r["partialFingerprints"]["seatrial/v1"] for r in results] == [f.fingerprint for f in outcome.findings]
    assert all(rules[r["ruleIndex"]]["id"] == r["ruleId"] for r in results)


@pytest.mark.parametrize("name", sorted(outcomes.ALL))
def test_the_same_outcome_gives_the_same_text(name: str) -> None:
    assert sarif.render(outcomes.ALL[name]()) == sarif.render(outcomes.ALL[name]())


@pytest.mark.parametrize(
    ("severity", "confidence", "level", "security"),
    [
        (Severity.CRITICAL, Confidence.CONFIRMED, "error", "9.5"),
        (Severity.HIGH, Confidence.HIGH, "error", "8.0"),
        (Severity.MEDIUM, Confidence.HIGH, "warning", "5.5"),
        (Severity.LOW, Confidence.HIGH, "note", "2.0"),
        (Severity.CRITICAL, Confidence.LOW, "note", "2.0"),
    ],
)
def test_a_finding_weighs_what_it_weighs_in_the_score(
    severity: Severity, confidence: Confidence, level: str, security: str
) -> None:
    finding = replace(outcomes.finding(1, severity), confidence=confidence)
    assert result(finding)["level"] == level
    assert rule(of(finding))["defaultConfiguration"] == {"level": level}
    assert rule(of(finding))["properties"]["security-severity"] == security
    assert "security-severity" not in rule(of(finding, check=OTHER))["properties"]


def test_a_rule_is_as_bad_as_the_worst_that_it_found() -> None:
    found = [outcomes.finding(n, severity) for n, severity in ((1, Severity.LOW), (2, Severity.HIGH))]
    guess = replace(outcomes.finding(3, Severity.CRITICAL), confidence=Confidence.LOW)
    made = of(*found, guess)
    assert rule(made)["properties"]["security-severity"] == "8.0"
    assert sorted(r["level"] for r in run(made)["results"]) == ["error", "note", "note"]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("see [this](https://evil.example)", r"see \[this\](https://evil.example)"),
        (r"C:\temp", r"C:\\temp"),
        ("${NAME} and {0} {12}", "${NAME} and {{0}} {{12}}"),
        ("\x1b[31mred\u202e", r"\\x1b\[31mred\\u202e"),
        ("a\nb", "a b"),
    ],
)
def test_a_message_is_text_and_nothing_else(text: str, shown: str) -> None:
    assert result(outcomes.finding(1, text=text))["message"] == {"text": shown}


def test_a_finding_of_an_old_commit_says_so() -> None:
    finding = replace(outcomes.finding(1, text="a key"), commit="0123456789abcdef" * 2)
    assert result(finding)["message"] == {"text": "a key (in commit 0123456789ab)"}


@pytest.mark.parametrize(
    ("path", "folder", "uri"),
    [
        ("src/a.py", "", "src/a.py"),
        ("src/a.py", "apps/shop one", "apps/shop%20one/src/a.py"),
        ("a:b/50%#?.yml", "", "a%3Ab/50%25%23%3F.yml"),
        ("é\udcff.py", "", "%C3%A9%FF.py"),
        ("a\ud800.py", "", "a%3F.py"),
    ],
)
def test_a_path_is_a_relative_reference(path: str, folder: str, uri: str) -> None:
    made = of(replace(outcomes.finding(), location=Location(path, 1)), folder=folder)
    at = run(made)["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]
    assert at == {"uri": uri, "uriBaseId": "%SRCROOT%"}
    assert unquote_to_bytes(uri).startswith(folder.encode())


@pytest.mark.parametrize(
    ("location", "region"),
    [
        (Location("a", 3, 5, 3, 9), {"startLine": 3, "startColumn": 5, "endLine": 3, "endColumn": 9}),
        (Location("a", 3, 5, 4, 2), {"startLine": 3, "startColumn": 5, "endLine": 4}),
        (Location("a", 3, 5, 3, 5), {"startLine": 3, "startColumn": 5, "endLine": 3}),
        (Location("a", 3), {"startLine": 3}),
        (Location("a"), None),
    ],
)
def test_a_region_is_what_is_known(location: Location, region: dict[str, int] | None) -> None:
    physical = result(replace(outcomes.finding(), location=location))["locations"][0]["physicalLocation"]
    assert physical.get("region") == region


def test_related_places_are_told_once() -> None:
    places = tuple(Location("b", n % 3 + 1) for n in range(400))
    assert len(result(replace(outcomes.finding(), related=places))["relatedLocations"]) == 3
    many = tuple(Location("b", n + 1) for n in range(400))
    assert len(result(replace(outcomes.finding(), related=many))["relatedLocations"]) == 100


def test_what_is_waived_is_suppressed_with_its_reason() -> None:
    waived, other = outcomes.finding(1, Severity.HIGH), outcomes.finding(2, Severity.HIGH)
    waiver = Waiver(
        reason="moves behind a proxy next week",
        owner="@octocat",
        created=dt.date(2026, 1, 1),
        expires=dt.date(2026, 2, 1),
        fingerprint=waived.fingerprint,
    )
    made = of(waived, other)
    made = replace(made, waived=apply([waiver], made.findings, dt.date(2026, 1, 2)))
    results = {r["partialFingerprints"]["seatrial/v1"]: r for r in run(made)["results"]}
    expected = [{"kind": "external", "status": "accepted", "justification": "moves behind a proxy next week"}]
    assert results[waived.fingerprint]["suppressions"] == expected
    assert "suppressions" not in results[other.fingerprint]


def test_against_a_base_every_result_is_new_or_unchanged() -> None:
    old, new = outcomes.finding(1), outcomes.finding(2)
    made = of(old, new)
    assert all("baselineState" not in r for r in run(made)["results"])
    changes = {old.fingerprint: FindingChange.UNCHANGED, new.fingerprint: FindingChange.INTRODUCED}
    made = replace(made, comparison=Comparison("", "main", changes))
    states = {r["partialFingerprints"]["seatrial/v1"]: r["baselineState"] for r in run(made)["results"]}
    assert states == {old.fingerprint: "unchanged", new.fingerprint: "new"}


def test_what_was_not_measured_is_no_silence() -> None:
    invocation = run(outcomes.small())["invocations"][0]
    assert invocation["executionSuccessful"] is False
    assert (invocation["startTimeUtc"], invocation["endTimeUtc"]) == ("2026-01-01T00:00:00.000Z",) * 2
    told = {n["descriptor"]["id"]: (n["level"], n["message"]["text"]) for n in invocation["toolExecutionNotifications"]}
    partly, failed, _, skipped = outcomes.CHECKS[:4]
    assert told == {
        partly: ("warning", f"{partly}: measured at 90.0 % only"),
        failed: ("error", f"{failed}: error: the scanner is not installed"),
        skipped: ("note", f"{skipped}: skip: turned off by `skip`"),
    }
    assert run(outcomes.ready())["invocations"][0]["executionSuccessful"] is True
    assert run(outcomes.ready())["invocations"][0]["toolExecutionNotifications"] == []
    stopped = run(outcomes.interrupted())["invocations"][0]
    assert stopped["executionSuccessful"] is False
    assert stopped["toolExecutionNotifications"][-1]["message"] == {"text": "The run was interrupted."}


def test_more_than_github_takes_is_cut_and_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sarif, "RESULTS", 3)
    made = of(*(outcomes.finding(n, Severity.HIGH if n == 5 else Severity.LOW) for n in range(1, 6)))
    told = run(made)
    assert [r["level"] for r in told["results"]] == ["error", "note", "note"]
    assert told["invocations"][0]["toolExecutionNotifications"][-1]["message"] == {
        "text": "2 more findings in report.json"
    }


def test_a_rule_is_described_by_its_page() -> None:
    made = rule(replace(of(outcomes.finding()), page_of=explain.rule_page))
    assert made["shortDescription"] == {"text": "No container is privileged"}
    assert made["fullDescription"]["text"].startswith("Reports `privileged: true` on a service")
    assert made["helpUri"] == "https://docs.docker.com/reference/compose-file/services/#privileged"
    assert "## How to fix" in made["help"]["markdown"]
    written = replace(outcomes.finding(), rule="secrets/key-assignment")
    tags = rule(replace(of(written), page_of=explain.rule_page))["properties"]["tags"]
    assert tags == ["security", "external/cwe/cwe-321"]


def test_a_rule_of_another_tool_is_described_by_what_it_said() -> None:
    remedy = "see https://bandit.readthedocs.io/en/latest/plugins/b602.html"
    finding = replace(outcomes.finding(text="Pin versions"), rule="bandit/B602", remedy=remedy)
    made = rule(replace(of(finding), page_of=explain.rule_page))
    assert made["shortDescription"] == made["fullDescription"] == {"text": "Pin versions"}
    assert made["help"] == {"text": remedy}, "no Markdown: it is not ours"
    assert made["helpUri"] == remedy.removeprefix("see ")
    bandit = replace(finding, rule="bandit/B602", remedy="See https://bandit.example/b602.html; if the code is right")
    assert rule(replace(of(bandit), page_of=explain.rule_page))["helpUri"] == "https://bandit.example/b602.html"


def test_every_rule_of_ours_but_bandits_has_its_page() -> None:
    pages = explain.rule_pages()
    ours = [name for name in pages if not name.startswith(("bandit/", "hadolint/", "zizmor/", "actionlint/"))]
    assert len(ours) > 900
    assert [name for name in ours if explain.rule_page(name) != pages[name]] == []
    tools = [name for name in pages if name.startswith(("hadolint/", "zizmor/", "actionlint/"))]
    assert [name for name in tools if not name.endswith("/*") and explain.rule_page(name) != pages[name]] == []
    assert explain.rule_page("zizmor/newer-than-ours").endswith("audits/#newer-than-ours\n")
    assert explain.rule_page("bandit/B602") == explain.rule_page("nothing") == ""


def test_a_run_imports_no_bandit() -> None:
    code = (
        "import sys; from seatrial.app import runner, explain; explain.rule_page('bandit/B602'); "
        "explain.rule_page('compose/privileged'); sys.exit('bandit' in sys.modules or 'stevedore' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-I", "-c", code], check=False).returncode == 0


def test_a_flaw_is_named_by_itself_and_explained_as_all_are() -> None:
    finding = replace(outcomes.finding(text="django 1.0: SQL injection"), rule="osv/GHSA-xxxx-yyyy-zzzz")
    made = rule(replace(of(finding), page_of=explain.rule_page))
    assert made["shortDescription"] == {"text": "django 1.0: SQL injection"}
    assert made["help"]["text"].endswith("https://osv.dev/vulnerability/GHSA-xxxx-yyyy-zzzz")


def allowed(*hidden: Finding, counts: bool = True) -> Outcome:
    first, second = outcomes.finding(1), outcomes.finding(2)
    marks = tuple(
        Allowed(AllowanceKind.NOSEC, f.rule, f.severity, f.location, by_change=True, counts=counts) for f in hidden
    )
    return replace(of(first, second), allowed=marks)


def test_what_the_change_allows_itself_is_marked_and_not_suppressed() -> None:
    ours, other = run(allowed(outcomes.finding(1)))["results"]
    assert ours["properties"]["allowedByChange"] == "nosec"
    assert "this change allows it by itself: nosec; it counts as open" in ours["message"]["text"]
    assert "suppressions" not in ours
    assert ours["level"] == other["level"]
    assert "allowedByChange" not in other["properties"]
    assert "allows it by itself" not in other["message"]["text"]


def test_what_may_be_allowed_is_not_marked() -> None:
    results = run(allowed(outcomes.finding(1), counts=False))["results"]
    assert not any("allowedByChange" in one["properties"] for one in results)


def test_a_file_that_the_change_hides_is_a_notification() -> None:
    hidden = replace(of(), unjudged=(Unjudged("a/[b].py", "Git LFS pointer"),))
    [invocation] = run(hidden)["invocations"]
    [told] = [
        one for one in invocation["toolExecutionNotifications"] if one.get("descriptor", {}).get("id") == "unjudged"
    ]
    assert told["level"] == "error"
    assert told["message"]["text"] == "This change hides a/\\[b\\].py, which cannot be judged: Git LFS pointer"
