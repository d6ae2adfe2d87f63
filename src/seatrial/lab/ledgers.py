"""
What a broker or a database tells of those that use it: who asks it, how long ago, and how many jobs were done.

A worker has no address, so it cannot be asked. Its broker sees it: a consumer that does not come back after
an outage is missing there. Only counters and lists of connections are read, never what a queue or a table holds.

Sources: `CLIENT LIST` and `INFO commandstats` (https://valkey.io/commands/client-list/), pg_stat_activity and
pg_stat_user_tables (https://www.postgresql.org/docs/current/monitoring-stats.html), `rabbitmqctl eval`
(https://www.rabbitmq.com/docs/man/rabbitmqctl.8).
"""

from __future__ import annotations

import contextlib
import ipaddress
import json
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from seatrial.text.lines import split
from seatrial.text.numerals import whole

from .engine import FAILURES, LabError
from .events import Events
from .markers import Mysql, Postgres, Redis, redis, send
from .model import Service
from .stack import RunningProject

_DATABASES, _LISTS = 4, 100  # of Redis that are looked at, at most
_ROUNDS = 20  # of SCAN in one database
_PUSHES = re.compile(r"cmdstat_(?:lpush|rpush|lpushx|rpushx):calls=(\d+)")
_TAKES = frozenset(
    {
        "lpop", "rpop", "blpop", "brpop", "lmpop", "blmpop", "rpoplpush", "brpoplpush", "lmove", "blmove", "lrem",
        "xread", "xreadgroup", "xack", "xautoclaim", "xclaim", "zpopmin", "zpopmax", "bzpopmin", "bzpopmax", "zmpop",
        "bzmpop", "zrem", "zrangebyscore", "spop",
    }
)  # fmt: skip
"""Commands of Redis by which workers look for jobs, and finish them. A script may put or take a job: it proves none."""
_ACKNOWLEDGED = re.compile(r"cmdstat_xack:calls=(\d+)")
_KEYSPACE = re.compile(r"^db(\d+):", re.MULTILINE)
_DELIVERY = 60
"""Bytes on a connection of RabbitMQ between two looks that are more than heartbeats: a frame of those has eight."""


JOBS, MESSAGES = "jobs", "messages"


@dataclass(frozen=True, slots=True)
class Client:
    """The connections of one address to a store."""

    idle: float = math.inf
    """Seconds since its last command; of connections that only listen to messages nothing is known."""
    waits: frozenset[str] = frozenset()
    """For what it waits, `JOBS` or `MESSAGES`: a blocking command or a consumer, a subscription."""
    done: Mapping[str, int] = field(default_factory=dict)
    """Counters of its own that grow with its jobs, where the store has such."""
    takes: bool = True
    """Whether the last command of one of its connections is a worker's; of stores that do not tell it is assumed."""


@dataclass(frozen=True, slots=True)
class LedgerReading:
    """What a store tells at one moment."""

    clients: Mapping[str, Client] = field(default_factory=dict)
    """By address, or by the name that the store has for it."""
    done: Mapping[str, int] = field(default_factory=dict)
    """Counters of the whole store that grow with each job that is taken or acknowledged."""
    waiting: int | None = None
    """Jobs that wait in its queues; None: it does not tell."""
    step: int = 1
    """By how much a counter grows with one job, at least."""


class Ledger(Protocol):
    """How one kind of store is looked at."""

    def read(self) -> LedgerReading | None:
        """What it tells now; None: nothing."""
        ...


@dataclass
class RedisLedger:
    """Redis and its kin: lists and streams are queues, and blocked clients wait for jobs."""

    store: Redis

    def read(self) -> LedgerReading | None:
        """Three commands, the lengths of all lists, and what the groups of all streams have not done."""
        with contextlib.suppress(OSError, ValueError, IndexError), self.store.opened() as (connection, answers):

            def ask(*words: str) -> Any:
                send(connection, *words)
                return _reply(answers)

            statistics, listed, streamed = _text(ask("INFO", "commandstats")), 0, 0
            for database in _KEYSPACE.findall(_text(ask("INFO", "keyspace")))[:_DATABASES]:
                ask("SELECT", database)
                listed += sum(int(ask("LLEN", name)) for name in _keys(ask, "list"))
                streamed += sum(undone(ask("XINFO", "GROUPS", name)) for name in _keys(ask, "stream"))
            pushed = sum(map(int, _PUSHES.findall(statistics)))
            done = {"taken": pushed - listed, "acknowledged": sum(map(int, _ACKNOWLEDGED.findall(statistics)))}
            return LedgerReading(dict(of_redis(_text(ask("CLIENT", "LIST")))), done, listed + streamed)
        return None


