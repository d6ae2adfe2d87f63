"""The checks that only look: users, listeners, images, logs and environments of running containers, and endpoints."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from seatrial.domain import Answer, Finding, Severity
from seatrial.domain.measured import Measurement, MeasureUnit
from seatrial.inspectors.secrets.files.names import is_secret
from seatrial.inspectors.secrets.placeholders import is_place, is_placeholder, is_reference
from seatrial.inspectors.trial.checks import ENDPOINTS, ERRORS, GIVEN, IMAGES, LISTENS, USER
from seatrial.lab.endpoints import LIMIT
from seatrial.lab.model import Service, Stack
from seatrial.lab.observation import TrialObservation
from seatrial.lab.protocols import DEBUGGERS, HTTP
from seatrial.lab.runtime import Listener, RuntimeFacts
from seatrial.lab.units import seconds
from seatrial.text import images
from seatrial.text.wording import counted

OLD = 180
"""Days after which an image has missed half a year of its distribution's fixes."""
LARGE = 2 * 1024**3
"""Bytes; beyond it a pull on a new machine takes minutes."""
_LEAST = 8  # characters of a secret
_SHARED: Mapping[int, re.Pattern[str]] = {
    8000: re.compile(r"jdwp|jpda", re.IGNORECASE), 6900: re.compile(r"pudb", re.IGNORECASE),
    4444: re.compile(r"debug", re.IGNORECASE), 9010: re.compile(r"jmx", re.IGNORECASE),
    9999: re.compile(r"jmx", re.IGNORECASE),
}  # fmt: skip
"""Those that are other programs' usual ports as well (8000: Django, uvicorn): only with a word in the settings."""

MakeFinding = Callable[..., Finding]
"""Of a finding: check, service, text, severity."""


