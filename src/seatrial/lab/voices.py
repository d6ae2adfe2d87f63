"""
What services print, as evidence: a worker without an address shows by its log whether it works.

A service that printed regularly before and is silent afterwards hangs; one that prints errors all the time has not
recovered, whatever its health endpoint says.
"""

from __future__ import annotations

import datetime as dt
import re
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from seatrial.lines import split

from .engine import FAILURES
from .stack import Project

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
_TAIL = 2_000


@dataclass(frozen=True, slots=True)
class Voice:
    """What a service printed in a span of time."""

    seconds: float
    lines: int
    errors: int

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
        return self.lines >= _LEAST


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
    def loud(self) -> bool:
        """Whether it prints more errors than before: at least one a second, and twice the usual number."""
        return self.now.error_rate >= max(1.0, 2 * self.usual.error_rate + 0.5)


class Voices:
    """The logs of a running stack."""

    def __init__(self, project: Project, services: Iterable[str]) -> None:
        self._project, self._services = project, tuple(services)
        self.usual: Mapping[str, Voice] = {}
        self.regular: frozenset[str] = frozenset()
        """Services whose silence means something: they print regularly, and not only because they are asked."""

    def listen(self, seconds: float = LISTEN) -> None:
        """Take what is printed now for the steady state."""
        time.sleep(seconds)
        heard = ((name, self._voice(name, seconds)) for name in self._services)
        self.usual = {name: voice for name, voice in heard if voice is not None}

    def troubles(self, span: float) -> tuple[Trouble, ...]:
        """The services whose logs tell that they have not recovered, by the last seconds."""
        found = []
        for name, usual in self.usual.items():
            listened = name in self.regular
            now = self._voice(name, max(span, self._patience(usual)) if listened else span)
            if now is not None:  # a log that cannot be read is no silence
                found.append(Trouble(name, usual, now, listened))
        return tuple(one for one in found if one.silent or one.loud)

    @property
    def patience(self) -> float:
        """Seconds after a recovery until silence can be told from a pause."""
        return max((self._patience(v) for name, v in self.usual.items() if name in self.regular), default=0.0)

    @staticmethod
    def _patience(usual: Voice) -> float:
        return max(SILENT, 3 / usual.rate)

    def _voice(self, service: str, seconds: float) -> Voice | None:
        """The last seconds of a service's log; None if it cannot be read."""
        try:
            lines = [text for container in self._project.containers(service) for text in _since(container, seconds)]
        except FAILURES:
            return None
        return Voice(seconds, len(lines), sum(bool(_ERROR.search(line)) for line in lines))


def _since(container: Any, seconds: float) -> list[str]:
    since = dt.datetime.now(dt.UTC) - dt.timedelta(seconds=seconds)
    told: bytes = container.logs(since=since.timestamp(), tail=_TAIL)
    return [line for line in split(told.decode("utf-8", "replace")) if line.strip()]
