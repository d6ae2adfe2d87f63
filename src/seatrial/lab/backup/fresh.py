"""
A fresh store of the same image and settings, without the network and the data of the first one.

Volumes and directories of data are empty. Everything else is mounted read-only. Scripts that fill a new database are
left out: only the dump brings data. It carries the run's label, so the guard removes it.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import IO, Any

from seatrial.domain import stores
from seatrial.lab.engine import FAILURES, LABEL, ROLE, DockerEngine, LabError, one_line

from .inside import Inside, put
from .tools import DUMP

ROLE_NAME = "backup"
_INIT = "/docker-entrypoint-initdb.d"
"""Where images of PostgreSQL, MySQL, MariaDB and MongoDB take such scripts from."""
_KEPT = ("Cmd", "Entrypoint", "StopSignal", "User", "WorkingDir")
_HOST = ("CapAdd", "CapDrop", "Init", "Memory", "MemorySwap", "SecurityOpt", "ShmSize", "Tmpfs", "Ulimits")
_POLL = 0.1  # seconds


@contextlib.contextmanager
def started(
    engine: DockerEngine,
    attributes: Mapping[str, Any],
    environment: Mapping[str, str],
    starts: Sequence[str],
    dump: IO[bytes],
) -> Iterator[Inside]:
    """
    A running store with the dump in it, not yet restored; afterwards it is gone.

    Args:
        engine: where the stack runs.
        attributes: of the container of the first one.
        environment: what programs in it are given besides.
        starts: its entry point, where it is not the image's.
        dump: the whole file.

    Raises:
        LabError: the engine cannot make or start it.
    """
    container = None
    try:
        try:
            made = engine.client.api.create_container_from_config(body(attributes, engine.run, starts))
            container = engine.client.containers.get(made["Id"])
            put(container, dump, DUMP)
            container.start()
        except FAILURES as error:
            raise LabError(f"no fresh store could be started: {one_line(error)}") from None
        yield Inside(engine, container, environment)
    finally:
        if container is not None:
            engine.remove(container)


def body(attributes: Mapping[str, Any], run: str, starts: Sequence[str] = ()) -> dict[str, Any]:
    """
    What the engine is asked for.

    Args:
        attributes: of the container of the first store.
        run: the name of the run.
        starts: its entry point, where it is not the image's.
    """
    config, host = attributes["Config"], attributes["HostConfig"]
    kept = {key: config[key] for key in _KEPT if config.get(key) not in (None, "")}
    if starts:
        kept |= {"Entrypoint": list(starts), "Cmd": []}
    return {
        **kept,
        "Image": attributes["Image"],
        "Env": list(config.get("Env") or ()),
        "Labels": {LABEL: run, ROLE: ROLE_NAME},
        "HostConfig": {
            **{key: host[key] for key in _HOST if host.get(key)},
            "NetworkMode": "none",
            "RestartPolicy": {"Name": "no"},
            "LogConfig": {"Type": "json-file"},
            "Mounts": list(mounts(attributes)),
        },
    }


def mounts(attributes: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """The mounts of a fresh store."""
    for mount in attributes["Mounts"] or ():
        kind, target, writable = str(mount.get("Type")), str(mount.get("Destination")), bool(mount.get("RW"))
        if target == _INIT or target.startswith(f"{_INIT}/"):
            continue
        if kind == "bind" and not (writable and _keeps_data(target)):
            yield {"Type": "bind", "Source": str(mount["Source"]), "Target": target, "ReadOnly": True}
        elif kind == "volume" and not writable:
            yield {"Type": "volume", "Source": str(mount["Name"]), "Target": target, "ReadOnly": True}
        elif kind in ("bind", "volume"):
            yield {"Type": "volume", "Target": target}


def _keeps_data(target: str) -> bool:
    return any(target == path or target.startswith(f"{path}/") for paths in stores.PATHS.values() for path in paths)


def wait(store: Inside, is_ready: Callable[[Inside], bool], limit: float) -> None:
    """
    Wait until a fresh store is ready.

    Raises:
        LabError: it ended, or was not ready in time.
    """
    deadline = time.monotonic() + limit
    while True:
        with contextlib.suppress(LabError):
            if is_ready(store):
                return
        try:
            state = store.engine.client.api.inspect_container(store.container.id)["State"]
            if state["Status"] in ("exited", "dead"):
                lines = store.container.logs(tail=3).decode("utf-8", "replace").split()
                last = " ".join(lines)[-200:]
                raise LabError(f"a fresh store ended with exit code {state['ExitCode']}: {last}")
        except FAILURES as error:
            raise LabError(one_line(error)) from None
        if time.monotonic() > deadline:
            raise LabError(f"a fresh store was not ready within {limit:.0f} s")
        time.sleep(_POLL)
