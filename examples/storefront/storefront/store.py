"""
A client for Valkey and Redis, small enough to read: one connection, opened anew after any failure.

Every call has a deadline. Whoever waits for a dependency without one hangs with it.
"""

from __future__ import annotations

import socket
import threading

from storefront.settings import port_setting, secret_setting, setting


class StoreUnavailable(Exception):
    """The store did not answer in time, or not at all."""


class Store:
    """Commands to the store; safe to share among threads."""

    def __init__(self, host: str, port: int, password: str, timeout: float = 1.0) -> None:
        self._address = (host, port)
        self._password = password
        self._timeout = timeout
        self._lock = threading.Lock()
        self._connection: socket.socket | None = None
        self._stream = None

    @classmethod
    def from_environment(cls) -> Store:
        """The store that STORE_HOST, STORE_PORT and the secret file STORE_PASSWORD_FILE name."""
        password = secret_setting("STORE_PASSWORD_FILE")
        return cls(setting("STORE_HOST", "store"), port_setting("STORE_PORT", "6379"), password)

    def call(self, *words: str, timeout: float | None = None) -> object:
        """Send one command and return its answer; StoreUnavailable if there is none in time."""
        if not self._lock.acquire(timeout=self._timeout):  # who queues behind a hanging call does not hang with it
            raise StoreUnavailable("the connection is busy")
        try:
            self._open()
            self._connection.settimeout(timeout or self._timeout)
            return self._exchange(words)
        except (OSError, ValueError) as error:
            self._close()
            raise StoreUnavailable(str(error)) from error
        finally:
            self._lock.release()

    def _open(self) -> None:
        if self._connection is None:
            connection = socket.create_connection(self._address, self._timeout)
            self._connection, self._stream = connection, connection.makefile("rb")
            self._exchange(("AUTH", self._password))

    def _close(self) -> None:
        if self._connection is not None:
            self._stream.close()
            self._connection.close()
        self._connection = self._stream = None

    def _exchange(self, words: tuple[str, ...]) -> object:
        parts = [f"*{len(words)}\r\n".encode()]
        for word in words:
            data = word.encode()
            parts.append(b"$%d\r\n%s\r\n" % (len(data), data))
        self._connection.sendall(b"".join(parts))
        return self._answer()

    def _answer(self) -> object:
        line = self._stream.readline()
        if not line.endswith(b"\r\n"):
            raise ValueError("the store closed the connection")
        kind, rest = line[:1], line[1:-2]
        if kind == b"+":
            return rest.decode()
        if kind == b":":
            return int(rest)
        if kind == b"$":
            return None if rest == b"-1" else self._stream.read(int(rest) + 2)[:-2].decode()
        if kind == b"*":
            return None if rest == b"-1" else [self._answer() for _ in range(int(rest))]
        raise ValueError(rest.decode(errors="replace"))
