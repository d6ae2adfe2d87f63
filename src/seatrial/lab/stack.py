"""
The user's stack as a Compose project of our own: another name, our label, nothing published, health asked every second.

Compose reads the user's files as they are, from where the engine's machine has them, and one file of ours on top.
Inside a container that path is made to exist by a link, because Compose resolves paths here and the engine there.
"""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import shutil
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from seatrial import process
from seatrial.errors import UsageError
from seatrial.redact import Secret

from .engine import FAILURES, LABEL, SERVICE, Engine, LabError, Own, one_line
from .model import Service, Stack, read

FILES = ("compose.yaml", "compose.yml", "docker-compose.yaml", "docker-compose.yml")
EXAMPLES = (".env.example", ".env.sample", ".env.dist", "env.example", "example.env")
"""What stands in for a `.env` that is not committed."""
_QUICK, _BUILD = 60.0, 900.0  # seconds for one call of Compose
_WATCH = 2.0  # seconds after all is up: a crash loop looks healthy at first
_POLL = 0.1


@dataclass(frozen=True, slots=True)
class Place:
    """Where the project's files are."""

    root: Path
    """Here."""
    outside: Path
    """On the engine's machine."""
    files: tuple[str, ...]
    """Relative to the root; later ones are merged over earlier ones."""
    scratch: Path
    """A directory of ours that the engine sees too."""
    scratch_outside: Path


def find(root: Path) -> tuple[str, ...]:
    """The files that `docker compose` itself takes in a directory: the first of its names, and its override."""
    main = next((name for name in FILES if (root / name).is_file()), None)
    if main is None:
        return ()
    stem, _, suffix = main.rpartition(".")
    override = next((n for n in (f"{stem}.override.{suffix}", f"{stem}.override.yml") if (root / n).is_file()), None)
    return (main, override) if override else (main,)


def place(root: Path, files: Sequence[str], report_dir: Path, own: Own | None) -> Place:
    """
    Where everything is for Compose and for the engine.

    Raises:
        LabError: the engine's machine does not have these files.
    """
    root, scratch = root.resolve(), report_dir.resolve() / ".trial"
    if own is None:
        return Place(root, root, tuple(files), scratch, scratch)
    outside, scratch_outside = own.outside(root), own.outside(scratch)
    if outside is None or scratch_outside is None:
        raise LabError("the engine's machine does not have this directory: it is in no mount of our container")
    return Place(root, outside, tuple(files), scratch, scratch_outside)


@dataclass(frozen=True, slots=True)
class Start:
    """How the stack came up."""

    seconds: float
    problems: tuple[tuple[str, str], ...] = ()
    """Service (empty: the stack as a whole) and what is wrong."""
    notes: tuple[str, ...] = ()


