"""Whether running containers are what the file says: read from the engine, not from the file."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from .engine import FAILURES, SERVICE, one_line
from .model import Service
from .stack import RunningProject


@dataclass(frozen=True, slots=True)
class Inspected:
    """Running containers against the file."""

    looked: int = 0
    """How many could be compared."""
    differences: tuple[tuple[str, str], ...] = ()
    """Service and what differs."""
    unseen: tuple[tuple[str, str], ...] = ()
    """Service and why the engine gave no answer about it."""


def compared(project: RunningProject) -> Inspected:
    """Compare every container of the project."""
    looked, differences, unseen = 0, list[tuple[str, str]](), list[tuple[str, str]]()
    for container in project.containers():
        service = project.stack.services.get(str(container.labels.get(SERVICE)))
        if service is None:
            continue
        try:
            attributes: Mapping[str, Any] = project.engine.client.api.inspect_container(container.id)
        except FAILURES as error:
            unseen.append((service.name, one_line(error)))
            continue
        looked += 1
        differences += [(service.name, text) for text in _differences(service, attributes)]
    return Inspected(looked, tuple(differences), tuple(unseen))


def _differences(service: Service, attributes: Mapping[str, Any]) -> Iterator[str]:
    host, config = attributes["HostConfig"], attributes["Config"]
    if host.get("Privileged") and not service.privileged:
        yield "runs privileged, but the Compose file does not set `privileged`"
    if service.read_only and not host.get("ReadonlyRootfs"):
        yield "has a writable root file system, but the Compose file sets `read_only`"
    if service.memory and int(host.get("Memory") or 0) != service.memory:
        yield f"has a memory limit of {host.get('Memory') or 0} bytes, but the Compose file sets {service.memory}"
    if service.pids and int(host.get("PidsLimit") or 0) != service.pids:
        yield f"has a PID limit of {host.get('PidsLimit') or 0}, but the Compose file sets {service.pids}"
    if service.user and str(config.get("User") or "") != service.user:
        yield f"runs as {config.get('User') or 'root'}, but the Compose file sets {service.user}"
    yield from _mounted(service, attributes)
    devices = {str(d.get("PathInContainer")) for d in host.get("Devices") or ()}
    if more := devices - set(service.devices):
        yield f"has devices that the file does not give it: {', '.join(sorted(more))}"
    dropped = {_capability(c) for c in host.get("CapDrop") or ()}
    if kept := {_capability(c) for c in service.cap_drop} - dropped:
        yield f"has not lost the capabilities that the file drops: {', '.join(sorted(kept))}"
    added = {_capability(c) for c in host.get("CapAdd") or ()}
    if extra := added - {_capability(c) for c in service.cap_add}:
        yield f"has capabilities that the file does not give it: {', '.join(sorted(extra))}"


def _capability(name: object) -> str:
    return str(name).upper().removeprefix("CAP_")


def _mounted(service: Service, attributes: Mapping[str, Any]) -> Iterator[str]:
    """Binds of the host that the file does not have, and mounts that can be written although it says read-only."""
    read_only = {m.target for m in service.mounts if m.read_only}
    known = {m.target for m in service.mounts} | service.files
    for mount in attributes.get("Mounts") or ():
        target = str(mount.get("Destination"))
        if mount.get("Type") == "bind" and target not in known:
            yield f"has the host's {mount.get('Source')} at {target}, but the Compose file does not mount it"
        if mount.get("RW") and target in read_only:
            yield f"can write to {target}, but the Compose file mounts it `read_only`"


def second_up(project: RunningProject) -> Iterator[str]:
    """Services that a second `up`, with nothing changed, throws away and makes anew."""
    before = {c.id: c for c in project.containers()}
    project.finish()  # what has ended well by now is a task, also while it runs again
    # A task that fails when it runs again is told of the second deployment alone: the stack itself works.
    project.forgiven |= {str(c.labels.get(SERVICE)) for c in before.values() if _ended(c) == 0}
    project.compose("up", "--detach", "--no-build", timeout=120)
    now = {c.id for c in project.containers()}
    yield from sorted({str(c.labels.get(SERVICE)) for i, c in before.items() if i not in now})


def _ended(container: Any) -> int | None:
    """The exit code of a container that has ended; None if it runs."""
    state = container.attrs["State"]
    return int(state.get("ExitCode") or 0) if state.get("Status") == "exited" else None


def unnamed(project: RunningProject) -> Iterator[str]:
    """Services that are no known store and whose image asks for a volume: the file gives it no name."""
    found = set()
    for container in project.containers():
        service = project.stack.services.get(str(container.labels.get(SERVICE)))
        if service is None or service.store:
            continue
        named = {mount.target for mount in service.mounts}
        for mount in container.attrs.get("Mounts") or ():
            if mount.get("Type") == "volume" and _ANY.fullmatch(str(mount.get("Name"))):
                found |= {(service.name, str(mount.get("Destination")))}
        found -= {(service.name, path) for path in named}
    for name, path in sorted(found):
        yield (
            f"{name}: whether it keeps {path} is not measured: the image's volume there has no name, so the data is "
            f"left behind by `docker compose down`; add to the service: `volumes: [{name}-data:{path}]`"
        )


def propped(project: RunningProject) -> Iterator[str]:
    """Services whose main process only follows a log: a daemon beside it may end, and the container runs on."""
    found: dict[str, tuple[str, ...]] = {}
    for container in project.containers():
        with contextlib.suppress(*FAILURES, KeyError, ValueError):
            told = container.top(ps_args="-eo pid,ppid,comm")
            columns = [told["Titles"].index(title) for title in ("PID", "PPID", "COMMAND")]
            rows = [tuple(str(row[n]) for n in columns) for row in told["Processes"]]
            main = str(container.attrs["State"]["Pid"])
            own = next((name for pid, _, name in rows if pid == main), "")
            # What a daemon starts is its own matter: only what has the main process for its parent is one.
            found[str(container.labels.get(SERVICE))] = beside(own, [n for _, parent, n in rows if parent == main])
    for service, daemons in sorted(found.items()):
        if daemons:
            yield (
                f"{service}: whether it ends when {' or '.join(daemons)} ends is not measured: "
                "its main process follows a log with `tail`; run the daemon in the foreground instead"
            )


def beside(main: str, others: Collection[str]) -> tuple[str, ...]:
    """
    The daemons that a container outlives, because its main process waits for `tail`.

    Args:
        main: the name of its main process.
        others: the names of those that it is the parent of, as of every daemon.
    """
    follows = main == _FOLLOWER or (main in _SHELLS and _FOLLOWER in others)
    return tuple(sorted(set(others) - _SHELLS - {_FOLLOWER})) if follows else ()


_SHELLS, _FOLLOWER = frozenset({"sh", "bash", "dash", "ash"}), "tail"
_ANY = re.compile(r"[0-9a-f]{64}")
"""What the engine calls a volume without a name."""
