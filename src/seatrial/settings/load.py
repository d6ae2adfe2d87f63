"""The section `load` of `.seatrial.yml`: profiles in k6's words, as a k6 script has them in its `options`."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator, Mapping
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from seatrial.domain.load_profile import Executor, LoadProfile, LoadRequest, LoadStage
from seatrial.domain.thresholds import DEFAULTS, Metric, Threshold
from seatrial.domain.work import QueueWay, WorkCommand, WorkGroup, WorkMessage, WorkOperation
from seatrial.text.numerals import whole

from . import durations

_REQUEST = re.compile(
    r"(?P<method>GET|HEAD|POST|PUT|PATCH|DELETE) http://(?P<service>[\w.-]+)(?::(?P<port>\d{1,5}))?(?P<path>/\S*)?"
    r"(?: (?P<body>.+))?"
)
MOST = 10_000
"""Users, and iterations a second, at most."""
MOST_WORKERS = 500
_GROUP = re.compile(r"[\w.-]{1,40}")


def _requests(texts: tuple[str, ...]) -> tuple[str, ...]:
    for text in texts:
        request(text)
    return texts


def _thresholds(given: dict[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    for metric, expressions in given.items():
        if metric not in tuple(Metric):
            raise ValueError(f"{metric!r} is not one of {', '.join(Metric)}")
        for expression in expressions:
            Threshold(Metric(metric), expression)
    return given


Duration = Annotated[float, BeforeValidator(durations.parse), Field(ge=0, le=86_400)]
Level = Annotated[int, Field(ge=0, le=MOST)]


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class StageEntry(_Section):
    """The level moves to `target` in a straight line."""

    duration: Duration = Field(description="Such as `1m`.")
    target: Level = Field(description="Users; of an arrival rate iterations.")


class ProfileEntry(_Section):
    """One profile."""

    name: str = Field(min_length=1, max_length=60, pattern=r"^[\w .-]+$", description="What reports call it.")
    executor: Executor = Field(
        Executor.RAMPING_VUS,
        description="`ramping-vus`, `constant-vus`, `per-vu-iterations` or `ramping-arrival-rate`, as in k6.",
    )
    requests: Annotated[tuple[str, ...], AfterValidator(_requests)] = Field(
        default=(),
        description="An iteration, in order: `GET http://api:8000/items`; `POST`, `PUT` and `PATCH` may have a JSON "
        "body behind the address. Only services of the stack can be named. Default: what discovery found.",
    )
    stages: tuple[StageEntry, ...] = Field(
        default=(), max_length=100, description="Of a `ramping-…` executor: `[{duration: 1m, target: 10}, …]`."
    )
    vus: Level = Field(1, description="Users of `constant-vus` and `per-vu-iterations`.")
    duration: Duration | None = Field(None, description="Of `constant-vus`.")
    iterations: Annotated[int, Field(ge=1, le=1_000_000)] = Field(
        1, description="Of each user, with `per-vu-iterations`."
    )
    maxDuration: Duration = Field(600.0, description="Of `per-vu-iterations`.")  # noqa: N815 - k6's word
    startVUs: Level = Field(0, description="Users before the first stage.")  # noqa: N815
    startRate: Level = Field(0, description="Iterations a second before the first stage.")  # noqa: N815
    maxVUs: Level = Field(100, description="Users of an arrival rate at most.")  # noqa: N815
    sleep: Duration = Field(1.0, description="The pause of a user between two iterations, on average.")
    thresholds: Annotated[dict[str, tuple[str, ...]], AfterValidator(_thresholds)] = Field(
        default_factory=dict,
        description='`http_req_duration: ["p(95)<500", "p(99)<1000"]`, `http_req_failed: ["rate<0.01"]`, `http_reqs: '
        '["rate>50"]`; default: the first two.',
    )

    @model_validator(mode="after")
    def _whole(self) -> ProfileEntry:
        """Refuse keys that the executor does not know, and one that it needs and has not."""
        known = _KEYS[self.executor] | _COMMON
        for key in sorted(self.model_fields_set - known):
            raise ValueError(f"{self.executor} has no {key!r}; it has {', '.join(sorted(known - _COMMON))}")
        if self.executor in (Executor.RAMPING_VUS, Executor.RAMPING_ARRIVAL_RATE) and not self.stages:
            raise ValueError(f"{self.executor} needs `stages`")
        if self.executor is Executor.CONSTANT_VUS and not self.duration:
            raise ValueError(f"{self.executor} needs a `duration`")
        if not any(stage.duration for stage in self._stages()):
            raise ValueError("takes no time")
        return self

    def _stages(self) -> tuple[LoadStage, ...]:
        match self.executor:
            case Executor.CONSTANT_VUS:
                return (LoadStage(self.duration or 0.0, self.vus),)
            case Executor.PER_VU_ITERATIONS:
                return (LoadStage(self.maxDuration, self.vus),)
        return tuple(LoadStage(stage.duration, stage.target) for stage in self.stages)

    @property
    def profile(self) -> LoadProfile:
        """The profile; without requests those of discovery are for the lab to add."""
        start = {
            Executor.RAMPING_VUS: self.startVUs,
            Executor.RAMPING_ARRIVAL_RATE: self.startRate,
            Executor.CONSTANT_VUS: self.vus,
            Executor.PER_VU_ITERATIONS: self.vus,
        }
        given = tuple(Threshold(Metric(m), one.strip()) for m, every in self.thresholds.items() for one in every)
        return LoadProfile(
            name=self.name,
            executor=self.executor,
            stages=self._stages(),
            requests=tuple(map(request, self.requests)),
            thresholds=given or DEFAULTS,
            start=start[self.executor],
            sleep=self.sleep,
            iterations=self.iterations if self.executor is Executor.PER_VU_ITERATIONS else 0,
            most=self.maxVUs,
        )


_COMMON = frozenset({"name", "executor", "requests", "thresholds", "sleep"})
_KEYS = {
    Executor.RAMPING_VUS: frozenset({"stages", "startVUs"}),
    Executor.RAMPING_ARRIVAL_RATE: frozenset({"stages", "startRate", "maxVUs"}),
    Executor.CONSTANT_VUS: frozenset({"vus", "duration"}),
    Executor.PER_VU_ITERATIONS: frozenset({"vus", "iterations", "maxDuration"}),
}


def _each_once(profiles: tuple[ProfileEntry, ...]) -> tuple[ProfileEntry, ...]:
    seen: set[str] = set()
    for profile in profiles:
        if profile.name in seen:
            raise ValueError(f"two profiles are called {profile.name!r}")
        seen.add(profile.name)
    return profiles


class ExecEntry(_Section):
    """A command in a service's container."""

    service: str = Field(min_length=1, description="Whose container.")
    command: str = Field(min_length=1, description="Program and arguments, quoted as for a shell.")

    @model_validator(mode="after")
    def _quoted(self) -> ExecEntry:
        try:
            words = shlex.split(self.command)
        except ValueError as error:
            raise ValueError(f"{self.command!r} has no words: {error}") from None
        if not words:
            raise ValueError("the command is empty")
        return self


