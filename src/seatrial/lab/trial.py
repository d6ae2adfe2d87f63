"""
A whole trial: the stack comes up, is found steady, is broken on purpose again and again, and is asked to stop.

Also after an error everything is taken down: by us, else by the guard, else by the next sweep.
"""

from __future__ import annotations

import contextlib
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from seatrial.domain.progress import Say
from seatrial.text.redact import Secret
from seatrial.text.wording import counted

from . import (
    asking,
    caches,
    capabilities,
    conversations,
    dangers,
    deaths,
    discover,
    endpoints,
    experiment,
    hosts,
    inspection,
    joining,
    judge,
    ledgers,
    markers,
    protocols,
    reach,
    runtime,
    settling,
    stack,
    tasks,
)
from .backup import drill
from .backup.seen import BackupSeen
from .capabilities import Capabilities
from .compose import Compose, place
from .configuration import campaign
from .configuration.campaign import Configured
from .discover import Planned
from .engine import DockerEngine, LabError, Own
from .errands import Errands, Given
from .events import Events
from .experiment import Watch
from .faults import FAULTS, disk
from .faults.base import Expectation, FaultContext
from .guard import Guard
from .load import session
from .logs import Log, log
from .markers import Marker, Unmarked
from .model import Stack
from .observation import NotDone, Observation, TrialObservation
from .planning import TrialPlan, experiments, explained
from .probes import Probe, Prober
from .stack import RunningProject
from .stopping import stop
from .takers import takers
from .tasks import Health
from .upgrade import deploying, uncommitted
from .upgrade.seen import UpgradeSeen

_UP = 180.0  # seconds for the stack to come up, once it is built
_BUSY = 60.0  # seconds more for the steady state, where the machine is too busy to judge by time-outs
_AGAIN = 60.0  # seconds for the same deployment once more
_JOB = 15.0  # seconds in which a first job has to be done
_LOG = 256 * 1024  # bytes of each service's log


@dataclass(frozen=True)
class Lab:
    """What a trial is carried out with."""

    engine: DockerEngine
    image: str
    capabilities: Capabilities
    own: Own | None


@dataclass(frozen=True)
class TrialResult:
    """A trial that was carried out."""

    trial: TrialObservation
    stack: Stack
    logs: Mapping[str, Log] = field(repr=False)
    """By service."""
    generated: Mapping[str, Secret] = field(default_factory=dict)
    """Secrets that were made up for the trial."""


@contextlib.contextmanager
def open_lab(engine: DockerEngine, image: str, own: Own | None) -> Iterator[Lab]:
    """
    Begin a run. Its guard starts first, so that no other run sweeps this one's containers.

    Raises:
        LabError: Seatrial's image cannot be pulled, or no sidecar can be started.
    """
    chosen = own.image if own is not None else image
    if not engine.has_image(chosen):
        engine.pull(chosen)
    with Guard(engine, chosen, own):
        engine.sweep()
        yield Lab(engine, chosen, capabilities.check(engine, chosen), own)


def carry_out(plan: TrialPlan, lab: Lab, root: Path, report_dir: Path, say: Say) -> TrialResult:
    """
    Carry a trial out.

    Raises:
        LabError: it could not even begin.
    """
    began = time.monotonic()
    say(f"reading the stack as {lab.engine.run}")
    where = place(root, plan.files, report_dir, lab.engine.run, lab.own)
    calls = Compose(where, lab.engine.run, plan.variables, plan.is_secret)
    with stack.opened(lab.engine, calls, lab.image, _small(plan)) as project:
        risks = list(dangers.of(project.stack))
        if risks and not plan.allow_dangerous:
            raise LabError(f"{'; '.join(risks)}: such a stack is tried only with --trial-unsafe")
        project.stack = replace(project.stack, coded=hosts.needed(project.stack, plan.hosts, where.outside))
        drill.verify(project.stack, plan.backups)
        say("starting the stack")
        started = project.start(_UP)
        trial = TrialObservation(
            started=started.seconds, problems=started.problems, notes=(*project.notes, *started.notes)
        )
        if not started.problems:
            with (
                joining.held(project, lab.image, plan.budget + _UP + 600 + (plan.load.soak if plan.load else 0)),
                joining.joined(lab.engine, lab.own),
                Events(lab.engine, project.name) as events,
            ):
                trial = _try(plan, lab, project, events, trial, say)
        logs = {s.name: log(project, s, _LOG) for s in project.stack.services.values()}
        kept = tuple(uncommitted.found(project)) if plan.upgrade.base is not None else ()
        say("taking the stack down")
    if plan.upgrade.asked and not started.problems and not trial.unsteady:
        seen = deploying.carry_out(plan, lab.engine, lab.image, lab.own, root, report_dir, kept, say)
        trial = replace(trial, upgrade=replace(seen, again=trial.upgrade.again))
    return TrialResult(replace(trial, seconds=time.monotonic() - began), project.stack, logs, project.generated)


