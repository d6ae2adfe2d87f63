"""What closes the gate besides the score: news, a severity, or nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from fractions import Fraction

import pytest

from seatrial.domain import Answer, Confidence, Finding, Location, Report, Severity, Subject, waivers
from seatrial.domain.errors import ExitCode
from seatrial.domain.waivers import Waived, Waiver
from seatrial.settings import FailOn, Profile, Settings
from seatrial.verdict import news_conditions, path_to_pass
from seatrial.verdict.baseline import Comparison, Side, compare
from seatrial.verdict.catalogue import load
from seatrial.verdict.decision import State, Verdict
from seatrial.verdict.gate import decide
from seatrial.verdict.news_conditions import signed
from seatrial.verdict.score import score

CATALOGUE = load()
CHECK, OTHER = "python/bandit", "secrets/passwords"
NEW = Settings(fail_on=FailOn.NEW)


def finding(anchor: str, severity: Severity = Severity.HIGH, confidence: Confidence = Confidence.HIGH) -> Finding:
    return Finding("bandit/B602", severity, confidence, "shell", Location("a.py", 1), anchor=anchor)


def report(*answers: Answer) -> Report:
    given = {a.check: a for a in answers}
    return Report(Subject("t", files=3), tuple(given.get(c.id, Answer.of_findings(c.id, [])) for c in CATALOGUE.checks))


def of(*findings: Finding) -> Answer:
    return graded(CHECK, findings)


def graded(check: str, findings: Sequence[Finding]) -> Answer:
    """An answer by the density of its findings in a tree of ordinary size."""
    return Answer.of_findings(check, findings, basis=CATALOGUE.density(check, 50_000))


def between(base: Report, head: Report) -> Comparison:
    sides = [Side(r, score(r, CATALOGUE), "m") for r in (base, head)]
    return compare(*sides, commit="", label="main")


def judge(
    base: Report | None, head: Report, settings: Settings = NEW, waived: Waived | None = None
) -> tuple[Verdict, path_to_pass.PathToPass]:
    waived = waived or Waived()
    comparison = between(base, head) if base else None
    number = score(head, CATALOGUE, waived=waived.fingerprints)
    path = path_to_pass.find(head, CATALOGUE, settings, waived, comparison)
    return decide(head, number, settings, waived, comparison), path


def closed(verdict: Verdict) -> set[str]:
    return {c.name for c in verdict.conditions if c.state is State.NO_GO}


def test_old_sins_do_not_close() -> None:
    old = [finding(f"old {n}", Severity.CRITICAL) for n in range(9)]
    assert judge(report(of(*old)), report(of(*old)))[0].passed
    assert not judge(report(of(*old)), report(of(*old)), Settings())[0].passed


def test_a_new_severe_finding_closes_and_the_path_names_it_alone() -> None:
    old = [finding(f"old {n}") for n in range(9)]
    verdict, path = judge(report(of(*old)), report(of(*old, finding("new"))))
    assert closed(verdict) == {"introduced"}
    assert [c.findings[0].anchor for s in path.steps for c in s.causes] == ["new"]
    assert path.opens


def test_a_check_that_passed_and_fails_closes_whatever_the_severity() -> None:
    verdict, path = judge(report(), report(of(finding("new", Severity.LOW))))
    assert closed(verdict) == {"regressions"}
    assert path.opens


def test_a_guess_is_no_severe_news() -> None:
    old = [finding(f"old {n}") for n in range(9)]
    assert judge(report(of(*old)), report(of(*old, finding("new", confidence=Confidence.LOW))))[0].passed


def test_many_small_news_close_by_the_score() -> None:
    checks = (CHECK, OTHER, "secrets/credential-files")
    old = {check: finding(f"old {check}", Severity.LOW) for check in checks}
    new = {check: [finding(f"new {check} {n}", Severity.MEDIUM) for n in range(500)] for check in checks}
    before = report(*(graded(check, [old[check]]) for check in checks))
    after = report(*(graded(check, [old[check], *new[check]]) for check in checks))
    verdict, path = judge(before, after)
    assert closed(verdict) == {"no worse"}
    assert path.opens


def test_a_waived_piece_of_news_does_not_close() -> None:
    new = finding("new")
    day = dt.date(2026, 1, 1)
    waiver = Waiver(
        fingerprint=new.fingerprint, reason="accepted until the rewrite", owner="me", created=day, expires=day
    )
    head = report(of(finding("old"), new))
    waived = waivers.apply([waiver], head.findings, day)
    assert judge(report(of(finding("old"))), head, NEW, waived)[0].passed


def test_without_a_base_the_absolute_conditions_count() -> None:
    verdict, _ = judge(None, report(of(finding("x", Severity.CRITICAL))))
    assert "critical" in closed(verdict)
    assert {c.name for c in verdict.conditions} >= {"score", "critical", "categories"}


def test_what_the_base_could_not_see_closes_a_release_only() -> None:
    base, head = report(Answer.error(CHECK, "broke")), report(of(finding("seen now")))
    assert judge(base, head)[0].passed
    release = Settings(fail_on=FailOn.NEW, profile=Profile.RELEASE)
    assert closed(judge(base, head, release)[0]) == {"introduced"}


def test_less_coverage_closes() -> None:
    missing = [Answer.skip(c.id, "off") for c in CATALOGUE.checks if c.category == "security" and not c.required]
    assert missing
    assert "no less covered" in closed(judge(report(), report(*missing))[0])


@pytest.mark.parametrize(
    ("fail_on", "severity", "passed"),
    [
        (FailOn.CRITICAL, Severity.HIGH, True),
        (FailOn.HIGH, Severity.HIGH, False),
        (FailOn.MEDIUM, Severity.HIGH, False),
        (FailOn.LOW, Severity.LOW, False),
        (FailOn.MEDIUM, Severity.LOW, True),
    ],
)
def test_a_severity_closes(fail_on: FailOn, severity: Severity, passed: bool) -> None:
    verdict, path = judge(None, report(of(finding("x", severity))), Settings(fail_on=fail_on, fail_below=100))
    assert verdict.passed is passed
    assert path.opens
    assert bool(path.steps) is not passed


def test_never_shows_and_does_not_enforce() -> None:
    settings = Settings(fail_on=FailOn.NEVER)
    verdict, _ = judge(None, report(of(finding("x", Severity.CRITICAL))), settings)
    assert not verdict.passed
    assert verdict.exit_code is ExitCode.PASSED


def test_an_answer_that_we_owe_is_no_pass_even_then() -> None:
    required = next(c.id for c in CATALOGUE.checks if c.required)
    verdict, _ = judge(None, report(Answer.error(required, "broke")), Settings(fail_on=FailOn.NEVER))
    assert verdict.exit_code is ExitCode.INCONCLUSIVE


REQUIRED = next(c.id for c in CATALOGUE.checks if c.required)
ASKED = next(c.id for c in CATALOGUE.checks if not c.required)
SKIPPED = Answer.skip(REQUIRED, "turned off")
MISSING = Answer.error(REQUIRED, "broke")
CODES = [  # fail_on, only, the required answer: exit code without and with a critical finding
    (FailOn.SCORE, False, None, 0, 1),
    (FailOn.SCORE, False, SKIPPED, 3, 1),
    (FailOn.SCORE, False, MISSING, 3, 1),
    (FailOn.SCORE, True, SKIPPED, 0, 1),
    (FailOn.CRITICAL, False, None, 0, 1),
    (FailOn.CRITICAL, False, SKIPPED, 3, 1),
    (FailOn.CRITICAL, True, SKIPPED, 0, 1),
    (FailOn.NEW, False, None, 0, 1),
    (FailOn.NEW, False, SKIPPED, 3, 1),
    (FailOn.NEW, True, SKIPPED, 0, 1),
    (FailOn.NEVER, False, None, 0, 0),
    (FailOn.NEVER, False, SKIPPED, 3, 3),
    (FailOn.NEVER, False, MISSING, 3, 3),
    (FailOn.NEVER, True, SKIPPED, 0, 0),
    (FailOn.NEVER, True, None, 0, 0),
]


@pytest.mark.parametrize("profile", Profile)
@pytest.mark.parametrize(("fail_on", "only", "required", "clean", "dirty"), CODES)
def test_the_exit_code_by_what_closes_the_gate_what_is_asked_and_what_is_missing(
    profile: Profile, fail_on: FailOn, only: bool, required: Answer | None, clean: int, dirty: int
) -> None:
    """A job that is green with a finding is green without it."""
    chosen = Settings(fail_on=fail_on, only=(ASKED,) if only else (), profile=profile, min_coverage=0)
    rest = (required,) if required else ()
    codes = {}
    for name, answer in (("clean", []), ("dirty", [finding("x", Severity.CRITICAL)])):
        made = report(Answer.of_findings(ASKED, answer), *rest)
        codes[name] = int(judge(None, made, chosen)[0].exit_code)
    if profile is Profile.RELEASE and fail_on is not FailOn.NEVER:
        clean = 1 if clean == 3 else clean
    assert codes == {"clean": clean, "dirty": dirty}


def test_a_family_in_only_asks_for_its_checks() -> None:
    settings = Settings(only=(REQUIRED.partition("/")[0],))
    assert judge(None, report(SKIPPED), settings)[0].exit_code is ExitCode.INCONCLUSIVE


def test_differences_never_round_to_nothing() -> None:
    from fractions import Fraction

    assert [signed(Fraction(n, 1000)) for n in (0, 1, -1, 1500)] == ["±0.0", "+0.1", "−0.1", "+1.5"]


@pytest.mark.parametrize(("spare", "closes"), [(0, False), (Fraction(-1, 1000), True)])
def test_a_drop_of_exactly_what_is_allowed_is_allowed(
    monkeypatch: pytest.MonkeyPatch, spare: Fraction, closes: bool
) -> None:
    base, head = report(of(finding("old"))), report(of(finding("old"), finding("new", Severity.LOW)))
    drop = between(base, head).difference(score(head, CATALOGUE))
    assert drop is not None
    assert drop < 0
    monkeypatch.setattr(news_conditions, "LARGEST_DROP", -drop + spare)
    assert ("no worse" in closed(judge(base, head)[0])) is closes


@pytest.mark.parametrize(("spare", "closes"), [(0, False), (Fraction(-1, 1000), True)])
def test_exactly_as_much_less_coverage_as_is_allowed_is_allowed(
    monkeypatch: pytest.MonkeyPatch, spare: Fraction, closes: bool
) -> None:
    base, head = report(), report(Answer.skip(OTHER, "left out"))
    drop = 100 * between(base, head).coverage
    assert drop < 0
    monkeypatch.setattr(news_conditions, "LARGEST_COVERAGE_DROP", -drop + spare)
    assert ("no less covered" in closed(judge(base, head)[0])) is closes
