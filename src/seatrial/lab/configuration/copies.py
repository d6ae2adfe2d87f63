"""
A copy of a service's container with one setting that is wrong: same image, networks and limits, and data of its own.

A copy never gets a volume that the service may write to: it gets an empty one. It has no network alias, so no request
of the stack reaches it. It carries the run's label, so the guard removes it.
"""

from __future__ import annotations

import contextlib
import itertools
import socket
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from seatrial.lab.compose import ProjectFiles
from seatrial.lab.engine import FAILURES, LABEL, ROLE, DockerEngine, LabError, one_line
from seatrial.lab.probes import Probe, status

from .graceful import Behaviour, behave
from .operators import FILES, Mutant, Operator
from .verdicts import Ran

ROLE_NAME = "configuration"
_POLL = 0.1
_STEADY = 0.5
"""Seconds that a container has to stay ready."""
_NEW = 3  # processes
_QUIET = 1.0
"""Seconds before the processes are looked at: most copies have ended or are ready by then."""
_LOG = 64 * 1024  # bytes of a log
_KEPT = (
    "Cmd", "Domainname", "Entrypoint", "ExposedPorts", "Healthcheck", "OpenStdin", "Shell", "StopSignal", "StopTimeout",
    "Tty", "User", "WorkingDir",
)  # fmt: skip
"""Of a container's configuration: what a copy has too."""
_NOT_KEPT = (
    "AutoRemove", "Binds", "ContainerIDFile", "Links", "Mounts", "NetworkMode", "PortBindings", "PublishAllPorts",
    "RestartPolicy", "VolumesFrom",
)  # fmt: skip
"""Of its host configuration: what a copy has of its own."""
_numbers = itertools.count()


@dataclass(frozen=True)
class Original:
    """The running container that copies are made of, and how one shows that it is ready."""

    service: str
    attributes: Mapping[str, Any] = field(repr=False)
    probe: Probe | None
    place: ProjectFiles

    @property
    def networks(self) -> tuple[str, ...]:
        """The names of its networks."""
        return tuple(sorted(self.attributes["NetworkSettings"]["Networks"] or {}))

    @property
    def shares(self) -> str:
        """Whose network it shares, so that a copy would take its ports; empty if it has one of its own."""
        mode = str(self.attributes["HostConfig"].get("NetworkMode") or "")
        return mode if mode == "host" or mode.startswith("container:") else ""

    @property
    def reads_everything(self) -> bool:
        """Whether its first process may read every file, in spite of the mode."""
        user = str(self.attributes["Config"].get("User") or "0").partition(":")[0]
        dropped = {str(c).removeprefix("CAP_") for c in self.attributes["HostConfig"].get("CapDrop") or ()}
        return user in ("0", "root") and not dropped & {"ALL", "DAC_OVERRIDE"}

    @property
    def checked(self) -> bool:
        """Whether it has a healthcheck."""
        test = (self.attributes["Config"].get("Healthcheck") or {}).get("Test") or ()
        return bool(test) and list(test) != ["NONE"]


def run(
    engine: DockerEngine,
    original: Original,
    mutant: Mutant | None,
    limit: float,
    questions: Sequence[Probe] | None = None,
) -> Ran:
    """
    Start a copy, and watch it until it has ended, is ready, or the time is over. It is removed afterwards.

    Args:
        engine: where the stack runs.
        original: the container.
        mutant: what is wrong with the copy; None: nothing, as the negative control.
        limit: seconds.
        questions: what a copy that is ready is asked; None: nothing, and it is not looked at any longer.

    Raises:
        LabError: the engine cannot make or start it.
    """
    container = None
    with _replacement(original, mutant) as mounts:
        try:
            container = _created(engine, original, mutant, mounts)
            began = time.monotonic()
            container.start()
            return _watched(engine, original, container, began, limit, questions)
        except FAILURES as error:
            raise LabError(f"a copy of {original.service} could not be started: {one_line(error)}") from None
        finally:
            if container is not None:
                engine.remove(container)