def _try(
    plan: TrialPlan, lab: Lab, project: RunningProject, events: Events, trial: TrialObservation, say: Say
) -> TrialObservation:
    """With the stack up: look at it, break it, stop it."""
    if lab.own is None and (network := project.network()):
        reach.check(lab.engine, lab.image, network)
    settling.open_doors(project, events, say)
    say("looking at the running stack")
    facts = tuple(runtime.look(project, lab.image))  # before anybody asks: what the logs tell is the stack's own doing
    again = tuple(inspection.second_up(project))
    ended = tasks.wait(project, say)
    events.locate()
    listening = {s.service: s.ports for s in facts}
    settling.settle(project.stack, events, listening, plan.probes)
    # Of a service that the file says nothing of nobody knew that it would listen, and for which ports to wait.
    silent = (s.service for s in facts if s.own_network and not s.ports)
    listening = {**listening, **runtime.ports(project, lab.image, silent)}
    probes = asking.find_probes(project.stack, events, plan.probes, listening)
    trial = replace(trial, spoken=protocols.spoken(events, listening))
    context = FaultContext(lab.engine, project, lab.image, lab.capabilities, events, probes, plan.seed)
    asking.stir(context, (*probes.values(), *plan.operations), plan.routes)
    project.stack = replace(project.stack, seen=conversations.look(project, lab.image))
    entries = project.stack.entries
    healthy = Health(project)
    ready = tuple(asking.find_readiness(probes, entries, events))
    chosen = experiments(plan, project.stack, probes)
    planned = tuple(f"plan: {' '.join(line.split())}" for line in explained(plan, project.stack, probes, chosen))
    trial = replace(trial, notes=(*trial.notes, *planned))
    targets = tuple(dict.fromkeys(p.service for p in chosen))
    errands = Errands(project, events)
    learned = asking.learn(
        context, errands, (*probes.values(), *ready), plan.operations, plan.routes, targets, healthy, say
    )
    ready = (*ready, *learned.questions)
    context = replace(context, work=learned.work)
    with Prober([*probes.values(), *ready], events.address, healthy, errands.run) as prober:
        every = dict(takers(plan, project, errands))
        taking = {name: m for name, m in every.items() if not isinstance(m, Unmarked)}
        project.stack = replace(project.stack, caches=frozenset(caches.found(taking)))
        watch = Watch(
            context,
            prober,
            entries,
            taking,
            ears=learned.ears,
            reach=learned.reach,
            jobs=_jobs(plan, project, errands),
        )
        unkept = tuple(str(m) for m in every.values() if isinstance(m, Unmarked))
        unkept += (*inspection.unnamed(project), *inspection.propped(project), *ledgers.forgetful(project))
        trial = replace(trial, notes=(*trial.notes, *unkept), again=again, probes=probes, ready=ready, entries=entries)
        problem = experiment.steady(watch, limit=30.0, busy=_BUSY)
        trial = replace(trial, machine=experiment.hindered(prober))
        healthy.settled = project.settled = True
        notes = [
            *trial.notes,
            *(f"{name} ended with exit code 0 and counts as a task" for name in sorted({*ended, *healthy.tasks})),
        ]
        notes += [_few_workers(name) for name in sorted(learned.reach.narrow)]
        told = tuple(endpoints.find(probes, events, learned.questions)) if not problem else ()
        trial = replace(trial, compared=inspection.compared(project), runtime=facts, endpoints=told, notes=tuple(notes))
        died = dict(deaths.unprovoked(events.seen, project.stack))
        done: list[Observation | NotDone] = []
        repeated: dict[Planned, Observation] = {}
        if not problem:
            say("asking the same questions without a fault")
            watch = replace(watch, control=experiment.control(watch))
            trial = replace(trial, notes=(*trial.notes, *_controlled(watch.control)))
            done, repeated = _experiments(chosen, watch, plan.budget, say)
        late = sorted(prober.lateness)
        seen = tuple(events.seen)  # deaths under load are not told apart from those by themselves
        if not problem and plan.load is not None:
            trial = replace(trial, load=session.carry_out(plan.load, watch, say))
    apart = deaths.told_apart(done, repeated, seen, project.stack)
    dead = (e.service for e in events.seen if e.action == "die" and e.service not in project.stack.one_shots)
    loops = Counter(dead) if problem else Counter[str]()
    configured = Configured(why_not="the stack was not steady")
    if not problem:
        say("trying wrong settings in copies of the services")
        configured = campaign.tried(project, probes, _working(ready, learned.work), plan.configuration, say)
    upgrade = UpgradeSeen()
    if not problem and plan.upgrade.asked and not project.unhealthy():
        say("deploying the same again")
        upgrade = UpgradeSeen(again=deploying.again(project, taking, _AGAIN))
    backups = BackupSeen(why_not="the stack was not steady")
    if not problem:
        backups = drill.carried_out(project, plan.backups, say)
    say("stopping the stack")
    return replace(
        trial,
        upgrade=upgrade,
        unsteady=problem,
        experiments=apart.done,
        repeated=apart.repeated,
        reach=learned.reach,
        heard=learned.heard,
        unfollowed=frozenset(learned.ears.workers.takers if learned.ears else ()) - plan.jobs.keys(),
        stopped=tuple(stop(project)),
        configured=configured,
        backups=backups,
        loops=dict(loops),
        deaths=tuple(({**dict(apart.deaths), **died}).items()),
        lateness=late[int(len(late) * 0.99)] if late else 0.0,
    )