def _keys(ask: Any, kind: str) -> Iterator[str]:
    cursor, found = "0", 0
    for _ in range(_ROUNDS):
        cursor, names = ask("SCAN", cursor, "COUNT", "500", "TYPE", kind)
        for name in names:
            found += 1
            if found <= _LISTS:
                yield name
        if cursor == "0":
            return


def undone(groups: Any) -> int:
    """
    Entries of a stream that its consumers have not done: those that were handed out, and those that were not yet.

    Args:
        groups: the reply to `XINFO GROUPS`: names and values by turns for each group. `lag` is Redis 7's.
    """
    found = 0
    for group in groups if isinstance(groups, list) else ():
        told = dict(zip(group[::2], group[1::2], strict=False)) if isinstance(group, list) else {}
        found += sum(whole(str(told.get(name) or 0)) or 0 for name in ("pending", "lag"))
    return found


def of_redis(text: str) -> Iterator[tuple[str, Client]]:
    """
    The clients by address, from `CLIENT LIST`: of several connections the one used last, and whether any waits.

    Args:
        text: the reply.
    """
    found: dict[str, Client] = {}
    commands: dict[str, set[str]] = {}
    for line in split(text):
        told = dict(word.partition("=")[::2] for word in line.split())
        address, idle = told.get("addr", "").rpartition(":")[0].strip("[]"), whole(told.get("idle", ""))
        listens = any(told.get(kind, "0") != "0" for kind in ("sub", "psub", "ssub"))
        waits = {MESSAGES} if listens else {JOBS} if "b" in told.get("flags", "") else set[str]()
        known = found.get(address, Client())
        used = known.idle if listens or idle is None else min(idle, known.idle)
        found[address] = Client(used, known.waits | waits)
        if not listens:
            commands.setdefault(address, set()).add(told.get("cmd", "").lower().partition("|")[0])
    for address, client in found.items():
        yield address, replace(client, takes=bool(commands.get(address, set()) & _TAKES))


def _reply(answers: Any) -> Any:
    """
    One reply of the protocol RESP2, as texts.

    Raises:
        ValueError: it is an error, or none at all.
    """
    line: bytes = answers.readline()
    match line[:1]:
        case b"+" | b":":
            return line[1:].strip().decode()
        case b"$":
            size = int(line[1:])
            return answers.read(size + 2)[:-2].decode("utf-8", "surrogateescape") if size >= 0 else ""
        case b"*":
            return [_reply(answers) for _ in range(int(line[1:]))]
    raise ValueError("refused")


def _text(reply: Any) -> str:
    return reply if isinstance(reply, str) else ""


_POSTGRES = """
select 'client', host(client_addr),
       case when bool_or(state = 'active') then 0
            else extract(epoch from clock_timestamp() - max(coalesce(state_change, backend_start))) end,
       bool_or(query ilike 'listen %')
from pg_stat_activity where client_addr is not null group by client_addr
union all
select 'changed', '', coalesce(sum(n_tup_upd + n_tup_del), 0), false from pg_stat_user_tables
where relname ~* '(job|queue|task|outbox|worker|delayed|que_)'
   or schemaname ~* '(job|queue|que|procrastinate|pgboss|pgmq|graphile_worker)'
"""
"""Statistics alone; the words are those that names of tables and schemas with jobs have."""


@dataclass
class PostgresLedger:
    """Connections by their last statement, and how often rows of tables that hold jobs were changed or removed."""

    store: Postgres

    def read(self) -> LedgerReading | None:
        """One query."""
        printed = self.store.run(_POSTGRES)
        if printed is None:
            return None
        clients, done = dict[str, Client](), dict[str, int]()
        for line in split(printed):
            match line.split("|"):
                case ["client", address, idle, listens]:
                    waits = frozenset({MESSAGES} if listens == "t" else ())
                    clients[address] = Client(max(0.0, float(idle)), waits)
                case ["changed", _, number, _]:
                    done["changed"] = int(float(number))
        return LedgerReading(clients, done)


@dataclass
class MysqlLedger:
    """Connections by the seconds since their last statement."""

    store: Mysql

    def read(self) -> LedgerReading | None:
        """One query of the list of processes."""
        printed = self.store.run(
            "select substring_index(host, ':', 1), min(if(command = 'Sleep', time, 0)) "
            "from information_schema.processlist where host like '%:%' group by 1"
        )
        rows = [line.split() for line in split(printed or "")]
        clients = {r[0]: Client(float(seconds)) for r in rows if len(r) == 2 and (seconds := whole(r[1])) is not None}
        return None if printed is None else LedgerReading(clients)


