"""The generator as a process of its own, against a server in this one."""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar

import pytest

from seatrial.domain.load_profile import Executor, LoadProfile, LoadRequest, LoadStage
from seatrial.lab.engine import LabError
from seatrial.lab.load.script import LoadScript
from seatrial.lab.load.sidecar import Generated, NotInstalledError, read
from seatrial.lab.load.tally import total

DELAY = 0.05


class Handler(BaseHTTPRequestHandler):
    """Answers as its path says, in one packet, and counts."""

    protocol_version = "HTTP/1.1"
    wbufsize = -1
    asked: ClassVar[Counter[str]] = Counter()
    hosts: ClassVar[set[str]] = set()

    def do_GET(self) -> None:
        type(self).asked[self.path] += 1
        type(self).hosts.add(self.headers["Host"])
        self.rfile.read(int(self.headers["Content-Length"] or 0))
        if self.path == "/drop":
            self.close_connection = True
            return
        time.sleep(5 if self.path == "/hang" else DELAY if self.path == "/slow" else 0)
        status = {"/missing": 404, "/broken": 503, "/elsewhere": 302}.get(self.path, 200)
        self.send_response(status)
        if status == 302:
            self.send_header("Location", f"http://127.0.0.1:{self.connection.getsockname()[1]}/followed")
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"ok")

    def do_POST(self) -> None:
        self.do_GET()

    def log_message(self, *_: object) -> None:
        pass


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128


@pytest.fixture
def port() -> Iterator[int]:
    Handler.asked, Handler.hosts = Counter(), set()
    with Server(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_address[1]
        server.shutdown()


def run(profile: LoadProfile, timeout: float = 2.0, text: str = "") -> Generated:
    script = LoadScript(profile, {"api": "127.0.0.1"}, 1, timeout)
    command = [sys.executable, "-m", "seatrial.lab.load.generator", text or script.text()]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    return read(done.stdout, done.returncode, done.stderr)


def constant(port: int, *paths: str, users: int = 4, seconds: float = 1.0, sleep: float = 0.1) -> LoadProfile:
    requests = tuple(LoadRequest("api", port, path) for path in paths)
    return LoadProfile(
        name="x", executor=Executor.CONSTANT_VUS, stages=(LoadStage(seconds, users),), requests=requests, start=users,
        sleep=sleep,
    )  # fmt: skip


def test_durations_are_those_of_the_server(port: int) -> None:
    made = run(constant(port, "/slow"))
    tally = total(made.slices)
    assert made.engine.startswith("Locust 2.")
    assert not tally.failures
    assert tally.durations.least >= DELAY
    assert tally.requests == pytest.approx(Handler.asked["/slow"], abs=3)  # the warm-up does not count
    assert Handler.hosts == {f"api:{port}"}


@pytest.mark.parametrize(
    ("path", "failures"),
    [
        ("/ok", set()), ("/elsewhere", set()), ("/missing", {"http404"}), ("/broken", {"http503"}),
        ("/drop", {"closed"}), ("/hang", {"timeout"}),
    ],
)  # fmt: skip
def test_failures_are_told_apart(port: int, path: str, failures: set[str]) -> None:
    tally = total(run(constant(port, path), timeout=0.4).slices)
    assert set(tally.failures) == failures
    assert tally.requests
    assert tally.failed == (tally.requests if failures else 0)
    assert not Handler.asked["/followed"], "a redirect could lead out of the stack"


def test_an_expected_refusal_is_a_success(port: int) -> None:
    profile = constant(port)
    profile = LoadProfile(
        name="x", executor=profile.executor, stages=profile.stages, start=4, sleep=0.1,
        requests=(LoadRequest("api", port, "/missing", expected=404),),
    )  # fmt: skip
    assert not total(run(profile).slices).failures


def test_each_user_does_its_iterations_and_no_more(port: int) -> None:
    requests = (LoadRequest("api", port, "/first"), LoadRequest("api", port, "/second", "POST", '{"a": 1}'))
    profile = LoadProfile(
        name="x", executor=Executor.PER_VU_ITERATIONS, stages=(LoadStage(20, 3),), requests=requests, start=3,
        iterations=4, sleep=0.01,
    )  # fmt: skip
    made = run(profile)
    assert total(made.slices).requests == 24
    assert Handler.asked == {"/first": 12, "/second": 12}


def test_iterations_arrive_at_their_rate_although_the_server_is_slow(port: int) -> None:
    profile = LoadProfile(
        name="x", executor=Executor.RAMPING_ARRIVAL_RATE, stages=(LoadStage(1, 40), LoadStage(1, 40)),
        requests=(LoadRequest("api", port, "/slow"),), most=1,
    )  # fmt: skip
    narrow, wide = total(run(profile).slices), total(run(replace(profile, most=50)).slices)
    assert wide.requests == pytest.approx(60, abs=3)
    # One user can serve 20 a second. The time of an iteration runs from the moment at which it was due.
    assert narrow.requests < 50
    assert narrow.durations.most > 4 * DELAY


def test_users_come_and_go(port: int) -> None:
    stages = (LoadStage(1.2, 12), LoadStage(1.2, 0))
    profile = LoadProfile(
        name="x", executor=Executor.RAMPING_VUS, stages=stages, requests=(LoadRequest("api", port, "/ok"),), sleep=0.1
    )
    slices = run(profile).slices
    assert {one.stage for one in slices} == {0, 1}
    assert max(one.users for one in slices) >= 10
    assert [one.at for one in slices] == sorted(one.at for one in slices)


def test_nothing_listens_there() -> None:
    with contextlib.closing(__import__("socket").create_server(("127.0.0.1", 0))) as taken:
        port = taken.getsockname()[1]
    with pytest.raises(LabError, match=r"the load generator ended with 1: .*refused"):
        run(constant(port, "/"))


def test_without_locust_the_extra_is_named() -> None:
    with pytest.raises(NotInstalledError, match=r"seatrial\[load\]"):
        read(json.dumps({"missing": "No module named 'locust'"}), 0)


@pytest.mark.parametrize(
    ("printed", "code"), [("", 0), ('{"engine": "Locust", "version": "2"}', 0), ('{"done": true}', 137), ("garbage", 1)]
)
def test_a_report_that_is_not_whole_is_an_error(printed: str, code: int) -> None:
    with pytest.raises(LabError, match=f"the load generator ended with {code}"):
        read(printed, code)
