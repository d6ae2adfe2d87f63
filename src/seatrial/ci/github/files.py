"""
The files by which a step speaks to the runner: outputs, state for the post step, the job's summary.

The format is the one of @actions/core (`file-command.ts`) and of the runner (`FileCommandManager.cs`): an entry is
`name<<DELIMITER`, the value, `DELIMITER`, with a random delimiter.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from pathlib import Path

SUMMARY_LIMIT = 1024 * 1024
"""Bytes of one step's summary; a larger one is not shown at all."""
_CUT = "\n\n… cut here: a job's summary holds 1 MiB at most. The rest is in summary.md among the reports.\n"


def entries(path: Path, values: Mapping[str, str]) -> str:
    """
    Append entries to the file behind `GITHUB_OUTPUT` or `GITHUB_STATE`.

    Returns:
        What went wrong, in a sentence; empty if nothing did.
    """
    text = "".join(_entry(name, value) for name, value in values.items())
    return _append(path, text.encode("utf-8", "backslashreplace"))


def _entry(name: str, value: str) -> str:
    delimiter = f"seatrial_{secrets.token_hex(16)}"
    while delimiter in value:  # pragma: no cover - not in the lifetime of the universe
        delimiter = f"seatrial_{secrets.token_hex(16)}"
    return f"{name}<<{delimiter}\n{value}\n{delimiter}\n"


def summary(path: Path, markdown: str) -> str:
    """
    Append to the job's summary, as much as fits; what is cut is said.

    Returns:
        What went wrong, in a sentence; empty if nothing did.
    """
    try:
        room = SUMMARY_LIMIT - (path.stat().st_size if path.exists() else 0)
    except OSError as error:
        return f"The job's summary could not be written: {error.strerror}."
    return _append(path, bounded(markdown, room))


def bounded(markdown: str, room: int) -> bytes:
    """At most so many bytes of Markdown, cut between lines. Every fold is closed, and a note says that it was cut."""
    whole = markdown.encode("utf-8", "backslashreplace")
    if len(whole) <= room:
        return whole
    end = _CUT.encode()
    kept: list[bytes] = []
    size = open_folds = 0
    for line in whole.splitlines(keepends=True):
        folds = open_folds + line.count(b"<details>") - line.count(b"</details>")
        closing = len(b"\n</details>\n") * max(folds, 0)
        if size + len(line) + closing + len(end) > room:
            break
        kept.append(line)
        size += len(line)
        open_folds = folds
    if not kept and len(end) > room:
        return b""
    return b"".join(kept) + b"\n</details>\n" * open_folds + end


def _append(path: Path, data: bytes) -> str:
    try:
        with path.open("ab") as file:
            file.write(data)
    except OSError as error:
        return f"{path.name.partition('_')[0] or path.name} could not be written: {error.strerror}."
    return ""
