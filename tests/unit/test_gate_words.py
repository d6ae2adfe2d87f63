"""What each condition of the gate asks for, what there is, and the sentence that says both."""

from __future__ import annotations

import datetime as dt
import itertools
from dataclasses import replace
from fractions import Fraction

import pytest

from seatrial.domain import Answer, Confidence, Finding, Location, Report, Severity, Subject, waivers
from seatrial.domain.allowance import Unjudged
from seatrial.domain.waivers import Waived, Waiver
from seatrial.settings import FailOn, Profile, Settings
from seatrial.verdict.baseline import Comparison, Side, compare
from seatrial.verdict.catalogue import load
from seatrial.verdict.decision import Condition, Decision, State, Verdict
from seatrial.verdict.gate import blocks, decide
from seatrial.verdict.news_conditions import signed
from seatrial.verdict.score import NOT_MEASURED, Score, decimal, score

LOADED = load()
REQUIRED = [c.id for c in LOADED.checks if c.required][:3]
OPTIONAL = list({c.category: c.id for c in reversed(LOADED.checks) if not c.required}.values())
"""One of each category."""
CATALOGUE = replace(LOADED, checks=tuple(c for c in LOADED.checks if c.id in (*REQUIRED, *OPTIONAL)))
"""Few checks of the model, so that each verdict takes a thousandth of a second."""
NEW = Settings(fail_on=FailOn.NEW)
COUNT = len(CATALOGUE.checks)


def finding(check: str, anchor: str = "x", severity: Severity = Severity.CRITICAL, **more: Confidence) -> Finding:
    confidence = more.get("confidence", Confidence.HIGH)
    return Finding(f"rule/{anchor}", severity, confidence, "bad", Location("a.py", 1), anchor=f"{check} {anchor}")


def fails(check: str, *anchors: str, severity: Severity = Severity.CRITICAL) -> Answer:
    return Answer.of_findings(check, [finding(check, anchor, severity) for anchor in anchors])


def report(*answers: Answer, files: int = 3, interrupted: bool = False) -> Report:
    given = {a.check: a for a in answers}
    made = tuple(given.get(c.id, Answer.of_findings(c.id, [])) for c in CATALOGUE.checks)
    return Report(Subject("t", files=files), made, interrupted=interrupted)


def nothing() -> Report:
    return report(*(Answer.na(c.id, "no file") for c in CATALOGUE.checks))


def skipped(*kept: str) -> Report:
    return report(*(Answer.skip(c.id, "turned off") for c in CATALOGUE.checks if c.id not in kept))


def numbered(made: Report, waived: Waived | None = None) -> Score:
    return score(made, CATALOGUE, waived=(waived or Waived()).fingerprints)


def against(base: Report, head: Report) -> Comparison:
    return compare(Side(base, numbered(base), "m"), Side(head, numbered(head), "m"), commit="", label="main")


def judge(
    made: Report, settings: Settings | None = None, base: Report | None = None, waived: Waived | None = None
) -> Verdict:
    comparison = against(base, made) if base else None
    return decide(made, numbered(made, waived), settings or Settings(), waived or Waived(), comparison)


def told(verdict: Verdict, name: str) -> tuple[State, str, str, str]:
    one = condition(verdict, name)
    return one.state, one.threshold, one.actual, one.sentence


def condition(verdict: Verdict, name: str) -> Condition:
    [one] = [condition for condition in verdict.conditions if condition.name == name]
    return one


def names(verdict: Verdict) -> list[str]:
    return [condition.name for condition in verdict.conditions]


ALWAYS = ["required", "errors", "coverage", "waivers"]


