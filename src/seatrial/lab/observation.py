"""What was seen: one value for each experiment, and one for the whole trial. No judgement here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from seatrial.domain.measured import TimelineLane

from .backup.seen import BackupSeen
from .calibration import NOTHING, Reach
from .configuration.campaign import Configured
from .discover import Planned
from .endpoints import Endpoint
from .faults.base import End, Expectation
from .inspection import Inspected
from .load.seen import LoadSeen
from .machine import Machine
from .measure import Measures
from .probes import Probe
from .runtime import RuntimeFacts
from .upgrade.seen import UpgradeSeen
from .voices import Trouble


@dataclass(frozen=True, slots=True)
class Moment:
    """One line of an experiment's timeline."""

    at: float
    """Seconds since the injection began; negative before."""
    text: str


@dataclass(frozen=True, slots=True)
class Writes:
    """What became of acknowledged writes."""

    acknowledged: int
    lost: int


@dataclass(frozen=True, slots=True)
class Jobs:
    """What became of the jobs that a worker was given around a fault."""

    given: int
    acknowledged: int
    """Those that were taken in."""
    done: int
    """Of these, what was done within the time that a recovery may take."""


@dataclass(frozen=True, slots=True)
class Stall:
    """A worker that does not work again."""

    service: str
    text: str


@dataclass(frozen=True, slots=True)
class Aftermath:
    """What was seen."""

    troubles: tuple[Trouble, ...] = ()
    """Services whose logs showed, at the end of the recovery time, that they had not recovered."""
    stalls: tuple[Stall, ...] = ()
    """Workers that did not work again by then."""
    worked: frozenset[str] = frozenset()
    """Workers that were seen to do jobs afterwards."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """One experiment that was carried out."""

    planned: Planned
    kind: Expectation
    parameters: Mapping[str, object]
    evidence: str
    """What showed that the fault was on."""
    measures: Mapping[Probe, Measures]
    baseline: Mapping[Probe, float]
    """The 95th percentile of good answers before, in seconds."""
    control: Mapping[Probe, float] = field(default_factory=dict)
    """Share of good answers to the same questions without a fault, before all experiments."""
    depending: frozenset[Probe] = frozenset()
    """The questions that were seen to wait or fail while the target was frozen, with nothing else in their way."""
    healthy: float | None
    """Seconds from the undoing until every service was up again; None: not within the limit."""
    unhealthy: tuple[tuple[str, str], ...] = ()
    """What was still wrong at the limit."""
    dead: bool = False
    """Whether all of that ended for good, so that the limit did not have to be waited for."""
    deaths: Mapping[str, int] = field(default_factory=dict)
    """How often each service's container died meanwhile, those that we ended ourselves left out."""
    own: Mapping[str, str] = field(default_factory=dict)
    """Services that died meanwhile by themselves, and what shows that it was not the fault."""
    began: float = 0.0
    """When the injection began: seconds, monotonic."""
    killed: tuple[str, ...] = ()
    """Services that were out of memory."""
    moved: bool = False
    """Whether the target has another address now."""
    ends: End = End.NOTHING
    """How the fault itself ended the target's container."""
    writes: Writes | None = None
    jobs: Mapping[str, Jobs] = field(default_factory=dict)
    """By worker, where the repository says how it is given jobs."""
    after: Aftermath = field(default_factory=Aftermath)
    """What logs and stores showed of services that no question reaches."""
    machine: Machine = field(default_factory=Machine)
    timeline: tuple[Moment, ...] = ()
    lanes: tuple[TimelineLane, ...] = ()
    """The same as a picture."""
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class NotDone:
    """An experiment that says nothing: it could not be tried, or it is unknown whether the fault was on."""

    planned: Planned
    reason: str
    error: bool = False
    """Whether something went wrong, rather than not being possible or wanted here."""


@dataclass(frozen=True, slots=True)
class Stopped:
    """How one service ended when it was asked to."""

    service: str
    exit_code: int
    seconds: float
    grace: float
    """Seconds that it had."""
    obeyed: bool = True
    """Whether its exit code is that of a program that ends because it is asked to."""
    unseen: str = ""
    """Why its end was not seen; the other figures mean nothing then."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialObservation:
    """The whole trial."""

    started: float = 0.0
    """Seconds until everything was up."""
    problems: tuple[tuple[str, str], ...] = ()
    """What was wrong when it came up: service and text."""
    again: tuple[str, ...] = ()
    """Services that a second `up` without any change made anew."""
    probes: Mapping[str, Probe] = field(default_factory=dict)
    ready: tuple[Probe, ...] = ()
    """Probes for readiness, besides."""
    entries: tuple[str, ...] = ()
    unsteady: str = ""
    """Why no experiment was begun."""
    machine: Machine = field(default_factory=Machine)
    """How busy the machine was when the steady state was waited for in vain, if that could be why."""
    experiments: tuple[Observation | NotDone, ...] = ()
    repeated: Mapping[Planned, Observation] = field(default_factory=dict, hash=False)
    reach: Reach = NOTHING
    """Which questions depend on which service."""
    heard: frozenset[str] = frozenset()
    """Services that print regularly: their silence would have been noticed."""
    unfollowed: frozenset[str] = frozenset()
    """Services that take jobs of which none was followed to its end."""
    stopped: tuple[Stopped, ...] = ()
    configured: Configured = field(default_factory=Configured)
    """How the services took wrong settings."""
    upgrade: UpgradeSeen = field(default_factory=UpgradeSeen)
    """How deployments over the running stack went."""
    backups: BackupSeen = field(default_factory=BackupSeen)
    """Whether what the stores keep can be dumped and restored."""
    runtime: tuple[RuntimeFacts, ...] = ()
    """What the containers showed once they were up."""
    spoken: Mapping[tuple[str, int], str] = field(default_factory=dict)
    """By service and port that debuggers use: the protocol, where something answered."""
    endpoints: tuple[Endpoint, ...] = ()
    compared: Inspected = field(default_factory=Inspected)
    """Running containers against the file."""
    deaths: tuple[tuple[str, str], ...] = ()
    """Services that died although nothing had been broken yet, and of what."""
    load: LoadSeen | None = None
    """None: the stack was not loaded."""
    loops: Mapping[str, int] = field(default_factory=dict)
    """Deaths of each service outside of experiments."""
    notes: tuple[str, ...] = ()
    lateness: float = 0.0
    """Seconds, 99th percentile, by which samples began late."""
    seconds: float = 0.0
