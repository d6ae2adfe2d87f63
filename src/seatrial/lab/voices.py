"""
What services print, as evidence: a worker without an address shows by its log whether it works.

A service that printed regularly before and is silent afterwards hangs; one that prints errors all the time has not
recovered, even where its health endpoint says that it has.
"""

from __future__ import annotations

import datetime as dt
import re
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from seatrial.text.lines import split

from .engine import FAILURES
from .stack import RunningProject

_ERROR = re.compile(
    r"\b(?:error|exception|traceback|fatal|panic|critical|refused|timed?[ -]?out|unreachable|cannot connect"
    r"|can't connect|could not connect|connection (?:lost|closed|reset|aborted)|broken pipe|retry(?:ing)?)\b",
    re.IGNORECASE,
)
LISTEN = 6.0
"""Seconds of the steady state that are listened to."""
_LEAST = 3
"""Lines of the steady state that make a service one that prints regularly."""
SILENT, LOUD = 5.0, 3.0
"""Seconds after a recovery: without a line of one that printed regularly; of which the errors are counted."""
_PARTS = 3
"""Parts of the steady state in each of which a line has to be: what is printed once at a start is not regular."""
_SLOW, _EXPECTED = 5, 20
"""A service hangs if it prints less than a fifth of before, where at least this many lines are expected."""
_TAIL = 2_000
_STAMP = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d+))?Z")


@dataclass(frozen=True, slots=True)
class Voice:
    """What a service printed in a span of time."""

    seconds: float
    lines: int
    errors: int
    spread: bool = True
    """Whether each part of the span has a line."""

    @property
    def rate(self) -> float:
        """Lines a second."""
        return self.lines / self.seconds if self.seconds else 0.0

    @property
    def error_rate(self) -> float:
        """Lines a second that tell of an error."""
        return self.errors / self.seconds if self.seconds else 0.0

    @property
    def regular(self) -> bool:
        """Whether it printed often enough for silence to mean something."""
        return self.lines >= _LEAST and self.spread


@dataclass(frozen=True, slots=True)
class Trouble:
    """What a log tells after a fault is over."""

    service: str
    usual: Voice
    now: Voice
    listened: bool = False
    """Whether its silence means something."""

    @property
    def silent(self) -> bool:
        """Whether it prints nothing any more."""
        return self.listened and not self.now.lines

    @property
    def slow(self) -> bool:
        """Whether it prints much less than before."""
        expected = self.usual.rate * self.now.seconds
        return self.listened and expected >= _EXPECTED and self.now.lines * _SLOW < expected

    @property
    def loud(self) -> bool:
        """Whether it prints more errors than before: at least one a second, and twice the usual number."""
        return self.now.error_rate >= max(1.0, 2 * self.usual.error_rate + 0.5)


Rates = Mapping[str, Voice]
"""What services print right before a fault, those alone whose silence would mean something then."""


class Voices:
    """The logs of a running stack."""

    def __init__(self, project: RunningProject, services: Iterable[str]) -> None:
        self._project, self._services = project, tuple(services)
        self.usual: Mapping[str, Voice] = {}
        self.regular: frozenset[str] = frozenset()
        """Services whose silence means something: they print regularly, and not only because they are asked."""

    def listen(self, seconds: float = LISTEN) -> None:
        """Take what is printed now for the steady state."""
        time.sleep(seconds)
        self._listened(seconds)

    def _listened(self, seconds: float) -> None:
        heard = ((name, self._voice(name, seconds)) for name in self._services)
        self.usual = {name: voice for name, voice in heard if voice is not None}

    def rates(self) -> Rates:
        """What those that print regularly printed just now; those that were silent are left out."""
        heard = ((name, self._voice(name, self._patience(self.usual[name]))) for name in self.regular)
        return {name: voice for name, voice in heard if voice is not None and voice.lines}

    def troubles(self, since: float, before: Rates) -> tuple[tuple[Trouble, ...], bool]:
        """
        The services whose logs tell that they have not recovered, and whether more time may tell of others.

        Args:
            since: seconds since the fault was over.
            before: what was printed right before the fault.
        """
        found, settled = [], True
        for name, learned in self.usual.items():
            rate = min(learned.rate, before[name].rate) if name in before else learned.rate
            usual = replace(learned, lines=round(rate * learned.seconds))
            patience = self._patience(usual)
            now = self._voice(name, min(since, patience if name in before else LOUD))
            if now is None:
                continue  # a log that cannot be read is no silence
            one = Trouble(name, usual, now, name in before)
            found.append(one)
            settled = settled and (not one.listened or now.rate >= usual.rate / 2 or since > patience + 1)
        return tuple(one for one in found if one.silent or one.slow or one.loud), settled

    @property
    def patience(self) -> float:
        """Seconds after a recovery until silence is more than a pause."""
        return max((self._patience(v) for name, v in self.usual.items() if name in self.regular), default=0.0)

    @staticmethod
    def _patience(usual: Voice) -> float:
        return max(SILENT, 3 / usual.rate) if usual.lines else SILENT

    def _voice(self, service: str, seconds: float) -> Voice | None:
        """The last seconds of a service's log; None if it cannot be read."""
        try:
            began = dt.datetime.now(dt.UTC) - dt.timedelta(seconds=seconds)
            lines = [line for container in self._project.containers(service) for line in _since(container, began)]
        except FAILURES:
            return None
        parts = {min(_PARTS - 1, int((at - began).total_seconds() * _PARTS / seconds)) for at, _ in lines}
        errors = sum(bool(_ERROR.search(text)) for _, text in lines)
        return Voice(seconds, len(lines), errors, parts >= set(range(_PARTS)))


def _since(container: Any, began: dt.datetime) -> Iterator[tuple[dt.datetime, str]]:
    """The lines of a log from a moment on, each with the engine's time (RFC 3339, any number of decimals)."""
    told: bytes = container.logs(since=began.timestamp(), tail=_TAIL, timestamps=True)
    for line in split(told.decode("utf-8", "replace")):
        at, _, text = line.partition(" ")
        found = _STAMP.match(at)
        if found and text.strip():
            yield dt.datetime.fromisoformat(f"{found[1]}.{(found[2] or '0')[:6]:0<6}+00:00"), text


def errors(project: RunningProject, services: Iterable[str], since: float) -> Mapping[str, list[float]]:
    """
    When the logs of services had an error, on the monotonic clock; a log that cannot be read shows nothing.

    Args:
        project: the running stack.
        services: whose logs are read.
        since: the moment from which on they count, on the same clock.
    """
    ahead = time.time() - time.monotonic()
    began = dt.datetime.fromtimestamp(since + ahead, dt.UTC)
    found: dict[str, list[float]] = {}
    for service in services:
        try:
            lines = [line for container in project.containers(service) for line in _since(container, began)]
        except FAILURES:
            continue
        found[service] = [at.timestamp() - ahead for at, text in lines if _ERROR.search(text)]
    return found