@pytest.mark.parametrize(
    ("settings", "base", "judged"),
    [
        (Settings(), False, ["score", "critical", "categories"]),
        (Settings(), True, ["score", "critical", "categories"]),
        (Settings(fail_on=FailOn.NEVER), True, ["score", "critical", "categories"]),
        (NEW, False, ["score", "critical", "categories"]),
        (NEW, True, ["introduced", "regressions", "no worse", "no less covered"]),
        (Settings(fail_on=FailOn.HIGH), True, ["severity"]),
    ],
)
def test_the_conditions_and_their_order(settings: Settings, base: bool, judged: list[str]) -> None:
    verdict = judge(report(), settings, report() if base else None)
    assert names(verdict)[: -len(ALWAYS)] == ["completed", "measured", *judged]
    assert names(verdict)[-len(ALWAYS) :] == ALWAYS
    assert verdict.decision is Decision.PASSED
    assert verdict.enforced is (settings.fail_on is not FailOn.NEVER)
    assert verdict.reasons == ()


def test_a_survey_that_ended_and_one_that_did_not() -> None:
    assert told(judge(report()), "completed") == (State.GO, "to the end", "to the end", "The survey ran to its end.")
    assert told(judge(report(interrupted=True)), "completed") == (
        State.UNKNOWN, "to the end", "interrupted", "The survey was interrupted before it was done.",
    )  # fmt: skip


def test_what_was_measured() -> None:
    assert told(judge(report()), "measured") == (
        State.GO, "at least one check", f"{COUNT} of {COUNT} checks",
        f"{COUNT} of {COUNT} checks that apply were measured.",
    )  # fmt: skip
    assert told(judge(report(files=0)), "measured") == (
        State.UNKNOWN, "at least one check", "no files", "There are no files to survey.",
    )  # fmt: skip
    assert told(judge(skipped()), "measured") == (
        State.UNKNOWN, "at least one check", f"0 of {COUNT} checks", "Nothing was measured, so there is no verdict.",
    )  # fmt: skip
    assert condition(judge(skipped(OPTIONAL[0])), "measured").state is State.GO


def test_the_score_against_its_threshold() -> None:
    assert told(judge(report(), Settings(fail_below=100)), "score") == (
        State.GO, "at least 100.0", "100.0", "The score of 100.0 is at least 100.0.",
    )  # fmt: skip
    assert told(judge(nothing()), "score") == (
        State.UNKNOWN, "at least 80.0", NOT_MEASURED, "There is no score; 80.0 is needed.",
    )  # fmt: skip
    low = report(fails(OPTIONAL[0], "a", severity=Severity.MEDIUM))
    actual = decimal(numbered(low).headline, threshold=Fraction(100))
    assert told(judge(low, Settings(fail_below=100)), "score") == (
        State.NO_GO, "at least 100.0", actual, f"The score of {actual} is below 100.0.",
    )  # fmt: skip
    assert 0 < float(actual) < 100


def test_open_critical_causes_are_counted_and_three_named() -> None:
    assert told(judge(report()), "critical") == (
        State.GO, "none open", "none open", "No critical root cause is open.",
    )  # fmt: skip
    one = report(fails(OPTIONAL[0], "a"))
    [name] = [cause.summary for cause in numbered(one).open(Severity.CRITICAL)]
    assert told(judge(one), "critical") == (State.NO_GO, "none open", "1 open", f"1 critical root cause open: {name}.")
    many = report(fails(OPTIONAL[0], "a", "b", "c", "d", "e"))
    found = [cause.summary for cause in numbered(many).open(Severity.CRITICAL)]
    listed = f"{', '.join(found[:3])} and 2 more"
    assert told(judge(many), "critical") == (
        State.NO_GO, "none open", "5 open", f"5 critical root causes open: {listed}.",
    )  # fmt: skip
    three = condition(judge(report(fails(OPTIONAL[0], "a", "b", "c"))), "critical")
    assert " more" not in three.sentence


