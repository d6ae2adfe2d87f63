"""More users than usual: many connections at once ask an entry point as fast as it answers."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from seatrial.lab.faults.base import (
    Aspect,
    End,
    Expectation,
    FaultContext,
    FaultTarget,
    NotProven,
    NotUndone,
    Parameter,
    Proof,
)
from seatrial.lab.model import Service
from seatrial.lab.probes import Probe, request

NAME = "overload"
KIND = Expectation.DEGRADE
ENDS = End.NOTHING
ASPECT = Aspect.CROWD
WEIGHT = 1
PARAMETERS = {
    "duration": Parameter("duration", "5s", "how long"),
    "connections": Parameter("count", "50", "at the same time"),
}
_TIMEOUT = 5.0  # seconds for one answer


def obstacle(context: FaultContext, service: Service) -> str:
    """It asks by HTTP."""
    probe = context.probes.get(service.name)
    return "" if probe is not None and probe.kind == "http" else "it does not answer HTTP"


def suits(target: FaultTarget) -> bool:
    """What users ask by HTTP."""
    return target.entry and target.probe.kind == "http"


@contextmanager
def inject(context: FaultContext, service: Service, parameters: Mapping[str, Any]) -> Iterator[Proof]:
    """Ask until the context ends."""
    asked = context.work.get(service.name) or (context.probes[service.name],)
    crowd = _Crowd(asked, context.events.address(service.name), parameters["connections"])
    crowd.start()
    try:
        yield crowd.proof
    finally:
        crowd.stop()
    if crowd.is_alive():
        raise NotUndone("the load did not end")


class _Crowd(threading.Thread):
    """A closed loop of users: each waits for its answer before it asks again."""

    def __init__(self, asked: Sequence[Probe], address: str, users: int) -> None:
        super().__init__(daemon=True)
        self._asked, self._address, self._users = tuple(asked), address, users
        self._ended = threading.Event()
        self.asked = self.answered = 0

    def run(self) -> None:
        """Ask."""
        asyncio.run(self._all())

    def stop(self) -> None:
        """Stop asking, and wait for the last answers."""
        self._ended.set()
        self.join(_TIMEOUT + 2)

    def proof(self) -> str:
        """How much was asked."""
        if self.asked < self._users:
            raise NotProven(f"only {self.asked} requests were sent")
        what = ", ".join(map(str, self._asked))
        only = "" if self._asked[0].question else " (no question that does more work is known)"
        return f"{self.asked} requests by {self._users} users, {self.answered} answered: {what}{only}"

    async def _all(self) -> None:
        await asyncio.gather(*(self._user() for _ in range(self._users)))

    async def _user(self) -> None:
        while not self._ended.is_set():
            probe = self._asked[self.asked % len(self._asked)]
            self.asked += 1
            try:
                answered = await asyncio.wait_for(self._ask(probe), _TIMEOUT)
                self.answered += answered  # on its own: what stands before an `await` is old after it
            except (OSError, ValueError):
                await asyncio.sleep(0.05)

    async def _ask(self, probe: Probe) -> bool:
        reader, writer = await asyncio.open_connection(self._address, probe.port)
        try:
            writer.write(request(probe))
            answered = (await reader.readline()).startswith(b"HTTP/")
            while answered and await reader.read(65_536):  # whoever asks wants all of the answer
                pass
            return answered
        finally:
            writer.transport.abort()
