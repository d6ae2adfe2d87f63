"""Inside the generator: Locust's users, and what decides how many there are. Importing it loads Locust."""

from __future__ import annotations

import random
import socket
import time
from collections.abc import Mapping
from typing import Any, ClassVar

import gevent
from gevent.pool import Group
from gevent.queue import Queue
from locust import task
from locust.contrib.fasthttp import FastHttpUser
from locust.env import Environment
from locust.exception import StopUser

from seatrial.domain.load_profile import Executor, LoadRequest

from .recorder import Recorder
from .script import LoadScript

_BEAT = 0.02
"""Seconds between two looks at the level, and of the timer whose lateness is measured."""
_WARM_UP = 3
"""Requests of each kind before anything counts: the first fill caches and pools."""
_READY = 10.0
"""Seconds in which every address has to accept a connection."""


class Visitor(FastHttpUser):
    """A user who waits for each answer; keeps its connection, and follows no redirect: that could lead elsewhere."""

    abstract = True
    host = "http://unused.invalid"
    concurrency = 1
    script: ClassVar[LoadScript]
    recorder: ClassVar[Recorder]
    numbers: ClassVar[int] = 0

    def on_start(self) -> None:
        """Come at a time of one's own: users who arrive together would ask together for ever."""
        type(self).numbers += 1
        self._random = random.Random(f"{self.script.seed}|{self.numbers}")  # noqa: S311 - no secret
        self._left = self.script.profile.iterations
        gevent.sleep(self._random.uniform(0.0, self.script.profile.sleep))

    def wait_time(self) -> float:
        """The pause between two iterations."""
        return self.script.profile.sleep * self._random.uniform(0.5, 1.5)

    @task
    def iterate(self) -> None:
        """What Locust calls again and again; a subclass has no task of its own, or both would be called."""
        self.turn()

    def turn(self) -> None:
        """One iteration, and the end after the last one."""
        self.iteration(0.0)
        if self.script.profile.iterations:
            self._left -= 1
            if not self._left:
                raise StopUser

    def iteration(self, late: float) -> None:
        """
        All requests in their order, or one of them.

        Args:
            late: seconds since the iteration should have begun.
        """
        requests = self.script.profile.requests
        for request in (self._random.choice(requests),) if self.script.profile.in_turn else requests:
            self._ask(request, late)
            late = 0.0

    def _ask(self, request: LoadRequest, late: float) -> None:
        began = time.perf_counter()
        failure = _failure(self.client, request, self.script.addresses)
        self.recorder.completed(request.service, late + time.perf_counter() - began, failure)


class Arrival(Visitor):
    """A user of an arrival rate: begins an iteration when one is due, late if all users are busy."""

    abstract = True
    due: ClassVar[Queue[float]]
    waits = False
    """Whether no iteration is due for it."""

    def on_start(self) -> None:
        """Come at once."""
        self._random = random.Random(f"{self.script.seed}|{type(self).numbers}")  # noqa: S311 - no secret
        type(self).numbers += 1

    def wait_time(self) -> float:
        """None: the queue says when."""
        return 0.0

    def turn(self) -> None:
        """The next iteration that is due; its time runs from then on."""
        self.waits = True
        moment = self.due.get()
        self.waits = False
        self.iteration(max(0.0, self.recorder.now - moment))


def _failure(client: Any, request: LoadRequest, addresses: Mapping[str, str]) -> str:
    """How a request failed; empty if it went well. 200 to 399 is well, as in k6, and what it usually answers."""
    headers = {"Host": f"{request.service}:{request.port}", **request.headers}
    if request.body and "content-type" not in {name.lower() for name in headers}:
        headers["Content-Type"] = "application/json"
    with client.request(
        request.method, f"http://{addresses[request.service]}:{request.port}{request.path}", name=str(request),
        data=request.body or None, headers=headers, allow_redirects=False, catch_response=True,
    ) as response:  # fmt: skip
        response.success()  # Locust's own opinion is not used
        status = int(response.status_code or 0)
        if 200 <= status < 400 or (status and status == request.expected):
            return ""
        return f"http{status}" if status else _kind(response.error)


