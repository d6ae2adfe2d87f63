"""
A service's clock is wrong: it is made anew with `libfaketime` preloaded, and made anew without it afterwards.

Works for programs with the GNU C library; one that does not load it makes the experiment an error, not a pass. The
monotonic clock goes on as it is, so that only dates are wrong and not waiting.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from seatrial.lab.engine import FAILURES, LABEL, LabError, one_line
from seatrial.lab.faults.base import (
    LONG,
    Aspect,
    End,
    Expectation,
    FaultContext,
    NotProven,
    NotUndone,
    Parameter,
    Poll,
    Proof,
    never,
)
from seatrial.lab.model import Service

NAME = "clock"
KIND = Expectation.DEGRADE
ENDS = End.ORDERED
ASPECT = Aspect.CLOCK
WEIGHT = 0
PARAMETERS = {**LONG, "offset": Parameter("duration", "48h", "ahead of the time")}
suits = never
_PATIENCE = 30.0  # seconds until the service is up with the other clock
_FOLDER = "/opt/faketime"


def obstacle(context: FaultContext, service: Service) -> str:
    """It needs the preloaded library in our image."""
    del service
    try:
        context.engine.run_sidecar(context.image, ["test", "-f", f"{_FOLDER}/libfaketime.so.1"])
    except LabError:
        return "our image has no libfaketime"
    return ""


@contextmanager
def inject(context: FaultContext, service: Service, parameters: Mapping[str, Any]) -> Iterator[Proof]:
    """Make it anew with the library, and without it again."""
    volume = f"{context.project.name}-clock"
    override = context.project.compose.place.scratch / "clock.yaml"
    environment = {
        "LD_PRELOAD": f"{_FOLDER}/libfaketime.so.1",
        "FAKETIME": f"+{round(parameters['offset'])}s",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
    }
    body = {"environment": environment, "volumes": [f"seatrial_clock:{_FOLDER}:ro"]}
    document = {
        "services": {service.name: body},
        "volumes": {"seatrial_clock": {"external": True, "name": volume}},
    }
    override.write_text(json.dumps(document), "utf-8")
    _library(context, volume)

    def proof() -> str:
        if not _loaded(context, service):
            raise NotProven(f"{service.name} does not load the library that changes its clock")
        return f"clock {parameters['offset']:.0f} s ahead"

    try:
        _made_anew(context, service, str(override))
        yield proof
    finally:
        _made_anew(context, service)
        override.unlink(missing_ok=True)
        with contextlib.suppress(*FAILURES):
            context.engine.client.volumes.get(volume).remove(force=True)
    environment_now = context.inspect(service.name)["Config"]["Env"] or ()
    if any(str(entry).startswith("FAKETIME=") for entry in environment_now):
        raise NotUndone(f"{service.name} still has the wrong clock")


def _library(context: FaultContext, volume: str) -> None:
    """A volume with the library: the engine fills an empty one with what our image has at its place."""
    try:
        context.engine.client.volumes.create(volume, labels={LABEL: context.engine.run})
    except FAILURES as error:
        raise LabError(f"no volume could be made: {one_line(error)}") from None
    context.engine.run_sidecar(context.image, ["true"], volumes={volume: _FOLDER})


def _made_anew(context: FaultContext, service: Service, *overrides: str) -> None:
    words = ("up", "--detach", "--no-build", "--no-deps", "--force-recreate", service.name)
    done = context.project.compose(*words, timeout=120, more=overrides)
    if done.returncode:
        raise LabError(f"could not make {service.name} anew: {done.complaint}")

    def up() -> bool:
        return all(name != service.name for name, _ in context.project.unhealthy())

    if not Poll(within=_PATIENCE, every=0.1).until(up):
        raise LabError(f"{service.name} is not up within {_PATIENCE:.0f} s of its recreation")


def _loaded(context: FaultContext, service: Service) -> bool:
    pid = int(context.inspect(service.name)["State"]["Pid"])
    command = ["sh", "-c", f"grep -q libfaketime /proc/{pid}/maps || grep -q libfaketime /proc/{pid}/task/*/children"]
    if not pid:
        return False
    try:
        context.engine.run_sidecar(context.image, command, pid="host", capabilities=("SYS_PTRACE", "DAC_OVERRIDE"))
    except LabError:
        return False
    return True
