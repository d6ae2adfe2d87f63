"""Docker tests run where an engine answers; where one is required, a test that cannot run is a failure."""

from __future__ import annotations

import functools
import ipaddress
import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import image as building
import pytest
from runner import Machine
from server import Hub, running

REQUIRED = os.environ.get("SEATRIAL_REQUIRE_DOCKER") == "1"


@functools.cache
def missing() -> str:
    """Why the tests cannot run; empty if they can."""
    for command in (
        ["docker", "info"],
        ["docker", "compose", "version"],
        ["docker", "image", "inspect", "debian:trixie-slim"],
    ):
        try:
            done = subprocess.run(command, capture_output=True, check=False, timeout=30)
        except (OSError, subprocess.TimeoutExpired) as error:
            return f"{' '.join(command)}: {error}"
        if done.returncode:
            return f"`{' '.join(command)}` fails; bash tests/docker/prepare.sh sets it up"
    return ""


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip with the reason, or fail with it."""
    if item.get_closest_marker("docker") and (reason := missing()):
        if REQUIRED:
            pytest.fail(reason, pytrace=False)
        pytest.skip(reason)


@pytest.fixture(scope="session")
def image() -> str:
    """The image of the Action: built here, or named by SEATRIAL_IMAGE."""
    return building.under_test()


@pytest.fixture
def hub() -> Iterator[Hub]:
    """A GitHub on the machine's end of Docker's default network, where a container reaches it."""
    with running(_gateway()) as made:
        yield made
        assert made.violations == []


def _gateway() -> str:
    """The network's own address of the machine; an engine that has just made the network names its subnet only."""
    words = ["docker", "network", "inspect", "bridge", "--format", "{{json (index .IPAM.Config 0)}}"]
    told = json.loads(subprocess.run(words, capture_output=True, text=True, check=True).stdout)
    return str(told.get("Gateway") or next(ipaddress.ip_network(told["Subnet"]).hosts()))


@pytest.fixture
def machine(image: str, hub: Hub) -> Iterator[Machine]:
    """A runner with an empty workspace; not below tmp_path, into which only its owner can look."""
    work = Path(tempfile.mkdtemp(prefix="seatrial-runner-"))
    try:
        work.chmod(0o755)
        made = Machine(work, image, hub.url)
        made.lay_out()
        yield made
    finally:
        shutil.rmtree(work)
