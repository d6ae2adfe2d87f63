"""
The Docker engine, through its SDK: the few things that the lab asks of it.

Every container, network and volume of ours carries `LABEL` with the run's name; what carries it is ours to remove.
"""

from __future__ import annotations

import contextlib
import os
import re
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import docker
import requests
from docker.context import ContextAPI
from docker.errors import APIError, DockerException, ImageNotFound, NotFound
from docker.types import Mount

from seatrial.domain.errors import Error
from seatrial.text.lines import split

from . import pulls

_BUILT = re.compile(r"(seatrial-[0-9a-f]{8})-")
"""Names that Compose gives to what it builds for a run."""
LABEL = "io.seatrial.run"
ROLE = "io.seatrial.role"
GUARD = "guard"
"""The role of the container by which a run is known to be alive; see `guard`."""
_STARTING = 60  # seconds that a guard may take between its making and its start
PROJECT = "com.docker.compose.project"
SERVICE = "com.docker.compose.service"
ONEOFF = "com.docker.compose.oneoff"
_TIMEOUT = 60  # seconds for one answer of the engine
_SIDECAR = 30  # seconds that a sidecar may live, unless it says otherwise
_CGROUPS = "/sys/fs/cgroup"
FAILURES = (DockerException, requests.RequestException, OSError)


class LabError(Error):
    """The lab cannot do something. The text is one line."""


def connect(timeout: float | None) -> Any:
    """
    A client of the SDK for the engine that the program `docker` would talk to: by `DOCKER_HOST`, else by its context.

    Args:
        timeout: seconds for one answer; None: for ever.
    """
    context = None
    if not os.environ.get("DOCKER_HOST"):
        with contextlib.suppress(Exception):  # the SDK raises bare ones where a context's file is broken
            context = ContextAPI.get_context(os.environ.get("DOCKER_CONTEXT") or None)
    if context is None or context.Name == "default" or not context.Host:
        return docker.from_env(version="auto", timeout=timeout)
    tls = context.TLSConfig or False
    return docker.DockerClient(base_url=context.Host, version="auto", timeout=timeout, tls=tls)


