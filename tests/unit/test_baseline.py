"""What a change brought in, on synthetic surveys."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction

import pytest

from seatrial.domain import Answer, Confidence, Finding, Location, Report, Severity, Subject, Tool
from seatrial.verdict.baseline import Comparison, FindingChange, Side, compare
from seatrial.verdict.catalogue import load
from seatrial.verdict.score import score

CATALOGUE = load()
CHECK, OTHER = "python/bandit", "compose/privileged"


def finding(path: str = "a.py", line: int = 1, anchor: str = "call", **more: object) -> Finding:
    made = Finding("bandit/B602", Severity.HIGH, Confidence.HIGH, "shell", Location(path, line), anchor=anchor)
    return replace(made, **more)  # type: ignore[arg-type]


def side(
    *answers: Answer,
    files: Mapping[str, str] | None = None,
    texts: Mapping[Location, str] | None = None,
    tools: tuple[Tool, ...] = (Tool("bandit", "1.9"),),
    model: str = "m",
) -> Side:
    given = {a.check: a for a in answers}
    every = tuple(given.get(c.id, Answer.of_findings(c.id, [])) for c in CATALOGUE.checks)
    report = Report(Subject("t", files=1), every, tools)
    return Side(report, score(report, CATALOGUE), model, files, None if texts is None else texts.get)


def bandit(*findings: Finding) -> Answer:
    return Answer.of_findings(CHECK, findings)


def result(base: Side, head: Side) -> Comparison:
    return compare(base, head, commit="c" * 40, label="main at ccccccc")


def changes(base: Side, head: Side) -> list[FindingChange]:
    made = result(base, head)
    return [made.of(f) for f in head.report.findings]


def test_what_both_have_is_unchanged_wherever_it_stands_in_the_file() -> None:
    made = result(side(bandit(finding(line=3))), side(bandit(finding(line=30))))
    assert set(made.changes.values()) == {FindingChange.UNCHANGED}
    assert not made.fixed
    assert made.score == 0
    assert not made.regressions


def test_what_only_the_change_has_was_introduced_and_what_only_the_base_has_is_fixed() -> None:
    made = result(side(bandit(finding(anchor="old"))), side(bandit(finding(anchor="new"))))
    assert set(made.changes.values()) == {FindingChange.INTRODUCED}
    assert [f.anchor for f in made.fixed] == ["old"]


def test_a_copy_is_introduced_once() -> None:
    here, there = Location("a.py", 1), Location("b.py", 1)
    base = side(bandit(finding()), files={"a.py": "1"}, texts={here: "call()"})
    head = side(
        bandit(finding(), finding("b.py")), files={"a.py": "1", "b.py": "1"}, texts={here: "call()", there: "call()"}
    )
    made = result(base, head)
    assert [(f.location.path, made.of(f)) for f in head.report.findings] == [
        ("a.py", FindingChange.UNCHANGED),
        ("b.py", FindingChange.INTRODUCED),
    ]


def test_a_line_that_moved_to_another_file_is_unchanged_only_if_it_is_the_same_line() -> None:
    """Anchors mask literals, so two passwords have one anchor: the texts tell them apart."""
    here, there = Location("a.py", 1), Location("b.py", 9)
    files = {"a.py": "1", "b.py": "2"}
    base = side(bandit(finding(anchor="password = ***")), files=files, texts={here: "password = one"})
    moved = side(bandit(finding("b.py", 9, "password = ***")), files=files, texts={there: "password = one"})
    other = side(bandit(finding("b.py", 9, "password = ***")), files=files, texts={there: "password = two"})
    assert changes(base, moved) == [FindingChange.UNCHANGED]
    assert changes(base, other) == [FindingChange.INTRODUCED]
    assert result(base, moved).fixed == ()


def test_without_texts_only_a_file_that_is_gone_has_moved() -> None:
    earlier, texts = side(bandit(finding())), {Location("b.py", 1): "call()"}
    renamed = side(bandit(finding("b.py")), files={"b.py": "1"}, texts=texts)
    both = side(bandit(finding("b.py")), files={"a.py": "2", "b.py": "1"}, texts=texts)
    assert changes(earlier, renamed) == [FindingChange.UNCHANGED]
    assert changes(earlier, both) == [FindingChange.INTRODUCED]


def test_a_newer_tool_explains_news_in_an_unchanged_file_only() -> None:
    newer = (Tool("bandit", "2.0"),)
    base = side(files={"a.py": "1", "b.py": "1"})
    head = side(bandit(finding(), finding("b.py")), files={"a.py": "1", "b.py": "2"}, tools=newer)
    assert changes(base, head) == [FindingChange.NEWLY_KNOWN, FindingChange.INTRODUCED]
    assert "bandit 1.9 → 2.0" in result(base, head).notes[0]


def test_the_same_tool_finds_news_in_an_unchanged_file_because_of_the_change() -> None:
    """A Compose file that includes another one, for instance."""
    assert changes(side(files={"a.py": "1"}), side(bandit(finding()), files={"a.py": "1"})) == [
        FindingChange.INTRODUCED
    ]


@pytest.mark.parametrize(
    "before", [Answer.error(CHECK, "broke"), Answer.skip(CHECK, "off"), Answer.blocked(CHECK, "x")]
)
def test_where_the_base_did_not_look_nobody_knows(before: Answer) -> None:
    made = result(side(before), side(bandit(finding())))
    assert set(made.changes.values()) == {FindingChange.UNMASKED}
    assert CHECK not in made.worths
    assert made.common == len(CATALOGUE.checks) - 1


def test_where_the_base_had_nothing_to_look_at_the_change_brought_it() -> None:
    assert changes(side(Answer.na(CHECK, "no Python")), side(bandit(finding()))) == [FindingChange.INTRODUCED]


def test_a_half_read_base_says_nothing_about_the_files_that_it_may_not_have_read() -> None:
    half = replace(bandit(), share=Fraction(1, 2))
    base = side(half, files={"a.py": "1"})
    assert changes(base, side(bandit(finding()), files={"a.py": "1"})) == [FindingChange.UNMASKED]
    assert changes(base, side(bandit(finding()), files={"a.py": "2"})) == [FindingChange.INTRODUCED]


def test_nothing_is_fixed_where_this_survey_did_not_look() -> None:
    base = side(bandit(finding()))
    assert result(base, side(Answer.error(CHECK, "broke"))).fixed == ()
    assert len(result(base, side(Answer.na(CHECK, "no Python left"))).fixed) == 1


def test_a_finding_in_a_commit_of_the_change_is_its_own() -> None:
    base = side(Answer.skip(CHECK, "off"))
    assert changes(base, side(bandit(finding(commit="d" * 40)))) == [FindingChange.INTRODUCED]


def test_numbers_are_of_what_both_sides_measured() -> None:
    base = side(Answer.skip(OTHER, "off"))
    head = side(bandit(finding()), Answer.error(OTHER, "broke"))
    made = result(base, head)
    category = next(c.category for c in CATALOGUE.checks if c.id == CHECK)
    assert made.score is not None
    assert made.score < 0
    assert list(made.categories) == [c for c in made.categories if made.categories[c] <= 0]
    assert made.categories[category] < 0
    assert made.regressions == (CHECK,)
    assert OTHER not in made.worths


def test_another_model_makes_scores_incomparable_and_findings_not() -> None:
    made = result(side(bandit(finding()), model="old"), side(bandit(finding())))
    assert (made.score, made.categories, made.common) == (None, {}, 0)
    assert set(made.changes.values()) == {FindingChange.UNCHANGED}
    assert "another model" in made.notes[0]


def test_guesses_are_low_whatever_they_would_be() -> None:
    guess = finding(anchor="guess", confidence=Confidence.LOW)
    made = result(side(), side(bandit(finding(), guess)))
    assert [f.anchor for f in made.introduced((finding(), guess), Severity.HIGH)] == ["call"]
    assert len(made.introduced((finding(), guess))) == 2
