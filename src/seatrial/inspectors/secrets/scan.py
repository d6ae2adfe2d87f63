"""
The search of a whole tree: each file is read once; only one is held at a time, or a handful of small ones.

A large tree is shared among processes: each takes the next batch of files when it is done with one. Only redacted
findings come back.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import stat
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from multiprocessing.sharedctypes import Synchronized

from seatrial.domain.errors import InspectorError
from seatrial.inspectors.secrets.binary_kinds import BinaryKind, kind_of
from seatrial.inspectors.secrets.contents import FileContent
from seatrial.inspectors.secrets.engine import Layer, PatternEngine
from seatrial.inspectors.secrets.findings import Redacted, redacted
from seatrial.system.source import SourceFile, Tree
from seatrial.text.encoding import LFS, unreadable
from seatrial.text.vault import VAULT

WORTH_SHARING = 40_000_000
"""Bytes of work below which a second process costs more than it saves."""
_FILE_COST = 5000  # opening and closing a file costs as much as searching so many bytes of it
_BATCH = 2_000_000  # bytes of work that a process takes at a time
_TOGETHER = 512_000  # bytes of small files that are searched at once
_PATIENCE = 5.0  # seconds for a process to end


@dataclass(slots=True)
class ScanTally:
    """What a search has come to so far."""

    found: list[Redacted] = field(default_factory=list)
    allowed: Counter[Layer] = field(default_factory=Counter)
    accepted: list[tuple[bytes, str]] = field(default_factory=list, repr=False)
    """Digests of the values that comments accept, each with its path."""
    read: int = 0
    """Files that were read, binary ones included."""
    size: int = 0
    """Bytes of the text files."""
    lines: int = 0
    """Lines of the text files."""
    binary: int = 0
    """Files without text: pictures, archives, compiled code."""
    credential_files: int = 0
    """Files whose name is that of a kind that holds credentials."""
    unread: dict[str, str] = field(default_factory=dict)
    """Paths that could not be searched, with the reason."""
    problems: list[str] = field(default_factory=list)
    """What was not searched of single files, one line each."""
    known: tuple[bytes, ...] = field(default=(), repr=False)
    """The secret values that a process of its own found."""

    def add(self, other: ScanTally) -> None:
        """Take over what another process came to."""
        self.found += other.found
        self.allowed += other.allowed
        self.accepted += other.accepted
        self.read += other.read
        self.size += other.size
        self.lines += other.lines
        self.binary += other.binary
        self.credential_files += other.credential_files
        self.unread |= other.unread
        self.problems += other.problems
        VAULT.take(other.known)

    def settle(self) -> ScanTally:
        """The same in an order that does not depend on who did what."""
        self.unread = dict(sorted(self.unread.items()))
        self.problems.sort()
        self.found.sort(key=lambda one: (one.finding.location, one.finding.rule))
        return self


def scan(tree: Tree, engine: PatternEngine, jobs: int = 1) -> ScanTally:
    """
    Search every file of the tree.

    Args:
        tree: what to search.
        engine: with its patterns compiled.
        jobs: processes to use if the tree is large enough to pay for them.

    Raises:
        InspectorError: one of the processes ended before its time.
    """
    work = sum(f.size + _FILE_COST for f in tree.files)
    if jobs < 2 or work < WORTH_SHARING or sys.platform != "linux":
        return _search(tree, engine, tree.files).settle()
    return _WorkerPool(tree, engine, jobs).work().settle()


def _search(tree: Tree, engine: PatternEngine, files: Iterable[SourceFile]) -> ScanTally:
    tally = ScanTally()
    for portion in portions(tree, files, tally):
        for (path, raw), (content, searched) in zip(portion, engine.search_all(portion), strict=True):
            tally.read += 1
            if reason := _not_searched(path, raw, content):
                tally.unread[path] = reason
            if content is None:
                tally.binary += 1
            else:
                tally.size += len(raw)
                tally.lines += raw.count(b"\n") + (not raw.endswith(b"\n"))
            tally.credential_files += searched.is_credential_file
            if searched.found:
                told = redacted(path, content or FileContent(b""), searched.found)
                tally.found += told.found
                tally.allowed += told.allowed
                tally.accepted += ((token, path) for token in told.accepted)
            tally.problems += (f"{path}: {problem}" for problem in searched.problems)
    return tally


def _not_searched(path: str, raw: bytes, content: FileContent | None) -> str:
    """Why the secrets that a file may hold were not looked for; empty if they were, or if it can hold none."""
    if content is not None:
        return LFS if unreadable(raw[:1024]) == LFS else ""
    match kind_of(path, raw):
        case BinaryKind.MEDIA:
            return ""
        case BinaryKind.ARCHIVE:
            return "archive, not searched"
        case BinaryKind.UNKNOWN:
            return "binary, of an unknown kind"


def portions(tree: Tree, files: Iterable[SourceFile], tally: ScanTally) -> Iterator[list[tuple[str, bytes]]]:
    """Paths and contents, as many at a time as are searched together; those that cannot be read are noted."""
    root = os.fspath(tree.root)
    portion: list[tuple[str, bytes]] = []
    size = 0
    for file in files:
        if portion and size + file.size > _TOGETHER:
            yield portion
            portion, size = [], 0
        try:
            portion.append((file.path, read(f"{root}/{file.path}", file.size)))
        except OSError as error:
            tally.unread[file.path] = (error.strerror or "cannot be read").lower()
            continue
        size += file.size
    if portion:
        yield portion


def read(path: str, size: int) -> bytes:
    """What `Tree.read` does and with its guards, at a fifth of its price: here that is most of the time."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        data = os.read(descriptor, size + 1)
        if len(data) == size and size:  # as expected, and no more than the limit that let the file in
            return data
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise OSError("not a regular file")
        return data if len(data) < size else data[:size]
    finally:
        os.close(descriptor)


