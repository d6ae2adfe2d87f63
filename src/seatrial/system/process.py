"""
The only door to other programs.

A child gets a list of arguments (never a shell) and an environment built from scratch (without tokens). Its own
session lets its whole family be ended. It has a deadline and a limit of output.
"""

from __future__ import annotations

import contextlib
import os
import selectors
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from seatrial.domain.ci_systems import WORKSPACES
from seatrial.domain.errors import InspectorError
from seatrial.text.lines import split

INHERITED = ("PATH", "HOME", "TMPDIR", "LANG", "LC_ALL", "SSL_CERT_FILE", "SYSTEMROOT")
"""The variables of ours that a child may see. Everything else, tokens first of all, stays here."""

OUTPUT_LIMIT = 256 * 1024 * 1024
"""Bytes of output, both streams together, after which a child counts as broken."""

_CHUNK = 1 << 16
_GRACE = 0.5  # seconds between SIGTERM and SIGKILL


class ProcessError(InspectorError):
    """A program could not be run to its end. The text names the program and the cause in one line."""


class TimedOutError(ProcessError):
    """A program took longer than it may."""


@dataclass(frozen=True, slots=True)
class Completed:
    """A program that ran to its end."""

    program: str
    returncode: int
    stdout: bytes
    stderr: bytes

    @property
    def complaint(self) -> str:
        """The last line it wrote to stderr, shortened: what most programs end with when they fail."""
        lines = [line for line in split(self.stderr.decode(errors="replace")) if line.strip()]
        return lines[-1].strip()[:200] if lines else f"exit code {self.returncode}"


def find(program: str) -> str | None:
    """The absolute path of a program on PATH, or None."""
    return shutil.which(program, path=_search_path())


def program_of_package(program: str) -> str | None:
    """A program that one of our dependencies brings, beside our interpreter or else on PATH; None if there is none."""
    beside = Path(sys.executable).parent / program
    return str(beside) if os.access(beside, os.X_OK) else find(program)


def _search_path() -> str:
    """PATH without what may be hostile: relative entries, and those in the checkout of a CI job."""
    checkouts = [Path(os.environ[name]).resolve() for name in WORKSPACES.values() if os.environ.get(name)]
    entries = (Path(entry) for entry in os.environ.get("PATH", "").split(os.pathsep))
    return os.pathsep.join(str(entry) for entry in entries if entry.is_absolute() and not _inside(entry, checkouts))


def _inside(entry: Path, checkouts: Sequence[Path]) -> bool:
    return any(entry.resolve().is_relative_to(checkout) for checkout in checkouts)


def python_module(module: str) -> tuple[str, ...]:
    """The arguments that run an installed module with our interpreter, deaf to the surveyed tree (`-I`)."""
    return (sys.executable, "-I", "-X", "utf8", "-m", module)


def environment(extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """The scrubbed environment of a child."""
    kept = {name: os.environ[name] for name in INHERITED if name in os.environ} | {"PATH": _search_path()}
    return kept | {"PYTHONHASHSEED": "0", "NO_COLOR": "1", "TERM": "dumb"} | dict(extra or {})


def run(
    argv: Sequence[str],
    *,
    cwd: Path,
    timeout: float,
    env: Mapping[str, str] | None = None,
    stdin: bytes = b"",
    output_limit: int = OUTPUT_LIMIT,
) -> Completed:
    """
    Run a program and wait for its end.

    Args:
        argv: program and arguments; the program is looked up on PATH unless absolute.
        cwd: its working directory.
        timeout: seconds it may take.
        env: variables on top of the scrubbed environment.
        stdin: what it may read.
        output_limit: bytes it may print.

    Raises:
        ProcessError: it is missing, took too long, or printed too much. Its whole session has been ended.
    """
    program = argv[argv.index("-m") + 1] if argv[0] == sys.executable and "-m" in argv else Path(argv[0]).name
    path = argv[0] if Path(argv[0]).is_absolute() else find(argv[0])
    if path is None:
        raise ProcessError(f"{program} is not installed")
    try:
        child = subprocess.Popen(
            [path, *argv[1:]],
            cwd=cwd,
            env=environment(env),
            stdin=subprocess.PIPE if stdin else subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
    except OSError as error:
        raise ProcessError(f"{program} cannot be started: {error.strerror}") from error
    _running.add(child)
    try:
        stdout, stderr = _communicate(child, stdin, program, time.monotonic() + timeout, timeout, output_limit)
        return Completed(program, child.wait(), stdout, stderr)
    finally:
        _running.discard(child)
        _end(child)


_running: set[subprocess.Popen[bytes]] = set()


def end_all() -> None:
    """End what other threads of ours run and wait for, so that no thread waits for them; their `run` returns."""
    for child in tuple(_running):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(child.pid, signal.SIGKILL)


def _communicate(
    child: subprocess.Popen[bytes], stdin: bytes, program: str, deadline: float, timeout: float, limit: int
) -> tuple[bytes, bytes]:
    """Feed and drain the child's pipes together, so that neither side can block the other."""
    out, err = child.stdout, child.stderr
    if out is None or err is None:  # pragma: no cover - both are pipes, as `run` asked for
        raise ProcessError(f"{program} has no output")
    streams: dict[IO[bytes], bytearray] = {out: bytearray(), err: bytearray()}
    with selectors.DefaultSelector() as selector:
        for stream in streams:
            selector.register(stream, selectors.EVENT_READ)
        if child.stdin is not None:
            os.set_blocking(child.stdin.fileno(), False)
            selector.register(child.stdin, selectors.EVENT_WRITE)
        pending = memoryview(stdin)
        while selector.get_map():
            remaining = deadline - time.monotonic()
            if remaining <= 0:
                raise TimedOutError(f"{program} did not finish within {timeout:g} s")
            for key, _ in selector.select(remaining):
                if child.stdin is not None and key.fileobj is child.stdin:
                    pending = _feed(child.stdin, pending, selector)
                elif chunk := os.read(key.fd, _CHUNK):
                    streams[key.fileobj] += chunk  # type: ignore[index]
                else:
                    selector.unregister(key.fileobj)
            if sum(map(len, streams.values())) > limit:
                raise ProcessError(f"{program} printed more than {limit >> 20} MiB")
    with contextlib.suppress(subprocess.TimeoutExpired):
        child.wait(max(0.0, deadline - time.monotonic()))
    if child.returncode is None:
        raise TimedOutError(f"{program} did not finish within {timeout:g} s")
    return bytes(streams[out]), bytes(streams[err])


def _feed(stdin: IO[bytes], pending: memoryview, selector: selectors.BaseSelector) -> memoryview:
    """Write what the pipe takes; close it after the last byte or when the reader is gone."""
    with contextlib.suppress(BlockingIOError):
        try:
            pending = pending[os.write(stdin.fileno(), pending[:_CHUNK]) :]
        except BrokenPipeError:
            pending = pending[:0]
    if not pending:
        selector.unregister(stdin)
        stdin.close()
    return pending


def _end(child: subprocess.Popen[bytes]) -> None:
    """End the child's session, politely first, and release the pipes."""
    for kind, patience in ((signal.SIGTERM, _GRACE), (signal.SIGKILL, 5.0)):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(child.pid, kind)
        if child.returncode is not None:
            break
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.wait(patience)
    for stream in (child.stdin, child.stdout, child.stderr):
        if stream is not None:
            with contextlib.suppress(OSError):
                stream.close()
