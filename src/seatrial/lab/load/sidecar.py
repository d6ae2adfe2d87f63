"""The generator in a sidecar on the stack's own networks: started, waited for, read and removed."""

from __future__ import annotations

import contextlib
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from seatrial.lab.engine import FAILURES, LABEL, DockerEngine, LabError, one_line
from seatrial.lab.faults.base import FaultContext
from seatrial.lab.faults.talking import PYTHON
from seatrial.system.extras import Extra
from seatrial.text.lines import split

from .script import LoadScript
from .tally import LoadSlice

_START = 30.0
"""Seconds that a sidecar has to start, to reach every address and to warm up."""
_WEIGHT = 8192
"""Its share of a contested processor, eight times that of a service: its own clock must be right."""


class NotInstalledError(LabError):
    """The image of the sidecars has no Locust."""


@dataclass(frozen=True)
class Generated:
    """What the generator reported."""

    engine: str
    """With its version."""
    slices: tuple[LoadSlice, ...] = ()
    began: float = field(default=0.0, compare=False)
    """When the profile began: monotonic."""


def generate(context: FaultContext, script: LoadScript, *, first: bool = True) -> Generated:
    """
    Carry a script out to its end.

    Args:
        context: the running stack.
        script: what to do.
        first: whether the generator goes before services where processors are contested; its times count then.

    Raises:
        NotInstalledError: the image has no Locust.
        LabError: the sidecar could not be started, failed, or did not end.
    """
    lifetime = script.profile.seconds + script.timeout + _START
    command = [*PYTHON, "seatrial.lab.load.generator", script.text()]
    networks = _networks(context.engine)
    sidecar = context.engine.sidecar(
        context.image, command, network=networks[0].name, lifetime=lifetime, shares=_WEIGHT if first else 0
    )
    try:
        for network in networks[1:]:
            context.act("put the load generator on the stack's networks", partial(network.connect, sidecar.id))
        code = sidecar.wait(timeout=lifetime + 10)["StatusCode"]
        ended = time.monotonic()
        printed = sidecar.logs(stderr=False).decode("utf-8", "replace")
        complaint = sidecar.logs(stdout=False).decode("utf-8", "replace")
    except FAILURES as error:
        raise LabError(f"the load generator was lost: {one_line(error)}") from None
    finally:
        context.engine.remove(sidecar)
    return read(printed, int(code), complaint, ended)


def read(printed: str, code: int, complaint: str = "", ended: float = 0.0) -> Generated:
    """
    What a generator printed.

    Args:
        printed: its lines.
        code: its exit code.
        complaint: what it wrote to its standard error.
        ended: when it ended.

    Raises:
        NotInstalledError: it has no Locust.
        LabError: it failed, or its report is not whole.
    """
    lines: list[Mapping[str, Any]] = []
    for line in split(printed):
        with contextlib.suppress(ValueError):
            told = json.loads(line)
            lines += [told] if isinstance(told, dict) else []
    if any("missing" in line for line in lines):
        raise NotInstalledError(f"the image of the sidecars lacks the extra `{Extra.LOAD}` (Locust)")
    if code or not any(line.get("done") for line in lines):
        last = (split(complaint.strip()) or ["no message"])[-1]
        raise LabError(f"the load generator ended with {code}: {last[:200]}")
    engine = next(f"{line['engine']} {line['version']}" for line in lines if "engine" in line)
    try:
        slices = tuple(LoadSlice.of(line) for line in lines if "at" in line)
    except ValueError as error:
        raise LabError(str(error)) from None
    last_at = max((one.at + one.seconds for one in slices), default=0.0)
    return Generated(engine, slices, ended - last_at)


def _networks(engine: DockerEngine) -> list[Any]:
    try:
        found = sorted(engine.client.networks.list(filters={"label": f"{LABEL}={engine.run}"}), key=lambda n: n.name)
    except FAILURES as error:
        raise LabError(f"the stack's networks cannot be listed: {one_line(error)}") from None
    if not found:
        raise LabError("the stack has no network to load it from")
    return found
