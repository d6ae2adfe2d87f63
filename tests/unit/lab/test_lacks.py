"""What a machine lacks is told from what is wrong with a stack, by what engines say."""

from __future__ import annotations

import pytest

from seatrial.lab.engine import LabError
from seatrial.lab.lacks import lack, refuse
from seatrial.system.process import Completed

LACKING = (
    ("write /var/lib/docker/tmp/x: no space left on device", "the disk of the engine's machine is full", False),
    (
        "Error response from daemon: could not find an available, non-overlapping IPv4 address pool among the",
        "the engine has no range of addresses left",
        True,
    ),
    (
        "Error response from daemon: all predefined address pools have been fully subnetted",
        "no range of addresses",
        True,
    ),
    (
        "failed to create network x: Error response from daemon: Pool overlaps with other one on this address space",
        "addresses that the stack fixes are in use",
        True,
    ),
    (
        'Error response from daemon: could not select device driver "nvidia" with capabilities: [[gpu]]',
        "lacks a device",
        False,
    ),
    (
        "Error response from daemon: image x was found but does not match the specified platform",
        "cannot run a platform",
        False,
    ),
    ("Cannot connect to the Docker daemon at unix:///x. Is the docker daemon running?", "the engine went away", False),
)
FAULTS = (
    'Error response from daemon: exec: "serve": executable file not found in $PATH',
    "exec /start.sh: exec format error",  # a script without its first line
    "dependency failed to start: container x-db-1 is unhealthy",
    "yaml: line 3: mapping values are not allowed in this context",
)


@pytest.mark.parametrize(("said", "text", "others"), LACKING)
def test_what_is_lacking_is_named(said: str, text: str, others: bool) -> None:
    found = lack(Completed("docker", 1, b"", f"a line before\n{said}\n".encode()))
    assert found is not None
    assert text in found.text
    assert said[:60] in found.text
    assert found.others is others


@pytest.mark.parametrize("said", FAULTS)
def test_a_fault_of_the_stack_is_none_of_the_machine(said: str) -> None:
    assert lack(Completed("docker", 1, b"", said.encode())) is None


def test_what_went_well_lacks_nothing() -> None:
    assert lack(Completed("docker", 0, b"", LACKING[0][0].encode())) is None
    with pytest.raises(LabError, match="disk"):
        refuse(Completed("docker", 1, b"", LACKING[0][0].encode()))
