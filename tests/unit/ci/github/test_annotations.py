"""Ten annotations of each kind: the worst and the newest, and a word about the others."""

from __future__ import annotations

from dataclasses import replace

import actions_runner

from seatrial.ci.github.annotations import of_outcome
from seatrial.domain import Answer, Confidence, Finding, Location, Report, Severity, Subject
from seatrial.domain.waivers import Waived
from seatrial.report import Outcome
from seatrial.settings import FailOn, Settings
from seatrial.verdict import gate, path_to_pass
from seatrial.verdict.baseline import Comparison, FindingChange
from seatrial.verdict.catalogue import load
from seatrial.verdict.score import score

CATALOGUE = load()


def finding(number: int, severity: Severity, **more: object) -> Finding:
    made = Finding(
        "bandit/B602", severity, Confidence.HIGH, f"message {number}", Location("src/a.py", number, 2, number, 9),
        anchor=str(number), remedy="do this\nand that",
    )  # fmt: skip
    return replace(made, **more)  # type: ignore[arg-type]


def outcome(
    *findings: Finding,
    comparison: Comparison | None = None,
    waived: Waived | None = None,
    settings: Settings | None = None,
) -> Outcome:
    answers = [Answer.of_findings(c.id, findings if c.id == "python/bandit" else []) for c in CATALOGUE.checks]
    report, settings, waived = Report(Subject("t", files=1), tuple(answers)), settings or Settings(), waived or Waived()
    number = score(report, CATALOGUE, waived=waived.fingerprints)
    verdict = gate.decide(report, number, settings, waived, comparison)
    path = path_to_pass.find(report, CATALOGUE, settings, waived, comparison)
    return Outcome(report, CATALOGUE, settings, number, verdict, path, waived, comparison)


def read(made: Outcome, folder: str = "") -> list[actions_runner.Command]:
    return actions_runner.commands("\n".join(of_outcome(made, folder=folder)))


def test_a_clean_run_says_nothing() -> None:
    assert of_outcome(outcome()) == ()


def test_a_closed_gate_says_why_and_each_finding_stands_at_its_line() -> None:
    verdict, high, low = read(outcome(finding(3, Severity.CRITICAL), finding(4, Severity.LOW)), folder="app")
    # Security weighs 16 and Bandit 2 of 40 in it, so 99.2 are left, of which one critical cause leaves 49 %.
    assert verdict.properties == {"title": "Seatrial: gate closed: 48.6 (100 % measured)"}
    assert "critical root cause" in verdict.data
    assert (high.name, low.name) == ("error", "notice")
    assert high.properties == {
        "title": "critical: bandit/B602", "file": "app/src/a.py", "line": "3", "endLine": "3", "col": "2",
        "endColumn": "9",
    }  # fmt: skip
    assert high.data == "message 3\nRemedy:\ndo this\nand that"


def test_there_are_ten_of_a_kind_and_the_last_counts_the_others() -> None:
    many = [finding(n, severity) for n in range(1, 41) for severity in (Severity.HIGH, Severity.LOW)]
    made = read(outcome(*many))
    assert [c.name for c in made] == ["error"] * 10 + ["notice"] * 10
    assert made[9].data == "32 more errors in the job's summary and in report.json"  # the verdict is one of the ten
    assert made[19].data == "31 more notices in the job's summary and in report.json"


def test_what_the_change_brought_in_comes_first() -> None:
    found = [finding(n, Severity.HIGH) for n in range(1, 41)]
    changes = {f.fingerprint: FindingChange.UNCHANGED for f in found[:-1]} | {
        found[-1].fingerprint: FindingChange.INTRODUCED
    }
    made = read(outcome(*found, comparison=Comparison("c", "main", changes)))
    assert made[1].data.startswith("message 40\n")


def test_a_guess_is_a_kind_lower_and_a_waived_finding_a_notice() -> None:
    guess, waived = finding(1, Severity.HIGH, confidence=Confidence.LOW), finding(2, Severity.MEDIUM)
    made = read(outcome(guess, waived, waived=Waived(frozenset({waived.fingerprint}))))
    assert sorted((c.name, c.data.splitlines()[0]) for c in made if c.properties.get("file")) == [
        ("notice", "message 2"),
        ("warning", "message 1"),
    ]


def test_one_root_cause_is_one_annotation() -> None:
    same = [finding(n, Severity.LOW, cause="one") for n in (1, 2, 3)]
    [made] = read(outcome(*same))
    assert made.data.endswith("The same cause shows in 2 more places.")


def test_a_finding_in_an_old_commit_stands_at_no_file() -> None:
    [made] = read(outcome(finding(1, Severity.LOW, commit="abcdef0123456789")))
    assert "file" not in made.properties
    assert "In commit abcdef01234…." in made.data


def test_a_gate_that_is_not_enforced_warns() -> None:
    made = read(outcome(finding(3, Severity.CRITICAL), settings=Settings(fail_on=FailOn.NEVER)))
    assert [c.name for c in made] == ["error", "warning"]


def test_hostile_names_stay_inside_their_annotation() -> None:
    evil = finding(1, Severity.LOW, location=Location("a\n::error::x,%0A.py", 1), message="x\n##[error]y\r::debug::z")
    [made] = read(outcome(evil))
    assert made.name == "notice"
    assert made.properties["file"] == "a ::error::x,%0A.py"
    assert "\n##[" not in made.data
