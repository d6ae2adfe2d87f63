"""
Probes: one question a service answers if it works, asked every 50 ms, with or without the last answer (open loop).

A probe speaks to the container's own address and waits for an answer of the application: docker-proxy accepts for a
partitioned container at a published port. The kernel accepts a bare connection for a paused one. A new connection
each time, so that nothing old hides what a new client would see.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from .lanes import QuestionLane
from .measure import OK, PERIOD, STABLE_SECONDS, TIMEOUT, ProbeFailure, Sample, TryResult

_MONGO_HELLO = bytes.fromhex(  # OP_MSG {isMaster: 1, $db: "admin"}
    "37000000" "01000000" "00000000" "dd070000" "00000000" "00" "22000000" "10" "69734d617374657200" "01000000"
    "02" "24646200" "06000000" "61646d696e00" "00"
)  # fmt: skip


_SLOW = 0.5
"""Seconds between two questions to the engine, whose own checks run once a second."""

_CALM, _PATIENT = 0.25, 3.0
"""Of a probe for readiness: a service that waits a second for what is away still answers in time."""
_FOR_EVER = float("inf")
_TURN = 6.0
"""Seconds within which each of several questions to a service has had its turn."""
_RARE, _SELDOM, _RARELY = 0.5, 1.0, 8
"""
Seconds between two questions that make a service work, and between two commands in a container; only one of a kind is
on its way, so none queues up. And how many good answers make a recovery.
"""


@dataclass(frozen=True, slots=True)
class Probe:
    """How a service is asked."""

    service: str
    kind: str
    """`http`, `tcp`, a store's protocol, `health` (by Docker, each second) or `run` (a command in its container)."""
    port: int = 0
    path: str = ""
    """Of a request; of `run` the command."""
    ready: bool = False
    """Whether it asks for readiness: it may fail while something else is away, but not hang, and not for ever."""
    question: bool = False
    """Whether it makes the service do real work: then the next one waits for the answer to the last one."""
    method: str = "GET"
    body: str = ""
    usual: int = 0
    """The status with which it answers when all is well, if that is not a success: 404 where `/` has no page, 401."""

    @property
    def heavy(self) -> bool:
        """Whether it burdens others while it is only begun: it makes the service work, or asks the engine."""
        return self.ready or self.kind == "health"

    @property
    def lane(self) -> tuple[str, str]:
        """What it shares with others of which one at a time is asked: the service, and the kind of question."""
        return self.service, "question" if self.question else "readiness" if self.ready else "liveness"

    @property
    def blind(self) -> bool:
        """Whether a paused service would still seem to answer."""
        return self.kind == "tcp"

    @property
    def period(self) -> float:
        """Seconds between two samples."""
        if self.question:
            return _SELDOM if self.kind == "run" else _RARE
        return _SLOW if self.kind == "health" else _CALM if self.ready else PERIOD

    @property
    def lasting(self) -> float:
        """Seconds of good answers that make a recovery: one of two workers may be broken for good."""
        return _RARELY * self.period if self.question else STABLE_SECONDS

    @property
    def timeout(self) -> float:
        """Seconds after which a sample has failed; the engine's own slowness is not a failure of a service."""
        return _PATIENT if self.heavy else TIMEOUT

    def __str__(self) -> str:
        """For people: `GET :8080/healthz`, `redis :6379`."""
        if self.kind == "http":
            return f"{self.method} :{self.port}{self.path}" + (f" (usually {self.usual})" if self.usual else "")
        if self.kind == "run":
            return f"RUN {self.path}"
        return f"{self.kind} :{self.port}" if self.port else self.kind


Addresses = Callable[[str], str]
"""The address of a service's container now; empty if it has none."""