def _working(ready: Sequence[Probe], work: Mapping[str, Sequence[Probe]]) -> list[Probe]:
    """What makes services work, each question once."""
    return list(dict.fromkeys((*(probe for every in work.values() for probe in every), *ready)))


def _controlled(shares: Mapping[Probe, float]) -> Iterator[str]:
    """What the control run showed, in a line for each question that was not always answered well, or in one."""
    bad = {probe: share for probe, share in shares.items() if share < 1}
    if not bad:
        yield f"control run: {counted(len(shares), 'question')} answered well all the time without a fault"
    for probe, share in bad.items():
        yield f"control run: {probe.service} {probe}: {100 * share:.0f} % good without a fault, which is subtracted"


def _few_workers(name: str) -> str:
    return (
        f"{name} has few workers: one question that waits for another service keeps its liveness from being answered. "
        "While something is away, its liveness is asked alone first."
    )


def _jobs(plan: TrialPlan, project: RunningProject, errands: Errands) -> Mapping[str, Marker]:
    """By worker, how it is given jobs that show when they are done."""
    found: dict[str, Marker] = {}
    for worker, (put, done) in plan.jobs.items():
        found[worker] = Given(errands, put, done, f"{project.engine.run}-job")
        if worker not in project.stack.services or not markers.works(found[worker], _JOB):
            raise LabError(f"chaos.jobs.{worker}: what `put` gives does not come out by `done` within {_JOB:.0f} s")
    return found


def _small(plan: TrialPlan) -> Mapping[str, int]:
    """Services whose disk is to be full at some time: their volumes have to be small from the beginning."""
    full = [p for p in plan.experiments if p is not None and p.fault == disk.NAME]
    return {p.service: round(experiment.parameters(FAULTS[p.fault], p.parameters, str(p))["size"]) for p in full}


def _experiments(
    chosen: Sequence[Planned], watch: Watch, budget: float, say: Say
) -> tuple[list[Observation | NotDone], dict[Planned, Observation]]:
    """One after the other, while the budget lasts; a degradation that fails is tried once more."""
    deadline = time.monotonic() + budget
    done: list[Observation | NotDone] = []
    repeated: dict[Planned, Observation] = {}
    waiting = list(chosen)
    while waiting:
        planned, left = waiting.pop(0), deadline - time.monotonic()
        if experiment.cost(planned) > left:
            done.append(NotDone(planned, f"the budget of {budget:.0f} s was used up"))
            continue
        say(f"{planned} ({len(done) + 1} of {len(chosen)}, {left:.0f} s of the budget left)")
        one = experiment.run(planned, watch)
        done.append(one)
        judged = judge.judge(one, watch.context.project.stack)
        if isinstance(one, Observation) and _is_repeated(one, judged):
            say(f"{planned} once more")
            second = experiment.run(planned, watch)
            if isinstance(second, Observation):
                repeated[planned] = second
        left_over = isinstance(one, Observation) and not judge.recovered(one, watch.context.project.stack)
        if left_over and waiting:
            waiting = discover.later(waiting, planned)
            say("restarting the stack")
            if not _restarted(watch):
                done += [NotDone(p, f"the stack did not recover from {planned}") for p in waiting]
                break
    return done, repeated


def _is_repeated(one: Observation, judged: judge.JudgedExperiment) -> bool:
    """What a busy machine can bring about is tried once more."""
    again = one.kind is Expectation.DEGRADE or judge.is_noise(one, judged.complaints)
    return again and judge.failed(judged.complaints)


def _restarted(watch: Watch) -> bool:
    """
    Whether the stack is steady after a stop and a start: what one fault broke is not reported of the next.

    `compose restart` would start everything at the same time, against the order of dependencies.
    """
    project = watch.context.project
    with contextlib.suppress(LabError):
        project.compose("stop", timeout=_UP)
        project.compose("up", "--detach", "--no-build", "--no-recreate", timeout=_UP)
    return not experiment.steady(watch, limit=30.0)


KNOWN = tuple(FAULTS)
"""Names of all faults."""
