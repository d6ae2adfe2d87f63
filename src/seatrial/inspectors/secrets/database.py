"""
All patterns in one automaton: where in a file does any of them end?

Compiling takes seconds, so the automaton is kept in the cache directory. The file is read back only if other users
cannot write there, and its digest is right. The loaded automaton also has to find a known text; otherwise it is
compiled anew. It holds patterns of ours and nothing of any repository.
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib
import json
import os
import platform
import stat
import tempfile
from bisect import bisect_left
from collections.abc import Sequence
from itertools import accumulate
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from seatrial.domain.errors import InspectorError


def _library() -> Any:
    """Hyperscan, or None where there is no wheel for the processor."""
    try:
        return importlib.import_module("hyperscan")
    except ImportError:
        return None


hyperscan = _library()

MAX_HITS = 200_000
"""Of one file; what follows them is not looked at. Only files made for that have as many."""

CASELESS, MULTILINE = 1, 4
"""Hyperscan's numbers for the flags, held to the library by a test."""

_BETWEEN = b"\n\0\n"
_MAGIC = b"seatrial automaton 1\n"
_DIGEST = hashlib.sha256().digest_size
_SELF_TEST = (rb"seatrial:self-test:[0-9]{4}", b"is seatrial:self-test:2026 found?", 26)
"""A pattern of its own, a text that holds it, and where the match ends."""


class Expression(NamedTuple):
    """A pattern in the syntax that Python and hyperscan share, over bytes."""

    pattern: str
    flags: int = 0


class Hit(NamedTuple):
    """A match of the expression with this index ends at this offset."""

    expression: int
    end: int


class Hits(NamedTuple):
    """What the expressions matched in one text."""

    places: list[Hit]
    cut: int | None = None
    """Bytes after which there may be more: there are too many of them; None: these are all."""


class Matcher(Protocol):
    """Finds the ends of the matches of a list of expressions."""

    @property
    def name(self) -> str:
        """The program that matches, with its version."""
        ...

    def scan(self, data: bytes) -> list[Hit]:
        """The ends of all matches, at most `MAX_HITS`."""
        ...

    def scan_all(self, texts: Sequence[bytes]) -> list[Hits]:
        """The hits of several texts, each as if it had been scanned by itself."""
        ...


def available() -> bool:
    """Whether hyperscan can be used here."""
    return hyperscan is not None


def library_version() -> str:
    """Of hyperscan's Python package; `not available` where there is none for this processor."""
    return str(hyperscan.__version__) if available() else "not available"


class Automaton:
    """One hyperscan database of all expressions."""

    def __init__(self, database: Any) -> None:
        self._database = database

    @property
    def name(self) -> str:
        """Hyperscan's Python package with its version."""
        return f"hyperscan {library_version()}"

    def scan(self, data: bytes) -> list[Hit]:
        """One pass over the data."""
        hits: list[Hit] = []
        with contextlib.suppress(hyperscan.ScanTerminated):
            self._database.scan(data, _collect, context=hits)
        return hits

    def scan_all(self, texts: Sequence[bytes]) -> list[Hits]:
        """
        One pass over all of the texts: small ones cost less together, because the automaton stays in the cache.

        The separator matches in no pattern of ours but by mistake. A hit that began in the text before does no harm,
        because the exact patterns see one text only.
        """
        hits = self.scan(_BETWEEN.join(texts)) if len(texts) > 1 else []
        if len(texts) < 2 or len(hits) >= MAX_HITS:
            return one_by_one(self, texts)
        found: list[Hits] = [Hits([]) for _ in texts]
        starts = list(accumulate((len(text) + len(_BETWEEN) for text in texts), initial=0))[:-1]
        for expression, end in hits:
            number = bisect_left(starts, end) - 1
            if 0 < end - starts[number] <= len(texts[number]):
                found[number].places.append(Hit(expression, end - starts[number]))
        return found

    def works(self, sentinel: int) -> bool:
        """Whether it finds its own sentinel, the expression with this index."""
        return Hit(sentinel, _SELF_TEST[2]) in self.scan(_SELF_TEST[1])


