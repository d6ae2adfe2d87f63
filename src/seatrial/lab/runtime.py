"""
What running containers show before they are asked or broken: whose processes they run, what listens, errors in the
logs, the images' age and size.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import ipaddress
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from seatrial.text.lines import split

from . import sockets
from .engine import FAILURES, SERVICE, DockerEngine, LabError, one_line
from .stack import RunningProject

_TAIL = 2_000  # lines of a log
_ERROR = re.compile(
    r"^Traceback \(most recent call last\):"
    r"|\b(?:FATAL|PANIC|CRITICAL)\b|^panic: |\bOutOfMemoryError\b|\bSegmentation fault\b"
    r"|\bUnhandled(?:PromiseRejection| exception| rejection)"
    r"|^(?:\S+ ){0,3}\[?(?:ERROR|SEVERE)\b"
    r"|\"level\": ?\"(?:error|fatal|critical|panic)\"|\blevel=(?:error|fatal|panic)\b"
)
_EXPECTED = re.compile(r"the database system is (?:starting up|shutting down)|\b0 errors?\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Listener:
    """One TCP socket that waits for connections."""

    address: str
    port: int

    @property
    def local(self) -> bool:
        """Whether only the container itself can reach it."""
        return ipaddress.ip_address(self.address).is_loopback


@dataclass(frozen=True, slots=True, kw_only=True)
class RuntimeFacts:
    """One container, as it was seen once it was up."""

    service: str
    unseen: str = ""
    """Why the engine gave no answer about it; then all the rest is empty."""
    users: tuple[str, ...] = ()
    """Of its processes, each once; empty: the engine did not tell."""
    own_network: bool = True
    """Whether its sockets are its own; others' are not read."""
    listeners: tuple[Listener, ...] | None = None
    """None: it could not be looked at."""
    errors: tuple[str, ...] = field(default=(), repr=False)
    """Lines of its log that tell of an error; they may hold secrets."""
    image: str = ""
    image_bytes: int = 0
    image_days: float | None = None
    """Its age; None if the image does not tell, as one with a fixed date for reproducible builds."""
    baked: Mapping[str, str] = field(default_factory=dict, repr=False)
    """Environment variables of the image itself."""
    given: Mapping[str, str] = field(default_factory=dict, repr=False)
    """Those that the container was given besides."""

    @property
    def ports(self) -> tuple[int, ...]:
        """On which others can speak to it, by what was seen."""
        return tuple(sorted({one.port for one in self.listeners or () if not one.local}))


def look(project: RunningProject, image: str) -> Sequence[RuntimeFacts]:
    """
    Look at every running container of the project, each service once.

    Args:
        project: a stack that is up.
        image: ours, for the sidecars that read which sockets listen.
    """
    containers: dict[str, Any] = {}
    for container in project.containers():
        if container.status == "running":
            containers.setdefault(str(container.labels.get(SERVICE)), container)
    with ThreadPoolExecutor(max_workers=4) as pool:
        return list(pool.map(lambda pair: _one(project.engine, image, *pair), sorted(containers.items())))


def ports(project: RunningProject, image: str, services: Iterable[str]) -> Mapping[str, tuple[int, ...]]:
    """
    On which ports others can speak to services now, those without any left out.

    Args:
        project: a stack that is up.
        image: ours, for the sidecars.
        services: which ones.
    """
    wanted, containers = set(services), dict[str, str]()
    for container in project.containers():
        name = str(container.labels.get(SERVICE))
        if name in wanted and container.status == "running":
            containers.setdefault(name, container.id)
    with ThreadPoolExecutor(max_workers=4) as pool:
        told = pool.map(lambda one: (one[0], _listeners(project.engine, image, one[1])), sorted(containers.items()))
        found = {name: tuple(sorted({s.port for s in listeners or () if not s.local})) for name, listeners in told}
    return {name: every for name, every in found.items() if every}


def _one(engine: DockerEngine, image: str, service: str, container: Any) -> RuntimeFacts:
    try:
        attributes = engine.client.api.inspect_container(container.id)
        made_of = engine.client.api.inspect_image(attributes["Image"])
        log = container.logs(tail=_TAIL).decode("utf-8", "replace")
    except FAILURES as error:
        return RuntimeFacts(service=service, unseen=one_line(error))
    baked = dict(_pairs((made_of.get("Config") or {}).get("Env") or ()))
    return RuntimeFacts(
        service=service,
        users=tuple(_users(container)),
        own_network=(own := _has_network(attributes)),
        listeners=_listeners(engine, image, container.id) if own else None,
        errors=tuple(errors(split(log))),
        image=str(attributes["Config"].get("Image", "")),
        image_bytes=int(made_of.get("Size") or 0),
        image_days=age(str(made_of.get("Created") or ""), dt.datetime.now(dt.UTC)),
        baked=baked,
        given={n: v for n, v in _pairs(attributes["Config"].get("Env") or ()) if baked.get(n) != v},
    )


def _pairs(lines: Iterable[str]) -> Iterator[tuple[str, str]]:
    for line in lines:
        name, _, value = line.partition("=")
        yield name, value


def _users(container: Any) -> Iterator[str]:
    """By the host's `ps`, which the engine calls: the user of each process, in the container's own words if it can."""
    with contextlib.suppress(*FAILURES, KeyError):
        told = container.top(ps_args="-eo pid,uid")
        column = [title.upper() for title in told["Titles"]].index("UID")
        yield from sorted({str(row[column]) for row in told["Processes"]})


def _has_network(attributes: Mapping[str, Any]) -> bool:
    mode = str(attributes["HostConfig"].get("NetworkMode", ""))
    return not mode.startswith(("host", "none", "container:"))


def _listeners(engine: DockerEngine, image: str, container: str) -> tuple[Listener, ...] | None:
    """From the kernel's tables of the container's network namespace."""
    try:
        return tuple(listening(engine.run_sidecar(image, sockets.READ, network=f"container:{container}")))
    except LabError:
        return None


def listening(tables: str) -> Iterator[Listener]:
    """The sockets of the kernel's tables that wait for connections, each once, by port."""
    found = {Listener(one.address, one.port) for one in sockets.read(tables) if one.listens}
    yield from sorted(found, key=lambda one: (one.port, one.address))


def errors(lines: Iterable[str]) -> Iterator[str]:
    """The lines of a log that tell of an error."""
    return (line.strip() for line in lines if _ERROR.search(line) and not _EXPECTED.search(line))


def age(created: str, now: dt.datetime) -> float | None:
    """
    Days since an image was made; None if it does not tell.

    Args:
        created: as the engine writes it, RFC 3339 with any number of decimals.
        now: the time, with its zone.
    """
    found = re.match(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)", created)
    if not found:
        return None
    made = dt.datetime.fromisoformat(found[1]).replace(tzinfo=dt.UTC)
    return (now - made).total_seconds() / 86_400 if made.year > 1980 else None
