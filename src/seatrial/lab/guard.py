"""
The guard: a container of our image that outlives us, and takes the whole run down when we die.

It is the first thing that a run makes and the last that it removes. By it other runs on the engine know that this one
is alive: what has no guard may be swept. So it is a lock that is held through the engine, wherever the client
is: on the engine's machine, in a container, or on another host.

It holds the other end of a connection to this process. The connection ends when we do, however that happens, SIGKILL
included. A client whose machine vanishes closes nothing, so we also say every two seconds that we are there. A
client that is silent until then is dead, and everything that carries the run's label is removed: that ends every fault
with it, because each lives in a container of the run or in one's namespaces. `python -m seatrial.lab.guard RUN` is the
guard itself; `Guard` is our side of the connection.
"""

from __future__ import annotations

import contextlib
import os
import re
import select
import socket
import sys
import threading
import time
from pathlib import Path
from types import TracebackType
from typing import Any

import docker
from docker.errors import APIError
from docker.types import Mount

from .edition import edition
from .engine import FAILURES, GUARD, LABEL, ROLE, DockerEngine, LabError, Own, one_line, remove_run

SOCKET = "/var/run/docker.sock"
GOODBYE = b"goodbye\n"
_HERE = b"here\n"
_BEAT = 2.0  # seconds between two signs of life
_SILENCE = 60.0  # seconds without one until the guard takes us for dead
_READY = re.compile(rb"on guard([^\n]*)\n")
_PATIENCE = 60.0  # seconds until the guard has to be ready; on a busy machine Python alone takes ten
_ROUNDS = 4
"""How often the guard looks again: what was being made when we died appears after its first look."""
_BACK = 30.0  # seconds that an engine may take to come back, before we leave the rest to the next sweep


