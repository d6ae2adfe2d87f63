"""
How each kind of store is dumped, restored and compared, by its own programs from its own image.

Sources: pg_dump and pg_restore (https://www.postgresql.org/docs/current/app-pgdump.html), mariadb-dump
(https://mariadb.com/docs/server/clients-and-utilities/backup-restore-and-import-clients/mariadb-dump), CHECKSUM TABLE
(https://dev.mysql.com/doc/refman/8.4/en/checksum-table.html), `redis-cli --rdb`
(https://redis.io/docs/latest/develop/tools/cli/).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from seatrial.lab.engine import LabError
from seatrial.lab.markers import MYSQL_CLIENT, MYSQL_LOGIN
from seatrial.text.lines import split
from seatrial.text.numerals import whole

from .inside import Ended

DRILL = "seatrial_drill"
"""The fresh database into which a dump is restored."""
DUMP = "/seatrial.dump"
"""Where a fresh store finds the dump: nothing is mounted over the root directory."""
CANARY = "seatrial_canary"
"""The table, or the key, that is written before the dump."""
QUICK = 10.0
"""Seconds that a question to a store may take."""
_MOST = 8  # databases of one store


@dataclass(frozen=True, slots=True)
class Table:
    """The content of one table, or of one database of keys."""

    rows: int
    digest: str


class Runs(Protocol):
    """Where programs run."""

    def run(self, words: Sequence[str], limit: float) -> Ended:
        """
        Run a program to its end.

        Raises:
            LabError: it did not end in time.
        """
        ...

    def is_up(self) -> bool:
        """Whether it runs, and is healthy if it has a healthcheck."""
        ...


class StoreTool(Protocol):
    """How one kind of store is dumped, restored and compared."""

    @property
    def program(self) -> str:
        """What makes the dump, for reports."""
        ...

    @property
    def starts(self) -> Sequence[str]:
        """The entry point of a fresh store that reads the dump when it starts; empty: that of the image."""
        ...

    def databases(self, store: Runs) -> tuple[str, ...]:
        """Everything that is dumped by itself."""
        ...

    def mark(self, database: str, token: str) -> Sequence[str]:
        """Write the canary; empty: there is none."""
        ...

    def unmark(self, database: str) -> Sequence[str]:
        """Remove the canary; empty: there is none."""
        ...

    def dump(self, database: str) -> Sequence[str]:
        """Print the dump; empty: only the repository knows how."""
        ...

    def is_ready(self, store: Runs) -> bool:
        """Whether a fresh store takes statements."""
        ...

    def prepare(self) -> Sequence[str]:
        """Make the fresh database; empty: there is nothing to make."""
        ...

    def restore(self) -> Sequence[str]:
        """Read the dump into the fresh database; empty: it is read when the store starts."""
        ...

    def tables(self, store: Runs, database: str) -> Mapping[str, Table]:
        """
        The content of every table.

        Raises:
            LabError: the store does not tell it.
        """
        ...


def asked(store: Runs, words: Sequence[str], limit: float = QUICK) -> str:
    """
    What a program printed.

    Raises:
        LabError: it failed.
    """
    ended = store.run(words, limit)
    if ended.code:
        raise LabError(ended.complaint)
    return ended.output


_TABLES = """
select quote_ident(n.nspname) || '.' || quote_ident(c.relname)
from pg_class c join pg_namespace n on n.oid = relnamespace
where relkind in ('r', 'm') and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
and not exists (select from pg_depend d where d.objid = c.oid and d.deptype = 'e') order by 1
"""
_DIGEST = "select '{text}', count(*), coalesce(sum(('x' || left(md5(t::text), 15))::bit(60)::bigint), 0) from {name} t"
_SEQUENCES = (
    "select 'sequence ' || quote_ident(schemaname) || '.' || quote_ident(sequencename), 0, "
    "coalesce(last_value, 0) from pg_sequences"
)
_SETTINGS = "set timezone = 'UTC'; set datestyle = 'ISO'; set extra_float_digits = 1; set bytea_output = 'hex'; "
"""The text of a row depends on them, and they may differ between two databases."""


@dataclass(frozen=True)
class PostgresTool:
    """`pg_dump` in its own format, and `pg_restore` into a database made from `template0`."""

    environment: Mapping[str, str] = field(repr=False)
    program: str = "pg_dump"
    starts: Sequence[str] = ()

    @property
    def user(self) -> str:
        """The administrator."""
        return self.environment.get("POSTGRES_USER", "postgres")

    def databases(self, store: Runs) -> tuple[str, ...]:
        """All but templates; the administrator's own only if it has tables."""
        listed = "select datname from pg_database where datallowconn and not datistemplate order by 1"
        every = split(asked(store, self._psql("postgres", listed)))
        kept = [name for name in every if name != "postgres" or asked(store, self._psql(name, _TABLES)).strip()]
        own = self.environment.get("POSTGRES_DB", self.user)
        return tuple(sorted(kept, key=lambda name: (name != own, name))[:_MOST])

    def mark(self, database: str, token: str) -> Sequence[str]:
        """A table with one row."""
        return self._psql(database, f"create table {CANARY} (token text); insert into {CANARY} values ('{token}')")  # noqa: S608

    def unmark(self, database: str) -> Sequence[str]:
        """Drop the table."""
        return self._psql(database, f"drop table if exists {CANARY}")

    def dump(self, database: str) -> Sequence[str]:
        """It does not wait for locks of other clients for long."""
        return ["pg_dump", "--format=custom", "--lock-wait-timeout=5000", "-U", self.user, "-d", database]

    def is_ready(self, store: Runs) -> bool:
        """By TCP: while an image initialises its data, the server listens on its socket only."""
        return not store.run(["pg_isready", "-q", "-h", "127.0.0.1", "-U", self.user], QUICK).code

    def prepare(self) -> Sequence[str]:
        """A database without anything that the image or its scripts add."""
        return ["createdb", "-U", self.user, "-T", "template0", DRILL]

    def restore(self) -> Sequence[str]:
        """Roles are not in a dump of one database."""
        return ["pg_restore", "--exit-on-error", "--no-owner", "--no-acl", "-U", self.user, "-d", DRILL, DUMP]

    def tables(self, store: Runs, database: str) -> Mapping[str, Table]:
        """Rows in any order: the sum of their digests."""
        names = [name for name in split(asked(store, self._psql(database, _TABLES))) if name]
        each = [_DIGEST.format(text=name.replace("'", "''"), name=name) for name in names]
        printed = asked(store, self._psql(database, _SETTINGS + " union all ".join([*each, _SEQUENCES])))
        return _rows(printed)

    def _psql(self, database: str, script: str) -> list[str]:
        words = ["psql", "-X", "-q", "-A", "-t", "-F", "\t", "-v", "ON_ERROR_STOP=1", "-U", self.user]
        return [*words, "-d", database, "-c", script]


