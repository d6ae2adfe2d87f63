"""Programs that run inside a container: what they print goes to a file, and each has a time limit."""

from __future__ import annotations

import io
import tarfile
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import IO, Any

from seatrial.lab.engine import FAILURES, DockerEngine, LabError, one_line
from seatrial.text.lines import split

LARGEST = 256 * 1024 * 1024
"""Bytes of a dump at most: it is held on the disk of the machine for some seconds."""
_LIMITED = 'if command -v timeout >/dev/null 2>&1; then exec timeout "$0" "$@"; fi; exec "$@"'
"""A program that hangs would go on in the store's container after we left."""
_ERRORS = 4096  # bytes of its complaints that are kept
_GRACE = 5.0  # seconds after its own limit until it is given up


@dataclass(frozen=True, slots=True)
class Ended:
    """How a program ended."""

    code: int
    errors: str = ""
    """The end of what it wrote to standard error."""
    output: str = ""
    """What it printed, where that did not go to a file."""

    @property
    def complaint(self) -> str:
        """Why it failed, in one line."""
        lines = [line.strip() for line in split(self.errors) if line.strip()]
        return lines[-1][:200] if lines else f"exit code {self.code}"


@dataclass(frozen=True)
class Inside:
    """A running container, as a place for programs."""

    engine: DockerEngine
    container: Any
    environment: Mapping[str, str] = field(default_factory=dict, repr=False)
    """What each program is given besides."""

    def run(self, words: Sequence[str], limit: float) -> Ended:
        """
        Run a program to its end.

        Args:
            words: the program and its arguments.
            limit: seconds.

        Raises:
            LabError: the engine failed, or the program did not end in time.
        """
        with io.BytesIO() as output:
            ended = self.save(words, output, limit)
            return Ended(ended.code, ended.errors, output.getvalue().decode("utf-8", "replace"))

    def save(self, words: Sequence[str], output: IO[bytes], limit: float) -> Ended:
        """
        Run a program to its end; what it prints goes into a file.

        Args:
            words: the program and its arguments.
            output: where its standard output goes.
            limit: seconds.

        Raises:
            LabError: the engine failed, the program did not end in time, or it printed more than `LARGEST` bytes.
        """
        api, deadline = self.engine.client.api, time.monotonic() + limit + _GRACE
        command = ["sh", "-c", _LIMITED, str(max(1, round(limit))), *words]
        errors, size = b"", 0
        try:
            made = api.exec_create(self.container.id, command, environment=dict(self.environment))
            for printed, complained in api.exec_start(made["Id"], stream=True, demux=True):
                errors = (errors + (complained or b""))[-_ERRORS:]
                size += len(printed or b"")
                if size > LARGEST:
                    raise LabError(f"the dump is larger than {LARGEST // 1024**2} MiB")
                if time.monotonic() > deadline:
                    raise LabError(f"{words[0]} did not end within {limit:.0f} s")
                output.write(printed or b"")
            code = api.exec_inspect(made["Id"])["ExitCode"]
        except FAILURES as error:
            raise LabError(one_line(error)) from None
        return Ended(-1 if code is None else int(code), errors.decode("utf-8", "replace"))

    def is_up(self) -> bool:
        """
        Whether it runs, and is healthy if it has a healthcheck.

        Raises:
            LabError: the engine failed.
        """
        try:
            state = self.engine.client.api.inspect_container(self.container.id)["State"]
        except FAILURES as error:
            raise LabError(one_line(error)) from None
        return bool(state["Running"]) and (state.get("Health") or {}).get("Status", "healthy") == "healthy"


def put(container: Any, content: IO[bytes], path: str) -> None:
    """
    Put a file into a container, started or not.

    Args:
        container: of the SDK.
        content: the whole file, from its beginning.
        path: absolute; its folder has to be there.

    Raises:
        LabError: the engine refused.
    """
    folder, _, name = path.rpartition("/")
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = content.seek(0, io.SEEK_END), 0o644
    content.seek(0)
    with tempfile.TemporaryFile() as packed:
        with tarfile.open(fileobj=packed, mode="w") as archive:
            archive.addfile(entry, content)
        packed.seek(0)
        try:
            container.put_archive(folder or "/", packed)
        except FAILURES as error:
            raise LabError(f"the dump could not be put into a container: {one_line(error)}") from None
