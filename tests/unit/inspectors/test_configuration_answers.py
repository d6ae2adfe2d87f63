"""From what became of wrong settings to what is said of it."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from seatrial.domain import Answer, Confidence, Location, Severity, Status
from seatrial.inspectors.trial import deployment_rules
from seatrial.inspectors.trial.checks import CONFIG_ERRORS, CONFIG_MESSAGES, MISSING_SECRETS
from seatrial.inspectors.trial.configured import ConfigurationAnswers, check_of
from seatrial.lab.configuration.campaign import Configured, limit
from seatrial.lab.configuration.operators import Mutant, Operator
from seatrial.lab.configuration.variables import Need, ServiceVariable, SettingKind
from seatrial.lab.configuration.verdicts import FlawKind, MutantStatus, Ran, SettingFlaw, Tried

PLACES = {"api": Location("compose.yaml", 3, 3)}


def setting(name: str, **more: object) -> ServiceVariable:
    known: dict[str, Any] = {
        "need": Need.REQUIRED,
        "because": "api.py:3 reads it",
        "read": True,
        "content": SettingKind.TEXT,
    } | more
    return ServiceVariable(service="api", name=name, value="x", **known)


def tried(name: str, operator: Operator, verdict: MutantStatus, message: str = "", **more: object) -> Tried:
    return Tried(Mutant(setting(name, **more), operator), verdict, message)


def answers(seen: Configured) -> dict[str, Answer]:
    made = ConfigurationAnswers(seen, PLACES, lambda line: line.replace("hidden", "****"), "seed 1").all()
    return {answer.check: answer for answer in made}


def test_a_setting_that_is_refused_and_named_is_right() -> None:
    every = answers(Configured(tried=(tried("KEY", Operator.EMPTY, MutantStatus.KILLED),)))
    assert [every[check].status for check in (CONFIG_ERRORS, CONFIG_MESSAGES)] == [Status.PASS, Status.PASS]
    assert every[MISSING_SECRETS].status is Status.NA


def test_a_required_setting_that_is_missing_without_consequence_is_one_wrong_setting_of_two() -> None:
    seen = Configured(
        tried=(
            tried("KEY", Operator.UNSET, MutantStatus.SURVIVED, is_key=True),
            tried("KEY", Operator.EMPTY, MutantStatus.SURVIVED, is_key=True),
            tried("OTHER_KEY", Operator.EMPTY, MutantStatus.KILLED, is_key=True),
            tried("PORT", Operator.EMPTY, MutantStatus.KILLED),
        )
    )
    answer = answers(seen)[MISSING_SECRETS]
    assert answers(seen)[CONFIG_ERRORS].status is Status.PASS
    [finding] = answer.findings
    assert (finding.rule, finding.severity) == ("deployment/starts-without", Severity.HIGH)
    assert "KEY is missing (unset, empty)" in finding.message
    assert answer.value == Fraction(1, 2)
    assert finding.location == PLACES["api"]


def test_a_message_without_the_name_is_quoted_without_secrets() -> None:
    [finding] = answers(Configured(tried=(tried("KEY", Operator.EMPTY, MutantStatus.UNCLEAR, "bad hidden"),)))[
        CONFIG_MESSAGES
    ].findings
    assert finding.rule == "deployment/unnamed-variable"
    assert finding.message.endswith("its last line: bad ****")


def test_a_matter_of_taste_is_a_guess() -> None:
    seen = Configured(tried=(tried("LEVEL", Operator.WRONG_CHOICE, MutantStatus.SURVIVED, need=Need.DEFAULTED),))
    [finding] = answers(seen)[CONFIG_ERRORS].findings
    assert finding.confidence is Confidence.LOW


OPTIONAL = {"need": Need.OPTIONAL, "content": SettingKind.SECRET}


@pytest.mark.parametrize(
    ("one", "rule", "said"),
    [
        (tried("TOKEN", Operator.UNSET, MutantStatus.KILLED, **OPTIONAL), "dies", "ended and named it"),
        (
            replace(tried("TOKEN", Operator.UNSET, MutantStatus.SURVIVED, **OPTIONAL), dead=True),
            "dies",
            "health endpoint",
        ),
        (
            replace(tried("TOKEN", Operator.UNSET, MutantStatus.SURVIVED, **OPTIONAL), hanging=("GET :80/mail",)),
            "hangs",
            "GET :80/mail",
        ),
        (
            replace(tried("TOKEN", Operator.UNSET, MutantStatus.SURVIVED, **OPTIONAL), repeats="error"),
            "repeats",
            "again and again",
        ),
    ],
)
def test_a_service_that_takes_an_optional_secret_badly(one: Tried, rule: str, said: str) -> None:
    every = answers(Configured(tried=(one,)))
    [finding] = every[MISSING_SECRETS].findings
    assert finding.rule == f"deployment/{rule}-without-optional-secret"
    assert said in finding.message
    assert not every[CONFIG_ERRORS].findings
    assert not every[CONFIG_MESSAGES].findings


def test_a_service_that_does_without_an_optional_secret_is_right() -> None:
    seen = replace(tried("TOKEN", Operator.UNSET, MutantStatus.SURVIVED, **OPTIONAL), says_so=True)
    answer = answers(Configured(tried=(seen,)))[MISSING_SECRETS]
    assert answer.status is Status.PASS
    assert "an answer says that something is missing: TOKEN (" in answer.notes[0]


def test_what_the_budget_left_out_lowers_the_share_and_names_the_line() -> None:
    left = (Mutant(setting("PORT"), Operator.EMPTY), Mutant(setting("HOST"), Operator.EMPTY))
    seen = Configured(tried=(tried("KEY", Operator.EMPTY, MutantStatus.KILLED),), left=left, seconds=60)
    answer = answers(seen)[CONFIG_ERRORS]
    assert answer.share == Fraction(1, 3)
    [note] = [n for n in answer.notes if n.startswith("not measured")]
    assert "api.PORT: empty, api.HOST: empty; `config_budget: 210` would measure 2 more" in note


def test_a_need_that_nothing_shows_lowers_the_share_and_names_the_line() -> None:
    seen = Configured(
        tried=(
            tried(
                "TOKEN",
                Operator.UNSET,
                MutantStatus.SURVIVED,
                because="",
                content=SettingKind.SECRET,
                need=Need.OPTIONAL,
            ),
            tried("KEY", Operator.EMPTY, MutantStatus.KILLED, is_key=True),
        )
    )
    answer = answers(seen)[MISSING_SECRETS]
    assert answer.share == Fraction(1, 2)
    assert any("`configuration: {api.TOKEN: required}`" in note for note in answer.notes)


def test_a_service_whose_copy_fails_without_any_change_is_not_measured() -> None:
    left = (Mutant(setting("KEY"), Operator.EMPTY),)
    why = "a copy of it beside the stack ends with 1"
    every = answers(Configured(left=left, unmeasured={"api": why}))
    assert {a.status for a in every.values()} == {Status.SKIP}
    assert {a.reason for a in every.values()} == {f"no copy of a service becomes ready: api: {why}"}
    assert all(not a.findings for a in every.values())


def test_a_copy_that_the_engine_cannot_start_is_an_error_of_ours() -> None:
    left = (Mutant(setting("KEY"), Operator.EMPTY),)
    lacking = {"api": "does not become ready", "worker": "a copy of worker could not be started: no space left"}
    for seen in (
        Configured(left=left, unmeasured=lacking, broken=("worker",)),
        Configured(failed=((left[0], "no space left"),)),
    ):
        every = answers(seen)
        assert {a.status for a in every.values()} == {Status.ERROR}
        assert all("no space left" in a.reason for a in every.values())


def test_a_line_for_each_service_and_outcome_has_all_settings() -> None:
    killed = [tried("PORT", o, MutantStatus.KILLED) for o in (Operator.EMPTY, Operator.OUT_OF_RANGE)]
    seen = Configured(tried=(*killed, tried("HOST", Operator.EMPTY, MutantStatus.KILLED)), unasked=("X of migrate",))
    need = "required: api.py:3 reads it"
    assert answers(seen)[CONFIG_ERRORS].notes == (
        f"api: 3 wrong settings: ended and named it: PORT ({need}): empty, a port out of range; HOST ({need}): empty",
        "not measured: X of migrate",
    )


@pytest.mark.parametrize(
    ("seen", "status"),
    [(Configured(why_not="turned off by `config_budget: 0`"), Status.SKIP), (Configured(), Status.NA)],
)
def test_nothing_tried_is_never_a_pass(seen: Configured, status: Status) -> None:
    assert {a.status for a in answers(seen).values()} == {status}


@pytest.mark.parametrize(("seconds", "expected"), [(0.2, 5.0), (3.0, 9.0), (30.0, 20.0)])
def test_a_mutant_has_the_time_that_the_control_shows_it_needs(seconds: float, expected: float) -> None:
    assert limit(Ran(ready=True, seconds=seconds)) == expected


def test_every_flaw_has_a_rule_and_its_check_is_one_of_the_rule() -> None:
    known = {rule.id: rule for rule in deployment_rules.rules()}
    assert known.keys() == {f"deployment/{fault}" for fault in FlawKind}
    for fault in FlawKind:
        for variable in (setting("PORT"), setting("KEY", is_key=True), setting("TOKEN", **OPTIONAL)):
            for operator in (Operator.EMPTY, Operator.OUT_OF_RANGE):
                flaw = SettingFlaw(fault, variable, (Tried(Mutant(variable, operator), MutantStatus.SURVIVED),))
                assert check_of(flaw) in known[f"deployment/{fault}"].checks