class _WorkerPool:
    """Processes that share the files of one tree."""

    def __init__(self, tree: Tree, engine: PatternEngine, jobs: int) -> None:
        self._tree, self._engine = tree, engine
        self._batches = list(_batches(tree.files))
        self._jobs = min(jobs, len(self._batches))
        self._methods = multiprocessing.get_context("fork")  # the automaton and the run's key are inherited
        self._next: Synchronized[int] = self._methods.Value("l", 0)

    def work(self) -> ScanTally:
        """Search with everybody, ourselves included."""
        others: list[tuple[BaseProcess, Connection]] = []
        try:
            others.extend(self._started_worker() for _ in range(self._jobs - 1))
            tally = self._take()
            for process, pipe in others:
                tally.add(_result(process, pipe))
            return tally
        finally:
            for process, pipe in others:
                pipe.close()
                _end(process)

    def _started_worker(self) -> tuple[BaseProcess, Connection]:
        ours, theirs = self._methods.Pipe(duplex=False)
        process = self._methods.Process(target=self._serve, args=(theirs,), name="seatrial-secrets-worker")
        process.start()
        theirs.close()
        return process, ours

    def _serve(self, pipe: Connection) -> None:
        """The life of another process."""
        with contextlib.suppress(BrokenPipeError):  # nobody waits for the result any more
            tally = self._take()
            tally.known = VAULT.fresh()
            pipe.send(tally)
        pipe.close()

    def _take(self) -> ScanTally:
        """Search batch after batch until there is none left."""
        tally = ScanTally()
        while True:
            with self._next.get_lock():
                number = self._next.value
                self._next.value += 1
            if number >= len(self._batches):
                return tally
            tally.add(_search(self._tree, self._engine, self._batches[number]))


def _result(process: BaseProcess, pipe: Connection) -> ScanTally:
    try:
        tally: ScanTally = pipe.recv()
    except (EOFError, OSError):
        process.join(_PATIENCE)
        raise InspectorError("a process of the secret scan ended before its time (out of memory?)") from None
    return tally


def _end(process: BaseProcess) -> None:
    process.join(0.2)
    if process.is_alive():
        process.terminate()
        process.join(_PATIENCE)
    if process.is_alive():
        process.kill()
        process.join()


def _batches(files: Sequence[SourceFile]) -> Iterator[Sequence[SourceFile]]:
    """The files in portions of about the same work, small enough for a short wait for the last one."""
    batch: list[SourceFile] = []
    load = 0
    for file in files:
        batch.append(file)
        load += file.size + _FILE_COST
        if load >= _BATCH:
            yield batch
            batch, load = [], 0
    if batch:
        yield batch
