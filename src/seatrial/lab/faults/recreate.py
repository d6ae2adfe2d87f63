"""
The container is thrown away and made anew, as by an update: what was written outside a volume is lost.

A crash alone does not show it: the container's own layer survives that.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from seatrial.lab.engine import LabError
from seatrial.lab.faults.base import Bench, Kind, NotProven, Parameter, Proof
from seatrial.lab.model import Service

NAME = "recreate"
KIND = Kind.INSTANT
PARAMETERS: Mapping[str, Parameter] = {}


def obstacle(bench: Bench, service: Service) -> str:
    """It is always possible."""
    del bench, service
    return ""


@contextmanager
def inject(bench: Bench, service: Service, parameters: Mapping[str, Any]) -> Iterator[Proof]:
    """Make it anew; nothing is to be undone."""
    del parameters
    before = bench.project.container(service.name).id
    words = ("up", "--detach", "--no-build", "--no-deps", "--force-recreate", "--renew-anon-volumes", service.name)
    done = bench.project.compose(*words, timeout=120)
    if done.returncode:
        raise LabError(f"could not recreate {service.name}: {done.complaint}")

    def proof() -> str:
        after = bench.project.container(service.name).id
        if after == before:
            raise NotProven(f"{service.name} is still the same container")
        return f"container {before[:12]} became {after[:12]}"

    yield proof