def test_open_causes_of_a_severity() -> None:
    settings = Settings(fail_on=FailOn.MEDIUM)
    assert told(judge(report(), settings), "severity") == (
        State.GO, "none open", "none open", "No root cause of severity medium is open.",
    )  # fmt: skip
    made = report(fails(OPTIONAL[0], "a", severity=Severity.MEDIUM), fails(OPTIONAL[1], "b", severity=Severity.LOW))
    [name] = [c.summary for c in numbered(made).causes if c.severity is Severity.MEDIUM]
    assert told(judge(made, settings), "severity") == (
        State.NO_GO, "none open", "1 open", f"1 root cause of severity medium or worse open: {name}.",
    )  # fmt: skip
    low = judge(made, Settings(fail_on=FailOn.LOW))
    assert condition(low, "severity").actual == "2 open"
    assert condition(low, "severity").sentence.startswith("2 root causes of severity low or worse open: ")


@pytest.mark.parametrize(
    ("fail_on", "severity", "expected"),
    [
        (FailOn.CRITICAL, Severity.CRITICAL, True),
        (FailOn.CRITICAL, Severity.HIGH, False),
        (FailOn.HIGH, Severity.HIGH, True),
        (FailOn.HIGH, Severity.MEDIUM, False),
        (FailOn.LOW, Severity.LOW, True),
        (FailOn.NEW, Severity.CRITICAL, False),
        (FailOn.SCORE, Severity.CRITICAL, False),
    ],
)
def test_a_cause_blocks_by_its_severity(fail_on: FailOn, severity: Severity, expected: bool) -> None:
    [cause] = numbered(report(fails(OPTIONAL[0], "a", severity=severity))).causes
    assert blocks(cause, Settings(fail_on=fail_on), None) is expected


def test_a_guess_blocks_nothing() -> None:
    guess = finding(OPTIONAL[0], "a", confidence=Confidence.LOW)
    made = report(Answer.of_findings(OPTIONAL[0], [guess]))
    [cause] = numbered(made).causes
    assert not blocks(cause, Settings(fail_on=FailOn.LOW), None)
    assert not blocks(cause, NEW, against(report(fails(OPTIONAL[0], "z")), made))


def test_new_findings_are_counted_and_named_with_their_places() -> None:
    base, asked = report(fails(OPTIONAL[0], "old")), "no new finding that is high or critical"
    assert told(judge(base, NEW, base), "introduced") == (
        State.GO, asked, "none", "No new finding is high or critical.",
    )  # fmt: skip
    two = report(fails(OPTIONAL[0], "old", "new"), fails(OPTIONAL[1], "other", severity=Severity.HIGH))
    verdict = judge(two, NEW, base)
    one = condition(verdict, "introduced")
    assert (one.state, one.threshold, one.actual) == (State.NO_GO, asked, "2")
    assert one.sentence.startswith("2 new findings of high or critical severity: ")
    assert {"rule/new at a.py:1", "rule/other at a.py:1"} == set(one.sentence.rstrip(".").split(": ", 1)[1].split(", "))
    single = judge(report(fails(OPTIONAL[0], "old", "new")), NEW, base)
    assert told(single, "introduced") == (
        State.NO_GO, asked, "1", "1 new finding of high or critical severity: rule/new at a.py:1.",
    )  # fmt: skip


@pytest.mark.parametrize(("severity", "closes"), [(Severity.HIGH, True), (Severity.MEDIUM, False)])
def test_new_means_severe_and_sure(severity: Severity, closes: bool) -> None:
    old = finding(OPTIONAL[0], "old")
    for confidence, expected in ((Confidence.HIGH, closes), (Confidence.LOW, False)):
        new = finding(OPTIONAL[0], "new", severity, confidence=confidence)
        base, head = (report(Answer.of_findings(OPTIONAL[0], found)) for found in ([old], [old, new]))
        assert (condition(judge(head, NEW, base), "introduced").state is State.NO_GO) is expected
        causes = [cause for cause in numbered(head).causes if "new" in {f.anchor.split()[-1] for f in cause.findings}]
        assert [blocks(cause, NEW, against(base, head)) for cause in causes] == [expected]
        assert not any(blocks(c, NEW, against(base, head)) for c in numbered(head).causes if c not in causes)


