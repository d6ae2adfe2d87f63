"""
Where the reports go: files, each written whole or not at all.

One sink's failure is reported and changes neither another sink nor the verdict. What root writes into another user's
directory is given to its owner: files of root's in a runner's workspace make the next checkout fail.
"""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from seatrial.domain.errors import UsageError

UNFINISHED = (".seatrial-", ".tmp")
"""How the name of a file begins and ends that is not yet written whole; see `sweep`."""


@dataclass(frozen=True, slots=True)
class Written:
    """What became of one report file."""

    path: Path
    failure: str = ""


def prepare(directory: Path, root: Path) -> None:
    """
    Make the report directory, and keep git from seeing it.

    Raises:
        UsageError: it cannot be made or written, or it is a link planted in the surveyed tree.
    """
    refuse_planted(directory, root)
    try:
        if not directory.is_dir():
            _make(directory)
            atomically(directory / ".gitignore", "*\n")
        with tempfile.TemporaryFile(dir=directory):
            pass
    except OSError as error:
        raise UsageError(f"cannot be written: {error.strerror}", where=str(directory)) from error


def refuse_planted(directory: Path, root: Path) -> None:
    """
    See that no link of the surveyed tree leads the reports elsewhere.

    Raises:
        UsageError: one does.
    """
    planted = next((p for p in (directory, *directory.parents) if p.is_symlink() and _inside(p, root)), None)
    if planted is not None:
        raise UsageError("is a symbolic link inside the surveyed tree", where=str(planted), remedy="choose another")


def _make(directory: Path) -> None:
    missing = [path for path in (directory, *directory.parents) if not path.exists()]
    directory.mkdir(parents=True)
    for made in reversed(missing):
        with opened(made) as descriptor:
            give_to_owner_of(made.parent, descriptor)


@contextlib.contextmanager
def opened(path: Path) -> Iterator[int]:
    """A descriptor of a file or directory that is not a link; it opens neither a pipe's other end nor a device."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def give_to_owner_of(parent: Path, descriptor: int) -> None:
    """If root made the file, give it to the owner of its directory, where the system allows it."""
    if os.geteuid() != 0:
        return
    with contextlib.suppress(OSError):  # user namespaces may not know the owner; the report is there all the same
        owner = parent.stat()
        os.fchown(descriptor, owner.st_uid, owner.st_gid)


def _inside(path: Path, root: Path) -> bool:
    return path.absolute().parent.is_relative_to(root)


def write(directory: Path, renderers: Mapping[str, Callable[[], str]]) -> tuple[Written, ...]:
    """Render and write each file; a renderer or a disk that fails costs its own file only."""
    return tuple(_write_one(directory / name, render) for name, render in renderers.items())


def _write_one(path: Path, render: Callable[[], str]) -> Written:
    try:
        atomically(path, render())
    except OSError as error:
        return Written(path, f"cannot be written: {error.strerror}")
    except Exception as bug:  # noqa: BLE001 - the other reports must still be written
        return Written(path, f"internal error: {type(bug).__name__}; please report it")
    return Written(path)


def atomically(path: Path, text: str) -> None:
    """Write a file so that readers see the old one or the whole new one; a link in its place is replaced."""
    start, end = UNFINISHED
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=f"{start}{path.name}.", suffix=end)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(text.encode("utf-8", "backslashreplace"))
            os.fchmod(file.fileno(), 0o644)
            give_to_owner_of(path.parent, file.fileno())
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
