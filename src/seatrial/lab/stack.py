"""
The user's stack as a Compose project of our own: another name, our label, nothing published, health asked every second.

One file of ours is merged over the user's.
"""

from __future__ import annotations

import contextlib
import json
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from seatrial.system import process
from seatrial.text.redact import Secret

from . import healthchecks, lacks, looping, pulls, trees, waiting
from .compose import Compose, ProjectFiles, at
from .engine import FAILURES, LABEL, SERVICE, DockerEngine, LabError, remove_images
from .isolation import Isolation
from .model import Service, Stack, read
from .states import ServiceStates
from .trees import Trees

_BUILD = 900.0  # seconds to get or to build images
_TELLING = 8000  # bytes at the end of what a failed command says
_POLL = 0.1
_WAITING, _BETWEEN = 600.0, 3.0  # seconds for another run to give something back, and between two tries


@dataclass(frozen=True, slots=True)
class Start:
    """How the stack came up."""

    seconds: float
    problems: tuple[tuple[str, str], ...] = ()
    """Service (empty: the stack as a whole) and what is wrong."""
    notes: tuple[str, ...] = ()


@dataclass
class RunningProject:
    """A Compose project, and all that is known of it. Use `opened`."""

    engine: DockerEngine
    compose: Compose
    image: str
    """Ours, for sidecars."""
    stack: Stack = field(default_factory=lambda: Stack({}))
    notes: list[str] = field(default_factory=list)
    document: Mapping[str, Any] = field(default_factory=dict)
    generated: dict[str, Secret] = field(default_factory=dict)
    """Secrets that we made up, by name."""
    settled: bool = False
    """Whether a service that ends from now on was not meant to, with whichever exit code."""
    forgiven: set[str] = field(default_factory=set)
    """Tasks that ended well once. If one fails when it runs again, that is a fault of the second start alone."""
    earlier: RunningProject | None = None
    """The version of the same project that this one replaces: what containers wrote stays, and so do made secrets."""
    small_volumes: Mapping[str, int] = field(default_factory=dict)
    """Named volumes that are to be small ones in memory, and their bytes."""
    _trees: Trees = field(init=False)
    _images: Mapping[str, str] = field(default_factory=dict)
    """By service: the name of what it uses, where it is not the file's."""
    _lines: dict[str, list[str]] = field(default_factory=dict)
    _sections: list[str] = field(default_factory=list)
    _checks: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    _heavy: dict[str, float] = field(default_factory=dict)
    """By service: seconds that its healthcheck takes, if that is long."""

    @property
    def name(self) -> str:
        """Of the Compose project."""
        return self.compose.name

    def load(self, small: Mapping[str, int]) -> None:
        """
        Read the model, and write our file.

        Args:
            small: services whose named volumes are to be small ones in memory, and their bytes.

        Raises:
            LabError: Compose rejects the user's files.
        """
        self.document = self.compose.read()
        self.generated |= self.compose.stand_ins.made
        self.notes += self.compose.stand_ins.notes
        self.stack = read(self.document)
        mounts = (
            (m, size) for s, size in small.items() if s in self.stack.services for m in self.stack.services[s].mounts
        )
        self.small_volumes = {m.source: size for m, size in mounts if m.kind == "volume" and m.source}
        self._isolate()
        self._write_override()

    def _isolate(self) -> None:
        own = Isolation(
            self.document,
            self.stack,
            name=self.name,
            run=self.engine.run,
            place=self.compose.place,
            small=self.small_volumes,
            known=self.earlier.generated if self.earlier is not None else {},
        )
        self._trees = own.trees
        self._trees.copy(self.engine, self.image, over=self.earlier is not None)
        self._lines = {name: [*own.service(name), *self.compose.stand_ins.lines(name)] for name in self.stack.services}
        self._sections = list(own.sections())
        self.notes += own.notes
        self.generated |= own.generated
        self._images = own.images

    def _write_override(self, checks: Mapping[str, Mapping[str, object]] | None = None) -> None:
        """
        Write our file.

        Args:
            checks: by service: what of its healthcheck is changed; None: what makes those of the file quicker.
        """
        if checks is None:
            written = {n: (self.document["services"][n] or {}).get("healthcheck") or {} for n in self.stack.services}
            named = {name: written[name] for name, s in self.stack.services.items() if written[name] and s.health}
            checks = healthchecks.of_files(named, self._heavy)
        self._checks = checks
        lines = ["services:"]
        for name in self.stack.services:
            lines += [f"  {json.dumps(name)}:", *self._lines[name]]
            if name in checks:
                lines.append(f"    healthcheck: {json.dumps(checks[name])}")
        self.compose.override.write_text("\n".join([*lines, *self._sections]) + "\n", "utf-8")

    def _with_checks_of_images(self) -> None:
        """A healthcheck that an image brings is as good as one of the file."""
        found: dict[str, Mapping[str, object]] = {}
        services = dict(self.stack.services)
        for name, service in self.stack.services.items():
            written = (self.document["services"][name] or {}).get("healthcheck")
            takes = self._heavy.get(name, 0.0)
            test, check = ((), None) if written else healthchecks.of_image(self.engine, self._image(service), takes)
            if test:
                services[name] = replace(service, health=tuple(test))
            if check:
                found[name] = check
        if found:
            self._write_override({**self._checks, **found})
        self.stack = replace(self.stack, services=services)

    def _image(self, service: Service) -> str:
        return self._images.get(service.name) or service.image or f"{self.name}-{service.name}"

    def network(self) -> str:
        """The name of a network of the project, whichever; empty if it has none."""
        found = self.engine.client.networks.list(filters={"label": f"{LABEL}={self.engine.run}"})
        return str(found[0].name) if found else ""

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
        Get and build the images, and bring everything up, within so many seconds after that.

        Raises:
            LabError: Compose is not there, or a registry cannot be reached from here or refuses access.
        """
        if unbuilt := self.make_images():
            return Start(0.0, (("", unbuilt),))
        first = self._up(limit)
        if not first.problems and (slow := healthchecks.heavy_ones(self.containers(), self._checks)):
            self._heavy |= slow
            self._undo_up()
            self._write_override()
            self._with_checks_of_images()
            notes = (f"{n}'s healthcheck takes {t:.1f} s, so it is not asked every second" for n, t in slow.items())
            first = self._up(limit)
            first = replace(first, notes=(*first.notes, *notes))
        if not first.problems or not self._is_unhealthy():
            return first
        # Our own quick healthchecks must not be what failed.
        self._undo_up()
        self._write_override({})
        second = self._up(limit)
        note = "the stack came up only with its healthchecks as they are written"
        return second if second.problems else replace(second, notes=(*second.notes, note))

    def _undo_up(self) -> None:
        """Take everything down, and the files as they were before the first attempt."""
        with contextlib.suppress(LabError):
            self.compose("down", "--volumes", "--remove-orphans", "--timeout", "0")
        self._trees.copy(self.engine, self.image)

    def make_images(self, limit: float = _BUILD) -> str:
        """
        Get and build the images within so many seconds; what is wrong with the build.

        Raises:
            LabError: Compose is not there, it takes too long, or a registry cannot be reached or refuses access.
        """
        if wanted := self._to_pull():
            options = ("--quiet", "--policy", "missing", "--ignore-buildable")
            pulled = self.compose("pull", *options, *wanted, timeout=limit)
            lacks.refuse(pulled)
            # Whatever else is wrong, or a Compose without these options, `up` shows.
            _refuse_unreachable(pulled, self._missing(wanted))
        if any(s.builds for s in self.stack.services.values()):
            built = self.compose("build", "--quiet", timeout=limit)
            _refuse_unreachable(built, ())
            lacks.refuse(built)
            if built.returncode:
                return f"the images could not be built: {built.complaint}"
        self._with_checks_of_images()
        return ""

    def deploy(self, limit: float) -> Start:
        """
        `up` over what runs, as an operator does it: what has changed is made anew, and every volume stays.

        Raises:
            LabError: the machine lacks something.
        """
        return self._up(limit)

    def _is_unhealthy(self) -> bool:
        """Whether a service is down by a healthcheck that we made quicker."""
        states = ((c.labels.get(SERVICE), c.attrs["State"].get("Health") or {}) for c in self.containers())
        return any(service in self._checks and health.get("Status") != "healthy" for service, health in states)

    def _up(self, limit: float) -> Start:
        began = time.monotonic()
        try:
            up = self._start_all(limit)
        except LabError:
            late = ("", f"the stack was not up within {limit:.0f} s")
            return Start(time.monotonic() - began, self._explained([*self._not_up(), late]))
        if up.returncode and not self.containers():
            return Start(0.0, (("", f"no container could be started: {up.complaint}"),))
        problems = self._not_up() if up.returncode else self._wait(began + limit)
        seconds = time.monotonic() - began
        if not problems and up.returncode:
            problems = [("", up.complaint)]
        if problems:
            return Start(seconds, self._explained(problems))
        watched = looping.Watched(self.containers)
        problems = watched.problems()
        return Start(seconds, self._explained(problems), () if problems else tuple(watched.notes()))

    def _start_all(self, limit: float) -> process.Completed:
        """
        Compose's `up`, once more as long as another run has what it lacks.

        Raises:
            LabError: the machine lacks something.
        """
        deadline = time.monotonic() + _WAITING
        while True:
            up = self.compose("up", "--detach", "--no-build", "--quiet-pull", timeout=limit)
            lacking = lacks.lack(up)
            if lacking is None:
                return up
            if not lacking.others or time.monotonic() > deadline or not self.engine.living() - {self.engine.run}:
                raise LabError(lacking.text)
            time.sleep(_BETWEEN)

    def _to_pull(self) -> list[str]:
        """
        The services whose images `up` would fetch.

        `pull --policy missing` asks the registry about every image that has the tag `latest`, also after an earlier
        step built it; `up` takes it from the engine.
        """
        bodies = self.document.get("services") or {}
        always = {
            name for name, body in bodies.items() if (body or {}).get("pull_policy") in ("always", "daily", "weekly")
        }
        return [
            name for name, service in self.stack.services.items()
            if service.image and not service.builds and name not in self._images
            and (name in always or not self.engine.has_image(service.image))
        ]  # fmt: skip

    def _missing(self, services: Sequence[str]) -> list[str]:
        images = (self.stack.services[name].image for name in services)
        return [image for image in images if not self.engine.has_image(image)]

    def _explained(self, problems: Sequence[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
        return tuple(waiting.explained(self.stack, problems, self.containers())) if problems else ()

    def _wait(self, deadline: float) -> list[tuple[str, str]]:
        """Until every service is up by our own rules; what is wrong at the deadline, or for good before it."""
        while True:
            problems = self._not_up()
            if not problems or time.monotonic() > deadline or self._now.dead():
                return problems
            time.sleep(_POLL)

    def _not_up(self) -> list[tuple[str, str]]:
        """Services that are not up, and why; one that waits for another of them is not to blame."""
        return self._now.problems()

    @property
    def _now(self) -> ServiceStates:
        return ServiceStates(self.containers, self.stack, frozenset(self.forgiven), self.settled)

    def finish(self) -> tuple[str, ...]:
        """Take for tasks what has ended well and stays away; their names, if they are new."""
        ended: dict[str, bool] = {}
        for container in self.containers():
            service, state = str(container.labels.get(SERVICE, "")), container.attrs["State"]
            well = state.get("Status") == "exited" and state.get("ExitCode") == 0
            ended[service] = ended.get(service, True) and well
        lasting = {s.name for s in self.stack.lasting if s.ends}
        new = tuple(sorted(s for s, well in ended.items() if well and s in lasting))
        self.stack = replace(self.stack, one_shots=self.stack.one_shots.union(new))
        return new

    def unhealthy(self) -> list[tuple[str, str]]:
        """The services that are not up now, and why."""
        return self._not_up()

    def dead(self) -> frozenset[str]:
        """The services that ended with an error and that nothing starts again."""
        return self._now.dead()

    def down(self) -> None:
        """Take everything down, volumes included, in any state; what Compose leaves is removed by label."""
        with contextlib.suppress(LabError):
            self.compose("down", "--volumes", "--remove-orphans", "--timeout", "0")
        with contextlib.suppress(*FAILURES):
            remove_images(self.engine.client, self.name)
        trees.remove(self.engine)


def _refuse_unreachable(done: process.Completed, missing: Sequence[str]) -> None:
    """
    What the network or a login lacks is nothing that the repository can mend.

    Raises:
        LabError: that is why it failed.
    """
    if done.returncode and (why := pulls.why_not(done.stderr[-_TELLING:].decode("utf-8", "replace"), missing)):
        raise LabError(f"{why}. {done.complaint}")


def model(root: Path, files: Sequence[str], variables: Mapping[str, str], is_secret: Callable[[str], bool]) -> Stack:
    """
    The stack, read and not started; nothing is left behind.

    Raises:
        LabError: Compose is missing, or rejects the files.
    """
    with tempfile.TemporaryDirectory(prefix="seatrial-") as folder:
        here, scratch = root.resolve(), Path(folder)
        found = Compose(ProjectFiles(here, here, tuple(files), scratch, scratch), "plan", variables, is_secret).read()
        return read(found)


@contextlib.contextmanager
def opened(
    engine: DockerEngine, compose: Compose, image: str, small: Mapping[str, int] | None = None
) -> Iterator[RunningProject]:
    """
    The project, not yet started; afterwards it is down and nothing of ours is left.

    Args:
        engine: to work with.
        compose: calls for its files, by the name of the run.
        image: ours, for sidecars.
        small: services whose named volumes are to be small ones in memory, and their bytes.

    Raises:
        LabError: Compose is missing, rejects the files, or the path cannot be made to exist here.
        UsageError: the directory of ours cannot be written.
    """
    project = RunningProject(engine, compose, image)
    with at(compose.place):
        try:
            project.load(small or {})
            yield project
        finally:
            project.down()
