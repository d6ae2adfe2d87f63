"""Whose doing a death is."""

from __future__ import annotations

import pytest

from seatrial.domain.measured import ExperimentResult
from seatrial.lab import deaths
from seatrial.lab.discover import Planned
from seatrial.lab.events import ContainerEvent
from seatrial.lab.faults.base import End, Expectation
from seatrial.lab.judge import judge
from seatrial.lab.measure import Measures
from seatrial.lab.model import Service, Stack
from seatrial.lab.observation import NotDone, Observation
from seatrial.lab.probes import Probe

STACK = Stack({
    "api": Service(name="api", published=True, depends={"db": ""}), "db": Service(name="db"),
    "mail": Service(name="mail"), "web": Service(name="web", published=True, depends={"mail": ""}),
})  # fmt: skip
AWAY = Measures(
    samples=200, success=0.1, unavailable=9.0, longest=9.0, detect=0.1, recovery=None, fail_fast=1.0, p95=None
)


def broken(
    target: str, began: float, seconds: float = 20.0, *bad: str, died: dict[str, int] | None = None
) -> Observation:
    measures = {Probe(name, "http", 80, "/"): AWAY for name in bad}
    return Observation(
        planned=Planned("crash", target), kind=Expectation.INSTANT, ends=End.KILLED, parameters={}, evidence="",
        healthy=1.0, measures=measures, baseline={}, deaths=died or {}, began=began, seconds=seconds,
    )  # fmt: skip


def life(service: str, began: float, ended: float, code: str = "1", *between: str) -> list[ContainerEvent]:
    middle = [ContainerEvent(ended - 0.1, service, action) for action in between]
    return [ContainerEvent(began, service, "start"), *middle, ContainerEvent(ended, service, "die", code)]


CASES: dict[str, tuple[list[ContainerEvent], bool]] = {
    "in the control time and again after as long": ([*life("api", 0, 40), *life("api", 41, 82)], True),
    "only in the control time, and then much sooner": ([*life("api", 0, 40), *life("api", 60, 75)], False),
    "whenever what it needs is broken": ([*life("api", 60, 75), *life("api", 120, 135)], False),
    "once": (life("api", 0, 80), False),
    "in a loop while what it needs is away": (
        [event for n in range(71, 80, 2) for event in life("api", n, n + 1)], False,
    ),
    "with 0, and it needs what was broken": (life("api", 0, 80, "0"), False),
    "with 0, and it needs nothing that was broken": (life("mail", 0, 80, "0"), True),
    "with 3, and it needs nothing that was broken": (life("mail", 0, 80, "3"), False),
    "after as long while other things are broken": ([*life("mail", 30, 75, "3"), *life("mail", 80, 125, "3")], True),
    "by our own word before": ([*life("mail", 0, 40, "143", "kill"), *life("mail", 41, 81, "3")], False),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_death_is_the_services_own_where_a_fault_cannot_have_made_it(case: str) -> None:
    events, own = CASES[case]
    died = {"api": 1, "mail": 1}
    done: list[Observation | NotDone] = [
        broken("db", 70.0, died=died),
        NotDone(Planned("stop", "db"), ""),
        broken("db", 115.0, died=died),
    ]
    service = events[0].service
    told = deaths.told_apart(done, {}, events, STACK)
    seen = [one for one in told.done if isinstance(one, Observation)]
    assert any(service in one.own for one in seen) is own
    assert [service in one.deaths for one in seen] == [service not in one.own for one in seen]
    assert [name for name, _ in told.deaths] == ([service] if own else [])


def test_what_is_said_names_the_sign() -> None:
    told = deaths.told_apart([broken("db", 70.0)], {}, [*life("api", 0, 40, "3"), *life("api", 41, 82, "3")], STACK)
    text = "died 41.0 s after its start, with exit code 3, and the same 40.0 s after its start, with exit code 3 when"
    assert told.deaths == (("api", f"{text} nothing was broken"),)


def test_who_dies_while_what_it_needs_is_frozen_does_not_die_by_itself() -> None:
    frozen = [ContainerEvent(38.0, "db", "pause"), ContainerEvent(39.5, "db", "unpause")]
    [one] = deaths.found([*life("api", 0, 40), *frozen], (), STACK)
    assert one.provoked
    [free] = deaths.found([*life("mail", 0, 40), *frozen], (), STACK)
    assert not free.provoked


def test_what_a_service_suffers_that_died_by_itself_is_no_finding() -> None:
    events = life("mail", 0, 80, "0")
    [one] = deaths.told_apart([broken("db", 70.0, 20.0, "mail")], {}, events, STACK).done
    assert judge(one, STACK).result is ExperimentResult.PASSED


def test_nobody_knows_why_those_suffer_that_need_a_service_that_died_by_itself() -> None:
    events = life("mail", 0, 80, "0")
    [one] = deaths.told_apart([broken("db", 70.0, 20.0, "web")], {}, events, STACK).done
    judged = judge(one, STACK)
    assert judged.result is ExperimentResult.ERROR
    assert judged.reason.startswith("it is not known whether the fault harmed web: mail ended 80.0 s after its start")
