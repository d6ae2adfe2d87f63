"""
Whether a datastore keeps what it has acknowledged: markers are written before and during a fault, and read afterwards.

A write counts as acknowledged when the store said so. One that was refused and is there is not a loss. Redis and its
kin, RabbitMQ and MongoDB are spoken to directly. PostgreSQL and MySQL are reached by the clients in their containers.
"""

from __future__ import annotations

import contextlib
import re
import socket
import threading
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, ClassVar, Protocol

from seatrial.system.extras import Extra
from seatrial.text.numerals import whole
from seatrial.text.redact import Secret

from . import mongo, rabbit
from .engine import FAILURES, LabError
from .events import Events
from .model import Service
from .observation import Writes
from .stack import RunningProject

BEFORE = 50
"""Markers written before a fault."""
_PAUSE = 0.02  # seconds between two writes during a fault
_TIMEOUT = 1.0
_PATIENCE = 15.0  # seconds until the store has to let the markers be read
_PASSWORD_FILE = re.compile(r"PASSWORD_FILE$")
_RABBIT_FILE = re.compile(r"^RABBITMQ_DEFAULT_PASS_FILE$")
_MONGO_FILE = re.compile(r"^MONGO(?:_INITDB|DB)_ROOT_PASSWORD_FILE$")
_REQUIRED = re.compile(r"--requirepass\s+[\"']?([^\s\"']+)")
_PASSWORD = re.compile(r"^(?:REDIS|VALKEY|KEYDB)_(?:.*_)?PASSWORD$|^REDISCLI_AUTH$")


class Marker(Protocol):
    """How one kind of store takes and gives markers."""

    def write(self, numbers: Iterable[int]) -> set[int]:
        """Write markers; those that the store acknowledged."""
        ...

    def read(self) -> set[int] | None:
        """The markers that are there; None: the store does not say."""
        ...


@dataclass
class Redis:
    """By the protocol itself; a new connection for every batch, as after a failure."""

    service: str
    events: Events
    port: int
    password: Secret | None
    key: str

    def write(self, numbers: Iterable[int]) -> set[int]:
        """`SADD`, one answer a marker."""
        done: set[int] = set()
        with contextlib.suppress(OSError, ValueError), self.opened() as (connection, answers):
            for number in numbers:
                send(connection, "SADD", self.key, str(number))
                if answers.readline().startswith(b":"):
                    done.add(number)
        return done

    def read(self) -> set[int] | None:
        """`SMEMBERS`."""
        with contextlib.suppress(OSError, ValueError), self.opened() as (connection, answers):
            send(connection, "SMEMBERS", self.key)
            head = answers.readline()
            if head.startswith(b"*"):
                return {int(_bulk(answers)) for _ in range(int(head[1:]))}
        return None

    @contextmanager
    def opened(self) -> Iterator[tuple[socket.socket, Any]]:
        """
        A connection that was let in, and what is read from it.

        Raises:
            OSError: there is no answer.
            ValueError: the password is wrong.
        """
        with socket.create_connection((self.events.address(self.service), self.port), _TIMEOUT) as connection:
            connection.settimeout(_TIMEOUT)
            answers = connection.makefile("rb")
            if self.password is not None:
                send(connection, "AUTH", self.password.reveal())
                if not answers.readline().startswith(b"+"):
                    raise ValueError("not let in")
            yield connection, answers


def send(connection: socket.socket, *words: str) -> None:
    parts = [f"*{len(words)}\r\n".encode()]
    parts += [b"$%d\r\n%s\r\n" % (len(word.encode()), word.encode()) for word in words]
    connection.sendall(b"".join(parts))


def _bulk(answers: Any) -> bytes:
    size = int(answers.readline()[1:])
    data: bytes = answers.read(size + 2)
    return data[:-2]


