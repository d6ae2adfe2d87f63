"""A service is taken off its networks and put back, with the names and addresses that it had."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from typing import Any

from seatrial.lab.engine import SERVICE
from seatrial.lab.faults.base import (
    DURATION,
    Aspect,
    End,
    Expectation,
    FaultContext,
    NotProven,
    NotUndone,
    Proof,
    never,
)
from seatrial.lab.model import Service

NAME = "disconnect"
KIND = Expectation.OUTAGE
ENDS = End.NOTHING
ASPECT = Aspect.CUT
WEIGHT = 0
PARAMETERS = DURATION
suits = never


def obstacle(context: FaultContext, service: Service) -> str:
    """It needs networks of its own."""
    del context
    return "" if service.own_network else "it has no network of its own"


@contextmanager
def inject(context: FaultContext, service: Service, parameters: Mapping[str, Any]) -> Iterator[Proof]:
    """Disconnect, and connect again: without its aliases no service would ever find it again."""
    del parameters
    client, container = context.engine.client, context.project.container(service.name)
    before: Mapping[str, Any] = context.inspect(service.name)["NetworkSettings"]["Networks"]

    def proof() -> str:
        if context.inspect(service.name)["NetworkSettings"]["Networks"]:
            raise NotProven(f"{service.name} is still connected")
        return f"taken off {', '.join(sorted(before))}"

    try:
        for name in before:
            network = client.networks.get(name)
            context.act(f"disconnect {service.name}", partial(network.disconnect, container.id))
        yield proof
    finally:
        for name, was in before.items():
            label = context.inspect(service.name)["Config"]["Labels"].get(SERVICE, service.name)
            aliases = list(dict.fromkeys([*(was.get("Aliases") or ()), label]))
            network = client.networks.get(name)
            context.act(f"connect {service.name}", partial(network.connect, container.id, aliases=aliases))
    if set(context.inspect(service.name)["NetworkSettings"]["Networks"]) != set(before):
        raise NotUndone(f"{service.name} is not back on all of its networks")
    context.events.locate()
