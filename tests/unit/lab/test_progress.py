"""Workers by what their stores tell: who is missed after a fault, who did jobs, and who shows nothing."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest

from seatrial.lab import judge
from seatrial.lab.aftermath import Ears
from seatrial.lab.ledgers import JOBS, MESSAGES, Client, LedgerReading, of_rabbit, of_redis, passing, undone
from seatrial.lab.voices import Voices
from seatrial.lab.workers import WorkerCourse, Workers

ADDRESSES = {"worker": "10.0.0.3", "other": "10.0.0.4"}
WAITS, POLLS = Client(waits=frozenset({JOBS})), Client(0.2)


class _Container:
    def __init__(self, service: str) -> None:
        self.name = f"p-{service}-1"
        self.attrs = {"NetworkSettings": {"Networks": {"p_default": {"IPAddress": ADDRESSES[service]}}}}


class _Project:
    def containers(self, service: str) -> list[_Container]:
        return [_Container(service)]


@dataclass
class _Store:
    """Tells one page after the other, the last one for ever."""

    pages: list[LedgerReading | None] = field(default_factory=list)

    def read(self) -> LedgerReading | None:
        return self.pages.pop(0) if len(self.pages) > 1 else self.pages[0]


def page(clients: Mapping[str, Client], done: int = 0, waiting: int | None = None) -> LedgerReading:
    return LedgerReading({ADDRESSES[name]: client for name, client in clients.items()}, {"taken": done}, waiting)


def course(
    usual: Iterable[LedgerReading],
    before: LedgerReading,
    after: list[LedgerReading | None],
    monkeypatch: pytest.MonkeyPatch,
) -> WorkerCourse:
    """After the steady state and a fault the store was looked at as often as it has pages for it."""
    seconds = itertools.count(100.0, 1.0)
    monkeypatch.setattr("time.monotonic", lambda: next(seconds))
    monkeypatch.setattr("time.sleep", lambda _: None)
    store, project = _Store(list(usual)), _Project()
    workers = Workers(project, {"broker": store}, ["worker", "other"])  # type: ignore[arg-type]
    workers.listen(len(store.pages))
    store.pages = [before]
    made = WorkerCourse(workers, workers.look(), healed=next(seconds))
    store.pages = list(after)
    for _ in after:
        made.look()
    return made


def texts(made: WorkerCourse) -> list[str]:
    return [f"{stall.service} {stall.text}" for stall in made.stalls()]


def test_a_worker_that_no_longer_waits_for_jobs_hangs_although_there_are_none(monkeypatch: pytest.MonkeyPatch) -> None:
    idle = page({"worker": WAITS})
    made = course([idle] * 3, idle, [page({}), page({})], monkeypatch)
    assert texts(made) == ["worker waits for no jobs at broker any more"]
    assert made.worked == frozenset()


def test_who_ended_for_good_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is told as what is not up again, and once is enough."""
    idle = page({"worker": WAITS}, done=9, waiting=0)
    made = course([idle] * 3, idle, [page({}, done=9, waiting=n) for n in (0, 20, 40)], monkeypatch)
    assert texts(made) != []
    made.dead = frozenset({"worker"})
    assert (texts(made), made.undecided) == ([], False)


def test_a_worker_that_waits_again_with_nothing_to_do_is_no_finding_and_has_not_worked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    idle = page({"worker": WAITS})
    made = course([idle] * 3, idle, [page({}), idle, idle], monkeypatch)
    assert texts(made) == []
    assert made.worked == frozenset()
    assert not made.undecided


def test_a_worker_that_asks_again_and_does_jobs_has_worked(monkeypatch: pytest.MonkeyPatch) -> None:
    busy = [page({"worker": POLLS}, done) for done in (0, 2, 4)]
    made = course(busy, page({"worker": POLLS}, 6), [page({}, 0), page({"worker": POLLS}, 2)], monkeypatch)
    assert texts(made) == []
    assert made.worked == {"worker"}


def test_a_command_from_before_the_fault_was_over_is_none_since(monkeypatch: pytest.MonkeyPatch) -> None:
    polls = page({"worker": POLLS})
    made = course([polls] * 3, polls, [page({"worker": Client(50.0)})] * 3, monkeypatch)
    assert texts(made) == ["worker asks broker no more"]


def test_a_worker_that_asks_and_takes_nothing_while_the_queue_grows_hangs(monkeypatch: pytest.MonkeyPatch) -> None:
    busy = [page({"worker": POLLS}, done, 0) for done in (0, 2, 4)]
    grows = [page({"worker": POLLS}, 6, waiting) for waiting in (0, 4, 9)]
    made = course(busy, page({"worker": POLLS}, 6, 0), list(grows), monkeypatch)
    assert texts(made) == ["worker takes no job from broker any more (2.0 a second before), and 9 more wait"]
    assert made.undecided


