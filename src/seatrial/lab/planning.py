"""What is asked of a trial, the experiments that come of it, and the same for people. Nothing is started."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from seatrial.text.wording import counted

from . import discover, experiment, hosts, stack
from .backup.seen import DrillRequest
from .configuration import campaign
from .discover import Expect, Planned
from .engine import LabError
from .errands import Errand
from .faults import FAULTS
from .hosts import NamedHost
from .load.session import LoadPlan
from .model import Stack
from .probes import Probe
from .routes import Route
from .upgrade.seen import UpgradePlan


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialPlan:
    """What is asked of a trial."""

    files: tuple[str, ...]
    budget: float = 180.0
    """Seconds for the experiments altogether."""
    seed: int = 1
    variables: Mapping[str, str] = field(default_factory=dict)
    is_secret: Callable[[str], bool] = lambda _name: False
    """Whether a variable of this name holds a secret: one without a value gets a random one."""
    probes: Mapping[str, Probe] = field(default_factory=dict)
    """Those that were given; the others are discovered."""
    operations: tuple[Probe, ...] = ()
    """Questions that were given; others are discovered."""
    routes: tuple[Route, ...] = ()
    """Addresses that the code of the repository names."""
    hosts: tuple[NamedHost, ...] = ()
    """Hosts that the code of the repository names."""
    experiments: tuple[Planned | None, ...] = ()
    """Those that were given, None for all that is discovered; empty: by discovery."""
    expect: Expect = field(default_factory=Expect)
    """What every experiment has to reach, where it does not say otherwise."""
    data: tuple[Errand, Errand] | None = None
    """How markers are written and read."""
    jobs: Mapping[str, tuple[Errand, Errand]] = field(default_factory=dict)
    """By worker how it is given a job, and where those that are done show."""
    skipped: frozenset[str] = frozenset()
    """What is not to be tried: `FAULT` or `SERVICE.FAULT`."""
    load: LoadPlan | None = None
    """None: the stack is not loaded."""
    allow_dangerous: bool = False
    configuration: campaign.MutationRequest = field(default_factory=campaign.MutationRequest)
    """How the configuration of the services is tried."""
    upgrade: UpgradePlan = field(default_factory=lambda: UpgradePlan(asked=False))
    """How the stack is deployed over a running one."""
    backups: DrillRequest = field(default_factory=DrillRequest)
    """How the stores' backups are drilled."""


def experiments(plan: TrialPlan, model: Stack, probes: Mapping[str, Probe]) -> tuple[Planned, ...]:
    """
    What is tried, in order.

    Raises:
        LabError: an experiment is asked of a service that does not exist.
    """
    discovered = discover.plan(model, probes, seed=plan.seed, most=discover.most(plan.budget), skipped=plan.skipped)
    chosen: list[Planned] = []
    for one in plan.experiments or (None,):
        chosen += discovered if one is None else [replace(one, because="the configuration asks for it")]
    unknown = next((p for p in chosen if p.service not in model.services), None)
    if unknown is not None:
        raise LabError(
            f"{unknown}: unknown service {unknown.service!r}; the stack has {', '.join(sorted(model.services))}"
        )
    return tuple(dict.fromkeys(replace(one, expect=one.expect.over(plan.expect)) for one in chosen))


def preview(plan: TrialPlan, root: Path) -> Iterator[str]:
    """
    What would be tried, a line each; the stack is not started, so what only a running one tells is not known yet.

    Raises:
        LabError: Compose is missing, or rejects the files.
    """
    found = stack.model(root, plan.files, plan.variables, plan.is_secret)
    found = replace(found, coded=hosts.needed(found, plan.hosts, root.resolve()))
    probes = {s.name: plan.probes.get(s.name) or discover.probe(s) for s in found.lasting}
    chosen = experiments(plan, found, probes)
    yield f"trial: {counted(len(chosen), 'experiment')}, seed {plan.seed}, about {_seconds(chosen):.0f} s"
    yield from (f"  {line}" for line in explained(plan, found, probes, chosen))
    yield from (f"  {name:<30} asked by {probe}" for name, probe in probes.items())
    yield "  only the running stack shows which services are tasks, and on which ports the others listen"


def explained(plan: TrialPlan, model: Stack, probes: Mapping[str, Probe], chosen: Sequence[Planned]) -> Iterator[str]:
    """The plan: a line for each choice, and one for what the budget is too small for."""
    yield from (f"{one!s:<30} {FAULTS[one.fault].KIND:<8} {one.because}" for one in chosen)
    everything = experiments(replace(plan, budget=discover.EVERYTHING), model, probes)
    left = sorted(set(everything) - set(chosen), key=everything.index)
    pays = f"trial_budget: the experiments end {plan.budget:g} s after they began"
    if left:
        pays += f"; {len(left)} more would apply: `--trial-budget {discover.EVERYTHING:g}` has all of them in the plan"
    yield pays
    if left:
        faults = {fault: [one.service for one in left if one.fault == fault] for fault in (one.fault for one in left)}
        told = "; ".join(f"{fault} {', '.join(services)}" for fault, services in faults.items())
        yield f"not measured, the budget ran out: {told}"


def _seconds(chosen: Sequence[Planned]) -> float:
    return sum(experiment.cost(planned) for planned in chosen)
