"""
Requests and commands that a repository gives us to do, and markers that go by two of them.

For `chaos.data` a marker that does not come back is a lost write. For `chaos.jobs` it is a job that was not done.
"""

from __future__ import annotations

import contextlib
import re
import shlex
from collections.abc import Iterable
from dataclasses import dataclass

import requests

from .engine import FAILURES, LabError
from .events import Events
from .stack import RunningProject

_TIMEOUT = 1.0


@dataclass(frozen=True, slots=True)
class Address:
    """A request."""

    method: str
    service: str
    port: int
    path: str
    body: str = ""

    @property
    def text(self) -> str:
        """Where a marker may be."""
        return self.path + self.body


@dataclass(frozen=True, slots=True)
class ServiceCommand:
    """A command in a service's container; it succeeds if it ends with 0."""

    service: str
    line: str
    """Program and arguments, quoted as for a shell; no shell is involved."""

    @property
    def text(self) -> str:
        """Where a marker may be."""
        return self.line


Errand = Address | ServiceCommand


@dataclass(frozen=True)
class Errands:
    """Carries errands out."""

    project: RunningProject
    events: Events

    def run(self, service: str, line: str) -> str | None:
        """What a command printed; None: it failed, or there is no container to run it in."""
        with contextlib.suppress(*FAILURES, LabError, ValueError):
            code, printed = self.project.container(service).exec_run(shlex.split(line), demux=True)
            return (printed[0] or b"").decode("utf-8", "replace") if code == 0 else None
        return None

    def do(self, errand: Errand, marker: str) -> str | None:
        """The answer to a request or the output of a command, with a marker put in; None: it failed."""
        match errand:
            case ServiceCommand(service, line):
                return self.run(service, line.replace("{marker}", marker))
            case Address():
                return self._ask(errand, marker)

    def _ask(self, request: Address, marker: str) -> str | None:
        url = f"http://{self.events.address(request.service)}:{request.port}{request.path}"
        body = request.body.replace("{marker}", marker)
        with contextlib.suppress(requests.RequestException):
            answer = requests.request(
                request.method, url.replace("{marker}", marker), data=body.encode() or None, timeout=_TIMEOUT,
                headers={"Host": request.service} | ({"Content-Type": _type(body)} if body else {}),
            )  # fmt: skip
            return answer.text if answer.ok else None
        return None


def _type(body: str) -> str:
    return "application/json" if body.startswith(("{", "[")) else "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class Given:
    """Markers through the application, by two errands that the repository names."""

    errands: Errands
    to_write: Errand
    to_read: Errand
    run: str

    def write(self, numbers: Iterable[int]) -> set[int]:
        """One errand a marker; its success acknowledges it."""
        return {n for n in numbers if self.errands.do(self.to_write, f"{self.run}-{n}") is not None}

    def read(self) -> set[int] | None:
        """Every marker that the answer contains, in any format."""
        text = self.errands.do(self.to_read, "")
        return None if text is None else {int(n) for n in re.findall(rf"{re.escape(self.run)}-(\d+)", text)}
