"""Packets to a service are dropped without a word, or refused: the network between it and the others is cut."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from seatrial.lab.faults import netfilter
from seatrial.lab.faults.base import DURATION, Aspect, End, Expectation, FaultContext, FaultTarget, Parameter, Proof
from seatrial.lab.model import Service

NAME = "partition"
KIND = Expectation.OUTAGE
ENDS = End.NOTHING
ASPECT = Aspect.CUT
WEIGHT = 3
PARAMETERS = {
    **DURATION,
    "from": Parameter("word", "all", "the service that no longer reaches it, or all"),
    "mode": Parameter("word", "drop", "drop: silence; reject: refused at once", ("drop", "reject")),
}
_SILENT = """
  chain input { type filter hook input priority -150; policy accept;
    iif "lo" accept
    ip saddr @peers4 counter name hits drop
    ip6 saddr @peers6 counter name hits drop
  }
  chain output { type filter hook output priority 150; policy accept;
    oif "lo" accept
    meta l4proto tcp ip daddr @peers4 counter name hits drop
    meta l4proto tcp ip6 daddr @peers6 counter name hits drop
  }"""


def obstacle(context: FaultContext, service: Service) -> str:
    """It needs packet rules."""
    return netfilter.obstacle(context, service)


def suits(target: FaultTarget) -> bool:
    """What others reach by a network."""
    return target.needed and target.service.own_network


@contextmanager
def inject(context: FaultContext, service: Service, parameters: Mapping[str, Any]) -> Iterator[Proof]:
    """Cut it off. What it sends itself is dropped for TCP only: other senders would get an error at once."""
    other = parameters["from"]
    peers = netfilter.addresses(context, other) if other != "all" else ()
    rules = _SILENT if parameters["mode"] == "drop" else netfilter.REFUSING
    with netfilter.applied(context, service, rules, parameters["duration"], peers) as proof:
        yield proof