@dataclass(frozen=True)
class MysqlTool:
    """`mariadb-dump` or `mysqldump`, as the administrator."""

    environment: Mapping[str, str] = field(repr=False)
    program: str = "mysqldump"
    starts: Sequence[str] = ()

    def databases(self, store: Runs) -> tuple[str, ...]:
        """All but the server's own."""
        own = "'mysql', 'sys', 'information_schema', 'performance_schema'"
        listed = f"select schema_name from information_schema.schemata where schema_name not in ({own}) order by 1"  # noqa: S608
        every = [name for name in split(asked(store, self._client("mysql", listed))) if name]
        main = self.environment.get("MYSQL_DATABASE") or self.environment.get("MARIADB_DATABASE")
        return tuple(sorted(every, key=lambda name: (name != main, name))[:_MOST])

    def mark(self, database: str, token: str) -> Sequence[str]:
        """A table with one row, in the engine that keeps what it has acknowledged."""
        script = f"create table {CANARY} (token text) engine=InnoDB; insert into {CANARY} values ('{token}')"  # noqa: S608
        return self._client(database, script)

    def unmark(self, database: str) -> Sequence[str]:
        """Drop the table."""
        return self._client(database, f"drop table if exists {CANARY}")

    def dump(self, database: str) -> Sequence[str]:
        """One consistent moment, with routines, triggers and events."""
        script = (
            'exec "$(command -v mariadb-dump || command -v mysqldump)" --single-transaction --routines --triggers '
            '--events -u root "$1"'
        )
        return ["sh", "-c", MYSQL_LOGIN + script, "sh", database]

    def is_ready(self, store: Runs) -> bool:
        """By TCP: while an image initialises its data, the server has no network."""
        script = 'exec "$(command -v mariadb-admin || command -v mysqladmin)" --protocol=tcp -h 127.0.0.1 -u root ping'
        return not store.run(["sh", "-c", MYSQL_LOGIN + script], QUICK).code

    def prepare(self) -> Sequence[str]:
        """An empty database."""
        return self._client("mysql", f"create database {DRILL}")

    def restore(self) -> Sequence[str]:
        """By the client."""
        script = 'exec "$(command -v mariadb || command -v mysql)" -u root "$1" <"$2"'
        return ["sh", "-c", MYSQL_LOGIN + script, "sh", DRILL, DUMP]

    def tables(self, store: Runs, database: str) -> Mapping[str, Table]:
        """The server's own checksum of each table, which the order of rows does not change."""
        listed = (
            "select table_name from information_schema.tables where table_schema = database() "
            "and table_type = 'BASE TABLE' order by 1"
        )
        names = [name for name in split(asked(store, self._client(database, listed))) if name]
        quoted = ["`" + name.replace("`", "``") + "`" for name in names]
        if not names:
            return {}
        counts = " union all ".join(f"select count(*) from {one}" for one in quoted)  # noqa: S608
        rows = split(asked(store, self._client(database, counts)).strip())
        sums = split(asked(store, self._client(database, f"checksum table {', '.join(quoted)} extended")).strip())
        if not len(names) == len(rows) == len(sums):
            raise LabError("the server printed fewer checksums than it has tables")
        digests = [line.rpartition("\t")[2] for line in sums]
        return {n: Table(whole(r) or 0, d) for n, r, d in zip(names, rows, digests, strict=True)}

    def _client(self, database: str, script: str) -> list[str]:
        return ["sh", "-c", MYSQL_LOGIN + MYSQL_CLIENT, "sh", database, script]


