"""
The mutants of a whole stack: one service at a time, in parallel up to the processors, within a budget.

Each service begins with its negative control, a copy without any change. If that one does not become ready, a mutant
that fails proves nothing, and the service is not measured.
"""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlsplit

from seatrial.lab.engine import FAILURES, LabError, one_line
from seatrial.lab.model import Service
from seatrial.lab.probes import Probe
from seatrial.lab.stack import RunningProject
from seatrial.text.vault import learn
from seatrial.text.wording import counted, listed

from . import arguments, copies, graceful, needs
from .messages import last_message
from .needs import NeedEvidence
from .operators import Mutant, mutants
from .variables import ServiceVariable
from .verdicts import MutantStatus, Ran, Tried, classify

_SHORTEST, _LONGEST, _TIMES = 5.0, 20.0, 3
"""Seconds that a mutant has at least and at most; between them, so many times what the control needed."""
_CONTROL = 30.0  # seconds that the control may take
_LITTLE = 1.0  # seconds with which nothing is begun
_ALONE = 3.0  # seconds after which a control is ready that nothing but being alive shows
_SECRETS = "/run/secrets/"
_LEAST = 6  # characters of a secret that is looked for


@dataclass(frozen=True, kw_only=True)
class MutationRequest:
    """What is asked of the mutation testing."""

    known: NeedEvidence = field(default_factory=NeedEvidence)
    budget: float = 60.0
    """Seconds altogether; 0: none of it."""
    seed: int = 1


@dataclass(frozen=True, kw_only=True)
class Configured:
    """What was seen."""

    tried: tuple[Tried, ...] = ()
    left: tuple[Mutant, ...] = ()
    """What the budget left out."""
    unmeasured: Mapping[str, str] = field(default_factory=dict)
    """By service: why none of its mutants proves anything."""
    broken: tuple[str, ...] = ()
    """Those of them of which the reason is the engine's or ours, and not the stack's."""
    failed: tuple[tuple[Mutant, str], ...] = ()
    """Mutants that the engine could not start, and why."""
    foreign: tuple[str, ...] = ()
    """Services of images that are not built here: their programs are not the repository's."""
    unasked: tuple[str, ...] = ()
    """What no copy can show, and why: settings of tasks, and words of a command with several variables."""
    seconds: float = 0.0
    why_not: str = ""
    """Why nothing was tried at all."""

    @property
    def asked(self) -> int:
        """How many mutants there would have been, as far as known."""
        return len(self.tried) + len(self.left) + len(self.failed)


def tried(
    project: RunningProject,
    probes: Mapping[str, Probe],
    questions: Sequence[Probe],
    wanted: MutationRequest,
    say: Callable[[str], None],
) -> Configured:
    """
    Try every mutant that the budget allows.

    Args:
        project: the running stack; nothing of it is changed.
        probes: how each service is asked.
        questions: what makes services work.
        wanted: the budget and what is known.
        say: called with what is done.
    """
    if not wanted.budget:
        return Configured(why_not="turned off by `config_budget: 0`")
    began = time.monotonic()
    document = project.compose.uninterpolated()
    settings = list(needs.found(project.stack, document, wanted.known, project.compose.place.outside, project.document))
    mine = [s for s in project.stack.lasting if _is_ours(project, s, wanted.known, settings)]
    foreign = tuple(s.name for s in project.stack.lasting if s not in mine)
    seen = Configured(foreign=foreign, unasked=tuple(_unasked(project, document)))
    waiting = [s for s in _ordered(project, mine) if any(v.service == s.name for v in settings)]
    for number, service in enumerate(waiting):
        left = began + wanted.budget - time.monotonic()
        own = _asked([v for v in settings if v.service == service.name], built=_is_built(project, service))
        deadline = time.monotonic() + left / (len(waiting) - number)
        say(f"configuration of {service.name}: {counted(len(own), 'setting')}, {left:.0f} s of the budget left")
        asked = [q for q in questions if q.service == service.name and q.kind == "http" and q.method == "GET"]
        one = _service(project, service, own, probes.get(service.name), asked, wanted.seed, deadline)
        seen = _joined(seen, one)
    return replace(seen, seconds=time.monotonic() - began)


def _unasked(project: RunningProject, document: Mapping[str, Any]) -> Iterator[str]:
    """What no copy can show: a task is over when it has ended, and one word has no single setting to be wrong."""
    for name, service in sorted(project.stack.services.items()):
        if name in project.stack.one_shots and service.environment:
            number = counted(len(service.environment), "setting")
            yield f"{number} of {name}, because it is a task and never becomes ready"
        raw = (document.get("services") or {}).get(name) or {}
        for word, names in arguments.several(raw):
            yield f"{listed(names)} of {name}, because one word of its command has several variables: {word}"


def _joined(one: Configured, other: Configured) -> Configured:
    return replace(
        one, tried=(*one.tried, *other.tried), left=(*one.left, *other.left), failed=(*one.failed, *other.failed),
        unmeasured={**one.unmeasured, **other.unmeasured}, broken=(*one.broken, *other.broken),
    )  # fmt: skip


