"""
The update from the base to the head with data in the store and requests flowing, and the way back.

Both versions are deployed from one clean copy, as by `git checkout` in the operator's directory. So only what the
change itself changes is made anew.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from seatrial.domain.errors import Error
from seatrial.domain.progress import Say
from seatrial.lab import asking, caches, dangers, experiment, joining, settling, tasks
from seatrial.lab.compose import SCRATCH, Compose, ProjectFiles, at, find, place
from seatrial.lab.engine import FAILURES, PROJECT, SERVICE, DockerEngine, LabError, Own
from seatrial.lab.errands import Errands
from seatrial.lab.events import Events
from seatrial.lab.judge import RECOVERY
from seatrial.lab.markers import Marker, Unmarked, Writing
from seatrial.lab.measure import ProbeFailure, measure
from seatrial.lab.planning import TrialPlan
from seatrial.lab.probes import Probe, Prober
from seatrial.lab.stack import RunningProject
from seatrial.lab.takers import takers
from seatrial.lab.tasks import Health
from seatrial.system.base import clone
from seatrial.system.base.clone import Clone, PlainFile

from .seen import Asked, Deployment, UpgradeSeen

WINDOW = 10.0
"""Seconds from the beginning of a deployment that count at least: the same as of a fault without duration."""
_STEADY, _STEADY_LIMIT = 1.0, 30.0
_POLL = 0.1
_LITTLE = 5.0  # seconds with which no deployment is begun
_TIMES = 2
"""A new version may take so many times as long as the base needed from nothing."""
_BUILD = 900.0


@dataclass
class Canaries:
    """Markers in every store that takes them: written before and during each deployment, and read afterwards."""

    markers: Mapping[str, Marker]
    acknowledged: dict[str, set[int]] = field(default_factory=dict)
    lost: dict[str, set[int]] = field(default_factory=dict)

    @contextlib.contextmanager
    def written(self) -> Iterator[None]:
        """Write meanwhile."""
        first = round(time.monotonic() * 1000)
        with contextlib.ExitStack() as writing:
            every = {n: writing.enter_context(Writing(m, first, pause=0.2)) for n, m in self.markers.items()}
            yield
        for name, one in every.items():
            self.acknowledged.setdefault(name, set()).update(one.acknowledged)

    def looked(self, deadline: float) -> tuple[Mapping[str, int], tuple[str, ...]]:
        """By store how many markers are lost that were there before, and the stores that do not answer."""
        missing: dict[str, int] = {}
        unread: list[str] = []
        for name, marker in self.markers.items():
            while (there := marker.read()) is None and time.monotonic() < deadline:
                time.sleep(_POLL)
            if there is None:
                unread.append(name)
                continue
            known = self.lost.setdefault(name, set())
            new = self.acknowledged.get(name, set()) - there - known
            known |= new
            missing |= {name: len(new)} if new else {}
        return missing, tuple(unread)

    @property
    def counts(self) -> Mapping[str, int]:
        """By store, the markers so far."""
        return {name: len(numbers) for name, numbers in self.acknowledged.items()}


def again(project: RunningProject, known: Mapping[str, Marker], limit: float) -> Deployment:
    """Deploy the version that runs once more, with data in its stores."""
    canaries = Canaries({n: m for n, m in known.items() if not project.stack.may_forget(n)})
    before = _ids(project)
    with canaries.written():
        began = time.monotonic()
        try:
            problems = project.deploy(limit).problems
        except LabError as error:
            problems = (("", str(error)),)
        seconds = time.monotonic() - began
    lost, unread = canaries.looked(time.monotonic() + _STEADY_LIMIT)
    return Deployment(
        seconds=seconds, limit=limit, problems=problems, written=canaries.counts, lost=lost, unread=unread,
        recreated=_recreated(project, before),
    )  # fmt: skip


def _ids(project: RunningProject) -> Mapping[str, str]:
    return {str(c.id): str(c.labels.get(SERVICE)) for c in project.containers()}


def _recreated(project: RunningProject, before: Mapping[str, str]) -> tuple[str, ...]:
    now = _ids(project)
    return tuple(sorted({service for one, service in before.items() if one not in now}))


def carry_out(
    plan: TrialPlan, engine: DockerEngine, image: str, own: Own | None, root: Path, report_dir: Path,
    kept: Sequence[str], say: Say,
) -> UpgradeSeen:  # fmt: skip
    """
    Bring the base up, update it to the head, and go back.

    Args:
        plan: what is asked of the trial.
        engine: to work with; nothing of the trial's own stack runs any more.
        image: ours.
        own: the container that we run in.
        root: the surveyed directory.
        report_dir: where a clean copy can be.
        kept: files that no version has and both need, relative to the root.
        say: called with what is done.
    """
    wanted, began = plan.upgrade, time.monotonic()
    if wanted.base is None or not wanted.budget:
        return UpgradeSeen(why_not="" if wanted.budget else "turned off by `deploy_budget: 0`")
    seen = UpgradeSeen(label=wanted.base.label)
    reports = report_dir.resolve()
    try:
        where = place(reports / SCRATCH / engine.run / "clone", (), reports, engine.run, own)
        with at(where):
            files = tuple(clone.some(root, kept))
            one = _Update(plan, engine, image, own, where, root.resolve(), files, began + wanted.budget, say)
            try:
                seen = replace(one.carried_out(), label=seen.label)
            finally:
                say("taking the update down")
                one.take_down()
    except (Error, *FAILURES) as error:
        return replace(seen, why_not=str(error))
    return replace(seen, seconds=time.monotonic() - began)


class _NotTried(Error):  # noqa: N818 - it says what is the case
    """The update was not tried. The text is the reason."""


@dataclass
class _Update:
    """One update and the way back."""

    plan: TrialPlan
    engine: DockerEngine
    image: str
    own: Own | None
    place: ProjectFiles
    root: Path
    kept: Sequence[PlainFile]
    deadline: float
    say: Say
    _clone: Clone = field(init=False)
    _project: RunningProject | None = None

    def __post_init__(self) -> None:
        """Begin with an empty copy."""
        self._clone = Clone(self.place.root)

    @property
    def _left(self) -> float:
        return self.deadline - time.monotonic()

    def _base(self) -> Iterable[PlainFile]:
        revision = self.plan.upgrade.base
        return clone.of_commit(revision) if revision is not None else ()

    def _head(self) -> Iterable[PlainFile]:
        return clone.of_work_tree(self.root, self.plan.upgrade.reports)

    def carried_out(self) -> UpgradeSeen:
        """
        Everything, as far as the budget goes.

        Raises:
            Error: the base does not come up, or is not steady, so nothing can be updated.
        """
        self.say("bringing up the base")
        base = self._loaded(self._base())
        began = time.monotonic()
        if unbuilt := self._built(base):
            raise _NotTried(f"the base does not come up: {unbuilt}")
        started = base.deploy(max(_LITTLE, self._left))
        if started.problems:
            raise _NotTried(f"the base does not come up: {_told(started.problems)}")
        limit = max(RECOVERY, _TIMES * (time.monotonic() - began))
        with joining.joined(self.engine, self.own), Events(self.engine, base.name) as events:
            settling.open_doors(base, events, self.say)
            tasks.wait(base, self.say)
            events.locate()
            return self._updated(base, events, limit)

    def _updated(self, base: RunningProject, events: Events, limit: float) -> UpgradeSeen:
        settling.settle(base.stack, events, {}, self.plan.probes)
        probes = asking.find_probes(base.stack, events, self.plan.probes, {})
        entries = [probes[name] for name in base.stack.entries if name in probes]
        given = [p for p in self.plan.operations if p.service in base.stack.services]
        errands, healthy = Errands(base, events), Health(base)
        every = dict(takers(self.plan, base, errands))
        taking = {name: m for name, m in every.items() if not isinstance(m, Unmarked)}
        base.stack = replace(base.stack, caches=frozenset(caches.found(taking)))
        canaries = Canaries({n: m for n, m in taking.items() if not base.stack.may_forget(n)})
        with Prober([*entries, *given], events.address, healthy, errands.run) as prober:
            healthy.settled = True
            if problem := _unsteady(base, prober):
                raise _NotTried(f"the base is not steady: {problem}")
            if self._left < _LITTLE:
                raise _NotTried(_late("the base alone needed it"))
            self.say("updating the base to the head")
            update, head = self._deployed(self._head(), base, prober, canaries, limit)
            seen = UpgradeSeen(
                update=update, stores=tuple(sorted(canaries.markers)),
                unkept=tuple(str(m) for m in every.values() if isinstance(m, Unmarked)),
            )  # fmt: skip
            if self._left < _LITTLE and not update.problems:
                return replace(seen, why_no_rollback=_late("the update alone needed it"))
            self.say("rolling back to the base")
            rollback, _ = self._deployed(self._base(), head or base, prober, canaries, limit)
        seen = replace(seen, rollback=rollback)
        if not update.problems:
            return seen
        self.say("bringing up the head from nothing in a clean copy")
        if problem := self._from_nothing(limit):
            return replace(seen, update=None, rollback=None, why_not=problem)
        return seen

    def _from_nothing(self, limit: float) -> str:
        """Why a failed update proves nothing: the head does not come up from a clean copy either."""
        self.take_down()
        self._project = None
        head = self._loaded(self._head())
        problem = head.make_images()
        if not problem and (problems := head.deploy(limit).problems):
            problem = _told(problems)
        return f"the head does not come up from a clean copy of its files: {problem}" if problem else ""

    def _loaded(self, version: Iterable[PlainFile]) -> RunningProject:
        """A version in the copy, as the next one of the project."""
        self._clone.become(version, self.kept)
        declared = self.plan.upgrade.declared_files
        files = self.plan.files if declared else find(self.place.root)
        if not files:
            raise _NotTried("there is no Compose file in it")
        earlier = self._project
        calls = Compose(
            replace(self.place, files=files), self.engine.run, self.plan.variables, self.plan.is_secret,
            known=earlier.generated if earlier is not None else {},
        )  # fmt: skip
        project = RunningProject(self.engine, calls, self.image, earlier=earlier)
        self._project = project
        project.load({})
        if (risks := list(dangers.of(project.stack))) and not self.plan.allow_dangerous:
            raise _NotTried(f"{'; '.join(risks)}: such a stack is tried only with --trial-unsafe")
        return project

    def _built(self, project: RunningProject) -> str:
        """What is wrong with the images."""
        try:
            return project.make_images(max(_LITTLE, self._left))
        except LabError as error:
            if self._left < _LITTLE:
                raise _NotTried(_late("the images alone needed it")) from None
            return str(error)

    def _deployed(
        self, version: Iterable[PlainFile], before: RunningProject, prober: Prober, canaries: Canaries, limit: float
    ) -> tuple[Deployment, RunningProject | None]:
        """One version over the other."""
        late_from, ids = len(prober.lateness), _ids(before)
        to: RunningProject | None = None
        try:
            to = self._loaded(version)
            unbuilt = self._built(to)
        except LabError as error:
            unbuilt = str(error)
        if unbuilt or to is None:
            return Deployment(limit=limit, problems=(("", unbuilt),)), to
        with canaries.written():
            began = time.monotonic()
            try:
                problems = to.deploy(limit).problems
            except LabError as error:
                problems = (("", str(error)),)
            _join(self.engine, self.own)
            to.finish()
            ended = _settled(to, prober, began + limit) if not problems else time.monotonic()
            time.sleep(max(0.0, began + WINDOW - time.monotonic()))
        window = (began, max(ended, began + WINDOW))
        asked = tuple(_asked(prober, window, to))
        lost, unread = canaries.looked(time.monotonic() + _STEADY_LIMIT)
        failing = [(a.service, f"{a.question} fails: {_failure(a)}") for a in asked if a.last and not a.gone]
        return Deployment(
            seconds=ended - began, limit=limit, problems=tuple(problems) or tuple(failing), asked=asked,
            written=canaries.counts, lost=lost, unread=unread, recreated=_recreated(to, ids),
            machine=experiment.machine(prober, late_from),
        ), to  # fmt: skip

    def take_down(self) -> None:
        """Remove everything of the project, whichever version made it."""
        if self._project is not None:
            self._project.down()
        label: dict[str, Any] = {"label": f"{PROJECT}={self.engine.run}"}
        with contextlib.suppress(*FAILURES):
            client = self.engine.client
            for container in client.containers.list(all=True, filters=label, ignore_removed=True):
                container.remove(force=True, v=True)
            for found in (client.networks.list(filters=label), client.volumes.list(filters=label)):
                for one in found:
                    with contextlib.suppress(*FAILURES):
                        one.remove()


def _join(engine: DockerEngine, own: Own | None) -> None:
    """Be on networks that a new version has added."""
    if own is not None:
        joining.join_new(engine, own)


def _told(problems: Iterable[tuple[str, str]]) -> str:
    return "; ".join(f"{service}: {text}" if service else text for service, text in problems)


def _late(why: str) -> str:
    return f"`deploy_budget` is too small: {why}; a larger one would measure it"


def _failure(one: Asked) -> str:
    if one.last is None:
        return "nothing"
    return f"{one.last.value} {one.status}" if one.status else one.last.value


def _unsteady(project: RunningProject, prober: Prober) -> str:
    deadline = time.monotonic() + _STEADY_LIMIT
    while time.monotonic() < deadline:
        if prober.all_good(_STEADY) and not project.unhealthy():
            return ""
        time.sleep(_POLL)
    return _told(project.unhealthy()) or "its entry points do not answer"


def _settled(project: RunningProject, prober: Prober, deadline: float) -> float:
    """When every question was answered again for a while, or would not be; the deadline if neither came."""
    lasting = {s.name for s in project.stack.lasting}
    since: float | None = None
    while (now := time.monotonic()) < deadline:
        fine = not project.unhealthy() and all(
            _fine(p, prober, now) for p in prober.probes if p.service in lasting
        )  # fmt: skip
        since = (since if since is not None else now) if fine else None
        if since is not None and now - since >= _STEADY:
            return since
        time.sleep(_POLL)
    return time.monotonic()


def _fine(probe: Probe, prober: Prober, now: float) -> bool:
    """Whether a question is answered now, or with an error of the asker's: its address is gone."""
    last = next((s for s in reversed(tuple(prober.samples[probe][-5:])) if s.ended > now - 3), None)
    if last is None:
        return False
    return last.good or (last.result.failure is ProbeFailure.STATUS and 400 <= last.result.status < 500)


def _asked(prober: Prober, window: tuple[float, float], project: RunningProject) -> Iterator[Asked]:
    """What each question came to; those of services that the new version does not have are left out."""
    lasting = {s.name for s in project.stack.lasting}
    for probe, samples in prober.since(window[0]).items():
        if probe.service not in lasting or not samples:
            continue
        found = measure(
            samples, injected=window[0], window=window, healed=window[1], period=probe.period, lasting=probe.lasting
        )
        if found.success is None:
            continue
        last = max(samples).result
        yield Asked(probe.service, str(probe), found.success, found.longest, last.failure, last.status)
