"""
Tidying up after a run that was cut short: what the Action's second container does when the job ends.

A run that is killed can leave reports that are not written whole. They are removed. Root's other files in the report
directory are given to the owner of its parent directory. Nothing else is touched: the directory may be one that the
user had before.
"""

from __future__ import annotations

import contextlib
import os
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path

from seatrial import settings
from seatrial.lab.engine import DockerEngine, LabError
from seatrial.settings import SettingSource
from seatrial.system import sinks
from seatrial.text.wording import counted


def run(flags: Mapping[str, object], environ: Mapping[str, str]) -> str:
    """
    Sweep the report directory; one line that says what was done.

    Containers, networks and volumes of trials whose guard is gone are removed too.

    Raises:
        UsageError: the options make no sense, or the directory is a link planted in the workspace.
    """
    return _reports(flags, environ) + _stacks()


def _stacks() -> str:
    """What dead trials left behind is removed, where an engine answers."""
    try:
        with contextlib.closing(DockerEngine("seatrial-sweep")) as engine:
            removed = engine.sweep()
    except LabError:
        return ""
    return f"; {counted(removed, 'thing')} of dead trials removed" if removed else ""


def _reports(flags: Mapping[str, object], environ: Mapping[str, str]) -> str:
    chosen, _ = settings.combine([(SettingSource.INPUT, settings.from_inputs(environ)), (SettingSource.FLAG, flags)])
    directory = chosen.report_dir
    sinks.refuse_planted(directory, chosen.path.resolve())
    if not directory.is_dir():
        return f"{directory}: nothing to sweep"
    removed = sum(map(_remove, _unfinished(directory)))
    given = sum(_give(path) for path in (directory, *_entries(directory)))
    return (
        f"{directory}: {counted(removed, 'unfinished report')} removed, {counted(given, 'file')} given to the "
        "directory's owner"
    )


def _entries(directory: Path) -> Iterator[Path]:
    with contextlib.suppress(OSError):
        yield from sorted(directory.iterdir())


def _unfinished(directory: Path) -> Iterator[Path]:
    start, end = sinks.UNFINISHED
    return (path for path in _entries(directory) if path.name.startswith(start) and path.name.endswith(end))


def _remove(path: Path) -> bool:
    try:
        path.unlink()
    except OSError:
        return False
    return True


def _give(path: Path) -> bool:
    """Give one file of root's to the owner of its directory; neither links nor files with a second name elsewhere."""
    try:
        with sinks.opened(path) as descriptor:
            status = os.fstat(descriptor)
            plain = stat.S_ISDIR(status.st_mode) or (stat.S_ISREG(status.st_mode) and status.st_nlink == 1)
            if not plain or status.st_uid or os.geteuid() or not path.absolute().parent.stat().st_uid:
                return False
            sinks.give_to_owner_of(path.absolute().parent, descriptor)
            return os.fstat(descriptor).st_uid != 0
    except OSError:
        return False
