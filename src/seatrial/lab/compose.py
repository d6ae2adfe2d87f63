"""
Calls of `docker compose` for the user's files, which are read as they are, from where the engine's machine has them.

In a container a link makes that path exist: Compose resolves paths here, and the engine there.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from seatrial.domain.errors import UsageError
from seatrial.system import process
from seatrial.text.redact import Secret

from . import standins
from .engine import LabError, Own
from .standins import StandIns

FILES = ("compose.yaml", "compose.yml", "docker-compose.yaml", "docker-compose.yml")
SCRATCH = ".trial"
"""In the report directory: where runs have their directories."""
_ENGINE = ("DOCKER_HOST", "DOCKER_CONTEXT", "DOCKER_CONFIG", "DOCKER_TLS_VERIFY", "DOCKER_CERT_PATH")
"""Variables that say which engine it is, and how to speak to it."""
_QUICK = 60.0  # seconds for one call


@dataclass(frozen=True, slots=True)
class ProjectFiles:
    """Where the project's files are."""

    root: Path
    """Here."""
    outside: Path
    """On the engine's machine."""
    files: tuple[str, ...]
    """Relative to the root; later ones are merged over earlier ones."""
    scratch: Path
    """A directory of ours that the engine sees too."""
    scratch_outside: Path


def find(root: Path) -> tuple[str, ...]:
    """The files that `docker compose` itself takes in a directory: the first of its names, and its override."""
    main = next((name for name in FILES if (root / name).is_file()), None)
    if main is None:
        return ()
    stem, _, suffix = main.rpartition(".")
    override = next((n for n in (f"{stem}.override.{suffix}", f"{stem}.override.yml") if (root / n).is_file()), None)
    return (main, override) if override else (main,)


def place(root: Path, files: Sequence[str], report_dir: Path, run: str, own: Own | None) -> ProjectFiles:
    """
    Where everything is for Compose and for the engine; each run has a directory of its own.

    Raises:
        LabError: the engine's machine does not have these files.
    """
    root, scratch = root.resolve(), report_dir.resolve() / SCRATCH / run
    if own is None:
        return ProjectFiles(root, root, tuple(files), scratch, scratch)
    outside, scratch_outside = own.outside(root), own.outside(scratch)
    if outside is None or scratch_outside is None:
        raise LabError("the engine's machine does not have this directory: it is in no mount of our container")
    return ProjectFiles(root, outside, tuple(files), scratch, scratch_outside)