@dataclass
class Sql:
    """By the store's own client in its container; one insert of all, which is acknowledged as a whole."""

    project: RunningProject
    service: str
    table: str
    environment: Mapping[str, str]
    engine: ClassVar[str] = ""
    """What keeps the table, where there is a choice."""

    def write(self, numbers: Iterable[int]) -> set[int]:
        """Make the table if it is not there, and insert."""
        wanted = list(numbers)
        values = ",".join(f"({n})" for n in wanted)
        # The table's name is ours, and the values are numbers.
        script = (
            f"create table if not exists {self.table} (n bigint){self.engine}; insert into {self.table} values {values}"  # noqa: S608
        )
        return set(wanted) if wanted and self.run(script) is not None else set()

    def read(self) -> set[int] | None:
        """All rows."""
        printed = self.run(f"select n from {self.table}")  # noqa: S608 - the name is ours
        return None if printed is None else {n for line in printed.split() if (n := whole(line)) is not None}

    def command(self, script: str) -> list[str]:
        """How the client is called."""
        raise NotImplementedError

    def run(self, script: str) -> str | None:
        """Run statements; what was printed, or None if that failed."""
        with contextlib.suppress(*FAILURES, LabError):
            code, printed = self.project.container(self.service).exec_run(self.command(script), demux=True)
            return (printed[0] or b"").decode("utf-8", "replace") if code == 0 else None
        return None


class Postgres(Sql):
    """By `psql`, where the socket lets its own user in."""

    def command(self, script: str) -> list[str]:
        """Quiet, unaligned, tuples only."""
        user = self.environment.get("POSTGRES_USER", "postgres")
        database = self.environment.get("POSTGRES_DB", user)
        return ["psql", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-U", user, "-d", database, "-c", script]


MYSQL_LOGIN = (
    'for n in MYSQL MARIADB; do eval "p=\\${${n}_ROOT_PASSWORD:-}; f=\\${${n}_ROOT_PASSWORD_FILE:-}"; '
    '[ -z "$p$f" ] || { [ -n "$p" ] || p=$(cat "$f"); export MYSQL_PWD="$p"; }; done; '
)
"""The start of a shell script in a store's container: the administrator's password, from a variable or a file."""
MYSQL_CLIENT = 'exec "$(command -v mariadb || command -v mysql)" --batch --skip-column-names -u root "$1" -e "$2"'
"""The rest of one that runs statements: the database, and the statements."""


class Mysql(Sql):
    """By the client of MySQL or MariaDB, as the administrator, whose password goes by the client's environment."""

    engine = " engine=InnoDB"  # the one that keeps what it has acknowledged

    def command(self, script: str) -> list[str]:
        """Through a shell: it finds the client, and the password in a variable or in a file."""
        of = self.environment
        database = of.get("MYSQL_DATABASE") or of.get("MARIADB_DATABASE") or "mysql"
        return ["sh", "-c", MYSQL_LOGIN + MYSQL_CLIENT, "sh", database, script]


def works(marker: Marker, patience: float = 0.0) -> bool:
    """Whether what is written can be read, within so many seconds."""
    if marker.write([0]) != {0}:
        return False
    deadline = time.monotonic() + patience
    while 0 not in (marker.read() or ()):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.2)
    return True


def comes_back(marker: Marker, patience: float) -> bool:
    """Whether what is written can be read within so many seconds: one slow answer, as of a first, proves nothing."""
    deadline = time.monotonic() + patience
    while not (found := works(marker)) and time.monotonic() < deadline:
        time.sleep(1)
    return found


_DRIVERS = {"rabbitmq": Extra.RABBITMQ, "mongo": Extra.MONGODB}
"""Which extra speaks to a store; to the others Seatrial speaks by itself."""


@dataclass(frozen=True, slots=True)
class Unmarked:
    """A service in which no markers can be left, and why."""

    service: str
    reason: str

    def __str__(self) -> str:
        """What the report says of it."""
        return f"{self.service}: whether it keeps its data is not measured: {self.reason}"


