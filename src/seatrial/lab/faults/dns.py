"""Names no longer resolve in a service: lookups time out, or fail at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from seatrial.lab.faults import netfilter
from seatrial.lab.faults.base import DURATION, Aspect, End, Expectation, FaultContext, Parameter, Proof, never
from seatrial.lab.model import Service

NAME = "dns"
KIND = Expectation.OUTAGE
ENDS = End.NOTHING
ASPECT = Aspect.NAMES
WEIGHT = 0
PARAMETERS = {**DURATION, "mode": Parameter("word", "timeout", "timeout or fail", ("timeout", "fail"))}
suits = never


def obstacle(context: FaultContext, service: Service) -> str:
    """It needs packet rules."""
    return netfilter.obstacle(context, service)


@contextmanager
def inject(context: FaultContext, service: Service, parameters: Mapping[str, Any]) -> Iterator[Proof]:
    """Drop answers, or refuse questions before Docker's own resolver takes them."""
    chains = {
        "timeout": """
  chain input { type filter hook input priority -150; policy accept;
    ct original proto-dst 53 ip saddr @peers4 counter name hits drop
  }""",
        "fail": """
  chain output { type filter hook output priority -150; policy accept;
    udp dport 53 ip daddr @peers4 counter name hits drop
    tcp dport 53 ip daddr @peers4 counter name hits drop
  }""",
    }
    with netfilter.applied(context, service, chains[parameters["mode"]], parameters["duration"]) as proof:
        yield proof