class SendEntry(_Section):
    """A message to a queue."""

    service: str = Field(min_length=1, description="The store.")
    list: str = Field("", description="Of Redis: the list's key.")
    stream: str = Field("", description="Of Redis: the stream's key; the message is its field `data`.")
    queue: str = Field("", description="Of RabbitMQ: the queue's name.")
    task: str = Field("", description="Of Celery: the task's name; the message is its arguments, a list of JSON.")
    message: str = Field("", description="The body; `{marker}` differs for each worker.")

    @model_validator(mode="after")
    def _one(self) -> SendEntry:
        if len(self._ways) != 1:
            raise ValueError(f"needs one of {', '.join(QueueWay)}")
        if self.task and not _is_list(self.message.replace("{marker}", "marker") or "[]"):
            raise ValueError(f'{self.message!r} is not a list of JSON, such as `[1, "{{marker}}"]`')
        return self

    @property
    def _ways(self) -> Mapping[QueueWay, str]:
        return {way: name for way in QueueWay if (name := str(getattr(self, way.value)))}

    @property
    def operation(self) -> WorkMessage:
        """As a value."""
        ((way, name),) = self._ways.items()
        return WorkMessage(self.service, way, name, self.message)


def _is_list(text: str) -> bool:
    try:
        return isinstance(json.loads(text), list)
    except (ValueError, RecursionError):
        return False


