"""From what a trial saw to what is said of it."""

from __future__ import annotations

from fractions import Fraction

import pytest

from seatrial.domain import Answer, Status
from seatrial.inspectors.trial.answers import Answers
from seatrial.inspectors.trial.checks import STEADY, STOP
from seatrial.lab.machine import Machine
from seatrial.lab.model import read
from seatrial.lab.observation import Stopped, TrialObservation
from seatrial.lab.trial import TrialResult

MODEL = read({"services": {"api": {"image": "x:1"}, "api-worker": {"image": "x:1"}}})


def answered(check: str, seen: TrialObservation) -> Answer:
    """What is said of one check."""
    return next(a for a in Answers(TrialResult(seen, MODEL, {}), {}, {}, 1, "x").all() if a.check == check)


@pytest.mark.parametrize(
    ("unsteady", "subject", "message"),
    [
        ("api-worker does not answer its probe", "api-worker", "api-worker: does not answer its probe"),
        ("api is unhealthy; api-worker is unhealthy", "api", "api: is unhealthy; api-worker is unhealthy"),
        ("probes fail now and then", "", "probes fail now and then"),
    ],
)
def test_what_is_not_steady_is_told_of_the_right_service_and_once(unsteady: str, subject: str, message: str) -> None:
    answer = answered(STEADY, TrialObservation(unsteady=unsteady))
    assert [(f.subject, f.message) for f in answer.findings] == [(subject, message)]


GOOD = Stopped("api", 0, 0.3, 10)
UNSEEN = Stopped("api-worker", -1, 0, 10, unseen="the engine does not answer")


def test_an_engine_that_fails_while_a_service_stops_is_no_fault_of_the_service() -> None:
    answer = answered(STOP, TrialObservation(stopped=(GOOD, UNSEEN)))
    assert (answer.status, answer.findings) == (Status.PASS, ())
    assert answer.share == Fraction(1, 2)
    assert answer.notes == ("the end of api-worker was not observed: the engine does not answer",)
    assert [m.name for m in answer.measurements] == ["api stop"]


def test_what_was_seen_of_the_others_still_counts() -> None:
    answer = answered(STOP, TrialObservation(stopped=(Stopped("api", 137, 10.2, 10), UNSEEN)))
    assert [f.subject for f in answer.findings] == ["api"]
    assert answer.share == Fraction(1, 2)


def test_stops_that_nobody_saw_are_an_error() -> None:
    answer = answered(STOP, TrialObservation(stopped=(UNSEEN,)))
    assert (answer.status, answer.findings) == (Status.ERROR, ())
    assert answer.reason == "the end of api-worker was not observed: the engine does not answer"


def test_a_machine_that_is_too_busy_is_no_fault_of_the_stack() -> None:
    busy = Machine(late=0.02, pressure=0.97)
    answer = answered(STEADY, TrialObservation(unsteady="db does not answer its probe", machine=busy))
    assert (answer.status, answer.findings) == (Status.ERROR, ())
    assert answer.reason == f"the machine is too busy to judge: {busy}; db does not answer its probe"
    looping = answered(STEADY, TrialObservation(unsteady="api is restarting", loops={"api": 4}, machine=busy))
    assert [f.subject for f in looping.findings] == ["api"], "a death is no matter of time"
