"""
The endpoints by which a service tells how it is: liveness, readiness, start-up, dependencies. Which there are, and how
long they take.

Paths are those that frameworks and Kubernetes' own components use; a server that answers every path (a
single-page application) tells nothing by answering these.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from .events import Events
from .probes import LIVENESS, READINESS, Probe, status

PATHS: Mapping[str, Sequence[str]] = {
    "liveness": LIVENESS,
    "readiness": READINESS,
    "startup": ("/startupz", "/startup", "/health/startup", "/health/started"),
    "dependency": ("/health/dependencies", "/health/deps", "/dependencies", "/health/db", "/actuator/health"),
}
"""By kind, in the order in which they are tried."""

LIMIT = 1.0
"""Seconds: what Kubernetes gives a probe by default (`timeoutSeconds`)."""
_ROUNDS = 5
_NOWHERE = "/seatrial-asks-for-what-cannot-be-there"


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One endpoint that answers."""

    service: str
    kind: str
    port: int
    path: str
    seconds: float
    """The slowest of a few answers."""


def answers_all(address: str, port: int) -> bool:
    """Whether a server answers every path with success: then an answer at a known one proves nothing."""
    return status(address, port, _NOWHERE) in (200, 204)


def find(probes: Mapping[str, Probe], events: Events, asked: Iterable[Probe] = ()) -> Iterator[Endpoint]:
    """
    The endpoints of every service that speaks HTTP.

    Args:
        probes: by service.
        events: know the addresses.
        asked: further questions that were seen to depend on something.
    """
    questions = tuple(asked)
    for name, probe in probes.items():
        address = events.address(name)
        if probe.kind != "http" or not address:
            continue
        anything = answers_all(address, probe.port)
        known_paths = [p.path for p in (probe, *questions) if p.service == name and p.port == probe.port]
        for kind, paths in PATHS.items():
            known = _first(known_paths, kind, paths) if anything else ""
            path = known or ("" if anything else _answering(address, probe.port, paths))
            if path:
                yield Endpoint(name, kind, probe.port, path, _slowest(address, probe.port, path))


def _first(known: Sequence[str], kind: str, paths: Sequence[str]) -> str:
    """Of a server that answers everything only its healthcheck's path is known, and what depends on something."""
    if kind == "liveness" and known[0] != "/":
        return known[0]
    return next((path for path in known if path in paths), "")


def _answering(address: str, port: int, paths: Sequence[str]) -> str:
    return next((path for path in paths if status(address, port, path) in (200, 204)), "")


def _slowest(address: str, port: int, path: str) -> float:
    worst = 0.0
    for _ in range(_ROUNDS):
        began = time.monotonic()
        status(address, port, path, timeout=4 * LIMIT)
        worst = max(worst, time.monotonic() - began)
    return worst