def find(project: RunningProject, events: Events, service: Service) -> Marker | Unmarked:
    """The way to leave markers in a service, or why there is none."""
    if (driver := _DRIVERS.get(service.store)) and (missing := driver.missing):
        return Unmarked(service.name, missing)
    name = re.sub(r"\W", "_", f"seatrial_{project.engine.run}")
    marker: Marker | None = None
    if service.store in ("redis", "valkey", "keydb"):
        marker = redis(project, events, service, name)
    elif service.store in ("postgres", "postgis", "timescale"):
        marker = Postgres(project, service.name, name, service.environment)
    elif service.store in ("mysql", "mariadb"):
        marker = Mysql(project, service.name, name, service.environment)
    elif service.store == "rabbitmq":
        marker = rabbitmq(project, events, service, name)
    elif service.store == "mongo":
        administrator = mongo.account(service.environment, _password(project, service, _MONGO_FILE))
        marker = mongo.Mongo(service.name, events, service.store_port, administrator, name)
    if marker is not None and works(marker):
        return marker
    return Unmarked(service.name, "no test data could be written")


def redis(project: RunningProject, events: Events, service: Service, key: str) -> Redis:
    """Redis or one of its kin, with the password that its own environment tells."""
    return Redis(service.name, events, service.store_port, redis_password(project, service), key)


def redis_password(project: RunningProject, service: Service) -> Secret | None:
    """The password of Redis or one of its kin, where its environment or its arguments show it."""
    return _password(project, service)


def rabbitmq(project: RunningProject, events: Events, service: Service, queue: str) -> rabbit.Rabbit:
    """RabbitMQ, with the account that its own environment tells."""
    user, password, vhost = rabbit.account(service.environment, _password(project, service, _RABBIT_FILE))
    return rabbit.Rabbit(service.name, events, service.store_port, user, password, vhost, queue)


def _password(project: RunningProject, service: Service, by_file: re.Pattern[str] = _PASSWORD_FILE) -> Secret | None:
    """From the environment, by value or by file. Where it is elsewhere there are no markers."""
    for name, value in service.environment.items():
        if _PASSWORD.search(name) and value:
            return Secret(value)
    if service.store in ("redis", "valkey", "keydb") and (required := _REQUIRED.search(service.command)):
        return Secret(required[1])
    for name, path in service.environment.items():
        if by_file.search(name) and path:
            with contextlib.suppress(*FAILURES, LabError):
                code, printed = project.container(service.name).exec_run(["cat", path])
                if code == 0:
                    return Secret(printed.decode("utf-8", "replace").strip())
    return None


@dataclass
class Writing:
    """Markers around one fault; a context manager for the time of the fault."""

    marker: Marker
    first: int
    """The number of the first marker: no two faults share one."""
    before: int = BEFORE
    """Markers that are written before the fault."""
    pause: float = _PAUSE
    """Seconds between two writes."""
    attempted: int = 0
    acknowledged: set[int] = field(default_factory=set)
    _ended: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> Writing:
        """Write some, and go on writing."""
        self._write(range(self.first, self.first + self.before))
        self._thread = threading.Thread(target=self._go_on, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop writing."""
        self._ended.set()
        self._thread.join(_TIMEOUT * 5)

    def _write(self, numbers: range) -> None:
        self.attempted += len(numbers)
        self.acknowledged |= self.marker.write(numbers)

    def _go_on(self) -> None:
        number = self.first + self.before
        while not self._ended.wait(self.pause):
            self._write(range(number, number + 1))
            number += 1

    def result(self) -> Writes | None:
        """What became of them, once the store answers again; None: it does not."""
        deadline = time.monotonic() + _PATIENCE
        while (there := self.marker.read()) is None:
            if time.monotonic() > deadline:
                return None
            time.sleep(0.2)
        return Writes(len(self.acknowledged), len(self.acknowledged - there))

    def done(self, deadline: float) -> int:
        """How many of the acknowledged ones are there, when all are or at a moment of the monotonic clock."""
        while len(there := self.acknowledged & (self.marker.read() or set())) < len(self.acknowledged):
            if time.monotonic() > deadline:
                break
            time.sleep(0.5)
        return len(there)