@dataclass
class Project:
    """A Compose project, and all that is known of it. Use `opened`."""

    engine: Engine
    place: Place
    name: str
    variables: Mapping[str, str]
    stack: Stack = field(default_factory=lambda: Stack({}))
    notes: list[str] = field(default_factory=list)
    document: Mapping[str, Any] = field(default_factory=dict)
    generated: dict[str, Secret] = field(default_factory=dict)
    """Secrets that we made up, by name."""
    small_volumes: Mapping[str, int] = field(default_factory=dict)
    """Named volumes that are to be small ones in memory, and their bytes."""

    @property
    def override(self) -> Path:
        """Our own file on top of the user's."""
        return self.place.scratch / "override.yaml"

    def compose(
        self, *words: str, timeout: float = _QUICK, ours: bool = True, more: Sequence[str] = ()
    ) -> process.Completed:
        """
        Call `docker compose` for this project.

        Args:
            words: the command.
            timeout: seconds.
            ours: whether our own file is on top of the user's.
            more: further files on top of that.

        Raises:
            LabError: it is not installed, or took too long.
        """
        outside = self.place.outside
        files = [w for name in self.place.files for w in ("--file", str(outside / name))]
        command = ["docker", "compose", "--project-name", self.name, "--project-directory", str(outside)]
        command += [*self._env_file(), *files, *(("--file", str(self.override)) if ours else ())]
        command += [*(w for name in more for w in ("--file", name)), *words]
        try:
            return process.run(command, cwd=outside, timeout=timeout, env=self._environment())
        except process.ProcessError as error:
            raise LabError(str(error)) from None

    def _environment(self) -> dict[str, str]:
        host = {n: os.environ[n] for n in ("DOCKER_HOST", "DOCKER_CONTEXT", "DOCKER_CONFIG") if n in os.environ}
        return {"PWD": str(self.place.outside), "COMPOSE_ANSI": "never", **host, **self.variables}

    def _env_file(self) -> list[str]:
        if (self.place.root / ".env").is_file():
            return []
        example = next((name for name in EXAMPLES if (self.place.root / name).is_file()), None)
        return ["--env-file", str(self.place.outside / example)] if example else []

    def load(self, small: Mapping[str, int]) -> None:
        """
        Read the model, and write our file.

        Args:
            small: services whose named volumes are to be small ones in memory, and their bytes.

        Raises:
            LabError: Compose rejects the user's files.
        """
        done = self.compose("config", "--format", "json", ours=False)
        if done.returncode:
            raise LabError(f"docker compose rejects the stack: {done.complaint}")
        self.document = json.loads(done.stdout)
        self.stack = read(self.document)
        own = {n for n, body in (self.document.get("volumes") or {}).items() if not (body or {}).get("external")}
        mounts = (
            (m, size) for s, size in small.items() if s in self.stack.services for m in self.stack.services[s].mounts
        )
        self.small_volumes = {m.source: size for m, size in mounts if m.kind == "volume" and m.source in own}
        if self._env_file():
            self.notes.append(f"variables are those of {Path(self._env_file()[1]).name}, because there is no .env")
        self._write_override()

    def _write_override(self) -> None:
        lines = ["services:"]
        for name, service in self.stack.services.items():
            body = self.document["services"][name] or {}
            lines.append(f"  {json.dumps(name)}:")
            lines.append(f"    labels: {json.dumps({LABEL: self.engine.run})}")
            if body.get("ports"):
                lines.append("    ports: !reset []")
            if body.get("container_name"):
                lines.append("    container_name: !reset null")
            if service.health:
                lines.append("    healthcheck: {interval: 1s}")
        for kind in ("networks", "volumes"):
            lines += list(_labelled(kind, self.document.get(kind) or {}, self.engine.run, self.small_volumes))
        lines += self._generated_secrets()
        self.override.write_text("\n".join(lines) + "\n", "utf-8")

    def _generated_secrets(self) -> list[str]:
        """Secrets whose files are not in the repository, as they should be, get random contents for the trial."""
        missing: dict[str, Path] = {}
        for name, body in (self.document.get("secrets") or {}).items():
            file = Path(str((body or {}).get("file") or ""))
            if str(file) not in ("", ".") and not file.exists():
                made = self.place.scratch / f"secret-{len(missing)}"
                self.generated[name] = Secret(secrets.token_hex(16))
                made.write_text(self.generated[name].reveal(), "utf-8")
                made.chmod(0o644)  # the container's user has to read it, whoever that is
                missing[name] = self.place.scratch_outside / made.name
        if not missing:
            return []
        self.notes.append(f"secrets without a file were given random contents: {', '.join(sorted(missing))}")
        return ["secrets:", *(f"  {json.dumps(n)}: {{file: {json.dumps(str(f))}}}" for n, f in missing.items())]

    def containers(self, service: str = "") -> list[Any]:
        """The project's containers."""
        return self.engine.containers(self.name, service)

    def container(self, service: str) -> Any:
        """
        The first container of a service, as it is now.

        Raises:
            LabError: there is none.
        """
        found = self.containers(service)
        if not found:
            raise LabError(f"{service} has no container")
        return found[0]

    def start(self, limit: float) -> Start:
        """
        Build what is to be built, and bring everything up, within so many seconds after the build.

        Raises:
            LabError: Compose is not there.
        """
        if any(s.builds for s in self.stack.services.values()):
            built = self.compose("build", "--quiet", timeout=_BUILD)
            if built.returncode:
                return Start(0.0, (("", f"the images could not be built: {built.complaint}"),))
        began = time.monotonic()
        try:
            up = self.compose("up", "--detach", "--no-build", "--quiet-pull", timeout=limit)
        except LabError:
            return Start(time.monotonic() - began, (*self._not_up(), ("", f"not up within {limit:.0f} s")))
        if up.returncode and not self.containers():
            return Start(0.0, (("", f"nothing could be started: {up.complaint}"),))
        problems = self._wait(began + limit)
        seconds = time.monotonic() - began
        if not problems and up.returncode:
            problems = [("", up.complaint)]
        return Start(seconds, tuple(problems) or tuple(self._restarting()))

    def _wait(self, deadline: float) -> list[tuple[str, str]]:
        """Until every service is up by our own rules; what is wrong at the deadline, or for good before it."""
        while True:
            problems = self._not_up()
            if not problems or time.monotonic() > deadline or any(final for _, _, final in self._states()):
                return problems
            time.sleep(_POLL)

    def _not_up(self) -> list[tuple[str, str]]:
        return [(service, text) for service, text, _ in self._states()]

    def _states(self) -> Iterator[tuple[str, str, bool]]:
        """Service, what is wrong with it, and whether that is for good."""
        there = set()
        for container in self.containers():
            service = str(container.labels.get(SERVICE, ""))
            there.add(service)
            state = container.attrs["State"]
            health = (state.get("Health") or {}).get("Status", "")
            if state.get("Status") == "exited" and state.get("ExitCode") == 0:
                continue  # a one-shot that did its work
            if state.get("Status") in ("exited", "dead"):
                yield service, f"ended with {state.get('ExitCode')}", not self.stack.services[service].restarts
            elif state.get("Status") == "restarting" or not state.get("Running"):
                yield service, f"is {state.get('Status')}, last exit code {state.get('ExitCode')}", False
            elif health and health != "healthy":
                yield service, f"is {health}", False
        for lasting in self.stack.lasting:
            if lasting.name not in there:
                yield lasting.name, "was not started", False

    def _restarting(self) -> Iterator[tuple[str, str]]:
        """Watch for a moment: a crash loop without a healthcheck looks well between two crashes."""
        before = {c.id: c.attrs["State"]["StartedAt"] for c in self.containers()}
        time.sleep(_WATCH)
        for container in self.containers():
            state = container.attrs["State"]
            restarted = before.get(container.id) not in (None, state["StartedAt"]) or state.get("Restarting")
            ended = state.get("Status") == "exited" and state.get("ExitCode") != 0
            if restarted or ended:
                yield (
                    str(container.labels.get(SERVICE)),
                    f"restarts again and again, last exit code {state.get('ExitCode')}",
                )

    def unhealthy(self) -> list[tuple[str, str]]:
        """The services that are not up now, and why."""
        return self._not_up()

    def down(self) -> None:
        """Take everything down, volumes included, whatever state it is in; what Compose leaves is removed by label."""
        with contextlib.suppress(LabError):
            self.compose("down", "--volumes", "--remove-orphans", "--timeout", "0")