def _is_ours(
    project: RunningProject, service: Service, known: NeedEvidence, settings: Iterable[ServiceVariable]
) -> bool:
    """Whether its program is the repository's: it is built here, runs such an image, or its code is mounted."""
    said = {name.partition(".")[0] for name in known.said if "." in name}
    reads = any(v.service == service.name and v.read for v in settings)
    return _is_built(project, service) or service.name in said or reads


def _is_built(project: RunningProject, service: Service) -> bool:
    built = {s.image for s in project.stack.services.values() if s.builds and s.image}
    return service.builds or service.image in built


def _asked(settings: Sequence[ServiceVariable], *, built: bool) -> list[ServiceVariable]:
    """Of a program that is not the repository's: only what the repository's code or configuration speaks of."""
    return [one for one in settings if built or one.read or one.known]


def _ordered(project: RunningProject, services: Iterable[Service]) -> list[Service]:
    """Entry points first, stores last."""
    entries = project.stack.entries
    return sorted(services, key=lambda s: (bool(s.store), s.name not in entries, s.name))


def _service(
    project: RunningProject,
    service: Service,
    settings: Sequence[ServiceVariable],
    probe: Probe | None,
    questions: Sequence[Probe],
    seed: int,
    deadline: float,
) -> Configured:
    engine = project.engine
    try:
        attributes = engine.client.api.inspect_container(project.container(service.name).id)
    except (LabError, *FAILURES) as error:
        return Configured(unmeasured={service.name: one_line(error)}, broken=(service.name,))
    original = copies.Original(service.name, attributes, probe, project.compose.place)
    wanted = mutants(settings, root=original.reads_everything, seed=seed)
    if original.shares:
        why = "it shares the network of the machine or of another container, so a copy would take its ports"
        return Configured(unmeasured={service.name: why}, left=wanted)
    refused = tuple(Tried(m, MutantStatus.KILLED, by_compose=True) for m in wanted if m.refused)
    waiting = [m for m in wanted if not m.refused]
    if not waiting:
        return Configured(tried=refused)
    allowed = _control(original, deadline)
    if time.monotonic() + _LITTLE > deadline:
        return Configured(tried=refused, left=tuple(waiting))
    try:
        looked = questions if any(map(_is_graceful, waiting)) else None
        control = copies.run(engine, original, None, allowed, looked)
    except LabError as error:
        return Configured(
            tried=refused, unmeasured={service.name: str(error)}, broken=(service.name,), left=tuple(waiting)
        )
    if not control.ready and control.exit_code is None and _ALONE < allowed < _CONTROL:
        return Configured(tried=refused, left=tuple(waiting))  # with more time it may become ready
    if not control.ready:
        return Configured(tried=refused, unmeasured={service.name: _why(control)}, left=tuple(waiting))
    secrets = sorted(set(secrets_of(settings, original)))
    for secret in secrets:
        learn(secret)
    done = _in_parallel(project, original, waiting, control, secrets, questions, deadline)
    return _joined(Configured(tried=refused), done)


def _control(original: copies.Original, deadline: float) -> float:
    if not copies.shows_itself(original):
        return _ALONE
    return max(_SHORTEST, min(_CONTROL, deadline - time.monotonic()))


def _why(control: Ran) -> str:
    said = last_message(control.text)
    how = f"ends with {control.exit_code}" if control.exit_code is not None else "does not become ready"
    return f"a copy of it beside the stack {how} without any change" + (f" ({said[-1][:120]})" if said else "")


def limit(control: Ran) -> float:
    """Seconds that a mutant has, by what the control needed."""
    return max(_SHORTEST, min(_LONGEST, _TIMES * control.seconds))


def _in_parallel(
    project: RunningProject,
    original: copies.Original,
    waiting: Sequence[Mutant],
    control: Ran,
    secrets: Sequence[str],
    questions: Sequence[Probe],
    deadline: float,
) -> Configured:
    patience = limit(control) if copies.shows_itself(original) else _SHORTEST

    def one(mutant: Mutant) -> Tried | str | None:
        if time.monotonic() + control.seconds > deadline:
            return None
        try:
            looked = questions if _is_graceful(mutant) else None
            ran = copies.run(project.engine, original, mutant, patience, looked)
        except LabError as error:
            return str(error)
        return classify(mutant, ran, control, secrets)

    with ThreadPoolExecutor(max_workers=len(os.sched_getaffinity(0))) as pool:
        results = list(zip(waiting, pool.map(one, waiting), strict=True))
    return Configured(
        tried=tuple(r for _, r in results if isinstance(r, Tried)),
        left=tuple(m for m, r in results if r is None),
        failed=tuple((m, r) for m, r in results if isinstance(r, str)),
    )


def _is_graceful(mutant: Mutant) -> bool:
    return graceful.is_optional(mutant.variable) and graceful.forgotten(mutant)


def secrets_of(settings: Iterable[ServiceVariable], original: copies.Original) -> Iterator[str]:
    """The values that no message may show: of secrets, of the files of secrets, and passwords in addresses."""
    for one in settings:
        values = [one.value] if one.is_secret else []
        if one.path.startswith(_SECRETS):
            with contextlib.suppress(LabError):  # a file outside the repository, whose value is unknown here
                values.append(copies.content_of(original, one.path).decode("utf-8", "replace").strip())
        if "://" in one.value:
            with contextlib.suppress(ValueError):
                values.append(urlsplit(one.value).password or "")
        yield from (value for value in values if len(value) >= _LEAST)
