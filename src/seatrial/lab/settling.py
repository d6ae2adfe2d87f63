"""
Waiting until the services of a stack that came up do what they will go on doing: an application may need half a minute
before it listens, and some seconds more before it answers. What is asked too early looks like another kind of service.
"""

from __future__ import annotations

import contextlib
import re
import socket
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from seatrial.text.numerals import whole

from .engine import FAILURES, SERVICE
from .events import Events
from .model import Service, Stack
from .stack import RunningProject

PATIENCE = 60.0
"""Seconds for a service to open its first port, and for one that speaks HTTP to stop answering with 5xx."""
REST = 10.0
"""Seconds without news after which a port is given up of which others of the same service are open."""
SILENCE = 40.0
"""Seconds for an open port to say its first word: a server may accept long before its workers are loaded."""
_POLL = 0.3
_CONNECT, _ANSWER = 0.5, 2.0  # seconds for one attempt
_PORT = re.compile(r"(?:^|_)PORT$")
"""Variables that give a service its own port: `PORT`, `APP_PORT`."""


@dataclass(frozen=True, slots=True)
class Doors:
    """Ports on which a service will listen, by what the stack says of it."""

    every: frozenset[int]
    """Published, or named by another service: all of them."""
    some: frozenset[int] = frozenset()
    """Exposed by the file or the image, or named by its own environment: one is enough."""


def doors(service: Service, stack: Stack, exposed: Iterable[int]) -> Doors:
    """
    The ports on which a service will listen.

    Args:
        service: the service.
        stack: whose environments and commands name ports of others (`http://api:8000`).
        exposed: ports that the image exposes.
    """
    named = re.compile(rf"(?<![\w.-]){re.escape(service.name)}:(\d{{2,5}})\b")
    others = (s for s in stack.services.values() if s.name != service.name)
    told = " ".join(text for s in others for text in (s.command, *s.environment.values()))
    mine = (whole(value) for name, value in service.environment.items() if _PORT.search(name))
    some = {*service.ports, *exposed, *(port for port in mine if port is not None)}
    every = {*service.tcp_published, *(int(port) for port in named.findall(told))}
    return Doors(*(frozenset(p for p in ports if 0 < p < 65_536) for ports in (every, some)))


@dataclass
class _Waiting:
    """One service whose ports are not all open yet."""

    doors: Doors
    began: float
    since: float
    open: frozenset[int] = field(default_factory=frozenset)

    def is_over(self, now: frozenset[int], moment: float) -> bool:
        """Whether nothing more is to be expected."""
        if now != self.open:
            self.open, self.since = now, moment
        if self.doors.every <= now and (now or not self.doors.some):
            return True
        return moment - self.began > PATIENCE or (bool(now) and moment - self.since > REST)


def open_doors(project: RunningProject, events: Events, say: Callable[[str], None]) -> None:
    """Wait until every service listens where it will, by connecting only: no service is asked anything yet."""
    began = time.monotonic()
    waiting = {
        s.name: _Waiting(found, began, began) for s in project.stack.lasting
        if (found := doors(s, project.stack, _exposed(project, s))).every or found.some
    }  # fmt: skip
    told = ""
    while waiting:
        running = _running(project)
        for name in tuple(waiting):
            one = waiting[name]
            ports = sorted(one.doors.every | one.doors.some)
            there = frozenset(p for p in ports if _accepts(events.address(name), p))
            if name not in running or one.is_over(there, time.monotonic()):
                del waiting[name]
        names = ", ".join(waiting)
        if names and names != told:
            say(f"waiting for {names} to listen")
        told = names
        if waiting:
            time.sleep(_POLL)


def _exposed(project: RunningProject, service: Service) -> Iterator[int]:
    """TCP ports that the image of a service exposes."""
    with contextlib.suppress(*FAILURES):
        for container in project.containers(service.name)[:1]:
            for text in container.attrs["Config"].get("ExposedPorts") or ():
                port, _, protocol = str(text).partition("/")
                if protocol == "tcp" and (number := whole(port)) is not None:
                    yield number


def _running(project: RunningProject) -> set[str]:
    """Services of which a container runs, or is about to be started again."""
    return {
        str(c.labels.get(SERVICE)) for c in project.containers()
        if c.attrs["State"].get("Running") or c.attrs["State"].get("Restarting")
    }  # fmt: skip


def _accepts(address: str, port: int) -> bool:
    if not address:
        return False
    try:
        with socket.create_connection((address, port), _CONNECT):
            return True
    except OSError:
        return False


def settle(model: Stack, events: Events, listening: Mapping[str, Sequence[int]], given: Iterable[str]) -> None:
    """
    Wait until what listens answers as it will: no silence, and no 5xx while it starts.

    Args:
        model: the stack.
        events: know the addresses.
        listening: by service, ports on which it waits for connections.
        given: services whose questions are known.
    """
    known = set(given)
    asked = [
        (s.name, port) for s in model.lasting if not s.store and s.name not in known
        for port in dict.fromkeys((*s.ports, *listening.get(s.name, ()))) if events.address(s.name)
    ]  # fmt: skip
    with ThreadPoolExecutor(max_workers=8) as pool:
        list(pool.map(lambda pair: _settled(events, *pair), asked))


def _settled(events: Events, service: str, port: int) -> None:
    began = time.monotonic()
    while True:
        heard = _heard(events.address(service), port)
        limit = SILENCE if heard is None else PATIENCE if heard >= 500 else 0.0
        if time.monotonic() - began >= limit:
            return
        time.sleep(_POLL)


def _heard(address: str, port: int) -> int | None:
    """The status of an HTTP answer; 0: an answer of another kind, or nothing listens; None: no answer at all."""
    try:
        with socket.create_connection((address, port), _CONNECT) as connection:
            connection.settimeout(_ANSWER)
            connection.sendall(f"GET / HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n".encode())
            words = connection.recv(4096).split(b" ", 2)
            return int(words[1]) if len(words) > 1 and words[0].startswith(b"HTTP/") else 0
    except TimeoutError:
        return None
    except (OSError, ValueError):
        return 0