class DockerEngine:
    """One connection, used by one run."""

    def __init__(self, run: str) -> None:
        """
        Connect.

        Args:
            run: the run's name, which everything of ours is labelled with.

        Raises:
            LabError: no engine answers, or we may not talk to it.
        """
        self.run = run
        try:
            self.client: Any = connect(_TIMEOUT)
            self.information: Mapping[str, Any] = self.client.info()
        except FAILURES as error:
            raise LabError(_why_not(error)) from None

    def close(self) -> None:
        """Close the connection."""
        self.client.close()

    @property
    def version(self) -> str:
        """The engine's own, and the version of its API that we speak."""
        return f"{self.information.get('ServerVersion', '?')} (API {self.client.api._version})"  # noqa: SLF001

    @property
    def unconfined(self) -> list[str]:
        """What lets a sidecar signal and look into other containers where AppArmor is on."""
        options = self.information.get("SecurityOptions") or []
        return ["apparmor=unconfined"] if any("apparmor" in str(o) for o in options) else []

    @property
    def own_namespace(self) -> Mapping[str, str]:
        """What gives a sidecar real capabilities where the engine maps users (`userns-remap`)."""
        options = self.information.get("SecurityOptions") or []
        return {"userns_mode": "host"} if any(str(o).startswith("name=userns") for o in options) else {}

    def has_image(self, name: str) -> bool:
        """Whether an image is here; nothing is pulled."""
        try:
            self.client.images.get(name)
        except ImageNotFound:
            return False
        return True

    def pull(self, name: str) -> None:
        """
        Pull an image.

        Raises:
            LabError: the registry does not give it.
        """
        try:
            self.client.images.pull(name)
        except FAILURES as error:
            why = pulls.why_not(one_line(error), [name])
            text = why or f"image {name} cannot be pulled from {pulls.registry(name)}: {one_line(error)}"
            raise LabError(f"{text}; `--trial-image` can name another one for the sidecars") from None

    def containers(self, project: str, service: str = "") -> list[Any]:
        """The containers of a Compose project, running or not, by name."""
        labels = [f"{PROJECT}={project}", *([f"{SERVICE}={service}"] if service else [])]
        found = self.client.containers.list(all=True, filters={"label": labels}, ignore_removed=True)
        return sorted((c for c in found if c.labels.get(ONEOFF) != "True"), key=lambda c: str(c.name))

    def sidecar(
        self,
        image: str,
        command: Sequence[str],
        *,
        network: str = "none",
        pid: str | None = None,
        capabilities: Sequence[str] = (),
        devices: Sequence[str] = (),
        volumes: Mapping[str, str] | None = None,
        reads: Mapping[str, str] | None = None,
        cgroups: bool = False,
        shares: int = 0,
        lifetime: float = _SIDECAR,
    ) -> Any:
        """
        Start a throw-away container of our image; it ends by itself.

        Args:
            image: ours.
            command: program and arguments.
            network: `none`, `container:ID` for another's namespace, or the name of a network.
            pid: `host`, or None for its own.
            capabilities: all that it gets.
            devices: paths.
            volumes: named ones, and where they are mounted.
            reads: paths of the engine's machine that have to be there, and where they are mounted to be read.
            cgroups: whether it sees the host's control groups, to put itself into another container's.
            shares: its weight where processors are contested; 0: the engine's own default, 1024.
            lifetime: seconds until it is killed from within, even if we are gone.

        Raises:
            LabError: the engine refused.
        """
        mounted = {name: {"bind": target, "mode": "rw"} for name, target in (volumes or {}).items()}
        if cgroups:
            mounted[_CGROUPS] = {"bind": _CGROUPS, "mode": "rw"}
        container = None
        try:
            container = self.client.containers.create(
                image,
                entrypoint=["timeout", "--kill-after=2", f"{lifetime:.1f}"],
                command=list(command),
                labels={LABEL: self.run},
                network_mode=network,
                pid_mode=pid,
                cap_drop=["ALL"],
                cap_add=list(capabilities),
                devices=[f"{d}:{d}" for d in devices],
                security_opt=["no-new-privileges", *self.unconfined],
                read_only=True,
                mem_limit="256m",
                pids_limit=64,
                cpu_shares=shares or None,
                log_config={"Type": "json-file"},
                volumes=mounted,
                mounts=[Mount(target, path, type="bind", read_only=True) for path, target in (reads or {}).items()],
                **self.own_namespace,
                **({"cgroupns": "host"} if cgroups else {}),
            )
            container.start()
        except FAILURES as error:
            if container is not None:
                self.remove(container)  # one that could not be started is there all the same
            raise LabError(f"a sidecar could not be started: {one_line(error)}") from None
        return container

    def run_sidecar(self, image: str, command: Sequence[str], **options: Any) -> str:
        """
        Run a sidecar to its end; what it printed.

        Raises:
            LabError: it failed.
        """
        container = self.sidecar(image, command, **options)
        try:
            code = container.wait(timeout=options.get("lifetime", _SIDECAR) + 10)["StatusCode"]
            printed: str = container.logs().decode("utf-8", "replace")
        except FAILURES as error:
            raise LabError(f"a sidecar was lost: {one_line(error)}") from None
        finally:
            self.remove(container)
        if code:
            last = (split(printed.strip()) or ["no output"])[-1]
            raise LabError(f"a sidecar failed with {code}: {last[:200]}")
        return printed

    def remove(self, container: Any) -> None:
        """Remove a container if it is still there."""
        with contextlib.suppress(*FAILURES):
            container.remove(force=True, v=True)

    def sweep(self) -> int:
        """
        Remove what earlier runs left behind: everything of ours whose guard is gone. How many things that were.

        The names are read before the guards. A run begins with its guard. So one that begins between the two looks
        has no name here. A named one was seen with its guard.
        """
        named = set(self._names())
        dead = named - self.living() - {self.run} if named else set()
        return sum(remove_run(self.client, name) for name in dead)

    def living(self) -> set[str]:
        """The names of all runs that are alive on this engine: those whose guard runs, or is about to."""
        labels = [LABEL, f"{ROLE}={GUARD}"]
        found = self.client.api.containers(all=True, filters={"label": labels})
        now = self._clock() if any(c["State"] == "created" for c in found) else 0.0
        return {
            c["Labels"][LABEL] for c in found
            if c["State"] == "running" or (c["State"] == "created" and now - c["Created"] < _STARTING)
        }  # fmt: skip

    def _clock(self) -> float:
        """The engine's own time in seconds since 1970; its machine need not be ours."""
        told = str(self.client.info().get("SystemTime") or "")
        with contextlib.suppress(ValueError):
            return datetime.fromisoformat(re.sub(r"\.\d+", "", told)).timestamp()
        return time.time()

    def _names(self) -> Iterator[str]:
        for kind in (self.client.containers.list(all=True, filters={"label": LABEL}, ignore_removed=True),):
            yield from (c.labels[LABEL] for c in kind)
        for network in self.client.networks.list(filters={"label": LABEL}):
            yield (network.attrs.get("Labels") or {})[LABEL]
        for volume in self.client.volumes.list(filters={"label": LABEL}):
            yield (volume.attrs.get("Labels") or {})[LABEL]
        for image in self.client.images.list(filters={"label": PROJECT}):
            yield from (found[1] for tag in image.tags if (found := _BUILT.match(tag)))


