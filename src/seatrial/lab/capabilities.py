"""
What this machine's kernel lets a sidecar do, tried in a container of its own.

A fault whose means are missing is skipped with the reason; it is never thought to be on when it is not.
"""

from __future__ import annotations

from dataclasses import dataclass

from seatrial.text.lines import split

from .engine import DockerEngine, LabError

TUN = "/dev/net/tun"
_SCRIPT = r"""
try() { name=$1; shift; if sh -c "$*" >/dev/null 2>&1; then echo "$name yes"; else echo "$name no"; fi; }
try nft 'nft add table inet t'
try nft-timeout 'nft add table inet u && nft add set inet u s "{ type ipv4_addr; flags interval,timeout; }" &&
  nft add element inet u s "{ 0.0.0.0/0 timeout 5s }"'
try nft-numgen 'nft add table inet v && nft add chain inet v c "{ type filter hook input priority 0; }" &&
  nft add rule inet v c numgen random mod 100 "<" 10 drop'
try tun 'ip tuntap add dev tn0 mode tun'
try netem 'tc qdisc add dev lo root netem delay 1ms'
try tbf 'tc qdisc replace dev lo root tbf rate 1mbit burst 32kbit latency 50ms'
try htb 'tc qdisc replace dev lo root handle 1: htb default 1'
"""


@dataclass(frozen=True, slots=True)
class Capabilities:
    """By name of `_SCRIPT`: whether it works."""

    works: frozenset[str]
    missing: frozenset[str] = frozenset()

    def __str__(self) -> str:
        """For a report: what works, and what does not."""
        no = f"; not: {', '.join(sorted(self.missing))}" if self.missing else ""
        return f"{', '.join(sorted(self.works)) or 'nothing'}{no}"


def check(engine: DockerEngine, image: str) -> Capabilities:
    """
    Try everything once.

    Raises:
        LabError: not even a sidecar can be started.
    """
    options = {"capabilities": ("NET_ADMIN",), "lifetime": 10.0}
    try:
        printed = engine.run_sidecar(image, ["sh", "-c", _SCRIPT], devices=(TUN,), **options)
    except LabError:  # a machine without the device refuses the whole container
        printed = engine.run_sidecar(image, ["sh", "-c", _SCRIPT], **options)
    told = dict(line.split() for line in split(printed) if len(line.split()) == 2)
    yes = frozenset(name for name, answer in told.items() if answer == "yes")
    return Capabilities(yes, frozenset(told) - yes)
