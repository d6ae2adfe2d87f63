"""
The drill: write a canary, dump, restore into a fresh store, compare every table, and flip a byte as a control.

The stack goes on meanwhile, so only tables that were the same before and after the dump are compared. With commands of
the repository it is its own backup that is drilled. Without them, the store's own program shows that a backup is
possible, but not that the repository makes one.
"""

from __future__ import annotations

import contextlib
import io
import secrets
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import IO

from seatrial.lab.engine import FAILURES, LabError, one_line
from seatrial.lab.markers import redis_password
from seatrial.lab.model import Service, Stack
from seatrial.lab.stack import RunningProject
from seatrial.text.wording import counted, listed

from . import fresh
from .inside import Inside
from .seen import BackupSeen, Drilled, DrillFault, DrillRequest, OwnBackup
from .tools import CANARY, DRILL, DUMP, QUICK, StoreTool, Table, asked, tool

_FLIPS = (Fraction(9, 10), Fraction(3, 4), Fraction(1, 2), Fraction(1, 3))
"""Where a byte of the dump is flipped, one after the other until that is noticed: data is mostly at the end."""
_LEAST = 2.0  # seconds with which nothing is begun
_SHELL = 'exec sh -c "$1" <"$2"'
_FINGERPRINT = "the fingerprint"
_KEYSTORES = frozenset({"redis", "valkey", "keydb"})

StoreContents = Mapping[str, Table]
"""What is in a store, by table."""