def remove_run(client: Any, name: str, *, but: str = "") -> int:
    """
    Remove every container, network, volume and image of a run; how many that were.

    Args:
        client: of the SDK.
        name: the run's.
        but: the id of a container to leave: our own guard, which is doing this.
    """
    label, removed = {"label": f"{LABEL}={name}"}, 0
    for container in client.containers.list(all=True, filters=label, ignore_removed=True):
        if container.id != but:
            removed += _removed(lambda c=container: c.remove(force=True, v=True))
    for network in client.networks.list(filters=label):
        removed += _removed(lambda n=network: _remove_network(client, n))
    for volume in client.volumes.list(filters=label):
        removed += _removed(lambda v=volume: v.remove(force=True))
    return removed + remove_images(client, name)


def remove_images(client: Any, name: str) -> int:
    """Remove the images that Compose built for a run and named after it; those with a name of their own stay."""
    images = client.images.list(filters={"label": f"{PROJECT}={name}"})
    built = [tag for image in images for tag in image.tags if tag.startswith(f"{name}-")]
    # A version that another one replaced has lost its name to that one.
    nameless = [image.id for image in images if not image.tags]
    return sum(_removed(lambda t=one: client.images.remove(t)) for one in (*built, *nameless))


def _removed(act: Any) -> int:
    for attempt in range(3):
        try:
            act()
        except NotFound:
            return 0
        except FAILURES:
            time.sleep(0.1 * 2**attempt)
        else:
            return 1
    return 0


def _remove_network(client: Any, network: Any) -> None:
    """A network with a member left (ourselves, joined to it) is left first."""
    for container in client.api.inspect_network(network.id).get("Containers") or {}:
        with contextlib.suppress(*FAILURES):
            network.disconnect(container, force=True)
    network.remove()


@dataclass(frozen=True, slots=True)
class Own:
    """The container that we run in."""

    id: str
    image: str
    mounts: Mapping[str, str]
    """By path in here: the path on the engine's machine."""

    def outside(self, path: Path) -> Path | None:
        """A path of ours as the engine's machine knows it; None if it is in no mount."""
        for inside, host in sorted(self.mounts.items(), key=lambda pair: -len(pair[0])):
            if path == Path(inside) or path.is_relative_to(inside):
                return Path(host) / path.relative_to(inside)
        return None


def own(engine: DockerEngine, mountinfo: Path = Path("/proc/self/mountinfo")) -> Own | None:
    """
    The container that this process runs in, as this engine knows it; None on the engine's own machine.

    The engine bind-mounts `/etc/hostname` and its likes from a directory that is named after the container.
    """
    try:
        found = re.search(r"/containers/([0-9a-f]{64})/(?:hostname|hosts|resolv\.conf)\b", mountinfo.read_text("utf-8"))
        container = engine.client.containers.get(found[1]) if found else None
    except FAILURES:
        return None
    if container is None:
        return None
    mounts = {str(m["Destination"]): str(m["Source"]) for m in container.attrs["Mounts"] if m.get("Type") == "bind"}
    return Own(container.id, container.attrs["Image"], mounts)


def one_line(error: Exception) -> str:
    """What went wrong, in the engine's words, on one line."""
    text = str(error.explanation or error) if isinstance(error, APIError) else str(error)
    return " ".join(text.split())[:200] or type(error).__name__


def _why_not(error: Exception) -> str:
    text = str(error)
    if "Permission denied" in text or "PermissionError" in text:
        return "the Docker engine denies access to this user; add the user to the group `docker`, or set DOCKER_HOST"
    if "paramiko" in text:
        return (
            "an engine over ssh:// is not supported; forward its socket: ssh -L /tmp/docker.sock:/var/run/docker.sock"
        )
    if "No such file" in text or "refused" in text or "FileNotFoundError" in text:
        return "no Docker engine answers here; start it, or set DOCKER_HOST"
    return f"no Docker engine answers: {one_line(error)}; start it, or set DOCKER_HOST"