@dataclass
class Compose:
    """Calls `docker compose` for one project."""

    place: ProjectFiles
    name: str
    variables: Mapping[str, str]
    """What the configuration gives them."""
    is_secret: Callable[[str], bool]
    """Whether a variable of this name holds a secret."""
    stand_ins: StandIns = standins.NONE
    known: Mapping[str, Secret] = field(default_factory=dict, repr=False)
    """Secrets that an earlier version of the same project was given, by variable."""

    @property
    def override(self) -> Path:
        """Our own file on top of the user's."""
        return self.place.scratch / "override.yaml"

    def __call__(
        self, *words: str, timeout: float = _QUICK, ours: bool = True, more: Sequence[str] = ()
    ) -> process.Completed:
        """
        Call it.

        Args:
            words: the command.
            timeout: seconds.
            ours: whether our own file is on top of the user's.
            more: further files on top of that.

        Raises:
            LabError: it is not installed, or took too long.
        """
        outside, example = self.place.outside, self.stand_ins.env_file
        files = [w for name in self.place.files for w in ("--file", str(outside / name))]
        command = ["docker", "compose", "--project-name", self.name, "--project-directory", str(outside)]
        command += [*(("--env-file", str(example)) if example else ()), *files]
        command += [*(("--file", str(self.override)) if ours else ()), *(w for name in more for w in ("--file", name))]
        try:
            return process.run([*command, *words], cwd=outside, timeout=timeout, env=self._environment())
        except process.ProcessError as error:
            raise LabError(str(error)) from None

    def _environment(self) -> dict[str, str]:
        host = {n: os.environ[n] for n in _ENGINE if n in os.environ}
        made = {name: value.reveal() for name, value in self.stand_ins.made.items()}
        return {"PWD": str(self.place.outside), "COMPOSE_ANSI": "never", **host, **made, **self.variables}

    def read(self) -> Mapping[str, Any]:
        """
        The files as Compose understands them; what is not in the repository is replaced from now on.

        Raises:
            LabError: Compose rejects them.
        """
        finder = standins.Finder(
            self.place.outside, self.place.scratch, self.variables, self.is_secret, dict(self.known)
        )
        self.stand_ins = finder.find(lambda *words: self(*words, ours=False))
        lines = [line for s in self.stand_ins.env_files for line in (f"  {json.dumps(s)}:", *self.stand_ins.lines(s))]
        self.override.write_text("\n".join(["services:", *(lines or ["  {}"])]) + "\n", "utf-8")
        done = self("config", "--format", "json")
        if done.returncode:
            hint = (
                "; `.env.example` or `chaos.variables` can give it one" if "required variable" in done.complaint else ""
            )
            raise LabError(f"docker compose rejects the stack: {done.complaint}{hint}")
        document: Mapping[str, Any] = json.loads(done.stdout)
        return document

    def uninterpolated(self) -> Mapping[str, Any]:
        """The files before their variables have values; empty if Compose does not give them."""
        done = self("config", "--no-interpolate", "--format", "json", ours=False)
        document: Mapping[str, Any] = {} if done.returncode else json.loads(done.stdout)
        return document


@contextlib.contextmanager
def at(place: ProjectFiles) -> Iterator[None]:
    """
    The directory of ours and, inside a container, the path on the engine's machine exist meanwhile.

    Raises:
        LabError: that path cannot be made to exist here.
        UsageError: the directory cannot be written.
    """
    above = place.scratch.parent
    try:
        above.mkdir(parents=True, exist_ok=True)
        _remove_abandoned(above)
        held = _lock(_lock_of(place.scratch), wait=True)
        place.scratch.mkdir()
    except OSError as error:
        raise UsageError(f"cannot be written: {error.strerror}", where=str(place.scratch)) from error
    try:
        with _linked(place):
            yield
    finally:
        shutil.rmtree(place.scratch, ignore_errors=True)
        with contextlib.suppress(OSError):
            _lock_of(place.scratch).unlink()
            above.rmdir()
        if held is not None:
            os.close(held)


def _lock_of(directory: Path) -> Path:
    return directory.with_name(f"{directory.name}.lock")


def _lock(path: Path, *, wait: bool) -> int | None:
    """
    A file, locked until it is closed or we die; None if another process holds the lock.

    Raises:
        OSError: it cannot be opened.
    """
    while True:
        held = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(held, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except OSError:
            os.close(held)
            return None
        with contextlib.suppress(OSError):
            if os.path.samestat(os.fstat(held), os.lstat(path)):
                return held
        os.close(held)  # who held it before has removed it: what we hold has no name any more


def _remove_abandoned(above: Path) -> None:
    """Directories of runs that were killed: no process holds their lock."""
    for path in above.glob("*.lock"):
        with contextlib.suppress(OSError):
            if (held := _lock(path, wait=False)) is not None:
                shutil.rmtree(path.with_suffix(""), ignore_errors=True)
                path.unlink()
                os.close(held)


@contextlib.contextmanager
def _linked(where: ProjectFiles) -> Iterator[None]:
    """The path on the engine's machine, made to exist here as a link."""
    if where.outside == where.root or where.outside.exists():
        yield
        return
    try:
        where.outside.parent.mkdir(parents=True, exist_ok=True)
        where.outside.symlink_to(where.root)
    except OSError as error:
        raise LabError(f"{where.outside} cannot be made to exist here: {error.strerror}") from None
    try:
        yield
    finally:
        with contextlib.suppress(OSError):
            where.outside.unlink()
