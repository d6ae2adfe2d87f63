"""
Directories and files of the machine that containers may write to: the trial works on copies of them.

A bind mount is the user's own checkout, or a directory beside it. A container that writes there, changes an owner or
removes a file would change what the user has. So everything that can be written is copied into one volume of the run,
and the mounts lead there instead. Mounts that share a directory share its copy: what one writes, the other reads.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

from .compose import ProjectFiles
from .engine import FAILURES, LABEL, DockerEngine, LabError, one_line

_LIFETIME = 600.0  # seconds for one copy
_LEFT = ("/dev", "/proc", "/sys", "/run", "/var/run", "/var/lib/docker", "/tmp/.X11-unix")  # noqa: S108 - nothing is written there
"""What is below these is not data: devices, the kernel's own files, and sockets, of which a copy is worth nothing."""
SYSTEM = frozenset(
    ("/", "/bin", "/boot", "/etc", "/home", "/lib", "/lib64", "/root", "/sbin", "/usr", "/var", "/var/lib")
)
"""Directories that are the machine itself; they are not copied, and to write there is a danger."""
_SOCKET = re.compile(r"\.sock(?:et)?$")
_MISSING = re.compile(r"bind source path does not exist|no such file or directory", re.IGNORECASE)
_CAPABILITIES = ("CHOWN", "DAC_OVERRIDE", "DAC_READ_SEARCH", "FOWNER", "FSETID")
_FRESH = 'rm -rf "/to/$0" && '
_COPY = (
    'if [ -d /from ]; then mkdir -p "/to/$0" && cp -a --reflink=auto /from/. "/to/$0/"; '
    'elif [ -e /from ]; then cp -a --reflink=auto /from "/to/$0"; else mkdir -p "/to/$0"; fi'
)
_MAKE = ' && cd "/to/$0" && mkdir -p "$@"'


@dataclass
class Trees:
    """The copies of one run."""

    document: Mapping[str, Any]
    """The Compose files in their canonical form."""
    place: ProjectFiles
    left: frozenset[tuple[str, str]] = frozenset()
    """Mounts that are replaced: service and target."""
    _sources: dict[tuple[str, str], str] = field(default_factory=dict)
    """By service and target: what is mounted there, as the engine's machine knows it, without links."""
    _roots: list[str] = field(default_factory=list)
    _base: str = ""

    def __post_init__(self) -> None:
        """Find out what has to be copied."""
        mounts = [m for m in self._mounts() if not _is_left(m[2])]
        writable = {source for _, _, source, read_only in mounts if not read_only}
        # Who only reads a directory of the repository sees in it what another one writes below it.
        above = {
            s for _, _, s, _ in mounts if _below(s, str(self.place.outside)) and any(_below(w, s) for w in writable)
        }
        self._roots = list(_topmost(writable | above))
        self._sources = {
            (service, target): source for service, target, source, _ in mounts
            if any(_below(source, root) for root in self._roots)
        }  # fmt: skip

    def _mounts(self) -> Iterator[tuple[str, str, str, bool]]:
        """Service, target, source and whether it can only be read."""
        for service, body in self.document["services"].items():
            for mount in (body or {}).get("volumes") or ():
                target = str(mount.get("target") or "")
                if mount.get("type") == "bind" and (service, target) not in self.left:
                    yield service, target, self._real(str(mount.get("source") or "")), mount.get("read_only") is True

    def _real(self, source: str) -> str:
        """A path of the engine's machine without links, as far as we can see it."""
        root, outside = self.place.root.resolve(), self.place.outside
        if not Path(source).is_relative_to(outside):
            return os.path.realpath(source) if root == outside else os.path.normpath(source)
        real = Path(os.path.realpath(root / Path(source).relative_to(outside)))
        return str(outside / real.relative_to(root)) if real.is_relative_to(root) else source

    @property
    def notes(self) -> Iterator[str]:
        """What is copied, for the report."""
        for root in self._roots:
            shown = os.path.relpath(root, self.place.outside) if _below(root, str(self.place.outside)) else root
            yield f"a copy replaces {shown}, which containers may write to"

    def copy(self, engine: DockerEngine, image: str, *, over: bool = False) -> None:
        """
        Make the copies, or make them anew.

        Args:
            engine: where the stack runs.
            image: ours.
            over: whether they go over earlier ones: what containers wrote there stays, as after `git pull`.

        Raises:
            LabError: something cannot be copied, or the engine's machine does not have it.
        """
        if not self._roots:
            return
        name = _volume(engine)
        try:
            volume = engine.client.volumes.create(name, labels={LABEL: engine.run})
        except FAILURES as error:
            raise LabError(f"no volume could be made: {one_line(error)}") from None
        self._base = str(volume.attrs["Mountpoint"])
        for root in self._roots:
            self._copy(engine, image, name, root, over=over)

    def _copy(self, engine: DockerEngine, image: str, volume: str, root: str, *, over: bool) -> None:
        inside = {os.path.relpath(s, root) for s in self._sources.values() if _below(s, root) and s != root}
        missing = [path for path in sorted(inside) if not self._here(f"{root}/{path}").exists()]
        script = ("" if over else _FRESH) + _COPY + (_MAKE if missing else "")
        command = ["sh", "-c", script, _name(root), *missing]
        options: dict[str, Any] = {"capabilities": _CAPABILITIES, "lifetime": _LIFETIME, "volumes": {volume: "/to"}}
        try:
            engine.run_sidecar(image, command, reads={root: "/from"}, **options)
        except LabError as error:
            if not _MISSING.search(str(error)):
                raise LabError(f"{root} could not be copied, and containers may write to it: {error}") from None
            if self._here(root).exists():
                raise LabError(f"{root} is not on the engine's machine, or the engine may not see it") from None
            engine.run_sidecar(image, command, **options)

    def _here(self, path: str) -> Path:
        """A path of the engine's machine as we know it."""
        outside = self.place.outside
        return self.place.root / Path(path).relative_to(outside) if Path(path).is_relative_to(outside) else Path(path)

    def mounts(self, service: str) -> Iterator[Mapping[str, object]]:
        """A service's mounts that lead to copies, as Compose writes them."""
        for mount in (self.document["services"][service] or {}).get("volumes") or ():
            source = self._sources.get((service, str(mount.get("target") or "")))
            if source is not None and mount.get("type") == "bind":
                root = next(root for root in self._roots if _below(source, root))
                path = PurePosixPath(self._base, _name(root), os.path.relpath(source, root))
                yield {**mount, "source": str(path)}


def remove(engine: DockerEngine) -> None:
    """Remove a run's copies; they are there or not."""
    with contextlib.suppress(*FAILURES):
        engine.client.volumes.get(_volume(engine)).remove(force=True)


def _volume(engine: DockerEngine) -> str:
    return f"{engine.run}_seatrial-trees"


def _name(root: str) -> str:
    """What a copy is called: the same in every version of a stack."""
    return hashlib.sha256(root.encode("utf-8", "surrogateescape")).hexdigest()[:12]


def _below(path: str, root: str) -> bool:
    return PurePosixPath(path).is_relative_to(root)


def _is_left(source: str) -> bool:
    return source in SYSTEM or bool(_SOCKET.search(source)) or any(_below(source, one) for one in _LEFT)


def _topmost(paths: Iterable[str]) -> Iterator[str]:
    found: list[str] = []
    for path in sorted(paths):
        if not any(_below(path, one) for one in found):
            found.append(path)
            yield path
