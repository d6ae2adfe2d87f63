"""
The guard: a container of our image that outlives us, and takes the whole run down when we die.

It holds the other end of a connection to this process. The connection ends when we do, however that happens, SIGKILL
included; whoever has not said goodbye by then is dead, and everything that carries the run's label is removed: that
ends every fault with it, because each lives in a container of the run or in one's namespaces. `python -m
seatrial.lab.guard RUN` is the guard itself; `Guard` is our side of the connection.
"""

from __future__ import annotations

import contextlib
import socket
import sys
import time
from types import TracebackType
from typing import Any

import docker

from .engine import FAILURES, LABEL, Engine, LabError, one_line, remove_run

SOCKET = "/var/run/docker.sock"
GOODBYE = b"goodbye\n"
_READY = b"on guard"
_PATIENCE = 10.0  # seconds until the guard has to be ready
_ROUNDS = 4
"""How often the guard looks again: what was being made when we died appears after its first look."""


class Guard:
    """Our side: while it is held, the run is taken down if we die."""

    def __init__(self, engine: Engine, image: str) -> None:
        self._engine, self._image = engine, image
        self._container: Any = None
        self._socket: Any = None

    def __enter__(self) -> Guard:
        """
        Start the guard, and wait until it is ready.

        Raises:
            LabError: it cannot be started.
        """
        try:
            self._container = self._engine.client.containers.create(
                self._image,
                entrypoint=["/opt/seatrial/bin/python", "-I", "-B", "-m", "seatrial.lab.guard"],
                command=[self._engine.run],
                labels={LABEL: self._engine.run, "io.seatrial.role": "guard"},
                stdin_open=True,
                auto_remove=True,
                network_mode="none",
                volumes={_socket_path(self._engine): {"bind": SOCKET, "mode": "rw"}},
                cap_drop=["ALL"],
                cap_add=["DAC_OVERRIDE"],
                security_opt=["no-new-privileges", *self._engine.unconfined],
                read_only=True,
                mem_limit="256m",
                pids_limit=64,
            )
            options = {"stdin": 1, "stdout": 1, "stream": 1}
            self._socket = self._engine.client.api.attach_socket(self._container.id, params=options)
            self._container.start()
            self._wait()
        except FAILURES as error:
            self._engine.remove(self._container)
            raise LabError(f"the guard could not be started: {one_line(error)}") from None
        return self

    def _wait(self) -> None:
        connection: socket.socket = self._socket._sock  # noqa: SLF001 - the SDK gives no other way to write
        connection.settimeout(_PATIENCE)
        heard = b""
        while _READY not in heard:
            more = connection.recv(4096)
            if not more:
                raise LabError(f"the guard ended at once: {heard.decode('utf-8', 'replace').strip()[-200:]}")
            heard += more

    def __exit__(self, _kind: type[BaseException] | None, _error: object, _trace: TracebackType | None) -> None:
        """Say goodbye; the guard ends and removes nothing."""
        if self._socket is None:
            return
        connection: socket.socket = self._socket._sock  # noqa: SLF001
        with contextlib.suppress(*FAILURES):
            connection.sendall(GOODBYE)
        self._socket.close()
        connection.close()
        with contextlib.suppress(*FAILURES):
            self._container.wait(timeout=5)
        self._engine.remove(self._container)


def _socket_path(engine: Engine) -> str:
    """Docker's socket on the engine's machine: ours, if we talk to it by a path."""
    base = str(engine.client.api.base_url)
    host = str(engine.client.api._custom_adapter.socket_path) if "localhost" in base or "unix" in base else SOCKET  # noqa: SLF001
    return host or SOCKET


def main(run: str) -> None:
    """The guard's life."""
    client = docker.DockerClient(base_url=f"unix://{SOCKET}", version="auto", timeout=20)
    client.ping()
    own = socket.gethostname()
    me = next((c.id for c in client.containers.list(filters={"label": f"{LABEL}={run}"}) if c.id.startswith(own)), "")
    print(_READY.decode(), flush=True)  # noqa: T201 - this is how it speaks
    if sys.stdin.buffer.readline() == GOODBYE:
        return
    for _ in range(_ROUNDS):
        remove_run(client, run, but=me)
        time.sleep(0.3)


if __name__ == "__main__":
    main(sys.argv[1])
