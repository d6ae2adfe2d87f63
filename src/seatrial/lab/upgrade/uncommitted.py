"""Files that a stack needs and no commit has, such as `.env`: every version in a clean copy needs them, too."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from seatrial.lab.stack import RunningProject


def found(project: RunningProject) -> Iterator[str]:
    """Paths relative to the root: variables, secrets and configurations that the Compose files name."""
    where = project.compose.place
    for path in dict.fromkeys(_named(project)):
        full = os.path.normpath(where.outside / path)
        if Path(full).is_relative_to(where.outside):
            yield os.path.relpath(full, where.outside)


def _named(project: RunningProject) -> Iterator[str]:
    document = project.compose.uninterpolated()
    yield ".env"
    for section in ("secrets", "configs"):
        for body in (project.document.get(section) or {}).values():
            if path := (body or {}).get("file"):
                yield str(path)
    for body in (document.get("services") or {}).values():
        entries = (body or {}).get("env_file") or ()
        for entry in [entries] if isinstance(entries, str) else entries:
            path = str(entry.get("path") if isinstance(entry, dict) else entry)
            if "$" not in path:
                yield path
