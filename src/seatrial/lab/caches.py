"""Whether a Redis or one of its kin may forget, by its own word: only the server reads all of its settings."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Iterator, Mapping
from typing import BinaryIO

from seatrial.text.redact import Secret

from .markers import Marker, Redis

_TIMEOUT = 2.0
_MOST = 64 * 1024  # bytes of one setting


def found(markers: Mapping[str, Marker]) -> Iterator[str]:
    """The services whose settings say that what was written may go: no snapshots and no log, or eviction of any key."""
    for name, marker in markers.items():
        if isinstance(marker, Redis):
            address = marker.events.address(name)
            if address and forgets(settings(address, marker.port, marker.password)):
                yield name


def forgets(told: Mapping[str, str]) -> bool:
    """
    Whether settings say that what was written may go; without an answer they do not.

    Source: https://redis.io/docs/latest/operate/oss_and_stack/management/persistence/
    and https://redis.io/docs/latest/develop/reference/eviction/
    """
    if told.get("appendonly") != "no":
        return False
    evicts = told.get("maxmemory", "0") != "0" and told.get("maxmemory-policy", "").startswith("allkeys-")
    return evicts or told.get("save") == ""


def settings(address: str, port: int, password: Secret | None) -> Mapping[str, str]:
    """The settings about persistence, by `CONFIG GET`; empty if it does not answer or forbids it."""
    given: dict[str, str] = {}
    with (
        contextlib.suppress(OSError, ValueError),
        socket.create_connection((address, port), _TIMEOUT) as connection,
        connection.makefile("rb") as answers,
    ):
        connection.settimeout(_TIMEOUT)
        if password is not None:
            secret = password.reveal().encode()
            connection.sendall(b"*2\r\n$4\r\nAUTH\r\n$%d\r\n%s\r\n" % (len(secret), secret))
            if not answers.readline(_MOST).startswith(b"+"):
                return {}
        for name in ("save", "appendonly", "maxmemory", "maxmemory-policy"):
            connection.sendall(f"CONFIG GET {name}\r\n".encode())
            given |= _pairs(answers)
    return given


def _pairs(answers: BinaryIO) -> Mapping[str, str]:
    """One answer: an array of names and values."""
    head = answers.readline(_MOST)
    if not head.startswith(b"*"):
        raise ValueError("no array")
    words = [_bulk(answers) for _ in range(min(int(head[1:]), 64))]
    return dict(zip(words[::2], words[1::2], strict=False))


def _bulk(answers: BinaryIO) -> str:
    size = min(int(answers.readline(_MOST)[1:]), _MOST)
    return answers.read(size + 2)[:-2].decode("utf-8", "replace")