_CLIENT = 'exec "$(command -v valkey-cli || command -v redis-cli || command -v keydb-cli)" "$@"'
_SERVER = (
    'exec "$(command -v valkey-server || command -v redis-server || command -v keydb-server)" --dir "$1" '
    '--dbfilename "$2" --appendonly no --save "" --protected-mode no'
)
_KEYS = Path(__file__).with_name("keys.lua").read_text("utf-8")
"""Keys that expire by themselves are left out: they differ a moment later."""
_MANY = 200_000  # keys: the script would hold the store up for seconds


@dataclass(frozen=True)
class RedisTool:
    """A snapshot by `redis-cli --rdb`, which a fresh server reads when it starts."""

    environment: Mapping[str, str] = field(repr=False)
    program: str = "redis-cli --rdb"
    starts: Sequence[str] = ("sh", "-c", _SERVER, "sh", "/", DUMP.removeprefix("/"))

    def databases(self, store: Runs) -> tuple[str, ...]:
        """One snapshot has all of them."""
        if asked(store, self._cli("MODULE", "LIST")).strip():
            raise LabError("its modules are not loaded into a fresh server")
        sizes = [line for line in split(asked(store, self._cli("INFO", "keyspace"))) if line.startswith("db")]
        keys = sum(whole(line.partition("keys=")[2].partition(",")[0]) or 0 for line in sizes)
        if keys > _MANY:
            raise LabError(f"it has {keys:,} keys, and comparing more than {_MANY:,} would hold it up")
        return ("",)

    def mark(self, database: str, token: str) -> Sequence[str]:
        """A key of its own."""
        del database
        return self._cli("SET", CANARY, token)

    def unmark(self, database: str) -> Sequence[str]:
        """Delete the key."""
        del database
        return self._cli("DEL", CANARY)

    def dump(self, database: str) -> Sequence[str]:
        """The snapshot that a replica would be given."""
        del database
        return self._cli("--rdb", "-")

    def is_ready(self, store: Runs) -> bool:
        """While it loads it answers LOADING."""
        return store.run(self._cli("PING"), QUICK).output.strip() == "PONG"

    def prepare(self) -> Sequence[str]:
        """There is nothing to make."""
        return ()

    def restore(self) -> Sequence[str]:
        """It is read at the start."""
        return ()

    def tables(self, store: Runs, database: str) -> Mapping[str, Table]:
        """Each numbered database as one table of keys."""
        del database
        return _rows(asked(store, self._cli("EVAL", _KEYS, "0")))

    @staticmethod
    def _cli(*words: str) -> list[str]:
        return ["sh", "-c", _CLIENT, "sh", *words]


@dataclass(frozen=True)
class UnknownTool:
    """A store that only the repository's own commands can dump, restore and compare."""

    program: str = ""
    starts: Sequence[str] = ()

    def databases(self, store: Runs) -> tuple[str, ...]:
        """All of it at once."""
        del store
        return ("",)

    def mark(self, database: str, token: str) -> Sequence[str]:
        """There is no canary."""
        del database, token
        return ()

    def unmark(self, database: str) -> Sequence[str]:
        """There is no canary."""
        del database
        return ()

    def dump(self, database: str) -> Sequence[str]:
        """Not known."""
        del database
        return ()

    def is_ready(self, store: Runs) -> bool:
        """By the healthcheck, if there is one."""
        return store.is_up()

    def prepare(self) -> Sequence[str]:
        """There is nothing to make."""
        return ()

    def restore(self) -> Sequence[str]:
        """Not known."""
        return ()

    def tables(self, store: Runs, database: str) -> Mapping[str, Table]:
        """Not known."""
        del store, database
        raise LabError("its content cannot be compared without `fingerprint`")


def _rows(printed: str) -> Mapping[str, Table]:
    rows = [line.split("\t") for line in split(printed) if line.strip()]
    if any(len(row) != 3 for row in rows):
        raise LabError(f"the store answered something else than tables: {printed.strip()[:100]}")
    return {name: Table(whole(number) or 0, digest) for name, number, digest in rows}


def tool(kind: str, environment: Mapping[str, str]) -> StoreTool:
    """How a store of a kind is drilled."""
    match kind:
        case "postgres" | "postgis" | "timescale":
            return PostgresTool(environment)
        case "mysql" | "mariadb":
            return MysqlTool(environment)
        case "redis" | "valkey" | "keydb":
            return RedisTool(environment)
    return UnknownTool()
