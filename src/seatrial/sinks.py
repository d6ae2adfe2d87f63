"""
Where the reports go: files, each written whole or not at all.

One sink's failure is told and changes neither another sink nor the verdict.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from .errors import UsageError


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
    planted = next((p for p in (directory, *directory.parents) if p.is_symlink() and _inside(p, root)), None)
    if planted is not None:
        raise UsageError("is a symbolic link inside the surveyed tree", where=str(planted), remedy="choose another")
    try:
        if not directory.is_dir():
            directory.mkdir(parents=True)
            (directory / ".gitignore").write_text("*\n", "utf-8")
        with tempfile.TemporaryFile(dir=directory):
            pass
    except OSError as error:
        raise UsageError(f"cannot be written: {error.strerror}", where=str(directory)) from error


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
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(text.encode("utf-8", "backslashreplace"))
            os.fchmod(file.fileno(), 0o644)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