def test_a_queue_that_nobody_fills_any_more_is_no_fault_of_the_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    busy = [page({"worker": POLLS}, done, 0) for done in (0, 2, 4)]
    made = course(busy, page({"worker": POLLS}, 6, 0), [page({"worker": POLLS}, 6, 0)] * 3, monkeypatch)
    assert texts(made) == []
    assert made.worked == frozenset()


def test_one_that_hangs_beside_one_that_works_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    both = [page({"worker": WAITS, "other": WAITS}, done) for done in (0, 2, 4)]
    after: list[LedgerReading | None] = [page({"other": WAITS}, done) for done in (0, 3)]
    made = course(both, both[-1], after, monkeypatch)
    assert texts(made) == ["worker waits for no jobs at broker any more"]
    assert made.worked == {"other"}


def test_a_worker_that_starts_while_it_is_listened_to_is_missed_afterwards(monkeypatch: pytest.MonkeyPatch) -> None:
    waits = page({"worker": WAITS})
    made = course([page({}), waits, waits, waits], waits, [page({})] * 2, monkeypatch)
    assert texts(made) == ["worker waits for no jobs at broker any more"]


def test_a_subscription_that_is_back_does_not_hide_that_nobody_takes_jobs(monkeypatch: pytest.MonkeyPatch) -> None:
    both = page({"worker": Client(0.1, frozenset({JOBS, MESSAGES}))})
    subscribed = page({"worker": Client(waits=frozenset({MESSAGES}))})
    assert texts(course([both] * 3, both, [subscribed] * 3, monkeypatch)) == [
        "worker waits for no jobs at broker any more"
    ]


def test_whoever_works_off_what_was_left_has_no_time_to_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    waits, busy = page({"worker": WAITS}), [page({"worker": Client(0.1)}, done) for done in (0, 5, 9)]
    made = course([waits] * 3, waits, list(busy), monkeypatch)
    assert texts(made) == []
    assert made.worked == {"worker"}


def test_of_services_that_are_asked_only_what_they_wait_for_is_missed(monkeypatch: pytest.MonkeyPatch) -> None:
    usual = page({"worker": POLLS, "other": WAITS})
    made = course([usual] * 3, usual, [page({})] * 2, monkeypatch)
    made.workers.keep(())
    assert texts(made) == ["other waits for no jobs at broker any more"]


