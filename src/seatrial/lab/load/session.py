"""Load on the running stack: the profiles one after the other, then an overload of one entry point."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

from seatrial.domain.load_profile import Executor, LoadProfile, LoadRequest, plateaus
from seatrial.domain.thresholds import DEFAULTS
from seatrial.domain.work import WorkGroup
from seatrial.lab import experiment
from seatrial.lab.engine import LabError
from seatrial.lab.experiment import Watch

from . import radius, soak, working
from .judge import Incidents, JudgedLoad, judge
from .radius import RadiusSeen
from .script import LoadScript
from .seen import LoadSeen
from .sidecar import Generated, NotInstalledError, generate
from .tally import total
from .usage import Usage

DEFAULT = "default"
"""The profile where none is declared."""
USERS = (10, 50, 100)
"""Users of the plateaus where no profile is declared."""
SHARE, OVERLOAD = 0.7, 0.15
"""Of the budget: for profiles and workers, and for the overload. The rest is for starting, and for calming down."""
WORKERS = 0.35
"""Of the budget: for workers, if there are any; profiles have the rest of their share."""
LIMIT = 360.0
"""Seconds in which workers have to complete."""
_SAFE = frozenset({"GET", "HEAD"})
_CALM = 15.0  # seconds in which the stack has to be steady again after load


@dataclass(frozen=True, slots=True)
class LoadPlan:
    """What is asked of the load."""

    budget: float
    """Seconds for all of it."""
    profiles: tuple[LoadProfile, ...] = ()
    """Those that are declared; none: one by discovery."""
    groups: tuple[WorkGroup, ...] = ()
    """Teams of workers."""
    soak: float = 0.0
    """Seconds of a soak, besides the budget; 0: none."""
    limit: float = LIMIT
    """Seconds that workers may take, as far as the budget has them."""


def carry_out(plan: LoadPlan, watch: Watch, say: Callable[[str], None]) -> LoadSeen:
    """Load the stack, and judge."""
    entries = {name: tuple(_requests(watch, name)) for name in watch.entries}
    if not plan.groups:
        return _load(plan, entries, SHARE, watch, say)
    limit = min(plan.limit, WORKERS * plan.budget)
    notes = (f"workers have {limit:.0f} s of their {plan.limit:.0f} s, by `load_budget`",)
    try:
        found = tuple(one for every in entries.values() for one in every)
        groups = tuple(g if g.operations else replace(g, operations=found) for g in plan.groups)
        if not all(group.operations for group in groups):
            raise LabError("load.groups: no entry point answers HTTP; `load.operations` can name what workers do")
        work, error = working.completed(watch, groups, limit, say), ""
    except LabError as problem:
        work, error = None, str(problem)
    seen = _load(plan, entries, SHARE - WORKERS, watch, say)
    shortened = notes if limit < plan.limit else ()
    return replace(seen, work=work, work_error=error, notes=(*shortened, *seen.notes))


def _load(
    plan: LoadPlan,
    entries: Mapping[str, tuple[LoadRequest, ...]],
    part: float,
    watch: Watch,
    say: Callable[[str], None],
) -> LoadSeen:
    """Profiles in that part of the budget, and the overload."""
    found = tuple(one for every in entries.values() for one in every)
    declared = tuple(p if p.requests else replace(p, requests=found, in_turn=True) for p in plan.profiles)
    profiles = tuple(p for p in declared or (_default(found),) if p.requests)
    if not watch.entries and not plan.profiles:
        return LoadSeen(absent="the stack has no entry point")
    if not profiles:
        return LoadSeen(skipped="no entry point answers HTTP; `load.profiles` can name requests")
    unknown = sorted({r.service for p in profiles for r in p.requests} - watch.context.project.stack.services.keys())
    if unknown:
        known = ", ".join(sorted(watch.context.project.stack.services))
        return LoadSeen(error=f"load.profiles: unknown service {unknown[0]!r}; the stack has {known}")
    fitted, notes = _fitted(profiles, part * plan.budget)
    soaking = (soak.profile(found or profiles[0].requests, plan.soak),) if plan.soak else ()
    seen = LoadSeen(notes=notes)
    try:
        for profile in (*fitted, *soaking):
            seen = replace(seen, runs=(*seen.runs, _run(profile, watch, say)))
        seen = replace(seen, radius=_overload(entries, OVERLOAD * plan.budget, watch, say))
    except NotInstalledError as error:
        return replace(seen, skipped=str(error))
    except LabError as error:
        return replace(seen, error=str(error), unfinished=len(seen.runs) < len(fitted) + len(soaking))
    finally:
        experiment.steady(watch, limit=_CALM)
    return seen


def _requests(watch: Watch, entry: str) -> Iterator[LoadRequest]:
    """What is asked of an entry point by discovery: its liveness, readiness and questions; safe methods only."""
    found = (p for p in watch.prober.probes if p.service == entry and p.kind == "http" and p.method in _SAFE)
    made = (LoadRequest(entry, p.port, p.path, p.method, expected=p.usual) for p in found)
    yield from dict.fromkeys(made)


def _default(requests: tuple[LoadRequest, ...]) -> LoadProfile:
    return LoadProfile(
        name=DEFAULT, executor=Executor.RAMPING_VUS, stages=plateaus(USERS, 180.0), requests=requests,
        thresholds=DEFAULTS, in_turn=True,
    )  # fmt: skip


def _fitted(profiles: tuple[LoadProfile, ...], budget: float) -> tuple[tuple[LoadProfile, ...], tuple[str, ...]]:
    """The profiles in so many seconds altogether, and what was shortened."""
    wanted = sum(profile.seconds for profile in profiles)
    factor = min(1.0, budget / wanted) if wanted else 1.0
    fitted = tuple(profile.within(factor * profile.seconds) for profile in profiles)
    declared = [p.name for p in profiles if factor < 1 and p.name != DEFAULT]
    text = f"load: {', '.join(declared)} shortened to {100 * factor:.0f} % of the declared durations by `load_budget`"
    return fitted, (text,) if declared else ()


def _run(profile: LoadProfile, watch: Watch, say: Callable[[str], None]) -> JudgedLoad:
    """
    One profile.

    Raises:
        LabError: it could not be carried out.
    """
    if problem := experiment.steady(watch):
        raise LabError(f"not steady before the load: {problem}")
    say(f"load: {profile.name}, up to {profile.peak} {profile.unit}, {profile.seconds:.0f} s")
    began = time.monotonic()
    with Usage(watch.context.project) as usage:
        made = generate(watch.context, _script(profile, watch))
    services = usage.services(made.began, made.began + profile.seconds)
    events = watch.context.events.since(began)
    died = Counter(e.service for e in events if e.action == "die")
    killed = frozenset(e.service for e in events if e.action == "oom")
    return judge(profile, made, services, watch.context.project.stack, Incidents(died, killed))


def _script(profile: LoadProfile, watch: Watch) -> LoadScript:
    addresses = {r.service: watch.context.events.address(r.service) for r in profile.requests}
    away = sorted(service for service, address in addresses.items() if not address)
    if away:
        raise LabError(f"{away[0]} has no address to be loaded at")
    return LoadScript(profile, addresses, watch.context.seed)


def _overload(
    entries: Mapping[str, tuple[LoadRequest, ...]], seconds: float, watch: Watch, say: Callable[[str], None]
) -> RadiusSeen | None:
    """
    The entry point that needs most, with more users than it can serve; None if there is no other service to look at.

    Raises:
        LabError: it could not be carried out.
    """
    stack = watch.context.project.stack
    able = [name for name, requests in entries.items() if requests and radius.touched(stack, name) != _all(watch)]
    if not able:
        return None
    target = max(sorted(able), key=lambda name: len(stack.needs(name)))
    if problem := experiment.steady(watch):
        raise LabError(f"not steady before the overload: {problem}")
    say(f"load: overload {target}, {radius.USERS} users without a pause, {seconds:.0f} s")
    late_from, began = len(watch.prober.lateness), time.monotonic()
    profile = radius.profile(entries[target], seconds)
    made: Generated = generate(watch.context, _script(profile, watch), first=False)
    ended = made.began + profile.seconds
    during = {p: [s for s in every if s.ended <= ended] for p, every in watch.prober.since(made.began).items()}
    outside = radius.touched(stack, target)
    died = {e.service for e in watch.context.events.since(began) if e.action == "die"}
    return RadiusSeen(
        target, total(made.slices).requests, radius.served(during, watch.control, outside),
        frozenset(died - outside), experiment.machine(watch.prober, late_from).late,
    )  # fmt: skip


def _all(watch: Watch) -> frozenset[str]:
    return frozenset(service.name for service in watch.context.project.stack.lasting)