def _created(
    engine: DockerEngine, original: Original, mutant: Mutant | None, mounts: Sequence[Mapping[str, Any]]
) -> Any:
    config, host = original.attributes["Config"], original.attributes["HostConfig"]
    first, *others = original.networks or ("none",)
    body = {
        **{key: config[key] for key in _KEPT if config.get(key) not in (None, "")},
        **{key: command(config[key], mutant) for key in ("Cmd", "Entrypoint") if config.get(key)},
        "Image": original.attributes["Image"],
        "Env": environment(config.get("Env") or (), mutant),
        "Labels": {LABEL: engine.run, ROLE: ROLE_NAME},
        "HostConfig": {
            **{key: value for key, value in host.items() if key not in _NOT_KEPT},
            "NetworkMode": first,
            "RestartPolicy": {"Name": "no"},
            "LogConfig": {"Type": "json-file"},
            "Mounts": list(mounts),
        },
    }
    client = engine.client
    container = client.containers.get(client.api.create_container_from_config(body)["Id"])
    for network in others:
        client.api.connect_container_to_network(container.id, network)
    return container


def environment(entries: Sequence[str], mutant: Mutant | None) -> list[str]:
    """The variables of a copy."""
    if mutant is None or mutant.operator in FILES or mutant.variable.argument is not None:
        return list(entries)
    name = mutant.variable.name
    kept = [entry for entry in entries if entry.partition("=")[0] != name]
    return kept if mutant.value is None else [*kept, f"{name}={mutant.value}"]


def command(words: Sequence[str], mutant: Mutant | None) -> list[str]:
    """The entry point or the command of a copy."""
    argument = mutant.variable.argument if mutant is not None else None
    return argument.replaced(words, (mutant.value if mutant else None) or "") if argument else list(words)


def mounts_of(
    attributes: Mapping[str, Any], mutant: Mutant | None, replacement: str = ""
) -> Iterator[Mapping[str, Any]]:
    """
    What is mounted into a copy.

    Args:
        attributes: the container's.
        mutant: what is wrong; of a file: which one.
        replacement: what is mounted in place of that file; empty: nothing.
    """
    path = mutant.variable.path if mutant is not None and mutant.operator in FILES else ""
    for mount in attributes["Mounts"] or ():
        kind, target = str(mount.get("Type")), str(mount.get("Destination"))
        if target == path:
            if replacement:
                yield {"Type": "bind", "Source": replacement, "Target": target, "ReadOnly": True}
        elif kind == "bind":
            yield {"Type": "bind", "Source": str(mount["Source"]), "Target": target, "ReadOnly": True}
        elif kind == "volume" and not mount.get("RW"):
            yield {"Type": "volume", "Source": str(mount["Name"]), "Target": target, "ReadOnly": True}
        elif kind == "volume":
            yield {"Type": "volume", "Target": target}
    yield from (m for m in attributes["HostConfig"].get("Mounts") or () if m.get("Type") == "tmpfs")


