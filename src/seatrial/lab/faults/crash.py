"""
The main process is killed, as by the kernel: its restart policy, or nothing, brings it back.

`docker kill` would not do: Docker takes it for a stop by hand and never restarts the container. So a sidecar in the
host's PID namespace, with no capability but KILL, kills the process itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from seatrial.lab.faults.base import Aspect, Bench, End, Kind, NotProven, Parameter, Poll, Proof, Target
from seatrial.lab.model import Service

NAME = "crash"
KIND = Kind.INSTANT
ENDS = End.KILLED
ASPECT = Aspect.CRASH
WEIGHT = 3
PARAMETERS: Mapping[str, Parameter] = {}


def obstacle(bench: Bench, service: Service) -> str:
    """It needs somebody who starts the service again."""
    del bench
    return "" if service.restarts else "it has no restart policy, so Docker would not start it again"


def suits(target: Target) -> bool:
    """What starts again by itself."""
    return target.service.restarts


@contextmanager
def inject(bench: Bench, service: Service, parameters: Mapping[str, Any]) -> Iterator[Proof]:
    """Kill it; nothing is to be undone."""
    del parameters
    before = bench.inspect(service.name)["State"]
    command = ["sh", "-c", f"kill -9 {int(before['Pid'])}"]
    bench.engine.run_sidecar(bench.image, command, pid="host", capabilities=("KILL",))

    def gone() -> bool:
        now = bench.inspect(service.name)["State"]
        return not now["Running"] or now["StartedAt"] != before["StartedAt"]

    def proof() -> str:
        if not Poll().until(gone):
            raise NotProven(f"{service.name} still runs after its main process was killed")
        codes = [e.exit_code for e in bench.events.seen if e.service == service.name and e.action == "die"]
        return f"process {before['Pid']} died with {codes[-1] if codes else 'SIGKILL'}"

    yield proof
