"""What a store of the kind of Redis says of what it may forget."""

from __future__ import annotations

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from seatrial.lab import caches
from seatrial.text.redact import Secret

SERVER = shutil.which("valkey-server") or shutil.which("redis-server")


@pytest.mark.parametrize(
    ("told", "may"),
    [
        ({"save": "", "appendonly": "no", "maxmemory": "0", "maxmemory-policy": "noeviction"}, True),
        ({"save": "3600 1", "appendonly": "no", "maxmemory": "1048576", "maxmemory-policy": "allkeys-lru"}, True),
        ({"save": "3600 1", "appendonly": "no", "maxmemory": "0", "maxmemory-policy": "allkeys-lru"}, False),
        ({"save": "3600 1", "appendonly": "no", "maxmemory": "1048576", "maxmemory-policy": "volatile-lru"}, False),
        ({"save": "", "appendonly": "yes"}, False),
        ({}, False),
    ],
)
def test_what_may_be_forgotten(told: dict[str, str], may: bool) -> None:
    assert caches.forgets(told) is may


@pytest.fixture(params=["", "hunter2"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[int, str]]:
    """A real server with settings in a file; its port and its password."""
    if SERVER is None:
        pytest.skip("neither valkey-server nor redis-server is here")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    lines = [f"port {port}", f"dir {tmp_path}", 'save ""', "maxmemory 8mb", "maxmemory-policy allkeys-lru"]
    lines += [f"requirepass {request.param}"] if request.param else []
    (tmp_path / "store.conf").write_text("\n".join(lines) + "\n")
    server = subprocess.Popen([SERVER, str(tmp_path / "store.conf")], stdout=subprocess.DEVNULL)
    for _ in range(100):
        with socket.socket() as connection:
            if not connection.connect_ex(("127.0.0.1", port)):
                break
        time.sleep(0.1)
    yield port, request.param
    server.terminate()
    server.wait(10)


@pytest.mark.timeout(60)
def test_a_real_server_tells_its_settings(store: tuple[int, str]) -> None:
    port, password = store
    told = caches.settings("127.0.0.1", port, Secret(password) if password else None)
    assert told == {"save": "", "appendonly": "no", "maxmemory": "8388608", "maxmemory-policy": "allkeys-lru"}
    assert caches.settings("127.0.0.1", port, Secret("wrong")) == {} or not password


def test_who_does_not_answer_tells_nothing() -> None:
    assert caches.settings("127.0.0.1", 9, None) == {}