def _kind(error: BaseException | None) -> str:
    """A failure without an answer in one word; geventhttpclient wraps some of its causes."""
    match getattr(error, "original", error):
        case TimeoutError():
            return "timeout"
        case ConnectionRefusedError():
            return "refused"
        case ConnectionResetError() | BrokenPipeError():
            return "reset"
        case OSError() as cause if cause.errno in (101, 113):
            return "unreachable"
        case cause:
            return "closed" if "Closed" in type(cause).__name__ else "broken"


class Crowd:
    """Carries a script out."""

    def __init__(self, script: LoadScript, recorder: Recorder) -> None:
        self._script, self._profile, self._recorder = script, script.profile, recorder
        self._open = script.profile.executor is Executor.RAMPING_ARRIVAL_RATE
        self._due: Queue[float] = Queue()
        own = {
            "script": script, "recorder": recorder, "due": self._due, "abstract": False,
            "network_timeout": script.timeout, "connection_timeout": script.timeout,
        }  # fmt: skip
        self._kind: type[Visitor] = type("User", (Arrival if self._open else Visitor,), own)
        self._environment = Environment(user_classes=[self._kind])
        self._group = Group()
        self._users: list[Visitor] = []
        self._until = self._owed = 0.0

    def run(self) -> None:
        """Warm up, follow the stages, and wait for the last answers."""
        self._wait_until_ready()
        self._warm_up()
        self._recorder.begin()
        beat = 0
        if self._profile.iterations:
            self._adjust(self._profile.peak)
        while (now := self._recorder.now) < self._profile.seconds:
            stage, level = self._profile.level(now)
            self._recorder.tick(stage, len(self._group))
            if self._open:
                self._arrive(now)
            elif not self._profile.iterations:
                self._adjust(round(level))
            elif not len(self._group):
                break
            beat = max(beat + 1, int(now / _BEAT) + 1)
            gevent.sleep(max(0.0, beat * _BEAT - self._recorder.now))
            self._recorder.late(self._recorder.now - beat * _BEAT)
        self._end()

    def _wait_until_ready(self) -> None:
        deadline = time.monotonic() + _READY
        for request in self._profile.requests:
            while True:
                try:
                    socket.create_connection((self._script.addresses[request.service], request.port), 1.0).close()
                except OSError:
                    if time.monotonic() > deadline:
                        raise
                    gevent.sleep(0.1)
                else:
                    break

    def _warm_up(self) -> None:
        if self._profile.iterations:  # the number of iterations is what was asked for
            return
        for request in self._profile.requests:
            if request.method in ("GET", "HEAD"):
                for _ in range(_WARM_UP):
                    _failure(self._kind(self._environment).client, request, self._script.addresses)

    def _adjust(self, wanted: int) -> None:
        while len(self._users) < wanted:
            user = self._kind(self._environment)
            user.start(self._group)
            self._users.append(user)
        while len(self._users) > wanted:
            self._leave(self._users.pop())

    def _leave(self, user: Visitor) -> None:
        """A user who waits leaves at once, one with a request after its answer."""
        if not user.greenlet.dead:
            user.stop(force=bool(getattr(user, "waits", False)))

    def _arrive(self, now: float) -> None:
        """Queue every iteration that is due by now: one whenever the area under the rate is a whole number again."""
        _, rate = self._profile.level((self._until + now) / 2)
        gain = rate * (now - self._until)
        while gain > 0 and self._owed + gain >= 1:
            share = (1 - self._owed) / gain
            self._until += share * (now - self._until)
            self._due.put(self._until)
            self._owed, gain = 0.0, gain * (1 - share)
        self._owed, self._until = self._owed + gain, now
        self._adjust(min(self._profile.most, max(len(self._users), self._busy() + self._due.qsize())))

    def _busy(self) -> int:
        return sum(not getattr(user, "waits", False) for user in self._users)

    def _end(self) -> None:
        """Let everybody leave; what has no answer within its time-out counts as timed out."""
        stage = len(self._profile.stages) - 1
        while self._due.qsize():
            self._due.get_nowait()  # it was never begun, because every user was busy
        for user in self._users:
            self._leave(user)
        deadline = time.monotonic() + self._script.timeout + 1
        while len(self._group) and time.monotonic() < deadline:
            self._recorder.tick(stage, len(self._group))
            gevent.sleep(_BEAT)
        self._group.kill(timeout=1)
        self._recorder.flush()
