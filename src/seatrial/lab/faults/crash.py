"""
The main process is killed, as by the kernel: its restart policy, or nothing, brings it back.

We start a store without such a policy again, as an operator would: what it had promised to keep has to be there.

`docker kill` would not do: Docker takes it for a stop by hand and never restarts the container. So a sidecar in the
host's PID namespace, with no capability but KILL, kills the process itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from seatrial.lab.faults.base import (
    Aspect,
    End,
    Expectation,
    FaultContext,
    FaultTarget,
    NotProven,
    Parameter,
    Poll,
    Proof,
)
from seatrial.lab.model import Service

NAME = "crash"
KIND = Expectation.INSTANT
ENDS = End.KILLED
ASPECT = Aspect.CRASH
WEIGHT = 3
PARAMETERS: Mapping[str, Parameter] = {}


def obstacle(context: FaultContext, service: Service) -> str:
    """It needs something that starts the service again; what a store has kept is worth knowing however it starts."""
    del context
    return "" if _starts(service) else "it has no restart policy, so Docker would not start it again"


def suits(target: FaultTarget) -> bool:
    """What starts again by itself, and what keeps data."""
    return _starts(target.service)


def _starts(service: Service) -> bool:
    return service.restarts or bool(service.store)


@contextmanager
def inject(context: FaultContext, service: Service, parameters: Mapping[str, Any]) -> Iterator[Proof]:
    """Kill it, and start it if nothing else does; nothing is to be undone."""
    del parameters
    before = context.inspect(service.name)["State"]
    command = ["sh", "-c", f"kill -9 {int(before['Pid'])}"]
    context.engine.run_sidecar(context.image, command, pid="host", capabilities=("KILL",))

    def gone() -> bool:
        now = context.inspect(service.name)["State"]
        return not now["Running"] or now["StartedAt"] != before["StartedAt"]

    if not service.restarts and Poll().until(gone):
        context.act(f"start {service.name}", context.project.container(service.name).start)

    def proof() -> str:
        if not Poll().until(gone):
            raise NotProven(f"{service.name} still runs after its main process was killed")
        codes = [e.exit_code for e in context.events.seen if e.service == service.name and e.action == "die"]
        return f"process {before['Pid']} died with {codes[-1] if codes else 'SIGKILL'}"

    yield proof
