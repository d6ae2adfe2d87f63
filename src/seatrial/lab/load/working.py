"""
Workers on the running stack: every worker is a thread of ours that does its operations in order, each once.

Commands and messages need the engine and the stores' passwords, which no sidecar is given. So workers are not Locust's
users. They measure who completes; how fast a service answers many is what profiles measure.
"""

from __future__ import annotations

import shlex
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace

import requests

from seatrial.domain.load_profile import LoadRequest
from seatrial.domain.work import WorkCommand, WorkGroup, WorkMessage, WorkOperation
from seatrial.lab import experiment
from seatrial.lab.engine import FAILURES, LabError
from seatrial.lab.experiment import Watch

from . import radius
from .messages import Messenger
from .script import TIMEOUT
from .workers import UNFINISHED, WorkerEnd, WorkSeen

_MARKER = "{marker}"


@dataclass
class _Worker:
    group: WorkGroup
    number: int
    failure: str = UNFINISHED
    service: str = ""
    seconds: float = 0.0

    @property
    def end(self) -> WorkerEnd:
        return WorkerEnd(self.group.name, self.seconds, self.failure, self.service if self.failure else "")


@dataclass
class Working:
    """Lets all workers go at once."""

    watch: Watch
    groups: tuple[WorkGroup, ...]
    limit: float
    """Seconds for all of it."""
    _deadline: float = field(default=0.0, init=False)

    def __post_init__(self) -> None:
        """
        Get ready.

        Raises:
            LabError: a service does not exist, or cannot do what is asked of it.
        """
        stack = self.watch.context.project.stack
        every = [one for group in self.groups for one in group.operations]
        unknown = sorted({one.service for one in every} - stack.services.keys())
        if unknown:
            known = ", ".join(sorted(stack.services))
            raise LabError(f"load.groups: unknown service {unknown[0]!r}; the stack has {known}")
        messages = tuple(one for one in every if isinstance(one, WorkMessage))
        self._messenger = Messenger(self.watch.context.project, self.watch.context.events, messages)

    def run(self) -> WorkSeen:
        """To the end of the last worker, or to the limit."""
        workers = [_Worker(group, n) for group in self.groups for n in range(group.workers)]
        threads = [threading.Thread(target=self._work, args=(worker,), daemon=True) for worker in workers]
        prober, stack = self.watch.prober, self.watch.context.project.stack
        late_from, began = len(prober.lateness), time.monotonic()
        self._deadline = began + self.limit
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(max(0.0, self._deadline - time.monotonic()))
        ends = tuple(replace(worker.end) for worker in workers)  # a thread that is late changes nothing any more
        seconds = time.monotonic() - began
        stores = {service.name for service in stack.lasting if service.store}
        others = {service.name for service in stack.lasting} - stores
        died = {e.service for e in self.watch.context.events.since(began) if e.action == "die"}
        return WorkSeen(
            self.groups, self.limit, ends, seconds,
            radius.served(prober.since(began), self.watch.control, others), frozenset(died & stores),
            experiment.machine(prober, late_from).late,
        )  # fmt: skip

    def _work(self, worker: _Worker) -> None:
        began = time.monotonic()
        marker = f"{self.watch.context.engine.run}-{worker.group.name}-{worker.number}"
        for operation in worker.group.operations:
            worker.service = operation.service
            if failure := self._do(operation, marker):
                worker.failure = failure
                return
            if time.monotonic() > self._deadline:
                return
        worker.seconds, worker.failure = time.monotonic() - began, ""

    def _do(self, operation: WorkOperation, marker: str) -> str:
        """How an operation failed; empty if it went well."""
        match operation:
            case LoadRequest():
                return self._ask(operation, marker)
            case WorkCommand(service, line):
                return self._execute(service, line.replace(_MARKER, marker))
            case WorkMessage():
                return self._send(operation, marker)

    def _ask(self, request: LoadRequest, marker: str) -> str:
        url = f"http://{self.watch.context.events.address(request.service)}:{request.port}{request.path}"
        body = request.body.replace(_MARKER, marker)
        headers = {"Host": f"{request.service}:{request.port}", **request.headers}
        if body:
            headers.setdefault("Content-Type", "application/json")
        try:
            answer = requests.request(
                request.method, url.replace(_MARKER, marker), data=body.encode() or None, headers=headers,
                timeout=TIMEOUT, allow_redirects=False,
            )  # fmt: skip
        except requests.Timeout:
            return "timeout"
        except requests.RequestException:
            return "broken"
        good = answer.status_code < 400 or answer.status_code == request.expected
        return "" if good else f"http{answer.status_code}"

    def _execute(self, service: str, line: str) -> str:
        try:
            code, _ = self.watch.context.project.container(service).exec_run(shlex.split(line))
        except (*FAILURES, LabError):
            return "not run"
        return f"exit {code}" if code else ""

    def _send(self, message: WorkMessage, marker: str) -> str:
        try:
            self._messenger.send(message, message.body.replace(_MARKER, marker))
        except (OSError, ValueError):
            return "not accepted"
        return ""


def completed(watch: Watch, groups: tuple[WorkGroup, ...], limit: float, say: Callable[[str], None]) -> WorkSeen:
    """
    Let workers go on the steady stack.

    Raises:
        LabError: it is not steady, or the operations do not fit it.
    """
    working = Working(watch, groups, limit)
    if problem := experiment.steady(watch):
        raise LabError(f"not steady before the workers: {problem}")
    say(f"load: {sum(g.workers for g in groups)} workers in {len(groups)} groups, up to {limit:.0f} s")
    return working.run()
