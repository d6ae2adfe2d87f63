"""What is asked of a backup drill, and what it showed."""

from __future__ import annotations

import enum
from dataclasses import dataclass


class DrillFault(enum.StrEnum):
    """What is wrong with a backup; `backup/…` are the ids of the findings."""

    DUMP_FAILS = "dump-fails"
    DUMP_EMPTY = "dump-empty"
    RESTORE_FAILS = "restore-fails"
    RESTORE_DIFFERS = "restore-differs"


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnBackup:
    """The repository's own commands for one store."""

    service: str
    dump: str
    """A command of the shell that prints the backup."""
    restore: str
    """A command of the shell in a fresh store that reads the backup from standard input; `$DRILL_DB` is empty."""
    runs_in: str = ""
    """The service in which `dump` runs; empty: the store itself."""
    database: str = ""
    """Which database is compared; empty: the one that the store's image makes."""
    fingerprint: str = ""
    """A command that prints the same for equal data, for stores that Seatrial cannot compare; `$DB` is the database."""


@dataclass(frozen=True, kw_only=True)
class DrillRequest:
    """What is asked of the drill."""

    own: tuple[OwnBackup, ...] = ()
    budget: float = 30.0
    """Seconds altogether; 0: none of it."""


@dataclass(frozen=True, kw_only=True)
class Drilled:
    """What became of one store's backup."""

    service: str
    program: str = ""
    """What made the dump."""
    own: bool = False
    """Whether that was the repository's own command."""
    fault: DrillFault | None = None
    text: str = ""
    """What was seen, in a few words."""
    unmeasured: str = ""
    """Why the drill proves nothing; empty if it does."""
    tables: int = 0
    rows: int = 0
    size: int = 0
    """Bytes of the dump."""
    dumped: float = 0.0
    """Seconds for the dump."""
    restored: float = 0.0
    """Seconds from the start of a fresh store until its content was compared: the recovery time."""
    moving: tuple[str, ...] = ()
    """Tables that changed during the dump, and were not compared."""


@dataclass(frozen=True, kw_only=True)
class BackupSeen:
    """What was seen of all stores."""

    drilled: tuple[Drilled, ...] = ()
    forgets: tuple[str, ...] = ()
    """Caches and other stores that keep nothing."""
    why_not: str = ""
    """Why nothing was drilled at all."""
