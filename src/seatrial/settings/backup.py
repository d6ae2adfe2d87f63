"""The section `backups` of `.seatrial.yml`: the repository's own commands, which the trial drills."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field


class BackupEntry(BaseModel):
    """How one store is backed up and restored. The commands run in containers of the trial, by `sh -c`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    service: str = Field(min_length=1, description="The store's service.")
    dump: str = Field(
        min_length=1,
        description="Prints the backup, in the store's container: `pg_dump -Fc -U shop shop`. It may make the backup "
        "first, and print it from where it is kept.",
    )
    restore: str = Field(
        min_length=1,
        description="Reads the backup from standard input, in a fresh container of the same image: `pg_restore -U shop "
        '-d "$DRILL_DB"`. That database is new and empty.',
    )
    runs_in: str = Field("", description="The service in whose container `dump` runs; default: the store itself.")
    database: str = Field("", description="The database that is compared; default: the one that the image makes.")
    fingerprint: str = Field(
        "",
        description="Prints the same for equal data. `$DB` is the database. PostgreSQL, MySQL, MariaDB, Redis and "
        "Valkey need none.",
    )


def _once(entries: tuple[BackupEntry, ...]) -> tuple[BackupEntry, ...]:
    names = [entry.service for entry in entries]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise ValueError(f"{', '.join(twice)}: one entry for each service")
    return entries


Backups = Annotated[tuple[BackupEntry, ...], AfterValidator(_once)]
