"""Whether what came up stays up: services that die until what they need is there, and those that die for ever."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from seatrial.lab import looping
from seatrial.lab.engine import SERVICE
from seatrial.lab.looping import Watched


class Clock:
    """Time that passes only while somebody sleeps."""

    def __init__(self) -> None:
        self.now = 0.0

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(looping, "time", clock)
    return clock


def container(state: dict[str, Any], restarts: int = 0) -> Any:
    attrs = {"State": {"StartedAt": "0", "Status": "running", **state}, "RestartCount": restarts}
    return SimpleNamespace(id="c", labels={SERVICE: "api"}, attrs=attrs)


def dying(clock: Clock, every: float, until: float) -> Watched:
    """A container that dies so often until a moment, and is down for a tenth of a second each time."""

    def now() -> list[Any]:
        age = min(clock.now, until)
        down = clock.now < until and age % every < 0.1
        state = {"StartedAt": str(age // every), "Restarting": down, "ExitCode": 7 if down else 0}
        return [container(state, restarts=int(age // every))]

    return Watched(now)


def test_who_dies_until_what_it_needs_is_there_is_up(clock: Clock) -> None:
    watched = dying(clock, every=1.5, until=31)
    assert watched.problems() == []
    assert list(watched.notes()) == ["api died 20 times before it stayed up, last exit code 7"]


def test_who_still_dies_after_a_minute_is_in_a_loop(clock: Clock) -> None:
    assert dying(clock, every=1.5, until=1000).problems() == [("api", "restarts again and again, last exit code 7")]
    assert clock.now > looping.PATIENCE


def test_who_ended_for_good_is_told_at_once(clock: Clock) -> None:
    watched = Watched(lambda: [container({"Status": "exited", "ExitCode": 3})])
    assert watched.problems() == [("api", "ended with exit code 3")]
    assert clock.now < looping.PATIENCE / 2


def test_who_stays_up_is_watched_for_a_moment_only(clock: Clock) -> None:
    watched = Watched(lambda: [container({})])
    assert (watched.problems(), list(watched.notes())) == ([], [])
    assert clock.now < looping.PATIENCE / 2