def one_by_one(matcher: Matcher, texts: Sequence[bytes]) -> list[Hits]:
    """The hits of several texts, which do not know of one another."""
    found = (matcher.scan(text) for text in texts)
    return [Hits(hits, hits[-1].end if len(hits) >= MAX_HITS else None) for hits in found]


def _collect(expression: int, _start: int, end: int, _flags: int, hits: list[Hit]) -> bool | None:
    hits.append(Hit(expression, end))
    return True if len(hits) >= MAX_HITS else None


def load(expressions: Sequence[Expression | None], cache: Path) -> Automaton:
    """
    The automaton of these expressions, from the cache if it is there and sound.

    Args:
        expressions: a hit names its expression by the place here; nothing is searched for at a place with None.
        cache: a folder that may be empty, unwritable or another user's.

    Raises:
        InspectorError: hyperscan refuses an expression.
    """
    everything = [*expressions, Expression(_SELF_TEST[0].decode())]
    folder = _private(cache)
    file = folder / f"patterns-{_key(everything)[:32]}.bin" if folder else None
    kept = _read(file) if file else None
    if kept is not None and kept.works(len(expressions)):
        return kept
    compiled = _compile(everything)
    if not compiled.works(len(expressions)):
        raise InspectorError("hyperscan does not find its own test text on this processor")
    if file:
        _write(file, compiled)
    return compiled


def _compile(expressions: Sequence[Expression | None]) -> Automaton:
    database = hyperscan.Database(mode=hyperscan.HS_MODE_BLOCK)
    wanted = {number: expression for number, expression in enumerate(expressions) if expression}
    try:
        database.compile(
            expressions=[e.pattern.encode() for e in wanted.values()],
            ids=list(wanted),
            elements=len(wanted),
            flags=[e.flags for e in wanted.values()],
        )
    except hyperscan.HyperscanError as error:
        raise InspectorError(f"hyperscan refuses a pattern of ours: {error}") from error
    return _ready(database)


def _ready(database: Any) -> Automaton:
    database.scratch = hyperscan.Scratch(database)
    return Automaton(database)


def _key(expressions: Sequence[Expression | None]) -> str:
    """What an automaton depends on: the patterns, the library, and what it makes of this processor."""
    tiny = _compile([Expression("x")])
    made_of = [list(expressions), library_version(), _info(tiny), platform.machine(), platform.system()]
    return hashlib.sha256(json.dumps(made_of).encode()).hexdigest()


def _info(automaton: Automaton) -> str:
    info: bytes = automaton._database.info()  # noqa: SLF001 - the class's own module
    return info.decode()


def _private(cache: Path) -> Path | None:
    """The folder for automata, made if need be; None if others can write there (root may), or it cannot be made."""
    folder = cache / "secrets"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        status = os.lstat(folder)
    except OSError:
        return None
    trusted = stat.S_ISDIR(status.st_mode) and status.st_uid in (0, os.geteuid())
    return folder if trusted and not status.st_mode & (stat.S_IWGRP | stat.S_IWOTH) else None


def _read(file: Path) -> Automaton | None:
    """The automaton in a cache file, or None. Hyperscan never sees bytes whose digest is wrong."""
    try:
        descriptor = os.open(file, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        with os.fdopen(descriptor, "rb") as stream:
            raw = stream.read()
    except OSError:
        return None
    payload = raw[len(_MAGIC) + _DIGEST :]
    if raw[: len(_MAGIC) + _DIGEST] != _MAGIC + hashlib.sha256(payload).digest():
        return None
    try:
        return _ready(hyperscan.loadb(payload, hyperscan.HS_MODE_BLOCK))
    except (hyperscan.HyperscanError, ValueError, TypeError):
        return None


def _write(file: Path, automaton: Automaton) -> None:
    """Keep an automaton, all or nothing; a cache that cannot be written costs time and no answer."""
    payload: bytes = hyperscan.dumpb(automaton._database)  # noqa: SLF001
    with contextlib.suppress(OSError):
        descriptor, name = tempfile.mkstemp(dir=file.parent, prefix=".new-")
        try:
            with os.fdopen(descriptor, "wb") as stream:
                stream.write(_MAGIC + hashlib.sha256(payload).digest() + payload)
            Path(name).replace(file)
        except OSError:
            Path(name).unlink(missing_ok=True)
            raise