@dataclass(frozen=True)
class Looking:
    """What the answers are made from."""

    seen: TrialObservation
    model: Stack
    mask: Callable[[str], str]
    """Takes known secrets out of a line."""
    finding: MakeFinding
    answer: Callable[..., Answer]
    """Of a check: its findings, the services that were looked at, and what else it says."""

    def all(self) -> Iterator[Answer]:
        """Each of the checks that only look, once."""
        seen = [one for one in self.seen.runtime if not one.unseen]
        yield self._of(USER, self._users(), [one for one in seen if one.users])
        yield self._listens()
        yield self._of(IMAGES, self._images(), seen, list(self._sizes()))
        yield self._of(ERRORS, self._errors(), seen)
        yield self._of(GIVEN, self._environments(), seen)
        yield self._endpoints()

    def _of(
        self, check: str, found: Iterator[Finding], looked: Sequence[RuntimeFacts], measured: Sequence[Measurement] = ()
    ) -> Answer:
        """What was found where a look was possible; the rest is not proven, and is named."""
        running = [one for one in self.seen.runtime if one.own_network or check != LISTENS]
        if not looked:
            return Answer.error(check, "the engine reported no running container")
        dark = sorted({one.service: one.unseen for one in running if one not in looked}.items())
        return self.answer(
            check,
            found,
            services=[one.service for one in looked],
            measurements=measured,
            share=Fraction(len(looked), len(running)),
            notes=[f"{name} could not be looked at: {why or 'the engine gave no reason'}" for name, why in dark],
        )

    def _users(self) -> Iterator[Finding]:
        for one in self.seen.runtime:
            if one.users == ("0",):
                yield self.finding(USER, one.service, "all its processes run as root", Severity.MEDIUM)

    def _listens(self) -> Answer:
        if self.seen.runtime and not any(one.own_network for one in self.seen.runtime):
            return Answer.na(LISTENS, "no service has a network of its own")
        looked = [one for one in self.seen.runtime if one.listeners is not None]
        measured = [Measurement(f"{s.service} listens", float(len(_open(s))), MeasureUnit.PORTS) for s in looked]
        return self._of(LISTENS, (f for one in looked for f in self._ports(one)), looked, measured)

    def _ports(self, one: RuntimeFacts) -> Iterator[Finding]:
        declared = self.model.services.get(one.service, Service(name=one.service))
        there = {listener.port for listener in _open(one)}
        for port in declared.tcp_published:
            if port not in there:
                where = (
                    "the process listens on the container's loopback only"
                    if self._local(one, port)
                    else "no process listens on it"
                )
                yield self.finding(LISTENS, one.service, f"publishes port {port}, but {where}", Severity.MEDIUM)
        for port in sorted(there - set(declared.ports)):
            if port in DEBUGGERS and self._is_debugger(port, declared, one):
                speaks = self.seen.spoken.get((one.service, port), DEBUGGERS[port])
                text = f"listens on port {port} ({speaks}) on all interfaces, undeclared in the Compose file"
                yield self.finding(LISTENS, one.service, text, Severity.HIGH)

    def _is_debugger(self, port: int, declared: Service, one: RuntimeFacts) -> bool:
        """Whether a debugger answered, or where none says what it is: by the port, or by the settings' words."""
        answered = self.seen.spoken.get((one.service, port), "")
        if answered:
            return answered != HTTP
        word = _SHARED.get(port)
        settings = {**declared.environment, **one.baked, **one.given}
        said = " ".join((declared.command, *(f"{name}={value}" for name, value in settings.items())))
        return word is None or word.search(said) is not None

    @staticmethod
    def _local(one: RuntimeFacts, port: int) -> bool:
        return any(listener.port == port for listener in one.listeners or ())

    def _images(self) -> Iterator[Finding]:
        for one in self.seen.runtime:
            if one.image_days is not None and one.image_days > OLD:
                text = f"its image is {one.image_days:.0f} days old: it misses that many days of fixes"
                yield self.finding(IMAGES, one.service, text, Severity.LOW)
            if one.image_bytes > LARGE:
                yield self.finding(IMAGES, one.service, f"its image has {_mib(one.image_bytes):,.0f} MiB", Severity.LOW)

    def _sizes(self) -> Iterator[Measurement]:
        for one in (one for one in self.seen.runtime if not one.unseen):
            yield Measurement(
                f"{one.service} image", round(_mib(one.image_bytes), 1), MeasureUnit.MEBIBYTES, round(_mib(LARGE))
            )
            if one.image_days is not None:
                yield Measurement(f"{one.service} image age", round(one.image_days, 1), MeasureUnit.DAYS, OLD)

    def _errors(self) -> Iterator[Finding]:
        for one in self.seen.runtime:
            if one.errors:
                first = self.mask(one.errors[0])[:160]
                many = counted(len(one.errors), "line")
                text = f"logs errors while it starts, {many}, the first: {first}"
                yield self.finding(ERRORS, one.service, text, Severity.LOW)

    def _environments(self) -> Iterator[Finding]:
        for one in self.seen.runtime:
            for name in sorted(_secret(one.baked)):
                text = f"the image itself contains {name}: everyone who can pull the image can read it"
                yield self.finding(GIVEN, one.service, text, Severity.HIGH)
            if names := sorted(_secret(one.given)):
                text = (
                    f"its environment contains {', '.join(names)}, "
                    "which `docker inspect` and every child process can read"
                )
                yield self.finding(GIVEN, one.service, text, Severity.LOW)

    def _endpoints(self) -> Answer:
        asked = [p for p in self.seen.probes.values() if p.kind == "http"]
        if not asked:
            return Answer.na(ENDPOINTS, "no service speaks HTTP")
        if self.seen.unsteady:
            return Answer.skip(ENDPOINTS, "nothing more is asked of a stack that is not steady")
        measured = [
            Measurement(f"{e.service} {e.kind} {e.path}", round(e.seconds, 3), MeasureUnit.SECONDS, LIMIT)
            for e in self.seen.endpoints
        ]
        entries = [name for name in self.seen.entries if self._speaks_http(name)] or [p.service for p in asked]
        return self.answer(ENDPOINTS, self._slow(), services=entries, measurements=measured)

    def _speaks_http(self, name: str) -> bool:
        probe = self.seen.probes.get(name)
        return probe is not None and probe.kind == "http"

    def _slow(self) -> Iterator[Finding]:
        for one in self.seen.endpoints:
            if one.seconds > LIMIT:
                text = f"{one.kind} at :{one.port}{one.path} took {seconds(one.seconds)}, more than {seconds(LIMIT)}"
                yield self.finding(ENDPOINTS, one.service, text, Severity.MEDIUM)
        known = {(e.service, e.kind) for e in self.seen.endpoints}
        for name in self.seen.entries:
            if not self._speaks_http(name):
                continue
            if _is_exporter(self.model.services[name]):
                continue
            if not any((name, kind) in known for kind in ("liveness", "readiness")):
                yield self.finding(ENDPOINTS, name, "has no liveness endpoint", Severity.LOW)
            elif self.model.needs(name) and (name, "readiness") not in known:
                text = f"needs {', '.join(sorted(self.model.needs(name)))}, but has no readiness endpoint"
                yield self.finding(ENDPOINTS, name, text, Severity.LOW)


def _is_exporter(service: Service) -> bool:
    """Whether a service does nothing but answer `/metrics`, and its scraper sees whether it lives."""
    return _EXPORTER.search(images.program(service.image)) is not None


_EXPORTER = re.compile(r"(?:^|[-_])exporter(?:$|[-_])")


def _open(one: RuntimeFacts) -> list[Listener]:
    return [listener for listener in one.listeners or () if not listener.local]


def _secret(environment: Mapping[str, str]) -> list[str]:
    return [n for n, v in environment.items() if is_secret(n) and len(v) >= _LEAST and not _harmless(v)]


def _harmless(value: str) -> bool:
    return is_placeholder(value) or is_place(value) or is_reference(value)


def _mib(size: int) -> float:
    return size / 1024**2