_ERLANG = """
rabbit_json:encode([
  [begin Get = fun(K) -> proplists:get_value(K, C) end,
         Consumers = [proplists:get_value(consumer_count, H)
                      || H <- rabbit_channel:info_all([connection, consumer_count]),
                         proplists:get_value(connection, H) =:= Get(pid)],
         [list_to_binary(inet:ntoa(Get(peer_host))), list_to_binary(pid_to_list(Get(pid))), lists:sum(Consumers),
          Get(recv_oct) + Get(send_oct)]
   end || C <- rabbit_networking:connection_info_all([pid, peer_host, recv_oct, send_oct])],
  lists:sum([proplists:get_value(messages_ready, Q)
             || V <- rabbit_vhost:list_names(), Q <- rabbit_amqqueue:info_all(V, [messages_ready])])]).
"""
"""What `list_connections`, `list_channels` and `list_queues` tell, in one call: each of those starts a virtual machine,
which takes a second."""
_RABBIT = [
    "sh", "-c", 'PATH="$PATH:/usr/lib/rabbitmq/bin:/opt/rabbitmq/sbin:/usr/sbin" exec rabbitmqctl --quiet eval "$0"',
    " ".join(_ERLANG.split()),
]  # fmt: skip
_QUEUES = [
    "sh", "-c", 'PATH="$PATH:/usr/lib/rabbitmq/bin:/opt/rabbitmq/sbin:/usr/sbin" exec rabbitmqctl --quiet "$@"', "sh",
    "list_queues", "--no-table-headers", "name", "durable", "auto_delete", "exclusive", "--vhost",
]  # fmt: skip
_STRING = re.compile(r'"(?:[^"\\]|\\.)*"')


@dataclass
class RabbitLedger:
    """By `rabbitmqctl` in the broker's own container: consumers by address, and what went over their connections."""

    project: RunningProject
    service: str

    def read(self) -> LedgerReading | None:
        """One expression."""
        with contextlib.suppress(*FAILURES, LabError, ValueError, TypeError):
            code, printed = self.project.container(self.service).exec_run(_RABBIT, demux=True)
            if code == 0:
                return of_rabbit((printed[0] or b"").decode("utf-8", "replace"))
        return None


def of_rabbit(printed: str) -> LedgerReading:
    """
    What the broker reported of its connections and queues.

    Args:
        printed: a binary of Erlang with JSON in it, perhaps in several pieces: `<<"[[…" "…],0]">>`.

    Raises:
        ValueError: it is something else.
    """
    connections, ready = json.loads("".join(json.loads(piece) for piece in _STRING.findall(printed)))
    clients: dict[str, Client] = {}
    for host, pid, consumers, octets in connections:
        # An open connection is asked nothing by its owner: only a consumer is one that waits for jobs.
        if consumers:
            address = ipaddress.ip_address(host)
            mapped = getattr(address, "ipv4_mapped", None)
            name = str(mapped or address)
            known = clients.get(name, Client())
            clients[name] = Client(waits=frozenset({JOBS}), done={**known.done, pid: octets})
    return LedgerReading(clients, {}, int(ready), _DELIVERY)


def find(project: RunningProject, events: Events, service: Service) -> Ledger | None:
    """How a store is looked at; None: it is of no kind that tells."""
    match service.store:
        case "redis" | "valkey" | "keydb":
            return RedisLedger(redis(project, events, service, ""))
        case "postgres" | "postgis" | "timescale":
            return PostgresLedger(Postgres(project, service.name, "", service.environment))
        case "mysql" | "mariadb":
            return MysqlLedger(Mysql(project, service.name, "", service.environment))
        case "rabbitmq":
            return RabbitLedger(project, service.name)
    return None


def forgetful(project: RunningProject) -> Iterator[str]:
    """The queues of brokers that end with the broker, a line each: what waits there is not looked at."""
    for service in project.stack.lasting:
        if service.store != "rabbitmq":
            continue
        vhost = service.environment.get("RABBITMQ_DEFAULT_VHOST", "/")
        with contextlib.suppress(*FAILURES, LabError):
            code, printed = project.container(service.name).exec_run([*_QUEUES, vhost], demux=True)
            for name in passing((printed[0] or b"").decode("utf-8", "replace")) if code == 0 else ():
                yield (
                    f"{service.name}: whether the messages of queue {name} survive a restart is not measured: "
                    "the queue is not durable; declare it with `durable=True`, and send persistent messages"
                )


def passing(printed: str) -> Iterator[str]:
    """
    Queues that are not durable, though meant to outlive their consumers.

    Args:
        printed: lines of name, durable, auto_delete and exclusive, with tabs between them.
    """
    for line in split(printed):
        name, *flags = line.split("\t")
        if flags == ["false", "false", "false"]:
            yield name
