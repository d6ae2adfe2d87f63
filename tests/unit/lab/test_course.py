"""An experiment's picture: what was seen becomes lanes over the same time."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tried import sample

from seatrial.domain.measured import Shown, TimelineLane
from seatrial.lab.course import Course, lanes
from seatrial.lab.events import ContainerEvent
from seatrial.lab.measure import Sample, measure
from seatrial.lab.probes import Probe

HEALTH = Probe("web", "http", 5000, "/health")
ITEMS = Probe("web", "http", 5000, "/items", ready=True, question=True)
BEGAN, OFF, ENDED = 100.0, 105.0, 137.0


def answers(probe: Probe, kind: Callable[[float], str], end: float = ENDED) -> list[Sample]:
    """Samples of a probe, by the seconds since the fault began."""
    found, at = [], BEGAN - 3
    while at < end:
        told = kind(at - BEGAN)
        found.append(sample(at, probe.timeout if told == "timeout" else 0.01, told))
        at += max(probe.period, found[-1].latency if probe.question else 0)
    return found


def course(samples: dict[Probe, list[Sample]], **more: object) -> Course:
    measures = {
        p: measure(s, injected=BEGAN, window=(BEGAN, OFF - 1), healed=OFF, period=p.period, lasting=p.lasting)
        for p, s in samples.items()
    }
    made = Course(
        name="partition db", began=BEGAN, off=OFF, healed=OFF, ended=ENDED, back=None,
        samples=samples, measures=measures, events=(), errors={},
    )  # fmt: skip
    return replace(made, **more)  # type: ignore[arg-type]


def shown(lane: TimelineLane) -> list[tuple[Shown, int, int]]:
    return [(s.shown, round(s.began), round(s.ended)) for s in lane.spans]


def test_what_failed_and_for_how_long_is_in_the_picture() -> None:
    good = answers(HEALTH, lambda _: "ok")
    bad = answers(ITEMS, lambda at: "ok" if at < 0 else "timeout" if at < 5 else "http500")
    fault, items, health = lanes(course({HEALTH: good, ITEMS: bad}))
    assert shown(fault) == [(Shown.FAULT, 0, 5), (Shown.BACK, 5, 37)]
    assert fault.told == "over after 5.00 s, not all well within 32.0 s"
    assert items.name == "web GET :5000/items", "what failed comes first"
    assert shown(items) == [(Shown.GOOD, -1, 0), (Shown.SILENT, 0, 6), (Shown.WRONG, 6, 37)]
    assert items.spans[-1].text == "HTTP 500"
    assert items.told == "0 % good meanwhile, never good again"
    assert (health.told, shown(health)) == ("good throughout", [(Shown.GOOD, -1, 37)])


def test_a_recovery_ends_when_everything_works_again() -> None:
    bad = answers(HEALTH, lambda at: "ok" if at < 0 or at > 6 else "refused")
    fault, health = lanes(course({HEALTH: bad}, back=OFF + 1))
    assert shown(fault) == [(Shown.FAULT, 0, 5), (Shown.BACK, 5, 6)]
    assert fault.told.endswith("all well 1.00 s later")
    assert health.told.startswith("0 % good meanwhile, good again at 6.1")
    assert [s for s, _, _ in shown(health)] == [Shown.GOOD, Shown.WRONG, Shown.GOOD]


def test_an_instant_fault_counts_from_its_beginning() -> None:
    late = answers(HEALTH, lambda at: "ok" if at < 8 or at > 9 else "timeout", end=BEGAN + 20)
    moved = {"off": BEGAN + 2, "healed": BEGAN, "ended": BEGAN + 20}
    fault, health = lanes(course({HEALTH: late}, back=BEGAN + 10, **moved))
    assert shown(fault) == [(Shown.FAULT, 0, 2), (Shown.BACK, 2, 10)]
    assert fault.told == "done after 2.00 s, all well 10.0 s after it began"
    assert "good again at 10" in health.told, "the eye sees it fail until then"
    (never, _) = lanes(course({HEALTH: late}, **moved))
    assert never.told == "done after 2.00 s, not all well within 20.0 s of its beginning"
    (_, cut) = lanes(course({HEALTH: [s for s in late if s.began < BEGAN + 9]}, **moved | {"ended": BEGAN + 9}))
    assert cut.told.endswith("fails at the end")


def test_containers_that_died_and_logs_with_errors_have_lanes() -> None:
    events = [
        ContainerEvent(101, "db", "die", "137"),
        ContainerEvent(103, "db", "start"),
        ContainerEvent(110, "web", "die", "1"),
    ]
    told = lanes(course({}, events=events, errors={"web": [106.1, 106.2, 108.5, 99.0], "db": []}))
    by_name = {lane.name: lane for lane in told}
    assert shown(by_name["container of db"]) == [(Shown.DOWN, 1, 3)]
    assert by_name["container of web"].told == "down for 27.0 s, and still is"
    assert [(s.began, s.text) for s in by_name["log of web"].spans] == [(6, "2 errors"), (8, "1 error")]
    assert "log of db" not in by_name


def test_many_questions_do_not_fill_the_page() -> None:
    probes = [Probe(f"s{n}", "tcp", 9) for n in range(40)]
    samples = {p: answers(p, lambda at, p=p: "refused" if p.service == "s39" and at > 0 else "ok") for p in probes}  # type: ignore[misc]
    told = lanes(course(samples))
    assert len(told) == 14
    assert told[1].name == "s39 tcp :9"
    assert told[-1].name == "… and 28 more questions"


KINDS: Sequence[str] = ("ok", "timeout", "refused", "http503", "garbage")


@given(st.lists(st.tuples(st.floats(90, 140), st.floats(0, 3), st.sampled_from(KINDS)), max_size=60))
def test_stretches_of_one_question_follow_each_other(told: list[tuple[float, float, str]]) -> None:
    samples = [sample(*one) for one in told]
    spans = lanes(course({HEALTH: samples}))[1].spans
    assert len(spans) <= 240
    for before, after in itertools.pairwise(spans):
        assert before.ended == pytest.approx(after.began, abs=0.002)
        assert before.shown is not after.shown
    bad = {s.shown for s in spans} - {Shown.GOOD}
    inside = [s for s in samples if s.ended >= BEGAN and s.began <= ENDED - 1]
    assert bool(bad) or all(s.good for s in inside)