@pytest.mark.parametrize(
    ("usual", "before", "after"),
    [
        ([page({"worker": Client(40.0)})] * 3, page({}), [page({})]),
        ([page({"worker": WAITS}), page({}), page({"worker": WAITS})], page({"worker": WAITS}), [page({})]),
        ([page({"worker": WAITS})] * 3, page({}), [page({})]),
        ([page({"worker": WAITS})] * 3, page({"worker": WAITS}), [None]),
        ([page({"worker": Client(n)}) for n in (0.0, 1.5, 3.0, 4.0)], page({"worker": POLLS}), [page({})]),
        ([page({"worker": POLLS})] * 4, page({"worker": Client(90.0)}), [page({})]),
    ],
    ids=[
        "asks seldom",
        "was not there all the time",
        "was not there right before",
        "the store tells nothing",
        "asked at its start",
        "had stopped asking before",
    ],
)
def test_nobody_is_missed_who_was_no_regular_client(
    usual: list[LedgerReading],
    before: LedgerReading,
    after: list[LedgerReading | None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert texts(course(usual, before, after, monkeypatch)) == []


def test_listening_ends_when_all_is_well_and_no_later_than_the_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [0.0]
    monkeypatch.setattr("time.monotonic", lambda: clock[0])
    monkeypatch.setattr("time.sleep", lambda seconds: clock.__setitem__(0, clock[0] + max(0.1, seconds)))
    store, project = _Store([page({"worker": WAITS})]), _Project()
    workers = Workers(project, {"broker": store}, ["worker", "other"])  # type: ignore[arg-type]
    workers.listen(3.0)
    nobody: Any = project
    ears = Ears(Voices(nobody, []), workers)
    before = ears.before()
    well = ears.after(before, clock[0], clock[0] + judge.RECONNECT)
    assert well.stalls == ()
    began, store.pages = clock[0], [page({})]
    ill = ears.after(before, clock[0], clock[0] + judge.RECONNECT)
    assert [s.service for s in ill.stalls] == ["worker"]
    assert judge.RECONNECT <= clock[0] - began < judge.RECONNECT + 5


CLIENTS = (
    "id=7 addr=10.0.0.3:51832 laddr=10.0.0.2:6379 fd=10 name= age=9 idle=4 flags=b db=0 sub=0 psub=0 ssub=0 cmd=blpop\n"
    "id=8 addr=10.0.0.3:51840 laddr=10.0.0.2:6379 fd=11 name= age=9 idle=1 flags=N db=0 sub=0 psub=0 ssub=0 cmd=ping\n"
    "id=9 addr=10.0.0.4:40000 laddr=10.0.0.2:6379 fd=12 name= age=9 idle=7 flags=P db=0 sub=1 psub=0 ssub=0 cmd=x\n"
    "id=5 addr=[fd00::5]:40000 laddr=10.0.0.2:6379 fd=12 name= age=9 idle=2 flags=N db=0 sub=0 psub=0 cmd=get\n"
)


def test_clients_of_redis_are_known_by_their_addresses() -> None:
    assert dict(of_redis(CLIENTS)) == {
        "10.0.0.3": Client(1, frozenset({JOBS})),
        "10.0.0.4": Client(waits=frozenset({MESSAGES}), takes=False),
        "fd00::5": Client(2, takes=False),
    }


LINE = "id=3 addr=10.0.0.9:4000 fd=10 age=9 idle=0 flags=N db=0 sub=0 psub=0 ssub=0 cmd={}\n"


@pytest.mark.parametrize(
    ("commands", "takes"),
    [
        (["rpush"], False),
        (["xadd"], False),
        (["ping"], False),
        (["get", "rpush"], False),
        (["evalsha"], False),
        (["client|setinfo"], False),
        (["lpop"], True),
        (["rpush", "lpop"], True),
        (["xreadgroup", "ping"], True),
        (["zrangebyscore"], True),
    ],
    ids=lambda value: "+".join(value) if isinstance(value, list) else "",
)
def test_the_last_commands_of_a_client_of_redis_show_whether_it_takes_jobs(commands: list[str], takes: bool) -> None:
    text = "".join(LINE.format(command) for command in commands)
    assert dict(of_redis(text))["10.0.0.9"].takes is takes


def test_who_never_takes_a_job_is_not_blamed_for_those_that_are_left(monkeypatch: pytest.MonkeyPatch) -> None:
    def looks(start: int, *, waiting: int, done: int) -> list[LedgerReading | None]:
        clients = {ADDRESSES["other"]: Client(0.1, takes=False), ADDRESSES["worker"]: Client(0.1)}
        return [LedgerReading(clients, {"taken": start + done * n}, waiting * n) for n in range(5)]

    steady = [page for page in looks(0, waiting=0, done=5) if page]
    made = course(steady, steady[-1], looks(20, waiting=4, done=0), monkeypatch)
    assert [text.split()[0] for text in texts(made)] == ["worker"]


def test_one_worker_that_was_seen_to_take_a_job_once_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its last command is often another one: it stores results, and says that it is there."""
    steady = [page({"worker": Client(0.1, takes=number == 2)}, 2 * number, 0) for number in range(4)]
    stuck: list[LedgerReading | None] = [page({"worker": Client(0.1, takes=False)}, 8, n) for n in (0, 3, 6)]
    (said,) = texts(course(steady, steady[-1], stuck, monkeypatch))
    assert said.startswith("worker takes no job from broker any more")
    assert said.endswith("and 6 more wait")


GROUPS = [
    ["name", "mail", "consumers", "1", "pending", "4", "last-delivered-id", "7-0", "entries-read", "7", "lag", "5"],
    ["name", "log", "consumers", "0", "pending", "0", "last-delivered-id", "0-0", "entries-read", "", "lag", ""],
]


@pytest.mark.parametrize(
    ("groups", "number"),
    [(GROUPS, 9), (GROUPS[1:], 0), ([GROUPS[0][:8]], 4), ([], 0), ("", 0), (["odd"], 0)],
    ids=["two groups", "no lag known", "Redis 6", "no group", "nothing", "another answer"],
)
def test_entries_of_streams_wait_until_they_are_acknowledged(groups: Any, number: int) -> None:
    assert undone(groups) == number


RABBIT = (
    r'<<"[[[\"::ffff:10.0.0.3\",\"<0.622.0>\",1,1020],[\"10.0.0.4\",\"<0.640.0>\",0,9600],"'
    "\n  "
    r'"[\"fd00::5\",\"<0.650.0>\",2,70]],5]">>'
)


def test_consumers_of_rabbitmq_are_clients_that_wait_and_producers_are_not() -> None:
    assert of_rabbit(RABBIT) == LedgerReading(
        {
            "10.0.0.3": Client(waits=frozenset({JOBS}), done={"<0.622.0>": 1020}),
            "fd00::5": Client(waits=frozenset({JOBS}), done={"<0.650.0>": 70}),
        },
        {},
        5,
        60,
    )


@pytest.mark.parametrize("printed", ["", "{error,nodedown}", '<<"nothing">>', '<<"[[[\\"nowhere\\",\\"\\",1,1]],0]">>'])
def test_another_answer_of_rabbitmq_is_none(printed: str) -> None:
    with pytest.raises((ValueError, TypeError)):
        of_rabbit(printed)


def test_queues_that_end_with_the_broker_are_named() -> None:
    printed = (
        "kept\ttrue\tfalse\tfalse\nhello\tfalse\tfalse\tfalse\namq.gen-1\tfalse\tfalse\ttrue\n"
        "for a while\tfalse\ttrue\tfalse\nwith spaces\tfalse\tfalse\tfalse\nno table\n"
    )
    assert list(passing(printed)) == ["hello", "with spaces"]
