"""The rules of the backup drill: what was done, what was seen, how to fix it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from seatrial.inspectors.rules import Rule
from seatrial.lab.backup.seen import DrillFault

from .backup import SEVERITY
from .checks import DRILL


class _DrillRow(NamedTuple):
    """A rule as its author writes it."""

    fault: DrillFault
    title: str
    what: str
    why: str
    fix: str
    source: str


def rules() -> Iterator[Rule[object]]:
    """The rules of `backup/drill`."""
    for row in _ROWS:
        yield Rule(
            id=f"backup/{row.fault}", checks=(DRILL,), severity=SEVERITY[row.fault], title=row.title, what=row.what,
            why=row.why, fix=row.fix, source=row.source, unsampled="seen in a running stack only",
        )  # fmt: skip


_DRILLS = "https://sre.google/sre-book/data-integrity/"
_ROWS = (
    _DrillRow(
        DrillFault.DUMP_FAILS,
        "The repository's backup command succeeds",
        "Runs `dump` of `backups` in the running stack, and looks at its exit code.",
        "A backup that fails leaves nothing to restore.",
        "Run the command by hand in the container: `docker compose exec SERVICE sh -c 'COMMAND'`.",
        _DRILLS,
    ),
    _DrillRow(
        DrillFault.DUMP_EMPTY,
        "The repository's backup command prints a backup",
        "Runs `dump` of `backups`, which ends with exit code 0 and prints nothing.",
        "`|| true`, or a pipe without `set -o pipefail`, hides that the program failed.",
        "Remove `|| true`, and begin scripts with `set -euo pipefail`.",
        "https://www.gnu.org/software/bash/manual/html_node/The-Set-Builtin.html",
    ),
    _DrillRow(
        DrillFault.RESTORE_FAILS,
        "The repository's backup can be restored",
        ("Starts a fresh container of the same image without data and network, and runs `restore` of `backups` in it."),
        "The first restore is then the one after the accident.",
        "Read the message. Extensions, roles and encryption keys that a restore needs belong into its command.",
        _DRILLS,
    ),
    _DrillRow(
        DrillFault.RESTORE_DIFFERS,
        "The restored backup has everything that the store had",
        (
            "Writes a canary into the store before the dump. After the restore it compares the rows and digests of all "
            "tables that did not change meanwhile."
        ),
        "A dump of another database, or of some tables, looks like a backup until it is needed.",
        "Dump the whole database that the service uses, and restore all of it.",
        _DRILLS,
    ),
)
