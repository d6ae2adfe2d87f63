"""From what a trial saw to what is said of it."""

from __future__ import annotations

import pytest

from seatrial.inspectors.trial.answers import Answers
from seatrial.inspectors.trial.checks import STEADY
from seatrial.lab.model import read
from seatrial.lab.observation import Trial
from seatrial.lab.trial import Carried

MODEL = read({"services": {"api": {"image": "x:1"}, "api-worker": {"image": "x:1"}}})


@pytest.mark.parametrize(
    ("unsteady", "subject", "message"),
    [
        ("api-worker does not answer its probe", "api-worker", "api-worker: does not answer its probe"),
        ("api is unhealthy; api-worker is unhealthy", "api", "api: is unhealthy; api-worker is unhealthy"),
        ("probes fail now and then", "", "probes fail now and then"),
    ],
)
def test_what_is_not_steady_is_told_of_the_right_service_and_once(unsteady: str, subject: str, message: str) -> None:
    done = Carried(Trial(unsteady=unsteady), MODEL, {})
    answer = next(a for a in Answers(done, {}, {}, 1, "x").all() if a.check == STEADY)
    assert [(f.subject, f.message) for f in answer.findings] == [(subject, message)]
