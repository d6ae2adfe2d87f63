"""
Packet rules in a service's own network namespace, from a sidecar with NET_ADMIN and nothing else.

Every rule matches only while an element of a set lives, and the kernel itself lets that time out: the fault ends even
if we and the guard are gone.
"""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from seatrial.lab.engine import LabError
from seatrial.lab.faults.base import EXPIRY, FaultContext, NotProven, NotUndone, Proof
from seatrial.lab.model import Service

_TABLE = "inet seatrial"
REFUSING = """
  chain input { type filter hook input priority -150; policy accept;
    iif "lo" accept
    meta l4proto tcp ip saddr @peers4 counter name hits reject with tcp reset
    meta l4proto tcp ip6 saddr @peers6 counter name hits reject with tcp reset
  }"""
"""Chains that answer every packet of a TCP connection with a reset."""


def obstacle(context: FaultContext, service: Service) -> str:
    """Why there can be no packet rules here; empty if there can."""
    if not service.own_network:
        return "it has no network namespace of its own"
    missing = {"nft", "nft-timeout"} - context.capabilities.works
    return f"this machine's kernel has no {', '.join(sorted(missing))}" if missing else ""


@contextmanager
def applied(
    context: FaultContext, service: Service, rules: str, duration: float, peers: Sequence[str] = ()
) -> Iterator[Proof]:
    """
    Rules of a table, while the context lasts.

    Args:
        context: to work with.
        service: whose namespace.
        rules: chains; they may use the sets `@peers4` and `@peers6` and the counter `hits`.
        duration: seconds until the rules are to be gone; the kernel waits a little longer.
        peers: IPv4 addresses that the sets hold; empty: every address.
    """
    container = context.project.container(service.name)
    lifetime = f"timeout {round((duration + EXPIRY) * 1000)}ms"
    four = ", ".join(f"{peer} {lifetime}" for peer in (peers or ("0.0.0.0/0",)))
    six = "" if peers else f"elements = {{ ::/0 {lifetime} }}"
    script = f"""table {_TABLE} {{
  counter hits {{ }}
  set peers4 {{ type ipv4_addr; flags interval, timeout; elements = {{ {four} }} }}
  set peers6 {{ type ipv6_addr; flags interval, timeout; {six} }}
{rules}
}}"""

    def nft(command: str) -> str:
        network = f"container:{container.id}"
        return context.engine.run_sidecar(
            context.image, ["sh", "-c", command], network=network, capabilities=("NET_ADMIN",)
        )

    def proof() -> str:
        counted = nft(f"nft list counter {_TABLE} hits")
        packets = next((int(b) for a, b in _pairs(counted) if a == "packets"), 0)
        if not packets:
            raise NotProven(f"no packet of {service.name} met the rules")
        return f"{packets} packets met the rules"

    try:
        nft(f"nft -f - <<'END'\n{script}\nEND")
        yield proof
    finally:
        with contextlib.suppress(LabError):  # with the container, or at its restart, the rules go by themselves
            nft(f"nft delete table {_TABLE}")
    with contextlib.suppress(LabError):
        if "seatrial" in nft("nft list tables"):
            raise NotUndone(f"the packet rules of {service.name} are still there")


def _pairs(text: str) -> Iterator[tuple[str, str]]:
    words = text.split()
    return itertools.pairwise(words)


def addresses(context: FaultContext, name: str) -> Sequence[str]:
    """The IPv4 addresses of a service's container."""
    networks: Mapping[str, Any] = context.inspect(name)["NetworkSettings"]["Networks"]
    return [n["IPAddress"] for n in networks.values() if n.get("IPAddress")]
