"""What a machine lacks is not a fault of the stack: what the engine says when it has no room, no device, no address."""

from __future__ import annotations

import re
from dataclasses import dataclass

from seatrial.system import process

from .engine import LabError

_TELLING = 8000  # bytes at the end of what a failed command says


@dataclass(frozen=True, slots=True)
class _Lack:
    words: re.Pattern[str]
    """Of Compose, BuildKit and engines."""
    text: str
    others: bool = False
    """Whether another run may have it, and will give it back."""


def _lack(words: str, text: str, *, others: bool = False) -> _Lack:
    return _Lack(re.compile(words, re.IGNORECASE), text, others)


_LACKS = (
    _lack("no space left on device|disk quota exceeded", "the disk of the engine's machine is full"),
    _lack(
        "predefined address pools have been fully subnetted|non-overlapping IPv4 address pool|find free subnet",
        "the engine has no range of addresses left for another network",
        others=True,
    ),
    _lack(
        "pool overlaps with other one|is already used on the host or by another config|address already in use",
        "addresses that the stack fixes are in use on the engine's machine",
        others=True,
    ),
    _lack(
        "could not select device driver|unresolvable CDI devices", "the engine's machine lacks a device of the stack"
    ),
    _lack(
        "no match for platform|does not (?:match|provide) the specified platform",
        "the engine's machine cannot run a platform that the stack asks for",
    ),
    _lack(
        "cannot connect to the docker daemon|is the docker daemon running|error during connect",
        "the engine went away",
    ),
)


@dataclass(frozen=True, slots=True)
class Lack:
    """What the machine lacked."""

    text: str
    others: bool


def lack(done: process.Completed) -> Lack | None:
    """What the machine lacked, if that is why a command failed."""
    said = done.stderr[-_TELLING:].decode("utf-8", "replace")
    found = next((one for one in _LACKS if done.returncode and one.words.search(said)), None)
    return Lack(f"{found.text}: {done.complaint}", found.others) if found else None


def refuse(done: process.Completed) -> None:
    """
    Give up where the machine lacks something.

    Raises:
        LabError: that is why the command failed.
    """
    if found := lack(done):
        raise LabError(found.text)
