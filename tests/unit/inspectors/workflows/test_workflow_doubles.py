"""Several tools on one fact: what stays, what goes, and how it is graded."""

from __future__ import annotations

import json

import pytest

from seatrial.domain import Confidence, Finding, Location, Severity
from seatrial.inspectors.workflows import actionlint, doubles, zizmor

HIGH, MEDIUM, LOW = Severity.HIGH, Severity.MEDIUM, Severity.LOW
SURE, GUESS = Confidence.HIGH, Confidence.LOW


def one(
    rule: str, severity: Severity, confidence: Confidence = SURE, line: int = 5, column: int = 1, path: str = "a.yml"
) -> Finding:
    return Finding(rule, severity, confidence, f"message of {rule}", Location(path, line, column))


def joined(ours: Finding, theirs: Finding) -> list[tuple[str, Severity, Confidence]]:
    kept, left = doubles.without([("check", ours)], [theirs])
    return sorted((f.rule, f.severity, f.confidence) for f in (*(f for _, f in kept), *left))


@pytest.mark.parametrize("rule", doubles.PAIRS)
def test_the_stronger_of_a_pair_stays(rule: str) -> None:
    audit = doubles.PAIRS[rule].audit
    assert joined(one(rule, HIGH), one(audit, LOW, GUESS)) == [(rule, HIGH, SURE)]
    assert joined(one(rule, LOW, GUESS), one(audit, MEDIUM)) == [(audit, MEDIUM, SURE)]
    assert joined(one(rule, HIGH, GUESS), one(audit, MEDIUM)) == [(audit, MEDIUM, SURE)]
    assert joined(one(rule, MEDIUM), one(audit, LOW)) == [(rule, MEDIUM, SURE)]


@pytest.mark.parametrize("rule", doubles.PAIRS)
def test_other_places_files_and_facts_are_kept(rule: str) -> None:
    audit = doubles.PAIRS[rule].audit
    assert len(joined(one(rule, LOW), one(audit, LOW, line=99))) == 2
    assert len(joined(one(rule, LOW), one(audit, LOW, path="b.yml"))) == 2
    assert len(joined(one(rule, LOW), one("zizmor/artipacked", LOW))) == 2
    assert len(joined(one("workflow/needs", LOW), one(audit, LOW))) == 2


def test_two_facts_on_neighbouring_lines_have_their_own_doubles() -> None:
    ours = [("c", one("workflow/injection", HIGH, line=line)) for line in (6, 5)]
    kept, left = doubles.without(ours, [one("zizmor/template-injection", HIGH, line=5)])
    assert [f.location.line for _, f in kept] == [6]
    assert [f.location.line for f in left] == [5]


def test_two_facts_on_one_line_are_told_apart_by_their_column() -> None:
    theirs = [one("zizmor/template-injection", LOW, GUESS, column=c) for c in (20, 60)]
    kept, left = doubles.without([("c", one("workflow/injection", HIGH, column=56))], theirs)
    assert [f.location.column for _, f in kept] == [56]
    assert [f.location.column for f in left] == [20]


def test_what_the_weaker_adds_is_kept() -> None:
    theirs = one("zizmor/template-injection", LOW, column=9)
    [(_, kept)], _ = doubles.without([("c", one("workflow/injection", HIGH, GUESS))], [theirs])
    assert kept.related == (theirs.location,)
    assert kept.confidence is SURE


@pytest.mark.parametrize(
    ("value", "severity"),
    [
        ("github.actor", MEDIUM), ("github.event.inputs.x", MEDIUM), ("github.ref_name", MEDIUM), ("inputs.t", MEDIUM),
        ("github.event.pull_request.html_url", MEDIUM), ("github.event.pull_request.labels[0].name", MEDIUM),
        ("github.event.pull_request.title", HIGH), ("github.event.issue.body", HIGH), ("github.event", HIGH),
        ("github.event.something.new", HIGH), ("github.head_ref", HIGH), ("github", HIGH),
    ],
)  # fmt: skip
def test_what_only_zizmor_reports_is_graded_by_who_chooses_the_value(value: str, severity: Severity) -> None:
    row = f"      - run: echo ${{{{ {value} }}}}"
    theirs = one("zizmor/template-injection", HIGH, line=1, column=row.index(value) + 1)
    assert [f.severity for f in doubles.without([], [theirs], {"a.yml": row})[1]] == [severity]
    assert [f.severity for f in doubles.without([], [theirs])[1]] == [HIGH]


@pytest.mark.parametrize(
    ("theirs", "other", "kept"),
    [
        (one("actionlint/expression", MEDIUM), one("workflow/expression", HIGH), 0),
        (one("actionlint/expression", MEDIUM), one("workflow/injection", HIGH), 0),
        (one("actionlint/expression", MEDIUM), one("zizmor/template-injection", HIGH), 0),
        (one("actionlint/expression", MEDIUM), one("workflow/expression", MEDIUM, GUESS), 1),
        (one("actionlint/expression", MEDIUM), one("workflow/timeout", HIGH), 1),
        (one("actionlint/shellcheck", LOW), one("workflow/pipe-to-shell", LOW), 1),
        (one("actionlint/job-needs", MEDIUM), one("workflow/needs", HIGH), 0),
        (one("actionlint/job-needs", MEDIUM), one("workflow/needs", HIGH, line=6), 1),
        (one("actionlint/runner-label", MEDIUM), one("zizmor/self-hosted-runner", HIGH), 1),
    ],
)
def test_actionlint_is_dropped_only_for_the_same_fact(theirs: Finding, other: Finding, kept: int) -> None:
    assert len(doubles.without_actionlint([theirs], [other])) == kept


@pytest.mark.parametrize(
    ("message", "confidences"),
    [
        ('unexpected key "background" for step to run shell command. expected one of "env"', []),
        ('step must run script with "run" section or run action with "uses" section', []),
        ('unexpected key "frobnicate" for "job" section', [GUESS]),
        ("label is unknown", [SURE]),
    ],
)
def test_actionlint_does_not_know_every_key(message: str, confidences: list[Confidence]) -> None:
    entry = {"message": message, "filepath": "a.yml", "line": 1, "column": 1, "kind": "syntax-check"}
    assert [f.confidence for f in actionlint.parse(json.dumps([entry]).encode())] == confidences


def test_columns_of_zizmor_count_characters() -> None:
    row = '- run: "éé🚀 ${{ github.head_ref }}"'
    column = len(row[: row.index("github")].encode()) + 1
    theirs = one("zizmor/template-injection", HIGH, line=1, column=column)
    assert zizmor.in_characters(theirs, {"a.yml": row}).location.column == row.index("github") + 1