def test_checks_that_passed_before_are_counted_and_named() -> None:
    assert told(judge(report(), NEW, report()), "regressions") == (
        State.GO, "none", "none", "No check that passed in the base fails here.",
    )  # fmt: skip
    low = Severity.LOW
    one = judge(report(fails(OPTIONAL[0], "a", severity=low)), NEW, report())
    assert told(one, "regressions") == (
        State.NO_GO, "none", "1", f"1 check passed in the base and fails here: {OPTIONAL[0]}.",
    )  # fmt: skip
    two = judge(report(fails(OPTIONAL[0], "a", severity=low), fails(OPTIONAL[1], "a", severity=low)), NEW, report())
    sentence = f"2 checks passed in the base and fail here: {', '.join(sorted(OPTIONAL[:2]))}."
    assert told(two, "regressions")[:3] == (State.NO_GO, "none", "2")
    assert sorted(told(two, "regressions")[3]) == sorted(sentence)


def test_how_much_the_score_may_fall() -> None:
    assert told(judge(report(), NEW, report()), "no worse") == (
        State.GO, "at most 1 lower", "±0.0", "The score changed by ±0.0 against the base.",
    )  # fmt: skip
    worse = report(*(fails(check, "a") for check in OPTIONAL))
    drop = against(report(), worse).difference(numbered(worse))
    assert drop is not None
    assert told(judge(worse, NEW, report()), "no worse") == (
        State.NO_GO, "at most 1 lower", signed(drop),
        f"The score of what both sides measured changed by {signed(drop)}; it may fall by 1.",
    )  # fmt: skip
    assert condition(judge(report(), NEW, worse), "no worse").state is State.GO
    half = [c.id for c in CATALOGUE.checks][: COUNT // 2]
    rest = [c.id for c in CATALOGUE.checks][COUNT // 2 :]
    assert told(judge(skipped(*half), NEW, skipped(*rest)), "no worse") == (
        State.UNKNOWN, "at most 1 lower", NOT_MEASURED,
        "No check was measured both here and in the base, so the scores cannot be compared.",
    )  # fmt: skip


def test_how_much_less_may_be_measured() -> None:
    asked = "at most 5 percentage points lower"
    assert told(judge(report(), NEW, report()), "no less covered") == (
        State.GO, asked, "±0.0", "About as much was measured as in the base.",
    )  # fmt: skip
    half = skipped(*[c.id for c in CATALOGUE.checks][: COUNT // 2])
    drop = signed(100 * against(report(), half).coverage)
    assert drop.startswith("−")
    assert told(judge(half, NEW, report()), "no less covered") == (
        State.NO_GO, asked, drop, f"The coverage changed by {drop} percentage points; it may fall by 5.",
    )  # fmt: skip
    assert condition(judge(report(), NEW, half), "no less covered").state is State.GO


def test_each_category_against_its_minimum() -> None:
    assert told(judge(report(), Settings(min_category=10)), "categories") == (
        State.GO, "each at least 10.0", "lowest 10.0", "No measured category is below 10.0 of 10.",
    )  # fmt: skip
    assert told(judge(nothing(), Settings(min_category=10)), "categories")[:3] == (
        State.GO, "each at least 10.0", NOT_MEASURED,
    )  # fmt: skip
    by_category: dict[str, str] = {}
    for check in CATALOGUE.checks:
        by_category.setdefault(check.category, check.id)
    chosen = list(by_category.values())
    for count in (1, 2):
        made = report(*(fails(check, "a", severity=Severity.LOW) for check in chosen[:count]))
        low = [c for c in numbered(made).categories if c.score is not None and c.score < 10]
        shown = ", ".join(f"{c.category.title} {decimal(c.score, threshold=Fraction(10))}" for c in low)
        worst = decimal(min(c.score for c in low if c.score is not None), threshold=Fraction(10))
        what = "1 category" if count == 1 else "2 categories"
        assert len(low) == count
        assert told(judge(made, Settings(min_category=10)), "categories") == (
            State.NO_GO, "each at least 10.0", f"lowest {worst}", f"{what} below 10.0 of 10: {shown}.",
        )  # fmt: skip


def test_required_checks_that_are_missing_are_named_with_the_reason() -> None:
    count = len(REQUIRED)
    assert told(judge(report()), "required") == (
        State.GO, "all measured", f"{count} of {count}", "Every required check that applies was measured.",
    )  # fmt: skip
    one = judge(report(Answer.error(REQUIRED[0], "broke")))
    assert told(one, "required") == (
        State.UNKNOWN, "all measured", f"{count - 1} of {count}",
        f"1 required check not measured: {REQUIRED[0]} (error: broke).",
    )  # fmt: skip
    two = judge(report(Answer.error(REQUIRED[0], "broke"), Answer.skip(REQUIRED[1], "off")))
    assert told(two, "required")[2] == f"{count - 2} of {count}"
    assert told(two, "required")[3].startswith("2 required checks not measured: ")
    away = judge(report(Answer.na(REQUIRED[0], "no file")))
    assert told(away, "required")[::2] == (State.GO, f"{count - 1} of {count - 1}")
    assert condition(judge(report(Answer.skip(OPTIONAL[0], "off"))), "required").state is State.GO


def test_with_only_what_was_not_asked_for_is_not_missing_and_what_was_measured_counts() -> None:
    made = report(Answer.skip(REQUIRED[0], "not asked"), Answer.error(REQUIRED[1], "broke"))
    settings = Settings(only=(OPTIONAL[0], REQUIRED[1]))
    count = len(REQUIRED)
    assert told(judge(made, settings), "required")[2] == f"{count - 2} of {count - 1}"
    assert "1 required check not measured" in told(judge(made, settings), "required")[3]


def test_errors_of_other_checks_are_ours() -> None:
    assert told(judge(report()), "errors") == (State.GO, "none", "none", "No other check ended in an error.")
    one = judge(report(Answer.error(OPTIONAL[0], "broke"), Answer.skip(OPTIONAL[1], "off")))
    assert told(one, "errors") == (
        State.UNKNOWN, "none", "1", f"1 check could not be answered: {OPTIONAL[0]} (error: broke).",
    )  # fmt: skip
    two = judge(report(*(Answer.error(check, "broke") for check in (*OPTIONAL[:2], REQUIRED[0]))))
    assert told(two, "errors")[2] == "2"
    assert told(two, "errors")[3].startswith("2 checks could not be answered: ")


def test_the_coverage_against_its_threshold() -> None:
    full = judge(report(), Settings(min_coverage=100))
    assert told(full, "coverage") == (
        State.GO, "at least 100.0 %", "100.0 %", "100.0 % of the points were measured; at least 100.0 % are needed.",
    )  # fmt: skip
    assert told(judge(nothing(), Settings(min_coverage=50)), "coverage") == (
        State.UNKNOWN, "at least 50.0 %", NOT_MEASURED, "No check applies, so none could be measured.",
    )  # fmt: skip
    half = skipped(*OPTIONAL[:3])
    measured = numbered(half).coverage
    assert measured is not None
    actual = f"{decimal(100 * measured, threshold=Fraction(100))} %"
    assert told(judge(half, Settings(min_coverage=100)), "coverage") == (
        State.UNKNOWN, "at least 100.0 %", actual,
        f"Only {actual} of the points were measured; at least 100.0 % are needed.",
    )  # fmt: skip
    for made in (half, nothing()):
        one = condition(judge(made, Settings(min_coverage=0)), "coverage")
        assert (one.state, one.sentence) == (State.GO, "No coverage is required.")


def test_files_that_the_change_hid_from_every_tool_are_named() -> None:
    made = report()
    for count, what in ((1, "1 file"), (2, "2 files")):
        lost = [Unjudged(f"{number}.py", "too large") for number in range(count)]
        verdict = decide(made, numbered(made), Settings(), unjudged=lost)
        named = ", ".join(f"{number}.py (too large)" for number in range(count))
        assert told(verdict, "judged") == (
            State.UNKNOWN, "every changed file", f"{count} not judged",
            f"{what} of this change cannot be judged, and the base's could: {named}.",
        )  # fmt: skip
        assert verdict.decision is Decision.INCONCLUSIVE
    assert "judged" not in names(judge(made))


def test_expired_waivers_are_named_with_their_day() -> None:
    assert told(judge(report()), "waivers") == (State.GO, "none expired", "none expired", "No waiver has expired.")
    made = report(fails(OPTIONAL[0], "a"))
    first, last = dt.date(2026, 1, 1), dt.date(2026, 1, 20)
    one = Waiver(rule="rule/a", path="**", reason="x" * 20, owner="ops", created=first, expires=last)
    waived = waivers.apply([one], made.findings, dt.date(2026, 1, 21))
    assert told(judge(made, waived=waived), "waivers") == (
        State.NO_GO, "none expired", "1 expired", "1 waiver expired: rule/a in ** on 2026-01-20.",
    )  # fmt: skip
    two = Waived(expired=(one, one))
    assert told(judge(made, waived=two), "waivers")[2:] == (
        "2 expired", "2 waivers expired: rule/a in ** on 2026-01-20, rule/a in ** on 2026-01-20.",
    )  # fmt: skip


RELAXED = Settings(fail_below=0, min_category=0, min_coverage=0)
LOW = (fails(OPTIONAL[0], "a", severity=Severity.LOW), fails(OPTIONAL[1], "a", severity=Severity.LOW))
HIGH = (fails(OPTIONAL[0], "a", severity=Severity.HIGH), fails(OPTIONAL[1], "a", severity=Severity.HIGH))
BRIEFS: dict[str, tuple[Report, Settings, str]] = {
    "completed": (report(interrupted=True), RELAXED, "interrupted"),
    "measured": (report(files=0), RELAXED, "nothing measured"),
    "critical": (report(fails(OPTIONAL[0], "a", "b")), RELAXED, "2 critical"),
    "severity": (report(*HIGH), Settings(fail_on=FailOn.MEDIUM, min_coverage=0), "2 of severity medium or worse"),
    "required": (report(Answer.error(REQUIRED[0], "broke")), RELAXED, "1 required check not measured"),
    "errors": (report(Answer.error(OPTIONAL[0], "a"), Answer.error(OPTIONAL[1], "b")), RELAXED, "2 errors"),
    "coverage": (skipped(*REQUIRED), Settings(min_coverage=60), "less than 60.0 % measured"),
    "score": (report(*LOW), Settings(fail_below=100, min_category=0), "score below 100.0"),
    "categories": (report(*LOW), Settings(fail_below=0, min_category=10), "2 categories below 10.0"),
}
"""By condition: a report in which it is not met, and why in a few words."""


@pytest.mark.parametrize("name", BRIEFS)
def test_why_the_gate_is_not_open_in_a_few_words(name: str) -> None:
    made, settings, brief = BRIEFS[name]
    verdict = judge(made, settings)
    assert [c.name for c in verdict.conditions if c.state is not State.GO] == [name]
    said = "gate closed" if verdict.decision is Decision.CLOSED else "gate inconclusive"
    assert verdict.brief == f"{said}: {brief}"


def test_why_a_change_does_not_pass_in_a_few_words() -> None:
    worse = report(*HIGH, *(Answer.skip(check, "off") for check in OPTIONAL[2:]))
    verdict = judge(worse, NEW, report())
    fall = condition(verdict, "no worse").actual
    assert fall.startswith("−")
    briefs = {c.name: c.brief for c in verdict.conditions if c.state is not State.GO}
    assert briefs.pop("coverage", None) is None
    assert briefs == {
        "introduced": "2 new findings",
        "regressions": "2 regressions",
        "no worse": f"score {fall}",
        "no less covered": "less measured than before",
    }
    nothing_common = judge(report(*(Answer.skip(c, "off") for c in OPTIONAL)), NEW, skipped(*OPTIONAL))
    assert condition(nothing_common, "no worse").brief == "scores not comparable"
    assert judge(nothing()).brief.startswith("gate inconclusive: nothing measured, no score")


def test_a_closed_gate_says_what_open_causes_take_from_the_score() -> None:
    made = report(fails(OPTIONAL[0], "a"))
    number = numbered(made)
    assert number.raw != number.headline
    sentence = condition(judge(made, Settings(fail_below=100)), "score").sentence
    assert sentence.endswith(f": 1 critical open, {decimal(number.raw)} without them.")


def test_a_score_just_below_its_threshold_is_shown_below_it() -> None:
    some = (report(fails(c, "a", severity=severity)) for severity, c in itertools.product(Severity, OPTIONAL))
    headlines = ((made, numbered(made).headline or Fraction(0)) for made in some)
    made, headline = next((made, value) for made, value in headlines if Fraction(decimal(value)) > value)
    threshold = headline + Fraction(1, 1000)
    one = condition(judge(made, Settings(fail_below=float(threshold))), "score")
    assert one.state is State.NO_GO
    assert one.actual == decimal(headline, threshold=threshold) < decimal(headline)


@pytest.mark.parametrize("profile", Profile)
def test_what_is_wrong_is_told_before_what_is_missing(profile: Profile) -> None:
    made = report(Answer.error(OPTIONAL[0], "broke"), fails(OPTIONAL[1], "a"))
    verdict = judge(made, Settings(fail_below=0, min_category=0, min_coverage=0, profile=profile))
    assert verdict.decision is Decision.CLOSED
    assert [reason.split(" ")[1] for reason in verdict.reasons] == ["critical", "check"]


def test_a_difference_has_a_sign_and_is_never_rounded_to_nothing() -> None:
    thousandths = (0, 1, -1, 49, 1500, -1500)
    assert [signed(Fraction(n, 1000)) for n in thousandths] == ["±0.0", "+0.1", "−0.1", "+0.1", "+1.5", "−1.5"]


@pytest.mark.parametrize(
    ("profile", "decision"), [(Profile.PULL_REQUEST, Decision.INCONCLUSIVE), (Profile.RELEASE, Decision.CLOSED)]
)
def test_what_is_missing_closes_a_release_only(profile: Profile, decision: Decision) -> None:
    settings = Settings(profile=profile)
    assert judge(report(Answer.error(OPTIONAL[0], "broke")), settings).decision is decision
    assert judge(report(), settings).decision is Decision.PASSED


def test_what_the_base_could_not_see_is_news_for_a_release_only() -> None:
    check = OPTIONAL[0]
    base, head = report(Answer.error(check, "broke")), report(fails(check, "seen"))
    for profile, state in ((Profile.PULL_REQUEST, State.GO), (Profile.RELEASE, State.NO_GO)):
        settings = Settings(fail_on=FailOn.NEW, profile=profile)
        assert condition(judge(head, settings, base), "introduced").state is state


def test_a_new_finding_that_is_waived_is_no_news() -> None:
    base, head = report(fails(OPTIONAL[0], "old")), report(fails(OPTIONAL[0], "old", "new", "more"))
    waived = Waived(fingerprints=frozenset(f.fingerprint for f in head.findings if f.rule == "rule/new"))
    assert told(judge(head, NEW, base, waived), "introduced")[2:] == (
        "1", "1 new finding of high or critical severity: rule/more at a.py:1.",
    )  # fmt: skip