class OperationEntry(_Section):
    """One thing that a worker does: a request, a command or a message."""

    request: str = Field("", description="As in a profile; a text alone is a request.")
    exec: ExecEntry | None = Field(None, description="`{service: api, command: python check.py}`.")
    send: SendEntry | None = Field(None, description="`{service: redis, list: jobs, message: '{marker}'}`.")

    @model_validator(mode="before")
    @classmethod
    def _of_text(cls, value: object) -> object:
        return {"request": value} if isinstance(value, str) else value

    @model_validator(mode="after")
    def _one(self) -> OperationEntry:
        if sum(map(bool, (self.request, self.exec, self.send))) != 1:
            raise ValueError("needs one of request, exec, send")
        if self.request:
            request(self.request)
        return self

    @property
    def operation(self) -> WorkOperation:
        """As a value."""
        if self.exec is not None:
            return WorkCommand(self.exec.service, self.exec.command)
        return self.send.operation if self.send is not None else request(self.request)


class GroupEntry(_Section):
    """One group of workers; a number alone is how many there are."""

    workers: Annotated[int, Field(ge=1, le=200)] = Field(description="How many work at the same time.")
    operations: tuple[OperationEntry, ...] = Field(
        default=(), max_length=100, description="What each does, in order; default: `load.operations`."
    )

    @model_validator(mode="before")
    @classmethod
    def _of_number(cls, value: object) -> object:
        return {"workers": value} if isinstance(value, int) and not isinstance(value, bool) else value


def _few(groups: dict[str, GroupEntry]) -> dict[str, GroupEntry]:
    for name in groups:
        if _GROUP.fullmatch(name) is None:
            raise ValueError(f"{name!r} is not a name of letters, digits, `.`, `_` and `-`")
    if sum(group.workers for group in groups.values()) > MOST_WORKERS:
        raise ValueError(f"more than {MOST_WORKERS} workers")
    return groups


class Load(_Section):
    """How the running stack is loaded; without profiles, what discovery found is asked by 10, 50 and 100 users."""

    profiles: Annotated[tuple[ProfileEntry, ...], AfterValidator(_each_once)] = Field(
        default=(), max_length=20, description="The profiles, one after the other, in k6's words."
    )

    groups: Annotated[dict[str, GroupEntry], AfterValidator(_few)] = Field(
        default_factory=dict,
        max_length=50,
        description="Teams of workers: `{marketing: 10, sales: {workers: 10, operations: [...]}}`.",
    )
    operations: tuple[OperationEntry, ...] = Field(
        default=(),
        max_length=100,
        description="What each worker does, in order: requests, `exec: {service, command}`, and `send: {service, "
        "list|stream|queue|task, message}`. Default: what discovery found.",
    )
    limit: Duration = Field(
        default=360.0, description="The time in which workers have to complete, as far as the budget goes."
    )

    soak: Annotated[Duration, Field(ge=60)] | Literal[0] = Field(
        default=0,
        description="A soak such as `10m`, besides the budget: 10 users ask all the time, and memory that grows all "
        "the time is a finding. At least a minute; default: none.",
    )

    def teams(self) -> Iterator[WorkGroup]:
        """The groups as values."""
        for name, entry in self.groups.items():
            chosen = entry.operations or self.operations
            yield WorkGroup(name, entry.workers, tuple(one.operation for one in chosen))

    def every(self) -> Iterator[LoadProfile]:
        """The profiles as values."""
        return (entry.profile for entry in self.profiles)


def request(text: str) -> LoadRequest:
    """
    A request of a profile.

    Raises:
        ValueError: it is none, or is not addressed to a port of a service.
    """
    found = _REQUEST.fullmatch(text)
    port = whole(found["port"] or "80") if found is not None else None
    if found is None or port is None or not 1 <= port <= 65_535:
        raise ValueError(f"{text!r} is not `METHOD http://SERVICE:PORT/PATH [BODY]`")
    return LoadRequest(found["service"], port, found["path"] or "/", found["method"], found["body"] or "")