@contextlib.contextmanager
def _replacement(original: Original, mutant: Mutant | None) -> Iterator[Sequence[Mapping[str, Any]]]:
    """The mounts of a copy; a file of ours is there meanwhile, where one has to be in place of the service's."""
    operator = mutant.operator if mutant is not None else None
    if mutant is None or operator not in FILES or operator is Operator.MISSING_FILE:
        yield list(mounts_of(original.attributes, mutant))
        return
    name = f"setting-{next(_numbers)}"
    file = original.place.scratch / name
    try:
        content = content_of(original, mutant.variable.path) if operator is Operator.TRUNCATED_FILE else b""
        file.write_bytes(content[: len(content) // 2])
        file.chmod(0o000 if operator is Operator.UNREADABLE_FILE else 0o644)
        yield list(mounts_of(original.attributes, mutant, str(original.place.scratch_outside / name)))
    except OSError as error:
        raise LabError(f"the file for {mutant} could not be written: {error.strerror}") from None
    finally:
        file.unlink(missing_ok=True)


def content_of(original: Original, path: str) -> bytes:
    """
    What is in a mounted file of the repository or of the run.

    Any other path is the engine's, and means another file here: `/proc/self/environ` would be our own environment.

    Raises:
        LabError: it is elsewhere, also by a link, or cannot be read.
    """
    source = next((Path(str(m["Source"])) for m in original.attributes["Mounts"] if m.get("Destination") == path), None)
    place = original.place
    for outside, here in ((place.scratch_outside, place.scratch), (place.outside, place.root)):
        if source is None or not source.is_relative_to(outside):
            continue
        with contextlib.suppress(OSError):
            file = (here / source.relative_to(outside)).resolve(strict=True)
            if file.is_relative_to(here.resolve()) and file.is_file():
                return file.read_bytes()[:_LOG]
        break
    raise LabError(f"{path} cannot be shortened: only files of the repository are read")


def _watched(
    engine: DockerEngine,
    original: Original,
    container: Any,
    began: float,
    limit: float,
    questions: Sequence[Probe] | None,
) -> Ran:
    """Until it has ended, is ready for a while, or the time is over."""
    ready_since: float | None = None
    generations: list[frozenset[int]] = []
    while True:
        state = engine.client.api.inspect_container(container.id)
        now = time.monotonic()
        if state["State"]["Status"] in ("exited", "dead"):
            return Ran(exit_code=int(state["State"]["ExitCode"]), seconds=now - began, text=_text(container))
        ready_since = (ready_since or now) if _is_ready(original, state) else None
        if ready_since is not None and now - ready_since >= _STEADY:
            break
        if now - began >= limit:
            break
        if len(generations) < now - began - _QUIET:  # once a second
            generations.append(_below(container, state))
        time.sleep(_POLL)
    ready = ready_since is not None or not shows_itself(original)
    replaced = changed([*generations, _below(container, state)]) if generations else False
    behaviour = Behaviour()
    if ready and questions is not None and (address := _address(state)):
        behaviour = behave(address, questions, original.probe)
    return Ran(ready=ready, replaced=replaced, seconds=now - began, text=_text(container), behaviour=behaviour)


def shows_itself(original: Original) -> bool:
    """Whether anything but being alive shows that a service is ready."""
    return original.checked or (original.probe is not None and bool(original.probe.port))


def _is_ready(original: Original, attributes: Mapping[str, Any]) -> bool:
    if original.checked:
        return (attributes["State"].get("Health") or {}).get("Status") == "healthy"
    probe = original.probe
    if probe is None or not probe.port:
        return False
    address = _address(attributes)
    return bool(address) and answers(probe, address)


def _address(attributes: Mapping[str, Any]) -> str:
    networks = attributes["NetworkSettings"]["Networks"] or {}
    return next((str(n["IPAddress"]) for n in networks.values() if n.get("IPAddress")), "")


def answers(probe: Probe, address: str) -> bool:
    """Whether something answers there as the service does."""
    if probe.kind == "http":
        return 0 < status(address, probe.port, probe.path, 1.0) < 500
    with contextlib.suppress(OSError), socket.create_connection((address, probe.port), 1.0):
        return True
    return False


def _below(container: Any, attributes: Mapping[str, Any]) -> frozenset[int]:
    """The processes below the first one; a healthcheck's are not among them."""
    main = int(attributes["State"].get("Pid") or 0)
    try:
        told = container.top(ps_args="-eo pid,ppid")["Processes"] or ()
        parents = {int(row[0]): int(row[1]) for row in told}
    except (*FAILURES, ValueError, IndexError):
        return frozenset()
    found: set[int] = set()
    pending = {main}
    while pending:
        pending = {pid for pid, parent in parents.items() if parent in pending} - found
        found |= pending
    return frozenset(found)


def changed(generations: Sequence[frozenset[int]]) -> bool:
    """Whether new processes came again and again: three at least, besides those that ran at the same time."""
    every = frozenset[int]().union(*generations)
    return len(every) - max((len(one) for one in generations), default=0) >= _NEW


def _text(container: Any) -> str:
    try:
        return str(container.logs(tail=400)[-_LOG:].decode("utf-8", "replace"))
    except FAILURES:
        return ""
