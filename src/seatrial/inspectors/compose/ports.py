"""
Published ports in both syntaxes.

Source: https://github.com/compose-spec/compose-spec/blob/main/05-services.md#ports
"""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass

from seatrial.domain import Location
from seatrial.text.numerals import whole

from .values import ComposeText, Map, Value

_SHORT = re.compile(
    r"(?:(?P<ip>\[[0-9A-Fa-f:.]+\]|[0-9A-Fa-f:]*::[0-9A-Fa-f:]*|[^:\[\]]*):)?"
    r"(?:(?P<host>\d*(?:-\d+)?):)?(?P<target>\d+(?:-\d+)?)(?:/(?P<protocol>\w*))?"
)
_LONGEST = 200
"""Characters; what is longer is not a port, and the expression would take the cube of a run of colons."""
_LOOPBACK = re.compile(r"127\.|localhost$|::1$|0:0:0:0:0:0:0:1$")


@dataclass(frozen=True, slots=True)
class Port:
    """A port or a range of ports of a container, published on the host."""

    at: Location
    host_ip: str
    """As written, without brackets; empty: every interface."""
    first: int
    """On the host; 0: Docker chooses."""
    last: int
    target: int
    """In the container; the first of a range."""
    protocol: str
    mode: str = ""
    """`ingress` or `host`, where the long syntax says it."""

    @property
    def everywhere(self) -> bool:
        """Whether other machines can reach it: not bound to a loopback address."""
        return not _LOOPBACK.match(self.host_ip)

    @property
    def wildcard(self) -> bool:
        """Whether it is bound to every interface."""
        return self.host_ip in ("", "0.0.0.0", "::", "*")  # noqa: S104 # nosec B104 - judged, not bound

    def collides(self, other: Port) -> bool:
        """Whether both cannot be bound on one host."""
        if not self.first or not other.first or self.protocol != other.protocol:
            return False
        shared = self.wildcard or other.wildcard or self.host_ip == other.host_ip
        return shared and self.first <= other.last and other.first <= self.last


def parse_port(item: Value) -> Port | None:
    """A published port; None if it is none, or if a variable hides which."""
    if isinstance(item, Map):
        return _long(item)
    return _short(item) if isinstance(item, ComposeText) else None


def _long(item: Map) -> Port | None:
    target, published = whole(item.text("target")), item.text("published")
    if target is None or (item.text("mode") or "ingress") not in ("ingress", "host"):
        return None
    span = _range(published or "0")
    if span is None:
        return None
    protocol, mode = item.text("protocol") or "tcp", item.text("mode") or ""
    return Port(item.at, (item.text("host_ip") or "").strip("[]"), *span, target, protocol, mode)


def _short(item: ComposeText) -> Port | None:
    found = _SHORT.fullmatch(item.text) if len(item.text) <= _LONGEST else None
    if found is None:
        return None
    ip, host = found["ip"], found["host"]
    if host is None and ip is not None and re.fullmatch(r"\d*(-\d+)?", ip):
        ip, host = "", ip  # `8080:80`: what stands alone before the target is the host's port
    target, published = _range(found["target"]), _range(host or "0")
    if target is None or published is None:
        return None
    return Port(item.at, (ip or "").strip("[]"), *published, target[0], (found["protocol"] or "tcp").lower())


def complaint(item: Value) -> str:
    """
    Why Docker refuses a port; empty if it does not, or if a variable hides which port it is.

    Source: https://github.com/docker/go-connections/blob/main/nat/nat.go
    """
    if isinstance(item, Map):
        address = item.text("host_ip")
        if address is not None and "${" not in address and not _is_address(address):
            return f"{address} is not an IP address"
        numbers = (item.text("published") or "", item.text("target") or "")
        wrong = next((text for text in numbers if re.fullmatch(r"\d+(-\d+)?", text) and _range(text) is None), "")
        return f"{wrong} is not a port or a range of ports between 0 and 65535" if wrong else ""
    if not isinstance(item, ComposeText) or "${" in item.text:
        return ""
    ports, _, protocol = item.text.partition("/")
    *rest, target = ports.rsplit(":", 2)
    published = rest[-1] if rest else ""
    if not target:
        return "no port of the container is named"
    address = rest[0] if len(rest) > 1 else ""
    if address not in ("", "[]") and not _is_address(_without_brackets(address)):
        return f"{address} is not an IP address"
    for text in (target, published):
        if text and _range(text) is None:
            return f"{text} is not a port or a range of ports between 0 and 65535"
    inside, outside = _range(target) or (0, 0), _range(published) or (0, 0)
    if published and inside[1] > inside[0] and outside[1] - outside[0] != inside[1] - inside[0]:
        return f"the ranges {published} and {target} have different lengths"
    return "" if protocol.lower() in ("", "tcp", "udp", "sctp") else f"{protocol} is not a protocol"


def _without_brackets(address: str) -> str:
    return address[1:-1] if address.startswith("[") and address.endswith("]") else address


def _is_address(text: str) -> bool:
    """Whether Docker takes a text for an address: without a zone such as `%eth0`."""
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return "%" not in text


def _range(text: str) -> tuple[int, int] | None:
    first, dash, last = text.partition("-")
    low, high = whole(first), whole(last if dash else first)
    return (low, high) if low is not None and high is not None and low <= high <= 65535 else None