class Guard:
    """Our side: while it is held, the run is taken down if we die."""

    def __init__(self, engine: DockerEngine, image: str, own: Own | None = None) -> None:
        """
        Prepare it.

        Args:
            engine: where the run is.
            image: ours.
            own: the container that we run in, which knows where the engine's machine has its socket.
        """
        self._engine, self._image, self._own = engine, image, own
        self._container: Any = None
        self._socket: Any = None
        self._leaving = threading.Event()
        self._lost = threading.Event()
        self._beating = threading.Thread(target=self._beat, name="seatrial-guard", daemon=True)

    def __enter__(self) -> Guard:
        """
        Start the guard, and wait until it is ready.

        Raises:
            LabError: it cannot be started, or its image is another Seatrial's.
        """
        try:
            self._container = self._created()
            options = {"stdin": 1, "stdout": 1, "stream": 1}
            self._socket = self._engine.client.api.attach_socket(self._container.id, params=options)
            self._container.start()
            found = self._wait()
        except FAILURES as error:
            self._give_up()
            raise LabError(f"the guard could not be started: {one_line(error)}") from None
        if found != edition():
            self._give_up()
            raise LabError(
                f"image {self._image} is of another Seatrial ({found or 'an older one'}; this is {edition()}): "
                "pull or build it anew, or name another one with `--trial-image`"
            )
        self._beating.start()
        return self

    def _created(self) -> Any:
        """The container; the engine's socket is where we see it, or where its own machine has it."""
        seen = _socket_path(self._engine)
        outside = self._own.outside(Path(seen)) if self._own is not None else None
        places = list(dict.fromkeys((str(outside or seen), SOCKET)))
        for number, place in enumerate(places, 1):
            try:
                return self._engine.client.containers.create(
                    self._image,
                    entrypoint=["/opt/seatrial/bin/python", "-I", "-B", "-m", "seatrial.lab.guard"],
                    command=[self._engine.run],
                    labels={LABEL: self._engine.run, ROLE: GUARD},
                    stdin_open=True,
                    auto_remove=True,
                    network_mode="none",
                    mounts=[Mount(SOCKET, place, type="bind")],
                    cap_drop=["ALL"],
                    cap_add=["DAC_OVERRIDE"],
                    security_opt=["no-new-privileges", *self._engine.unconfined],
                    read_only=True,
                    mem_limit="256m",
                    pids_limit=64,
                    **self._engine.own_namespace,
                )
            except APIError as error:
                if number == len(places) or "bind source path" not in str(error):
                    raise
        raise AssertionError("the last place either works or raises")

    def _give_up(self) -> None:
        if self._container is not None:
            self._engine.remove(self._container)

    def _wait(self) -> str:
        """Until it is ready: of which edition it is; empty, if it does not say."""
        connection: socket.socket = self._socket._sock  # noqa: SLF001 - the SDK gives no other way to write
        connection.settimeout(_PATIENCE)
        heard = b""
        while not (ready := _READY.search(heard)):
            more = connection.recv(4096)
            if not more:
                raise LabError(f"the guard ended at once: {heard.decode('utf-8', 'replace').strip()[-200:]}")
            heard += more
        return ready[1].decode("utf-8", "replace").strip()

    def _beat(self) -> None:
        """Say that we are there, until we leave or the guard has ended."""
        connection: socket.socket = self._socket._sock  # noqa: SLF001
        while not self._leaving.wait(_BEAT):
            with contextlib.suppress(*FAILURES):
                if not select.select([connection], [], [], 0)[0] or connection.recv(4096):
                    connection.sendall(_HERE)
                    continue
            return self._lost.set()
        return None

    def __exit__(self, kind: type[BaseException] | None, error: object, _trace: TracebackType | None) -> None:
        """
        Say goodbye; the guard ends and removes nothing.

        Raises:
            LabError: the guard had ended before. Then what was seen since proves nothing about the stack.
        """
        if self._socket is None:
            return
        self._leaving.set()
        self._beating.join()
        if self._is_lost():
            self._take_down()
            if kind is None or issubclass(kind, Exception):
                more = f": {one_line(error)}" if isinstance(error, FAILURES) else ""
                raise LabError(
                    f"the trial's guard ended before the trial did: the engine restarted, or it was removed{more}"
                ) from None
            return
        connection: socket.socket = self._socket._sock  # noqa: SLF001
        with contextlib.suppress(*FAILURES):
            connection.sendall(GOODBYE)
        self._socket.close()
        connection.close()
        with contextlib.suppress(*FAILURES):
            self._container.wait(timeout=5)
        self._engine.remove(self._container)

    def _is_lost(self) -> bool:
        """Whether the guard has ended; an engine that does not answer now has taken it along, or soon will."""
        if self._lost.is_set():
            return True
        try:
            self._container.reload()
        except FAILURES:
            return True
        return str(self._container.status) != "running"

    def _take_down(self) -> None:
        """Do the guard's work, once the engine is back: what restarts by itself came up again with it."""
        deadline = time.monotonic() + _BACK
        while time.monotonic() < deadline:
            with contextlib.suppress(*FAILURES):
                self._engine.client.ping()
                remove_run(self._engine.client, self._engine.run)
                return
            time.sleep(0.5)


def _socket_path(engine: DockerEngine) -> str:
    """Docker's socket on the engine's machine: ours, if we talk to it by a path."""
    base = str(engine.client.api.base_url)
    if engine.information.get("OperatingSystem") == "Docker Desktop" or not base.startswith("http+docker://localhost"):
        return SOCKET
    return str(engine.client.api._custom_adapter.socket_path) or SOCKET  # noqa: SLF001


def _said_goodbye(connection: int) -> bool:
    """Wait for the client's end; whether it was an orderly one."""
    heard = b""
    while select.select([connection], [], [], _SILENCE)[0]:
        more = os.read(connection, 4096)
        heard = (heard + more)[-len(GOODBYE) :]
        if not more or heard == GOODBYE:
            break
    return heard == GOODBYE


def main(run: str) -> None:
    """The guard's life."""
    client = docker.DockerClient(base_url=f"unix://{SOCKET}", version="auto", timeout=20)
    client.ping()
    own = socket.gethostname()
    me = next((c.id for c in client.containers.list(filters={"label": f"{LABEL}={run}"}) if c.id.startswith(own)), "")
    print(f"on guard {edition()}", flush=True)  # noqa: T201 - this is how it speaks
    if _said_goodbye(sys.stdin.fileno()):
        return
    for _ in range(_ROUNDS):
        remove_run(client, run, but=me)
        time.sleep(0.3)


if __name__ == "__main__":
    main(sys.argv[1])