@dataclass
class _Drill:
    """The drill of one store."""

    project: RunningProject
    service: Service
    own: OwnBackup | None
    deadline: float
    kind: StoreTool = field(init=False)
    store: Inside = field(init=False)

    def __post_init__(self) -> None:
        self.kind = tool(self.service.store, self.service.environment)
        environment = {}
        if self.service.store in _KEYSTORES and (password := redis_password(self.project, self.service)):
            environment["REDISCLI_AUTH"] = password.reveal()
        self.store = self._inside(self.service.name, environment)

    def _inside(self, service: str, environment: Mapping[str, str]) -> Inside:
        return Inside(self.project.engine, self.project.container(service), environment)

    @property
    def left(self) -> float:
        """Seconds until the deadline, at least one."""
        return max(1.0, self.deadline - time.monotonic())

    def all(self) -> Drilled:
        """Every database of the store; the first fault ends it."""
        done = Drilled(service=self.service.name, own=self.own is not None, program=self._program)
        for database in self._databases():
            if time.monotonic() + _LEAST > self.deadline:
                return replace(done, unmeasured="the budget left no time for it")
            one = self._one(database)
            done = replace(
                one, tables=done.tables + one.tables, rows=done.rows + one.rows, size=done.size + one.size,
                dumped=done.dumped + one.dumped, restored=done.restored + one.restored,
                moving=(*done.moving, *one.moving),
            )  # fmt: skip
            if done.fault or done.unmeasured:
                break
        return done

    @property
    def _program(self) -> str:
        if self.own is not None:
            return f"`{self.own.dump}`"
        return self.kind.program

    def _databases(self) -> Sequence[str]:
        if self.own is not None and self.own.database:
            return (self.own.database,)
        found = self.kind.databases(self.store)
        if not found:
            raise LabError("it has no database")
        return found[:1] if self.own is not None else found

    def _one(self, database: str) -> Drilled:
        done = Drilled(service=self.service.name, own=self.own is not None, program=self._program)
        with self._marked(database), tempfile.TemporaryFile() as dump:
            before = self._contents(self.store, database)
            began = time.monotonic()
            complaint = self._dump(database, dump)
            done = replace(done, dumped=time.monotonic() - began, size=dump.seek(0, io.SEEK_END))
            after = self._contents(self.store, database)
            if complaint or not done.size:
                fault = DrillFault.DUMP_FAILS if complaint else DrillFault.DUMP_EMPTY
                return self._blamed(done, fault, complaint or "it printed nothing")
            same = {name: table for name, table in before.items() if after.get(name) == table}
            done = replace(
                done, tables=len(same), rows=sum(t.rows for t in same.values()), moving=tuple(before.keys() - same)
            )
            began = time.monotonic()
            got, complaint = self._restored(dump, database)
            done = replace(done, restored=time.monotonic() - began)
            if complaint:
                return self._blamed(done, DrillFault.RESTORE_FAILS, complaint)
            if wrong := difference(same, got):
                return self._blamed(done, DrillFault.RESTORE_DIFFERS, wrong)
            if not self._is_noticed(dump, database, got):
                why = "a restore of damaged dumps looked the same, so an equal copy proves nothing"
                return replace(done, unmeasured=why)
        return done

    def _blamed(self, done: Drilled, fault: DrillFault, text: str) -> Drilled:
        """A fault of the repository's own commands; with ours it may be our way of calling the program."""
        if self.own is not None:
            return replace(done, fault=fault, text=text)
        if fault is DrillFault.RESTORE_DIFFERS:
            return replace(done, unmeasured=f"what {done.program} dumped was not all there after the restore: {text}")
        verb = "restored" if fault is DrillFault.RESTORE_FAILS else "dumped"
        return replace(done, unmeasured=f"it could not be {verb} by its own program: {text}")

    @contextlib.contextmanager
    def _marked(self, database: str) -> Iterator[None]:
        """With a canary in the store, where one can be written."""
        unmark, mark = self.kind.unmark(database), self.kind.mark(database, secrets.token_hex(8))
        for words in filter(None, (unmark, mark)):
            asked(self.store, words)
        try:
            yield
        finally:
            if unmark:
                with contextlib.suppress(LabError):
                    self.store.run(unmark, QUICK)

    def _dump(self, database: str, output: IO[bytes]) -> str:
        """Make the dump; why that failed."""
        if self.own is not None:
            place = self._inside(self.own.runs_in, {}) if self.own.runs_in else self.store
            ended = place.save(["sh", "-c", self.own.dump], output, self.left)
        else:
            ended = self.store.save(self.kind.dump(database), output, self.left)
        return ended.complaint if ended.code else ""

    def _restored(self, dump: IO[bytes], database: str) -> tuple[StoreContents, str]:
        """
        What a fresh store has after a restore, or why that failed.

        Raises:
            LabError: there is no fresh store.
        """
        engine, kind = self.project.engine, self.kind
        try:
            attributes = engine.client.api.inspect_container(self.store.container.id)
        except FAILURES as error:
            raise LabError(one_line(error)) from None
        starts = kind.starts if self.own is None else ()
        environment = {"DRILL_DB": DRILL}
        if self.own is not None and "REDISCLI_AUTH" in self.store.environment:
            environment["REDISCLI_AUTH"] = self.store.environment["REDISCLI_AUTH"]
        with fresh.started(engine, attributes, environment, starts, dump) as store:
            try:
                fresh.wait(store, kind.is_ready, self.left)
            except LabError as error:
                if starts:
                    return {}, str(error)  # the dump is what it could not read
                raise
            if words := kind.prepare():
                asked(store, words)
            own = self.own
            words = kind.restore() if own is None else ["sh", "-c", _SHELL, "sh", own.restore, DUMP]
            if words and (ended := store.run(words, self.left)).code:
                return {}, ended.complaint
            return self._found(store, database), ""

    def _found(self, store: Inside, database: str) -> StoreContents:
        """The restored database: the fresh one, or one of the same name where the dump names it itself."""
        candidates = [DRILL, database] if self.own is not None else [DRILL]
        every = []
        for candidate in candidates:
            with contextlib.suppress(LabError):
                every.append(self._contents(store, candidate))
        marked = (one for one in every if any(CANARY in name for name in one))
        return next(marked, every[0] if every else {})

    def _contents(self, store: Inside, database: str) -> StoreContents:
        if self.own is not None and self.own.fingerprint:
            told = Inside(store.engine, store.container, {**store.environment, "DB": database})
            return {_FINGERPRINT: Table(0, asked(told, ["sh", "-c", self.own.fingerprint]).strip())}
        return self.kind.tables(store, database)

    def _is_noticed(self, dump: IO[bytes], database: str, whole: StoreContents) -> bool:
        """The control: whether a restore of a damaged dump fails, or has another content."""
        size = dump.seek(0, io.SEEK_END)
        for part in _FLIPS:
            with tempfile.TemporaryFile() as damaged:
                dump.seek(0)
                content = bytearray(dump.read())
                content[int(size * part)] ^= 1
                damaged.write(content)
                got, complaint = self._restored(damaged, database)
            if complaint or got != whole:
                return True
            if time.monotonic() + _LEAST > self.deadline:
                break
        return False


