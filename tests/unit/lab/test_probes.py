"""Questions to a server that runs."""

from __future__ import annotations

import socket
import struct
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import bson
import pytest
from tried import sample

from seatrial.lab import probes
from seatrial.lab.faults import overload
from seatrial.lab.measure import Sample
from seatrial.lab.probes import Probe, Prober, settled


@contextmanager
def answering(*statuses: int) -> Iterator[int]:
    """The port of a server that answers with these, the last one for ever."""
    left = list(statuses)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(left.pop(0) if len(left) > 1 else left[0])
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_port
        server.shutdown()


def kinds(probe: Probe, least: int) -> list[str]:
    """What the first answers were taken for."""
    with Prober([probe], lambda _: "127.0.0.1") as prober:
        enough = threading.Event()
        while len(samples := taken(prober, probe)) < least:
            enough.wait(0.05)
    return [str(s.result) for s in samples[:least]]


def taken(prober: Prober, probe: Probe) -> list[Sample]:
    return sorted(prober.samples[probe], key=lambda s: s.began)


@pytest.mark.parametrize(("status", "usual"), [(200, 0), (302, 0), (404, 404), (401, 401), (429, 0), (503, 0)])
def test_a_refusal_of_a_running_service_is_its_usual_answer(status: int, usual: int) -> None:
    with answering(status) as port:
        assert settled(Probe("api", "http", port, "/"), "127.0.0.1").usual == usual


def test_another_refusal_than_the_usual_one_is_a_failure() -> None:
    with answering(404, 404, 401, 503, 404) as port:
        probe = settled(Probe("api", "http", port, "/"), "127.0.0.1")
        assert kinds(probe, 4) == ["ok", "HTTP 401", "HTTP 503", "ok"]
    assert str(probe) == f"GET :{port}/ (usually 404)"


def test_who_hangs_is_not_good_although_no_answer_is_late_yet() -> None:
    """For as long as a time-out lasts the newest samples have no result."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        probe = Probe("api", "http", silent.getsockname()[1], "/")
        with Prober([probe], lambda _: "127.0.0.1") as prober:
            deadline = time.monotonic() + 3 * probe.timeout
            seen = set()
            while time.monotonic() < deadline:
                seen.add(prober.all_good(1.0))
                time.sleep(0.05)
    assert taken(prober, probe)
    assert seen == {False}


def test_who_answers_is_good_once_that_has_lasted() -> None:
    with answering(200) as port:
        probe = Probe("api", "http", port, "/")
        with Prober([probe], lambda _: "127.0.0.1") as prober:
            assert not prober.all_good(1.0)
            deadline = time.monotonic() + 20
            while not prober.all_good(1.0):
                assert time.monotonic() < deadline
                time.sleep(0.05)
        assert len(taken(prober, probe)) > 5


def test_the_question_to_mongodb_is_one() -> None:
    """Length, number, answer to, operation; flags, kind of section, document."""
    size, _, _, operation = struct.unpack_from("<iiii", probes._MONGO_HELLO)
    assert (size, operation) == (len(probes._MONGO_HELLO), 2013)
    assert struct.unpack_from("<iB", probes._MONGO_HELLO, 16) == (0, 0)
    assert bson.decode(probes._MONGO_HELLO[21:]) == {"isMaster": 1, "$db": "admin"}


def test_every_answer_to_a_crowd_is_counted() -> None:
    with answering(200) as port:
        crowd = overload._Crowd([Probe("api", "http", port, "/")], "127.0.0.1", 8)
        crowd.start()
        deadline = time.monotonic() + 20
        while crowd.asked < 200:
            assert time.monotonic() < deadline
            time.sleep(0.05)
        crowd.stop()
    assert crowd.asked - 16 <= crowd.answered <= crowd.asked


def test_a_server_that_fails_at_everything_stays_asked_what_it_fails_at() -> None:
    with answering(500) as port:
        probe = settled(Probe("api", "http", port, "/"), "127.0.0.1")
        assert probe == Probe("api", "http", port, "/")
        assert kinds(probe, 3) == ["HTTP 500"] * 3


def test_a_server_that_fails_at_its_root_alone_is_asked_what_it_answers() -> None:
    with answering(500, 404, 200) as port:
        assert settled(Probe("api", "http", port, "/"), "127.0.0.1").path == "/healthz"
    with answering(501) as port:
        assert settled(Probe("api", "http", port, "/"), "127.0.0.1").usual == 501


def test_a_command_is_a_question_too() -> None:
    probe = Probe("worker", "run", path="true", ready=True, question=True)
    answers = iter(["", None, "fine"])
    with Prober([probe], lambda _: "", commands=lambda _service, _line: next(answers, "")) as prober:
        enough = threading.Event()
        while len(taken(prober, probe)) < 3:
            enough.wait(0.05)
    assert [str(s.result) for s in taken(prober, probe)[:3]] == ["ok", "failed", "ok"]


def test_a_question_that_takes_longer_than_a_second_is_good_all_the_same() -> None:
    slow, health = Probe("api", "run", path="x", question=True), Probe("api", "health")
    prober = Prober([slow, health], lambda _: "")
    now = time.monotonic()
    prober.samples[slow].extend([sample(now - 6, 2.0, "ok"), sample(now - 4, 2.4, "ok")])
    prober.samples[health].extend([sample(now - 6, 2.0, "ok"), sample(now - 4, 2.4, "ok")])
    assert prober.all_good(1.0)
    prober.samples[slow].append(sample(now - 1.5, 0.1, "failed"))
    assert not prober.all_good(1.0)


def test_nothing_is_settled_where_nobody_answers() -> None:
    probe = Probe("api", "http", 1, "/")
    assert settled(probe, "127.0.0.1") == probe
    assert settled(probe, "") == probe