def _labelled(kind: str, entries: Mapping[str, Any], run: str, small: Mapping[str, int]) -> Iterator[str]:
    own = [name for name, body in entries.items() if not (body or {}).get("external")]
    if own:
        yield f"{kind}:"
    for name in own:
        body: dict[str, Any] = {"labels": {LABEL: run}}
        if kind == "volumes" and name in small:
            # Open to all: the engine gives a volume its image's owner only where it makes the directory itself.
            options = {"type": "tmpfs", "device": "tmpfs", "o": f"size={small[name]},mode=1777"}
            body |= {"driver": "local", "driver_opts": options}
        yield f"  {json.dumps(name)}: {json.dumps(body)}"


def model(root: Path, files: Sequence[str], variables: Mapping[str, str]) -> Stack:
    """
    The stack, read and not started; nothing is written.

    Raises:
        LabError: Compose is missing, or rejects the files.
    """
    words = ["docker", "compose", *(w for name in files for w in ("--file", name)), "config", "--format", "json"]
    try:
        done = process.run(words, cwd=root, timeout=_QUICK, env=variables)
    except process.ProcessError as error:
        raise LabError(str(error)) from None
    if done.returncode:
        raise LabError(f"docker compose rejects the stack: {done.complaint}")
    return read(json.loads(done.stdout))


def dangers(stack: Stack) -> Iterator[str]:
    """What would give the stack's code power over the engine's machine."""
    for service in stack.services.values():
        if service.privileged:
            yield f"{service.name} is privileged"
        if service.network_mode == "host" or service.pid == "host":
            yield f"{service.name} shares the host's {'network' if service.network_mode == 'host' else 'processes'}"
        if any(m.source.endswith(("docker.sock", "containerd.sock", "podman.sock")) for m in service.mounts):
            yield f"{service.name} mounts the container engine's socket"


@contextlib.contextmanager
def opened(
    engine: Engine, where: Place, variables: Mapping[str, str], small: Mapping[str, int] | None = None
) -> Iterator[Project]:
    """
    The project, not yet started; afterwards it is down and nothing of ours is left.

    Args:
        engine: to work with.
        where: its files.
        variables: for the files.
        small: services whose named volumes are to be small ones in memory, and their bytes.

    Raises:
        LabError: Compose is missing, rejects the files, or the path cannot be made to exist here.
    """
    shutil.rmtree(where.scratch, ignore_errors=True)
    try:
        where.scratch.mkdir(parents=True)
    except OSError as error:
        raise UsageError(f"cannot be written: {error.strerror}", where=str(where.scratch)) from error
    project = Project(engine, where, engine.run, variables)
    with _linked(where):
        try:
            project.load(small or {})
            yield project
        finally:
            project.down()
            shutil.rmtree(where.scratch, ignore_errors=True)


@contextlib.contextmanager
def _linked(where: Place) -> Iterator[None]:
    """The path on the engine's machine, made to exist here as a link."""
    if where.outside == where.root or where.outside.exists():
        yield
        return
    try:
        where.outside.parent.mkdir(parents=True, exist_ok=True)
        where.outside.symlink_to(where.root)
    except OSError as error:
        raise LabError(f"{where.outside} cannot be made to exist here: {error.strerror}") from None
    try:
        yield
    finally:
        with contextlib.suppress(OSError):
            where.outside.unlink()


@dataclass(frozen=True, slots=True)
class Log:
    """The end of what a service printed."""

    text: str = field(repr=False)
    """As it is: it may hold secrets."""
    unread: str = ""
    """Why some of it could not be read."""


def log(project: Project, service: Service, limit: int) -> Log:
    """The last bytes of each container of a service."""
    parts, unread = [], ""
    for container in project.containers(service.name):
        try:
            parts.append(container.logs(tail=5000)[-limit:].decode("utf-8", "replace"))
        except FAILURES as error:
            unread = one_line(error)
    return Log("\n".join(parts), unread)