def difference(wanted: StoreContents, got: StoreContents) -> str:
    """
    What a restored store lacks, in a few words; empty: nothing.

    Args:
        wanted: the tables that were dumped.
        got: those of the restored store.
    """
    missing = sorted(wanted.keys() - got.keys())
    other = sorted(name for name in wanted.keys() & got.keys() if wanted[name] != got[name])
    parts = []
    if missing:
        parts.append(f"{len(missing)} of {counted(len(wanted), 'table')} missing: {listed(missing, 3)}")
    for name in other[:3]:
        rows, found = wanted[name].rows, got[name].rows
        parts.append(
            f"{name} has {counted(found, 'row')} instead of {rows}" if rows != found else f"{name} has other content"
        )
    return "; ".join(parts)


def verify(stack: Stack, wanted: DrillRequest) -> None:
    """
    Whether the stack has every service that the commands are for.

    Raises:
        LabError: it does not.
    """
    for one in wanted.own:
        for name in filter(None, (one.service, one.runs_in)):
            if name not in stack.services:
                known = ", ".join(sorted(stack.services))
                raise LabError(f"backups: unknown service {name!r}; the stack has {known}")


def carried_out(project: RunningProject, wanted: DrillRequest, say: Callable[[str], None]) -> BackupSeen:
    """
    Drill every store of the stack within the budget.

    Args:
        project: the running stack; a canary is written into each store and removed again.
        wanted: the budget and the repository's own commands.
        say: called with what is done.
    """
    if not wanted.budget:
        return BackupSeen(why_not="turned off by `backup_budget: 0`")
    deadline = time.monotonic() + wanted.budget
    own = {one.service: one for one in wanted.own}
    forgets, done = [], []
    for service in project.stack.lasting:
        if not service.store and service.name not in own:
            continue
        if service.name not in own and _forgets(project, service):
            forgets.append(service.name)
            continue
        say(f"backup of {service.name}: dump, restore into a fresh store, compare")
        done.append(_drilled(project, service, own.get(service.name), deadline))
    return BackupSeen(drilled=tuple(done), forgets=tuple(forgets))


def _drilled(project: RunningProject, service: Service, own: OwnBackup | None, deadline: float) -> Drilled:
    """One store; what cannot be done is the reason that nothing is known."""
    unknown = Drilled(service=service.name, own=own is not None)
    if own is None and not tool(service.store, service.environment).dump(""):
        return replace(unknown, unmeasured=f"there is no drill for {service.store} by itself")
    if time.monotonic() + _LEAST > deadline:
        return replace(unknown, unmeasured="the budget left no time for it")
    try:
        return _Drill(project, service, own, deadline).all()
    except LabError as error:
        return replace(unknown, unmeasured=str(error))
    except FAILURES as error:
        return replace(unknown, unmeasured=one_line(error))


def _forgets(project: RunningProject, service: Service) -> bool:
    """Whether a store is meant to forget: a cache, a broker without a volume."""
    if service.name in project.stack.caches or service.is_cache:
        return True
    return service.store == "memcached" or (service.store in (*_KEYSTORES, "rabbitmq") and not service.mounts)
