"""The gate opens only if everything that it asks for is there."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from seatrial.domain import Answer, Confidence, Finding, Location, Report, Severity, Subject, waivers
from seatrial.domain.allowance import Unjudged
from seatrial.domain.errors import ExitCode
from seatrial.domain.waivers import Waiver
from seatrial.settings import Profile, Settings
from seatrial.verdict.catalogue import load
from seatrial.verdict.decision import Decision, State, Verdict
from seatrial.verdict.gate import decide
from seatrial.verdict.score import score

CATALOGUE = load()
REQUIRED = next(c.id for c in CATALOGUE.checks if c.required)
OPTIONAL = next(c.id for c in CATALOGUE.checks if not c.required)
TODAY = dt.date(2026, 6, 1)


def report(**special: Answer) -> Report:
    given = {a.check: a for a in special.values()}
    answers = tuple(given.get(c.id, Answer.of_findings(c.id, [])) for c in CATALOGUE.checks)
    return Report(Subject("t", files=3), answers)


def judge(made: Report, settings: Settings | None = None, accepted: tuple[Waiver, ...] = ()) -> Verdict:
    waived = waivers.apply(accepted, made.findings, TODAY)
    return decide(made, score(made, CATALOGUE, waived=waived.fingerprints), settings or Settings(), waived)


def states(verdict: Verdict) -> dict[str, State]:
    return {c.name: c.state for c in verdict.conditions if c.state is not State.GO}


def critical(rule: str = "compose/privileged") -> Finding:
    return Finding(rule, Severity.CRITICAL, Confidence.HIGH, "bad", Location("compose.yaml", 3), anchor="x")


def test_all_is_well() -> None:
    verdict = judge(report())
    assert verdict.passed
    assert verdict.reasons == ()
    assert verdict.exit_code is ExitCode.PASSED


def test_a_low_score_closes() -> None:
    made = report(a=Answer.of_findings(REQUIRED, [critical("a/b"), critical("a/c")]))
    verdict = judge(made, Settings(fail_below=99))
    assert states(verdict) == {"score": State.NO_GO, "critical": State.NO_GO}
    assert verdict.exit_code is ExitCode.CLOSED
    assert "2 critical open" in verdict.reasons[0]
    assert verdict.brief == "gate closed: score below 99.0, 2 critical"
    assert judge(report()).brief == "gate open"


def test_an_open_critical_closes_even_if_the_score_would_do() -> None:
    verdict = judge(report(a=Answer.of_findings(OPTIONAL, [critical()])), Settings(fail_below=10))
    assert states(verdict) == {"critical": State.NO_GO}


@pytest.mark.parametrize("make", [Answer.error, Answer.skip, Answer.blocked])
def test_a_required_answer_that_is_missing_is_inconclusive(make: object) -> None:
    verdict = judge(report(a=make(REQUIRED, "because")))  # type: ignore[operator]
    assert states(verdict) == {"required": State.UNKNOWN}
    assert verdict.exit_code is ExitCode.INCONCLUSIVE
    assert "because" in verdict.reasons[0]


def test_a_required_check_that_does_not_apply_is_fine() -> None:
    assert judge(report(a=Answer.na(REQUIRED, "nothing to ask"))).passed


def test_an_error_of_ours_is_never_a_pass() -> None:
    assert judge(report(a=Answer.error(OPTIONAL, "broke"))).decision is Decision.INCONCLUSIVE
    assert judge(report(a=Answer.skip(OPTIONAL, "chosen"))).passed


def test_a_release_does_not_accept_what_is_unknown() -> None:
    made = report(a=Answer.error(REQUIRED, "broke"))
    assert judge(made, Settings(profile=Profile.RELEASE)).exit_code is ExitCode.CLOSED
    skipped = {f"s{n}": Answer.skip(c.id, "chosen") for n, c in enumerate(CATALOGUE.checks) if not c.required}
    assert judge(report(**skipped)).passed
    assert states(judge(report(**skipped), Settings(profile=Profile.RELEASE))) == {"coverage": State.UNKNOWN}


def test_closed_wins_and_both_are_named() -> None:
    made = report(a=Answer.error(REQUIRED, "broke"), b=Answer.of_findings(OPTIONAL, [critical()]))
    verdict = judge(made)
    assert verdict.exit_code is ExitCode.CLOSED
    assert {"critical", "required"} <= set(states(verdict))
    assert len(verdict.reasons) >= 2


def test_nothing_and_the_interrupted_are_no_success() -> None:
    nothing = Report(Subject("t"), tuple(Answer.na(c.id, "no file") for c in CATALOGUE.checks))
    assert judge(nothing).decision is Decision.INCONCLUSIVE
    assert judge(replace(report(), interrupted=True)).decision is Decision.INCONCLUSIVE


def test_every_category_has_its_minimum() -> None:
    check = CATALOGUE.of_category("health")[0].id
    made = report(a=Answer.of_findings(check, [replace(critical(), severity=Severity.MEDIUM)]))
    assert judge(made).passed
    assert states(judge(made, Settings(min_category=9.9))) == {"categories": State.NO_GO}


def waiver(**changes: object) -> Waiver:
    values = {
        "rule": "compose/privileged",
        "path": "**",
        "reason": "needed until the new kernel arrives",
        "owner": "ops",
    }
    return Waiver(**(values | {"created": dt.date(2026, 5, 20), "expires": dt.date(2026, 6, 10)} | changes))  # type: ignore[arg-type]


def test_a_waiver_opens_the_gate_and_adds_no_points() -> None:
    made = report(a=Answer.of_findings(OPTIONAL, [critical()]))
    assert not judge(made).passed
    assert judge(made, accepted=(waiver(),)).passed
    waived = waivers.apply([waiver()], made.findings, TODAY)
    assert score(made, CATALOGUE, waived=waived.fingerprints).raw == score(made, CATALOGUE).raw


def test_an_expired_waiver_closes() -> None:
    made = report(a=Answer.of_findings(OPTIONAL, [critical()]))
    verdict = judge(made, accepted=(waiver(expires=dt.date(2026, 5, 31)),))
    assert states(verdict)["waivers"] is State.NO_GO


@pytest.mark.parametrize(("left_out", "met"), [((), True), ((OPTIONAL,), False)])
def test_exactly_the_coverage_that_is_asked_for_is_enough(left_out: tuple[str, ...], met: bool) -> None:
    made = report(**{check: Answer.skip(check, "left out") for check in left_out})
    assert ("coverage" not in states(judge(made, Settings(min_coverage=100)))) is met


def test_what_the_change_hides_leaves_the_gate_inconclusive_and_a_release_closed() -> None:
    lost = (Unjudged("a.py", "Git LFS pointer"), Unjudged("b.py", "binary"))
    made = report()
    number = score(made, CATALOGUE)
    assert decide(made, number, Settings()).decision is Decision.PASSED
    verdict = decide(made, number, Settings(), unjudged=lost)
    assert verdict.decision is Decision.INCONCLUSIVE
    assert verdict.reasons == (
        "2 files of this change cannot be judged, and the base's could: a.py (Git LFS pointer), b.py (binary).",
    )
    assert decide(made, number, Settings(profile=Profile.RELEASE), unjudged=lost).decision is Decision.CLOSED
