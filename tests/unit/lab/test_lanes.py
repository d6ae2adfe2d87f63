"""We do not cause what we report: how many questions are on their way to a server, by its own count."""

from __future__ import annotations

import itertools
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from tried import sample

from seatrial.lab.lanes import QuestionLane
from seatrial.lab.measure import PERIOD
from seatrial.lab.probes import Probe, Prober

PATIENCE = 60.0


class Counting(ThreadingHTTPServer):
    """Answers after a while, by path, and counts who waits at the same time."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self) -> None:
        self.delays: dict[str, float] = {}
        self.waiting: Counter[str] = Counter()
        self.most: Counter[str] = Counter()
        self.asked: Counter[str] = Counter()
        self.lock = threading.Lock()
        super().__init__(("127.0.0.1", 0), Answering)


class Answering(BaseHTTPRequestHandler):
    server: Counting

    def do_GET(self) -> None:
        server = self.server
        kind = self.path.rstrip("0123456789")
        with server.lock:
            server.asked[self.path] += 1
            server.waiting[kind] += 1
            server.most[kind] = max(server.most[kind], server.waiting[kind])
        time.sleep(server.delays.get(self.path, 0.0))
        with server.lock:
            server.waiting[kind] -= 1
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def server() -> Iterator[Counting]:
    made = Counting()
    threading.Thread(target=made.serve_forever, daemon=True).start()
    yield made
    made.shutdown()
    made.server_close()


def live(server: Counting) -> Probe:
    return Probe("api", "http", server.server_port, "/live")


def ready(server: Counting) -> Probe:
    return Probe("api", "http", server.server_port, "/ready", ready=True)


def question(server: Counting, number: int) -> Probe:
    return Probe("api", "http", server.server_port, f"/question{number}", ready=True, question=True)


def until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_one_question_of_a_kind_is_on_its_way(server: Counting) -> None:
    server.delays = {"/live": 0.6, "/ready": 0.7, "/question1": 0.7, "/question2": 0.7}
    every = [live(server), ready(server), question(server, 1), question(server, 2)]
    with Prober(every, lambda _: "127.0.0.1"):
        until(lambda: all(server.asked[probe.path] >= 2 for probe in every))
    assert dict(server.most) == {"/live": 1, "/ready": 1, "/question": 1}


def test_who_would_have_asked_meanwhile_waited_as_well(server: Counting) -> None:
    server.delays = {"/live": 30.0}
    probe = live(server)
    with Prober([probe], lambda _: "127.0.0.1") as prober:
        until(lambda: bool(prober.samples[probe]))
        first = sorted(prober.samples[probe])
    assert {str(s.result) for s in first} == {"timeout"}
    assert server.asked["/live"] <= 2
    assert len(first) >= 0.5 * probe.timeout / PERIOD
    assert max(s.ended for s in first) - min(s.ended for s in first) < PERIOD


def test_a_slow_service_is_left_in_peace_for_as_long_as_it_took(server: Counting) -> None:
    server.delays = {"/question1": 0.8}
    probe = question(server, 1)
    with Prober([probe], lambda _: "127.0.0.1") as prober:
        until(lambda: server.asked["/question1"] >= 3)
    asked = sorted(s for s in prober.samples[probe] if s.latency >= 0.8)
    assert len(asked) >= 2
    for one, following in itertools.pairwise(asked):
        assert following.began - one.ended >= one.latency - 0.01


def test_each_question_has_its_turn_and_all_are_good(server: Counting) -> None:
    server.delays = {f"/question{n}": 0.1 for n in range(8)}
    every = [question(server, n) for n in range(8)]
    with Prober(every, lambda _: "127.0.0.1") as prober:
        until(lambda: min(server.asked[p.path] for p in every) >= 3 and prober.all_good(1.0))
    assert max(server.asked.values()) <= 3 * min(server.asked.values())


def test_who_hangs_is_not_waiting_for_a_turn(server: Counting) -> None:
    probe = question(server, 1)
    with Prober([probe], lambda _: "127.0.0.1") as prober:
        until(lambda: prober.all_good(1.0))
        server.delays = {"/question1": 30.0}
        until(lambda: not prober.all_good(1.0))


def test_what_makes_a_service_work_can_be_held(server: Counting) -> None:
    every = [live(server), ready(server), question(server, 1)]
    with Prober(every, lambda _: "127.0.0.1") as prober:
        until(lambda: all(server.asked[p.path] for p in every))
        prober.hold({"api"})
        time.sleep(0.2)  # what was on its way arrives
        before = Counter(server.asked)
        until(lambda: server.asked["/live"] >= before["/live"] + 30)
        assert {p: n for p, n in server.asked.items() if p != "/live"} == {
            p: n for p, n in before.items() if p != "/live"
        }
        assert prober.all_good(1.0)
        prober.resume()
        until(lambda: all(server.asked[p.path] > before[p.path] for p in every))


def test_a_lane_that_another_has_is_not_given_back_by_who_got_no_connection() -> None:
    lane = QuestionLane()
    assert lane.take("a", 1.0)
    assert not lane.take("b", 1.1)
    assert lane.done(sample(1.1, 0.5, "refused"), rests=True) == [sample(1.1, 0.5, "refused")]
    assert not lane.open(5.0)
    lane.missed += [1.2, 1.4]
    samples = lane.done(sample(1.0, 1.0, "ok"), rests=True)
    assert [(s.began, round(s.ended, 9), str(s.result)) for s in samples] == [
        (1.0, 2.0, "ok"),
        (1.2, 2.0, "ok"),
        (1.4, 2.0, "ok"),
    ]
    assert not lane.open(2.9)
    assert lane.open(3.0)


def test_a_slow_answer_to_a_question_from_before_leaves_nobody_in_peace() -> None:
    lane = QuestionLane()
    assert lane.take("a", 1.0)
    lane.resume(3.0)
    lane.done(sample(1.0, 3.0, "timeout"), rests=True)
    assert lane.open(4.0)
    assert lane.take("a", 4.0)
    lane.done(sample(4.0, 3.0, "timeout"), rests=True)
    assert not lane.open(9.9)
    assert lane.open(10.0)
