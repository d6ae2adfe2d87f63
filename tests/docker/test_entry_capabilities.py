"""The capabilities that a fix gives back to a store: all of them are needed, and they suffice."""

from __future__ import annotations

import subprocess
import uuid
from collections.abc import Iterator

import pytest

from seatrial.fixing.capabilities import AT_ENTRY

pytestmark = pytest.mark.docker

IMAGE = "debian:trixie-slim"
ENTRY = (
    "set -e; mkdir -p /data/pg; find /data/pg ! -user 999 -exec chown 999 {} +; chmod 700 /data/pg; "
    "exec setpriv --reuid 999 --regid 999 --clear-groups touch /data/pg/file"
)
"""What the entry points of official images do as root: own the data, close it, become the server's user."""


@pytest.fixture
def volume() -> Iterator[str]:
    name = f"seatrial-test-{uuid.uuid4().hex[:12]}"
    yield name
    subprocess.run(["docker", "volume", "rm", "--force", name], capture_output=True, check=True, timeout=60)


def starts(volume: str, capabilities: list[str]) -> list[bool]:
    """Whether the first and the second start work."""
    given = [word for one in capabilities for word in ("--cap-add", one)]
    command = ["docker", "run", "--rm", "--cap-drop", "ALL", *given, "--volume", f"{volume}:/data", IMAGE]
    return [
        subprocess.run([*command, "sh", "-c", ENTRY], capture_output=True, check=False, timeout=120).returncode == 0
        for _ in range(2)
    ]


def test_with_them_a_store_starts_twice(volume: str) -> None:
    assert starts(volume, list(AT_ENTRY)) == [True, True]


@pytest.mark.parametrize("missing", AT_ENTRY)
def test_each_of_them_is_needed(volume: str, missing: str) -> None:
    assert starts(volume, [one for one in AT_ENTRY if one != missing]) != [True, True]