@dataclass
class Prober:
    """Asks all probes until it is left; a context manager."""

    probes: Sequence[Probe]
    addresses: Addresses
    healthy: Callable[[str], bool] = field(default=lambda _service: True)
    """For probes of kind `health`."""
    commands: Callable[[str, str], object] = field(default=lambda _service, _line: None)
    """For probes of kind `run`: what a command printed, None if it failed."""
    period: float = PERIOD
    samples: Mapping[Probe, list[Sample]] = field(init=False)
    lateness: list[float] = field(default_factory=list)
    """Seconds by which samples began after their time."""
    _ended: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        """One list of samples a probe."""
        self.samples = {probe: [] for probe in self.probes}
        self._lanes = {probe.lane: QuestionLane() for probe in self.probes}
        self._thread = threading.Thread(target=lambda: asyncio.run(self._work()), daemon=True)

    def __enter__(self) -> Prober:
        """Begin to ask."""
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop asking, and wait for the last answers."""
        self._ended.set()
        self._thread.join(_PATIENT + 5)

    def since(self, moment: float) -> Mapping[Probe, list[Sample]]:
        """What was sampled from a moment on."""
        return {probe: [s for s in tuple(every) if s.began >= moment] for probe, every in self.samples.items()}

    def all_good(self, seconds: float) -> bool:
        """
        Whether every probe was good for so long, up to now.

        What counts is when an answer was due: of a service that hangs, the samples that began just now tell nothing.
        """
        now = time.monotonic()
        since = now - seconds
        for probe, every in self.samples.items():
            if self._lanes[probe.lane].until == _FOR_EVER:
                continue  # it is not asked at all
            newest = tuple(every[-400:])
            recent = [s for s in newest if s.ended > since]
            patience = probe.timeout if probe.kind == "health" else seconds
            waits = probe.question or probe.kind == "health"
            if not recent and waits and not self._lanes[probe.lane].stuck(now, patience):
                recent = [s for s in newest[-1:] if s.ended > now - _TURN]  # it waits for its turn, or for the engine
            if not recent or every[0].began > since or not all(s.good for s in recent):
                return False
        return True

    def hold(self, services: Iterable[str], until: float = _FOR_EVER) -> None:
        """Ask some services nothing that makes them work until a moment (monotonic): the rest is asked alone."""
        for probe in self.probes:
            if probe.ready and probe.service in services:
                self._lanes[probe.lane].until = until

    def resume(self) -> None:
        """Ask everything again from now on."""
        for lane in self._lanes.values():
            lane.resume(time.monotonic())

    async def _work(self) -> None:
        began, number = time.monotonic(), 0
        asked: set[asyncio.Task[None]] = set()
        due = dict.fromkeys(self.probes, began)
        while not self._ended.is_set():
            tick = began + number * self.period
            await asyncio.sleep(max(0.0, tick - time.monotonic()))
            self.lateness.append(time.monotonic() - tick)
            # Whoever has waited longest is first: several questions may share a lane.
            for probe in sorted((p for p in self.probes if due[p] <= tick), key=due.__getitem__):
                lane, now = self._lanes[probe.lane], time.monotonic()
                if lane.open(now):
                    if probe.heavy:
                        lane.take(probe, now)
                    task = asyncio.ensure_future(self._one(probe, now))
                    asked.add(task)
                    task.add_done_callback(asked.discard)
                elif lane.holder == probe:
                    lane.missed.append(now)
                else:
                    continue  # it is due still
                due[probe] = tick + probe.period
            number += 1
        if asked:
            await asyncio.wait(asked, timeout=_PATIENT + 0.5)

    async def _one(self, probe: Probe, began: float) -> None:
        lane = self._lanes[probe.lane]
        try:
            result = await asyncio.wait_for(self._ask(probe, began), probe.timeout)
        except _Taken:
            lane.missed.append(began)
            return
        except (TimeoutError, OSError, ValueError, EOFError) as error:
            result = TryResult(failure_of(error))
        sample = Sample(began, time.monotonic() - began, result)
        self.samples[probe].extend(lane.done(sample, rests=probe.ready))

    async def _ask(self, probe: Probe, began: float) -> TryResult:
        if probe.kind == "health":
            return OK if await asyncio.to_thread(self.healthy, probe.service) else TryResult(ProbeFailure.UNHEALTHY)
        if probe.kind == "run":
            printed = await asyncio.to_thread(self.commands, probe.service, probe.path)
            return OK if printed is not None else TryResult(ProbeFailure.FAILED)
        address = self.addresses(probe.service)
        if not address:
            return TryResult(ProbeFailure.UNREACHABLE)
        reader, writer = await asyncio.open_connection(address, probe.port)
        try:
            # A service that cannot be reached is not burdened by who tries: only what has a connection takes the lane.
            if not probe.heavy and not self._lanes[probe.lane].take(probe, began):
                raise _Taken
            return await _CONVERSATIONS[probe.kind](probe, reader, writer)
        finally:
            writer.transport.abort()


class _Taken(Exception):  # noqa: N818 - it says what is the case
    """Another question of the kind got its connection first."""


def failure_of(error: BaseException) -> ProbeFailure:
    """What an exception means."""
    match error:
        case asyncio.TimeoutError():
            return ProbeFailure.TIMEOUT
        case ConnectionRefusedError():
            return ProbeFailure.REFUSED
        case ConnectionResetError() | BrokenPipeError():
            return ProbeFailure.RESET
        case socket.gaierror():
            return ProbeFailure.DNS
        case EOFError():
            return ProbeFailure.CLOSED
        case OSError() if error.errno in (113, 101):
            return ProbeFailure.UNREACHABLE
    return ProbeFailure.GARBAGE if isinstance(error, ValueError) else ProbeFailure.BROKEN


def request(probe: Probe) -> bytes:
    """A question by HTTP, as it goes over the wire."""
    host = f"{probe.service}:{probe.port}"
    body = probe.body.encode()
    length = f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n" if body else ""
    return f"{probe.method} {probe.path} HTTP/1.1\r\nHost: {host}\r\n{length}Connection: close\r\n\r\n".encode() + body


async def _http(probe: Probe, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> TryResult:
    writer.write(request(probe))
    words = (await reader.readline()).split()
    if not words:
        return TryResult(ProbeFailure.CLOSED)
    code = int(words[1]) if len(words) > 1 else 0
    return OK if 200 <= code < 400 or code == probe.usual else TryResult.of_status(code)


async def _tcp(_probe: Probe, _reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> TryResult:
    return OK


async def _redis(_probe: Probe, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> TryResult:
    writer.write(b"PING\r\n")
    line = await reader.readline()
    if line.startswith((b"+PONG", b"-NOAUTH", b"-NOPERM")):
        return OK
    return TryResult(ProbeFailure.REFUSED if line else ProbeFailure.CLOSED)


async def _postgres(_probe: Probe, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> TryResult:
    """SSLRequest, answered by one letter; then a start-up, which a server that is not ready refuses with 57P03."""
    writer.write(b"\x00\x00\x00\x08\x04\xd2\x16\x2f")
    answer = await reader.readexactly(1)
    if answer not in (b"S", b"N"):
        return TryResult(ProbeFailure.GARBAGE)
    if answer == b"S":
        return OK
    parameters = b"user\0seatrial\0database\0postgres\0\0"
    writer.write((len(parameters) + 8).to_bytes(4, "big") + b"\x00\x03\x00\x00" + parameters)
    kind, size = await reader.readexactly(1), int.from_bytes(await reader.readexactly(4), "big")
    body = await reader.readexactly(min(max(size - 4, 0), 4096))
    return TryResult(ProbeFailure.REFUSED) if kind == b"E" and b"C57P03\0" in body else OK


_NOT_PRIVILEGED = 1130  # ER_HOST_NOT_PRIVILEGED of MySQL's list of server errors


async def _mysql(_probe: Probe, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> TryResult:
    """
    The whole conversation up to "access denied": a host that breaks off a hundred times is blocked for good.

    Source: MySQL's manual, max_connect_errors; the protocol's Handshake and HandshakeResponse41.
    """
    number, greeting = await _mysql_packet(reader)
    if greeting[:1] == b"\xff":  # "no such host may connect" is an answer of a server that works; "too many" is none
        return OK if int.from_bytes(greeting[1:3], "little") == _NOT_PRIVILEGED else TryResult(ProbeFailure.REFUSED)
    if greeting[:1] != b"\x0a":
        return TryResult(ProbeFailure.GARBAGE)
    capabilities = 0x0200 | 0x8000 | 0x0008_0000  # PROTOCOL_41, SECURE_CONNECTION, PLUGIN_AUTH
    answer = capabilities.to_bytes(4, "little") + (1 << 24).to_bytes(4, "little") + b"\x21" + bytes(23)
    _mysql_send(writer, number + 1, answer + b"seatrial\0\0mysql_native_password\0")
    number, told = await _mysql_packet(reader)
    if told[:1] == b"\xfe":  # another way to log in is asked for: nothing is the wrong password there too
        _mysql_send(writer, number + 1, b"")
        number, told = await _mysql_packet(reader)
    return OK


async def _mysql_packet(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    head = await reader.readexactly(4)
    return head[3], await reader.readexactly(min(int.from_bytes(head[:3], "little"), 65_536))


def _mysql_send(writer: asyncio.StreamWriter, number: int, body: bytes) -> None:
    writer.write(len(body).to_bytes(3, "little") + bytes([number & 0xFF]) + body)


async def _mongo(_probe: Probe, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> TryResult:
    writer.write(_MONGO_HELLO)
    header = await reader.readexactly(16)
    return OK if int.from_bytes(header[12:16], "little") == 2013 else TryResult(ProbeFailure.GARBAGE)


async def _rabbitmq(_probe: Probe, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> TryResult:
    writer.write(b"AMQP\x00\x00\x09\x01")
    return OK if (await reader.readexactly(1)) == b"\x01" else TryResult(ProbeFailure.GARBAGE)


_CONVERSATIONS = {
    "http": _http, "tcp": _tcp, "redis": _redis, "postgres": _postgres, "mysql": _mysql, "mongo": _mongo,
    "rabbitmq": _rabbitmq,
}  # fmt: skip
SPOKEN = frozenset(_CONVERSATIONS) - {"http", "tcp"}
"""Store protocols of which an answer of the application is waited for."""


_TRANSIENT = frozenset({408, 421, 425, 429})
"""Refusals that the next request may not meet (RFC 9110, RFC 6585)."""


def settled(probe: Probe, address: str) -> Probe:
    """
    The question with the answer that the running service gives to it, where that is a refusal and no failure.

    A server that fails at `/` may have no page there. If it answers an endpoint of its own health, it is asked that;
    one that fails at everything is broken, and stays asked what it fails at.
    """
    if probe.kind != "http" or not address:
        return probe
    code = status(address, probe.port, probe.path)
    if _refuses(code):
        return replace(probe, usual=code)
    if code >= _FAILS and probe.path == "/":
        path = next((p for p in (*LIVENESS, *READINESS) if status(address, probe.port, p) in (200, 204)), "/")
        return replace(probe, path=path)
    return probe


_FAILS = 500


def _refuses(code: int) -> bool:
    return (400 <= code < _FAILS and code not in _TRANSIENT) or code in _NEVER


_NEVER = frozenset({501, 505})
"""Answers 5xx that say what the server cannot do, not that it is broken (RFC 9110, 15.6)."""
LIVENESS = (
    "/livez", "/healthz", "/health/live", "/health", "/-/healthy", "/actuator/health/liveness", "/q/health/live",
    "/-/liveness", "/api/v2/heartbeat", "/ping",
)  # fmt: skip
"""Where services tell that they live, in the order in which they are tried."""
READINESS = (
    "/readyz", "/ready", "/health/ready", "/healthz/ready", "/api/health/ready", "/-/ready",
    "/actuator/health/readiness", "/q/health/ready", "/-/readiness",
)  # fmt: skip
"""Readiness endpoints, in the order in which they are tried."""


def status(address: str, port: int, path: str = "/", timeout: float = 2.0) -> int:
    """The status that an HTTP server answers with; 0 if nothing speaks HTTP there."""
    with contextlib.suppress(OSError, ValueError), socket.create_connection((address, port), timeout) as connection:
        connection.settimeout(timeout)
        connection.sendall(f"GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n".encode())
        words = connection.recv(4096).split(b" ", 2)
        return int(words[1]) if len(words) > 1 and words[0].startswith(b"HTTP/") else 0
    return 0
